"""How many examples the property tests try. `HYPOTHESIS_PROFILE=thorough` tries 10,000 of each."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW_TO_BEGIN = [HealthCheck.too_slow]

settings.register_profile(
    "quick", max_examples=25, deadline=None, suppress_health_check=_SLOW_TO_BEGIN
)
settings.register_profile(
    "thorough", max_examples=10_000, deadline=None, suppress_health_check=_SLOW_TO_BEGIN
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
