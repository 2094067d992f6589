"""The pages' YAML: everything it names exists, and the docs name everything it may say."""

from pathlib import Path
from typing import get_args

import pytest

from config import reports as module
from config.labels import labels
from config.metrics import metrics
from config.reports import Breakdown, ChartBlock, Heat, Months, ReportSpec, figures, reports
from config.theme import look, theme
from transforms.layout.conclusions import CONCLUSIONS
from transforms.layout.figures import described
from transforms.layout.pages import DRAWERS, PLAIN_DRAWERS

DOCS = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
BLOCKS = [(report.key, block) for report in reports() for block in report.blocks]
KINDS = get_args(get_args(module.Block)[0])


@pytest.mark.parametrize(("page", "block"), BLOCKS)
def test_a_block_names_only_what_exists(page, block):
    """A column has a header and a meaning, a figure a definition, a sentence its words, a chart its table."""
    if isinstance(block, Breakdown):
        assert all(column.column in labels().columns for column in block.columns), page
        assert all(described(block.of, column.column) for column in block.columns), page
        assert all(column.total in figures() for column in block.columns if column.total), page
    if isinstance(block, Heat):
        assert described(block.of, block.column), page
    if isinstance(block, Months):
        known = labels().columns if block.of else figures()
        assert all(column in known for column in block.columns), page
    if isinstance(block, ChartBlock):
        assert block.table in {getattr(other, "key", None) for key, other in BLOCKS if key == page}
    assert set(getattr(block, "say", [])) <= set(CONCLUSIONS)
    assert set(getattr(block, "figures", [])) <= set(figures())


@pytest.mark.parametrize("name", sorted(figures()))
def test_a_figure_is_made_of_columns_that_exist(name):
    """Each column stands in the metric table, the chosen count of calls aside."""
    spec = figures()[name]
    columns = {column.removeprefix("-") for column in [*spec.top, *spec.bottom]} - {"counted_calls"}
    assert columns <= set(metrics().tables[spec.table].columns)
    assert set(spec.feeds) <= set(labels().tables)


def test_every_label_has_a_look():
    """The first part of a look is a format of the theme; `indented` and `ratio2` are formats of headers and figures."""
    looks = {label.look for label in labels().columns.values()} - {"indented"}
    assert looks <= set(theme().formats)


def test_every_format_takes_every_style():
    """A look that cannot be drawn would be found by an owner."""
    for name in theme().formats:
        for style in theme().styles:
            assert look(f"{name}.{style}")


def test_every_kind_of_block_is_drawn():
    """A kind without a drawer would stop a report."""
    assert set(DRAWERS) == set(KINDS)
    plain = get_args(module.Plain.model_fields["kind"].annotation)
    assert set(PLAIN_DRAWERS) == set(plain)


@pytest.mark.parametrize(
    "key",
    sorted({name for model in (ReportSpec, *KINDS) for name in model.model_fields if name not in {"key", "kind"}}),
)
def test_the_docs_name_every_key(key):
    """docs/report.md is how an engineer finds it."""
    assert f"`{key}`" in DOCS


def test_the_docs_name_every_kind_of_block():
    """And every kind."""
    kinds = {kind for model in KINDS for kind in get_args(model.model_fields["kind"].annotation)}
    assert all(f"`{kind}`" in DOCS for kind in kinds)
