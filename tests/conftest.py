"""Settings of the whole suite."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("repeatable", derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("wandering")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
