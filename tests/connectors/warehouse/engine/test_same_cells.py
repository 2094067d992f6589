"""Every metric table and rule, transpiled and run by Sail, gives what DuckDB gives: in each cell, on any small data."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.warehouse.engine import figures
from connectors.warehouse.engine.figures import FEW_ROWS
from connectors.warehouse.figures import asked
from connectors.warehouse.store.database import plan_for_few_rows
from tests.connectors.warehouse.engine.beside import differing
from tests.helpers.often import often
from tests.helpers.tables import client_settings, warehouse_of
from tests.transforms.metrics.test_restated import GRAINS, QUICK, asking_world_of, world_of
from transforms.metrics import variables

pytestmark = pytest.mark.slow


def check(engine, world):
    """No cell of the world differs."""
    connection = warehouse_of(dict(world.staged), world.as_of, grains=list(GRAINS), **world.settings)
    plan_for_few_rows(connection, is_whole=False)  # what an engine gets is planned as usual
    planned = asked.planned(connection)
    now = variables(client_settings(grains=list(GRAINS), **world.settings), world.as_of, planned)
    unlike, cells = differing(connection, engine, now)
    assert not unlike
    assert cells > 0


@pytest.fixture(params=[-1, 40, pytest.param(FEW_ROWS, marks=pytest.mark.long)])
def _few_rows(request, monkeypatch):
    """All rows go through the storage, as many do; or some tables and some by the connection; or all so, as few do."""
    monkeypatch.setattr(figures, "FEW_ROWS", request.param)


@pytest.mark.usefixtures("_few_rows")
@settings(max_examples=often(1, 40), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(st.integers(0, 2**32))
def test_any_world_is_the_same(new_engine, seed):
    """Of few people in two months; about half of them lack a table or a column."""
    check(new_engine(), world_of(seed))


@pytest.mark.long
@settings(max_examples=often(1, 10), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(st.integers(0, 2**32))
def test_a_plan_and_experiments_are_the_same(new_engine, seed):
    """They ask for figures of other days and windows, which the engine computes too."""
    check(new_engine(), asking_world_of(seed))
