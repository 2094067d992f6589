"""One engine for all tests of this folder: Sail, in this process."""

import pytest

from config.client import Engine
from connectors.engine import Figures, server


@pytest.fixture(scope="session")
def new_engine(tmp_path_factory):
    """What makes an engine that knows no table yet, on the one server."""
    session, end = server.connect(Engine(spark="local"))

    def made():
        return Figures(Engine(spark="local"), tmp_path_factory.mktemp("storage"), session, lambda: None)

    yield made
    end()


@pytest.fixture
def sail(new_engine):
    """Such an engine."""
    return new_engine()
