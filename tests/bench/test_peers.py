"""The peers of the bench are comparable: they answer the same question from the same files."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from importlib import import_module

import pytest

from bench.generate import Size, generate
from bench.peers.workbook import save


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """Four thousand calls in two files, four of them with a day that does not exist."""
    folder = tmp_path_factory.mktemp("client")
    generate(folder, Size(4_000, 1_000, 1_000, call_files=2))
    return folder / "exports"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["in_pandas", "in_polars"])
def test_peers_answer_the_same_six_tables(exports, name, tmp_path):
    """Cell for cell what the bare script answers; sums to the kopeck, what nobody knows blank."""
    expected, found = (import_module(f"bench.peers.{one}").tables(exports) for one in ("in_duckdb", name))
    assert list(found) == list(expected)
    for title, table in expected.items():
        assert list(found[title].columns)[1:] == list(table.columns)[1:]  # the first, a period, is `m` there
        assert comparable(found[title].rows) == comparable(table.rows), title
    save(tmp_path / "report.xlsx", found)
    assert (tmp_path / "report.xlsx").stat().st_size > 0


def comparable(rows):
    """Rows as sets of plain values: days without their midnight, numbers to six digits."""
    return sorted([tuple(plain(value) for value in row) for row in rows], key=repr)


def plain(value):
    """One value without its library's type."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, (int, float, Decimal)):
        return round(float(value), 6)
    return value
