"""A workbook with a tab for each month is one table; what is another table is left aside by name, or asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.client import SourceConfig
from config.documents import RawTable
from config.errors import ContractError
from tests.transforms.tables import table_of
from transforms.recognise import recognise_file, tabs_with_table
from transforms.staging import StagingContext, fingerprint

VISITS = ["Дата", "Телефон", "Услуга", "Мастер", "Сумма"]
ROW = ["01.08.2026", "70000000001", "Стрижка", "Рита", "2000"]
NOTES = [["Скидку записывать в сумму"], ["Рита в отпуске с 15-го"]]
COLUMNS = {"closed_on": "Дата", "phone": "Телефон", "manager": "Мастер", "revenue_rub": "Сумма"}
CONTAINERS = pytest.mark.parametrize("container", ["xlsx", "google"])


def source(**settings: object) -> SourceConfig:
    """A journal of visits."""
    return SourceConfig.model_validate({"table": "deals", "files": "*.xlsx", "columns": COLUMNS, **settings})


def tabs(container: str = "xlsx", **rows: list[list[str]]) -> list[RawTable]:
    """Tabs of one workbook by their titles."""
    return [table_of(cells, "Визиты.xlsx", title, container=container) for title, cells in rows.items()]


def read(raws: list[RawTable], **settings: object) -> tuple[list[str | None], tuple[str, ...]]:
    """The tabs that were read, and the titles of those left aside."""
    found = recognise_file(raws, "deals", source(**settings), {})
    return [one.raw.origin.tab for one in found], tuple(found[0].raw.left_aside)


def test_every_month_is_read_and_the_notes_are_named():
    """The newest tab first, as journals are kept; without its older tabs half the money would be lost in silence."""
    raws = tabs(Август=[VISITS, ROW], Июль=[["Журнал"], VISITS, ROW], Июнь=[VISITS], Памятка=NOTES)
    assert read(raws) == (["Август", "Июль", "Июнь"], ("Памятка",))


def test_a_tab_that_was_asked_for_is_read_alone():
    """`tab:` has decided it."""
    raws = tabs(Август=[VISITS, ROW])
    assert read(raws, tab="Август") == (["Август"], ())


def test_the_order_of_columns_and_a_remark_more_make_no_difference():
    """Every heading in use is there."""
    raws = tabs(Август=[VISITS, ROW], Июль=[[*reversed(VISITS), "Примечание"], [*reversed(ROW), ""]])
    assert read(raws)[0] == ["Август", "Июль"]


@CONTAINERS
@pytest.mark.parametrize(
    ("header", "lacking"),
    [(["Дата", "Телефон", "Услуга", "Мастер", "Итого"], "«Сумма»"), (["Дата", "Телефон", "Сумма"], "«Мастер»")],
    ids=["a heading renamed", "a column fewer"],
)
def test_a_tab_that_is_nearly_the_same_is_asked_about(container, header, lacking):
    """Taken, it might be a summary of the same sales; left, a month of them."""
    raws = tabs(container, Август=[VISITS, ROW], Июль=[header, ROW[: len(header)]])
    with pytest.raises(ContractError) as caught:
        tabs_with_table(raws, "deals", source(), {})
    assert (caught.value.key, caught.value.facts["tab"], caught.value.facts["lacking"]) == (
        "shape.tab_differs",
        "Июль",
        lacking,
    )


SHORT = ["Дата", "Телефон", "Сумма"]
FEW = {"closed_on": "Дата", "phone": "Телефон", "revenue_rub": "Сумма"}


@CONTAINERS
def test_one_heading_that_is_called_otherwise_is_asked_about(container):
    """In a narrow table too: a month with «Сума» is not left aside as another table."""
    raws = tabs(container, Август=[SHORT, [*ROW[:2], "2000"]], Июль=[["Дата", "Телефон", "Сума"], [*ROW[:2], "1000"]])
    with pytest.raises(ContractError, match=r"Июль.*«Сумма»"):
        read(raws, columns=FEW)


@CONTAINERS
@pytest.mark.parametrize("title", ["Свод", "Сводная", "Итоги года", "Всего", "Total", "Отказы", "Шаблон", "Test"])
def test_a_tab_called_like_the_sum_of_the_others_or_like_no_rows_is_asked_about(container, title):
    """Its rows may be theirs once more, or did not come about."""
    raws = tabs(container, Август=[VISITS, ROW], **{title: [VISITS, ROW]})
    with pytest.raises(ContractError, match=rf'«{title}».*tab: \["Август"\]'):
        read(raws)
    assert read(raws, tab=["Август", title])[0] == ["Август", title]
    assert read(tabs(container, **{title: [VISITS, ROW]}))[0] == [title]


@pytest.mark.parametrize(
    "other",
    [["Дата", "Сумма"], ["Дата", "Статья", "Сумма"], ["Дата", "Телефон", "Имя", "Источник", "Сумма"]],
    ids=["a summary by days", "costs", "enquiries"],
)
def test_another_table_of_the_workbook_is_no_month_of_this_one(other):
    """It has both headings in use; counted, each sale would be there twice, asked about, every workbook would ask."""
    raws = tabs(Журнал=[VISITS, ROW], Прочее=[other, ["x"] * len(other)])
    assert read(raws, columns={"closed_on": "Дата", "revenue_rub": "Сумма"}) == (["Журнал"], ("Прочее",))


def test_a_hidden_tab_is_nobodys_month():
    """What a workbook does not show may be a copy."""
    raws = tabs(Август=[VISITS, ROW], Копия=[VISITS, ROW])
    raws = [raws[0], replace(raws[1], is_hidden=True)]
    assert read(raws) == (["Август"], ())
    [found] = tabs_with_table(raws, "deals", source(), {})
    assert found.hidden_alike == ("Копия",)


def test_tabs_of_a_spreadsheet_are_chosen_the_same_way():
    """Without `tab:` the notes do not keep the months from being read."""
    raws = tabs("google", Август=[VISITS, ROW], Памятка=NOTES, Июль=[VISITS, ROW])
    found = tabs_with_table(raws, "deals", source(), {})
    assert [(raw.origin.tab, raw.left_aside) for raw in found] == [("Август", ("Памятка",)), ("Июль", ())]


def test_a_changed_tab_reads_the_files_again():
    """What was chosen of a workbook is what its rows are made of."""
    marks = {fingerprint(source(tab=tab), StagingContext("Europe/Moscow")) for tab in ("Август", "Июль", [])}
    assert len(marks) == 3


def test_tabs_that_were_read_together_are_told():
    """Each by its title; one tab alone needs no line."""
    found = recognise_file(tabs(Август=[VISITS, ROW], Июль=[VISITS, ROW]), "deals", source(), {})
    assert [tuple(one.raw.joined) for one in found] == [("Август", "Июль"), ()]
    assert recognise_file(tabs(Август=[VISITS, ROW], Памятка=NOTES), "deals", source(), {})[0].raw.joined == ()
