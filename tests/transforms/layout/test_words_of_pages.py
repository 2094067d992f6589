"""«Качество данных» and «О показателях» speak the owner's language, and that of the other pages."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from config.setting_words import setting_words
from tests.helpers.further_tables import further_input
from tests.helpers.report_input import report_input, result
from tests.helpers.sheet_text import words_of
from transforms.layout import lay_out


def pages(report):
    return {sheet.key: sheet for sheet in lay_out(report)}


def with_loads(report, source, **facts):
    """The report with facts of one source's load changed."""
    rows = [row | (facts if row["source"] == source else {}) for row in report.ops["loads"].dicts()]
    return replace(report, ops={**report.ops, "loads": result("loads", rows)})


def test_skipped_roubles_are_told_to_be_totals():
    """7,6 million skipped would else look like money lost."""
    money = {"money_read_rub": Decimal("12416062.85"), "money_skipped_rub": Decimal("7604062.45")}
    shown = words_of(pages(with_loads(report_input(), "direct", **money))["quality"])
    assert any(text.startswith("Служебные: рубли строк «Итого» и служебных") for text in shown)
    assert not any(text.startswith("Служебные: рубли") for text in words_of(pages(report_input())["quality"]))


def test_refused_rows_without_an_amount_are_not_told_as_zero_roubles():
    """«Отвергнуто 0,00 ₽» would say that nothing was lost."""
    facts = {"rows_without_amount": 6, "money_rejected_rub": Decimal(0), "money_duplicate_rub": Decimal("72100.00")}
    sheets = pages(with_loads(report_input(), "getcourse", **facts))
    assert ("Без суммы или с нечитаемой суммой: 6 строк, getcourse (сделки); в рублях они здесь нули.") in words_of(
        sheets["quality"]
    )
    assert any("отвергнуто 6 строк (0,2 %): сумма не читается" in text for text in words_of(sheets["summary"]))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_glossary_calls_columns_as_their_pages_do(language):
    """Every name in «О показателях» stands as a header (or a step) on some page."""
    sheets = pages(further_input(language))
    glossary = sheets.pop("glossary")
    keyed = [row for row, key in glossary.row_keys.items() if key.startswith("column=")]
    told = {cell.value for cell in glossary.cells if cell.column == 0 and cell.row in keyed}
    shown = {text for sheet in sheets.values() for text in words_of(sheet)}
    assert {"Покупают из 10 позвонивших", "ROMI"} <= told or language == "en"
    assert {name.replace("\u00a0", " ") for name in told} - shown <= PROFIT_WITHOUT_COSTS


PROFIT_WITHOUT_COSTS = {"Прибыль", "Profit"}
"""Without a source of costs the chain says «Прибыль без прочих расходов»."""


def test_no_name_of_a_setting_reaches_the_owner():
    """`calls.target_seconds` means nothing outside svodka.yaml."""
    for language in ("ru", "en"):
        for sheet in [*lay_out(report_input(language=language)), *lay_out(further_input(language))]:
            texts = [*words_of(sheet), *(cell.note for cell in sheet.cells if cell.note)]
            assert not [text for text in texts if re.search(rf"\b({GROUPS})\.(?!csv)[a-z_]+", text)]


GROUPS = "|".join({key.partition(".")[0] for key in setting_words() if "." in key})


def test_what_columns_mean_is_told_in_russian():
    """`low`, `own`, `lost_valuable` stand in the tables for programs; the page says «ниже плана», «наша»."""
    sheets = [*lay_out(report_input()), *lay_out(further_input("ru"))]
    notes = [cell.note for sheet in sheets for cell in sheet.cells if cell.note]
    glossaries = [text for sheet in sheets if sheet.key == "glossary" for text in words_of(sheet)]
    assert len(notes) > 50
    foreign = {word for text in [*notes, *glossaries] for word in re.findall(r"\b[a-z][a-z_.]{2,}\b", text)}
    assert foreign <= {"svodka.yaml", "utm_source"} | {row["source"] for row in report_input().ops["sources"].dicts()}


def test_a_chart_without_its_figure_is_only_named():
    """«—, месяцем раньше 0,0» says nothing."""
    report = report_input()
    rows = [row | {"is_stale": True, "data_to_on": None} for row in report.ops["sources"].dicts()]
    report = replace(report, ops={**report.ops, "sources": result("sources", rows)})
    shown = words_of(pages(report)["summary"])
    assert not any("—," in text or (text.endswith("—") and len(text) > 1) for text in shown)


def test_a_formula_says_what_the_client_has_set():
    """Usual values stand in the formula itself; another is told beside it, and which calls are counted always is."""
    own = report_input()
    settings = own.client.settings.model_copy(update={"calls": own.client.settings.calls.model_copy(
        update={"target_seconds": 45})})  # fmt: skip
    report = replace(own, client=own.client.model_copy(update={"settings": settings}))
    for given, target in ((own, "от 20 секунд."), (report, "от 20 секунд (в этом отчёте: 45).")):
        texts = " ".join(words_of(next(sheet for sheet in lay_out(given) if sheet.key == "glossary")))
        assert f"Принятые входящие с разговором {target}" in texts
        assert "или звонки + заявки (в этом отчёте: все входящие)." in texts
