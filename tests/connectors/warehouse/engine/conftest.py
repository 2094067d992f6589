"""One engine for all tests of this folder: Sail, in this process, or the server that `ENGINE` names."""

import os

import pytest

from config.client import Engine
from connectors.warehouse.engine import server
from connectors.warehouse.engine.figures import Figures


@pytest.fixture(scope="session")
def new_engine(tmp_path_factory):
    """What makes an engine that knows no table yet, on the one server."""
    engine = Engine(spark=os.environ.get("ENGINE", "local"), storage=str(tmp_path_factory.mktemp("storage")))
    session, end = server.connect(engine)

    def made():
        return Figures(engine, tmp_path_factory.mktemp("storage"), session, lambda: None)

    yield made
    end()


@pytest.fixture(scope="session")
def sail_address():
    """Where a server of this process listens."""
    if "ENGINE" in os.environ:
        yield os.environ["ENGINE"]
        return
    address, stop = server.started()
    yield address
    stop()


@pytest.fixture
def sail(new_engine):
    """Such an engine."""
    return new_engine()
