"""What one reader sees of the whole: rows, sentences and pages of theirs alone."""

from config.client import Edition
from config.pages import pages_for
from tests.helpers.further_tables import further_input
from tests.helpers.report_input import report_input
from tests.helpers.sheet_text import words_of
from transforms.layout import for_reader, lay_out


def everybody(report, by):
    """Names of a column, as the tables have them."""
    tables = [*report.now.values(), *report.before.values()]
    rows = [row for table in tables for row in table.dicts() if by in table.columns]
    return sorted({str(row[by]) for row in rows} - {"Всего", "Не указан", "None"})


def words(report, edition):
    """Every word and note of a reader's report."""
    sheets = lay_out(for_reader(report, edition))
    notes = [cell.note or "" for sheet in sheets for cell in sheet.cells]
    series = [line.name for sheet in sheets for chart in sheet.charts for line in chart.series]
    return " ".join([*(word for sheet in sheets for word in words_of(sheet)), *notes, *series])


def test_nobody_meets_anybody_else():
    """Each manager, channel and partner in turn, their own figures or the whole beside: no other name of that kind."""
    report = further_input()
    for by, key in (("manager", "managers"), ("channel", "channels"), ("partner", "partner")):
        names = everybody(report, by)
        assert len(names) > 1
        for name in names:
            for sees in ("own", "all"):
                chosen = {key: name if key == "partner" else [name], "sees": sees}
                told = words(report, Edition.model_validate(chosen))
                assert [other for other in names if other != name and other not in name and other in told] == []


def test_two_of_the_managers_are_the_cause_of_nothing():
    """«Главное» of somebody who sees the whole names no manager: the others are not there to compare with."""
    names = everybody(report_input(), "manager")
    edition = Edition.model_validate({"managers": names[:2], "sees": "all"})
    sheets = {sheet.key: sheet for sheet in lay_out(for_reader(report_input(), edition))}
    assert not [name for name in names if name in " ".join(words_of(sheets["summary"]))]


def test_a_reader_has_the_pages_that_can_be_narrowed():
    """What tells of everybody's clients, or of files as they are, is for the owner alone."""
    assert pages_for(Edition(partner="Клуб")) == ["partners", "glossary"]
    assert pages_for(Edition(managers=["Анна"])) == ["plan", "managers", "satisfaction", "experiments", "glossary"]
    whole = pages_for(Edition())
    assert set(whole) - set(pages_for(Edition(managers=["Анна"], sees="all"))) == {"winback", "quality"}
