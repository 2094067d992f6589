"""Settings of the whole suite."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("repeatable", derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("wandering")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests wait for the long setting."""
    if os.environ.get("TESTS") == "long":
        return
    waiting = [item for item in items if item.get_closest_marker("long")]
    if waiting:
        config.hook.pytest_deselected(items=waiting)
        left = set(waiting)
        items[:] = [item for item in items if item not in left]
