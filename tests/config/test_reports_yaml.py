"""The pages' YAML: everything it names exists, and the docs name everything it may say."""

import re
from pathlib import Path
from typing import get_args

import pytest

from config import reports as module
from config.errors import ConfigError
from config.labels import labels
from config.metrics import LOOKS, metrics
from config.reports import (
    Breakdown,
    Chain,
    ChartBlock,
    Heat,
    Months,
    Own,
    ReportSpec,
    Restated,
    figures,
    page_of,
    reports,
)
from config.strict import declared_as
from config.tables import inputs
from config.theme import look, theme
from transforms.layout.drawing.figures import described
from transforms.layout.pages import CONCLUSIONS, DRAWERS, PLAIN_DRAWERS

DOCS = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
BLOCKS = [(report.key, block) for report in reports() for block in report.blocks]
KINDS = get_args(get_args(module.Block)[0])


@pytest.mark.parametrize(("page", "block"), BLOCKS)
def test_a_block_names_only_what_exists(page, block):
    """A column has a header and a meaning, a figure a definition, a sentence its words, a chart its table."""
    if isinstance(block, Breakdown):
        assert all(described(block.of, column.column) for column in block.columns), page
        assert all(described("whole_period", column.total) for column in block.columns if column.total), page
    if isinstance(block, Heat):
        assert described(block.of, block.column), page
    if isinstance(block, Chain):
        assert all(described(block.of, name) for step in block.steps for name in (step.column, step.share) if name)
    if isinstance(block, Months):
        known = metrics().tables[block.of].columns if block.of else figures()
        assert all(column in known for column in block.columns), page
    if isinstance(block, ChartBlock):
        assert block.table in {getattr(other, "key", None) for key, other in BLOCKS if key == page}
    if isinstance(block, Restated):
        assert all(described(table, column) for table, columns in block.compared.items() for column in columns)
    assert set(getattr(block, "say", [])) <= set(CONCLUSIONS)
    assert set(getattr(block, "figures", [])) <= set(figures())


@pytest.mark.parametrize("name", sorted(figures()))
def test_a_figure_is_a_column_of_a_table_with_one_row_a_month(name):
    """Or of the chain, whose row «Всего» is one; and its cause is looked for where its parts stand."""
    spec = figures()[name]
    assert metrics().tables[spec.table].key == ["grain", "period_start"] or spec.table == "chain_period"
    assert name in metrics().tables[spec.table].columns
    for part in spec.parts:
        there = metrics().tables[part.table].columns
        assert set((there.get(name) or spec.column).parts or [name]) <= set(there)
        assert part.by in metrics().tables[part.table].key
    assert set(spec.feeds) <= set(inputs())


def test_every_label_has_a_look():
    """The first part of a look is a format of the theme; `indented` and `ratio2` are formats of headers and figures."""
    named = [*labels().columns.values(), *labels().data_columns.values()]
    looks = {label.look for label in named} | set(LOOKS.values()) - {"indented"}
    assert looks - {"indented"} <= set(theme().formats)


def test_every_format_takes_every_style():
    """A look that cannot be drawn would be found by an owner."""
    for name in theme().formats:
        for style in theme().styles:
            assert look(f"{name}.{style}")


def test_every_kind_of_block_is_drawn():
    """A kind without a drawer would stop a report."""
    assert set(DRAWERS) == {*KINDS, Own}
    plain = get_args(module.Plain.model_fields["kind"].annotation)
    assert set(PLAIN_DRAWERS) == set(plain)


@pytest.mark.parametrize(
    "key",
    sorted({name for model in (ReportSpec, *KINDS) for name in model.model_fields if name not in {"key", "kind"}}),
)
def test_the_docs_name_every_key(key):
    """docs/report.md is how an engineer finds it."""
    assert f"`{key}`" in DOCS


@pytest.mark.parametrize("model", KINDS)
def test_the_docs_tell_keys_that_a_block_needs_from_those_it_may_have(model):
    """The third and the fourth column of the row of its kind."""
    kinds = get_args(model.model_fields["kind"].annotation)
    [row] = [line for line in DOCS.splitlines() if line.startswith(f"| `{kinds[0]}`") and line.count("|") >= 5]
    needed, may_be = (set(re.findall(r"`(\w+)`", cell)) for cell in row.split("|")[3:5])
    fields = {name: field.is_required() for name, field in model.model_fields.items() if name != "kind"}
    assert {name for name, is_needed in fields.items() if is_needed} <= needed - may_be
    assert {name for name, is_needed in fields.items() if not is_needed} <= may_be - needed


def test_a_page_that_is_declared_wrong_names_the_file_and_the_key(tmp_path):
    """Whoever writes a page has no debugger open."""
    path = tmp_path / "reports" / "mine.yaml"
    with pytest.raises(ConfigError, match=r"reports/mine\.yaml .*: order: Field required; blocks: Field required"):
        declared_as(
            ReportSpec, {"key": "mine", "title": {"ru": "а", "en": "a"}, "widths": [9], "text_columns": 1}, path
        )


def test_a_page_that_names_no_column_says_which_and_what_is_near(tmp_path):
    """Not a KeyError in the middle of a run."""
    path = tmp_path / "reports" / "mine.yaml"
    declared = {
        "title": {"ru": "а", "en": "a"},
        "widths": [9],
        "text_columns": 1,
        "order": 1,
        "blocks": [
            {
                "kind": "breakdown",
                "key": "rows",
                "of": "channel_period",
                "by": "channel",
                "order": "spend_rub",
                "grey": "none",
                "columns": [{"column": "cliants"}, {"column": "clients", "total": "drr_rub"}],
            }
        ],
    }
    needs = {"table": "channel_perioda", "columns": ["calls"], "missing": []}
    with pytest.raises(ConfigError, match=r"no column channel_perioda\.calls"):
        page_of({**declared, "needs": needs, "blocks": []}, path)
    with pytest.raises(ConfigError) as raised:
        page_of(declared, path)
    assert "no column channel_period.cliants, clients?" in str(raised.value)
    assert "no column whole_period.drr_rub" in str(raised.value)


def test_the_docs_name_every_kind_of_block():
    """And every kind."""
    kinds = {kind for model in KINDS for kind in get_args(model.model_fields["kind"].annotation)}
    assert all(f"`{kind}`" in DOCS for kind in kinds)
