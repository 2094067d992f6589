"""No phone and no e-mail leaves with a report, wherever somebody typed it."""

from dataclasses import replace

from tests.helpers.report_input import client, report_input, result
from tests.helpers.sheet_text import words_of
from transforms.layout import lay_out

TYPED = {
    "Анна Котова": "+7 000 555 67 89",
    "Борис Лаптев": "8(000)555-67-90",
    "Вера Соль": "vera@example.org",
    "SEO": "от Сидорова 8(000)555-11-22",
    "Авито": "от Сидорова 8(000)555-11-33",
}


def typed(report):
    """The school in which people typed phones and e-mails for managers and channels."""

    def renamed(table):
        return result(table.name, [{**row, **_typed(row)} for row in table.dicts()])

    sides = {
        side: {name: renamed(table) for name, table in getattr(report, side).items()} for side in ("now", "before")
    }
    notice = {"run_id": "1", "kind": "unknown_status", "source": "getcourse", "source_file": "8 000 555-67-89.csv",
              "rows": 2, "money_rub": None, "detail": "звонить 8 000 555-67-89"}  # fmt: skip
    aliases = [
        {"run_id": "1", "dictionary": "channels", "alias": alias, "rows": 1, "money_rub": 0, "suggestion": alias}
        for alias in ("+70005556789", "+70005556790")
    ]
    ops = {**report.ops, "notices": result("notices", [notice]), "unmapped": result("unmapped", aliases)}
    return replace(report, ops=ops, **sides)


def _typed(row):
    return {name: TYPED.get(row[name], row[name]) for name in ("channel", "manager") if name in row}


def test_no_phone_or_mail_stands_on_any_page():
    """Channels, managers, aliases, file names and details of notices are masked; so are the keys of rows."""
    for sheet in lay_out(typed(report_input())):
        texts = [*words_of(sheet), *sheet.row_keys.values(), *(chart.key for chart in sheet.charts)]
        names = [series.name for chart in sheet.charts for series in chart.series]
        assert not [text for text in [*texts, *names] if "555" in text or "vera@" in text]


def test_hidden_names_stay_apart():
    """Three managers who are all phones or mails are three rows; two channels of Сидоров are two."""
    sheets = {sheet.key: sheet for sheet in lay_out(typed(report_input()))}
    rows = {key for key in sheets["managers"].row_keys.values() if key.startswith("manager=•••")}
    assert rows == {"manager=•••", "manager=••• (2)", "manager=••• (3)"}
    rows = {key for key in sheets["channels"].row_keys.values() if "Сидорова" in key}
    assert rows == {"channel=от Сидорова •••", "channel=от Сидорова ••• (2)"}
    assert {"alias=•••", "alias=••• (2)"} <= set(sheets["quality"].row_keys.values())


def test_keep_shows_people():
    """`personal_data: keep` is the client's own decision."""
    shown = [
        text for sheet in lay_out(typed(report_input(client=client(personal_data="keep")))) for text in words_of(sheet)
    ]
    assert "+7 000 555 67 89" in shown


def test_an_english_report_has_no_russian_of_ours():
    """«Не указан», «Всего» and «тыс ₽» have English words."""
    for sheet in lay_out(report_input(language="en")):
        assert not {"Не указан", "Всего"} & set(words_of(sheet))
        assert not [chart for chart in sheet.charts if chart.look == "moneyk"]
    assert "Not stated" in words_of(lay_out(report_input(language="en"))[1])


def test_a_hidden_name_that_is_unknown_can_be_found_out():
    """A line of one's own is a number too: «Нет в словаре каналов: «•••»» alone could be followed by nobody."""
    report = report_input()
    rows = [row | {"alias": "•••"} for row in report.ops["unmapped"].dicts()]
    hidden = replace(report, ops={**report.ops, "unmapped": result("unmapped", rows)})
    advice = "••• — номер телефона или почта; какой, скажут его последние цифры в svodka check."
    for key in ("summary", "quality"):
        told, usual = (
            " ".join(words_of(next(sheet for sheet in lay_out(one) if sheet.key == key))) for one in (hidden, report)
        )
        assert advice in told
        assert advice not in usual
