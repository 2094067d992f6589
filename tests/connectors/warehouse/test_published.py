"""What was published is kept by row and told by cell; warehouses that kept it by cell go on."""

from datetime import datetime
from typing import NamedTuple

import duckdb
import pytest

from connectors.warehouse.store import schema
from connectors.warehouse.store.published import PublishedMemory, as_cells

AT = datetime(2026, 9, 21, 3, 4)
OLD = f"""
{schema.FIRST}
insert into ops.meta values ('schema_version', '1');
create table ops.published (target varchar, sheet_key varchar, row_key varchar, cell_row integer, cell_column integer,
    value varchar, published_at timestamp, stamp varchar, format varchar, note varchar);
"""
CELLS = "select row_key, cell_row, cell_column, value, format, note from ops.published order by cell_row, cell_column"


class Row(NamedTuple):
    """One kept row."""

    sheet_key: str
    row_key: str
    row: int
    columns: str
    formats: str
    values: str
    notes: str = ""


TITLE = Row("channels", "~title", -1, "[0]", '[""]', '["Каналы"]')
HEIGHT = Row("channels", "channel=SEO", 0, "[-1]", '[""]', '["28"]')
SEO = Row("channels", "channel=SEO", 0, "[0,2]", '["{\\"a\\":1}","{}"]', '["SEO «а»","12.5"]', '{"2":"мало"}')
VK = Row("channels", "channel=VK", 1, "[0,2]", '["{\\"a\\":1}","{}"]', '["VK\\n\\"б\\"",""]')
ROWS = [TITLE, HEIGHT, SEO, VK]
TOLD = [
    ("~title", -1, 0, "Каналы", "", ""),
    ("channel=SEO", 0, -1, "28", "", ""),
    ("channel=SEO", 0, 0, "SEO «а»", '{"a":1}', ""),
    ("channel=SEO", 0, 2, "12.5", "{}", "мало"),
    ("channel=VK", 1, 0, 'VK\n"б"', '{"a":1}', ""),
    ("channel=VK", 1, 2, "", "{}", ""),
]


@pytest.fixture
def connection():
    """A new warehouse."""
    with duckdb.connect() as made:
        schema.prepare(made)
        yield made


def recalled(memory, target="t"):
    """Stamp → the rows that were kept."""
    return {stamp: sorted(rows) for stamp, rows in memory.recall(target).items()}


def test_rows_come_back_as_they_were(connection):
    """And `ops.published` tells them cell by cell."""
    memory = PublishedMemory(connection, Row, AT)
    memory.remember("t", "night 1", ROWS)
    assert recalled(memory) == {"night 1": sorted(ROWS)}
    assert connection.execute(CELLS).fetchall() == TOLD
    told = connection.execute("select distinct target, sheet_key, published_at, stamp from ops.published").fetchall()
    assert told == [("t", "channels", AT, "night 1")]


def test_a_settled_publication_is_the_only_one(connection):
    """Repeating a stamp replaces it; settling it forgets the target's others, and no other target's."""
    memory = PublishedMemory(connection, Row, AT)
    memory.remember("other", "night 1", [VK])
    memory.remember("t", "night 1", ROWS)
    memory.remember("t", "night 2", ROWS)
    memory.remember("t", "night 2", [TITLE, VK])
    assert recalled(memory) == {"night 1": sorted(ROWS), "night 2": sorted([TITLE, VK])}
    memory.settle("t", "night 2")
    assert recalled(memory) == {"night 2": sorted([TITLE, VK])}
    assert recalled(memory, "other") == {"night 1": [VK]}


def test_a_warehouse_that_kept_cells_is_brought_up_to_date():
    """What the last version published is known to this one: no copy of the tab is made, no edit is missed."""
    with duckdb.connect() as old:
        old.execute(OLD)
        for name, row, column, value, drawn, note in TOLD:
            cell = ["t", "channels", name, row, column, value, AT, "night 1", drawn, note]
            old.execute(f"insert into ops.published values ({', '.join('?' * len(cell))})", cell)
        schema.prepare(old)
        assert recalled(PublishedMemory(old, Row, AT)) == {"night 1": sorted(ROWS)}
        assert old.execute(CELLS).fetchall() == TOLD
        version = old.execute("select value from ops.meta where key = 'schema_version'").fetchone()
        assert version == (str(schema.SCHEMA_VERSION),)
        schema.prepare(old)
        assert recalled(PublishedMemory(old, Row, AT)) == {"night 1": sorted(ROWS)}


def test_cells_can_be_changed_one_by_one(connection):
    """For those who must alter a cell here and there; what is left alone stays as it is."""
    memory = PublishedMemory(connection, Row, AT)
    memory.remember("t", "night 1", ROWS)
    with as_cells(connection) as cells:
        connection.execute(f"update {cells} set value = '?', note = '' where cell_row = 0 and cell_column = 2")
    changed = SEO._replace(values='["SEO «а»","?"]', notes="")
    assert recalled(memory) == {"night 1": sorted([TITLE, HEIGHT, changed, VK])}
