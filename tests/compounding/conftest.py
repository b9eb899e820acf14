"""How many examples the property tests try: `HYPOTHESIS_PROFILE=thorough` tries 10,000 of each."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_EXAMPLES = {"quick": 25, "thorough": 10_000, "mutation": 5}

for _name, _examples in _EXAMPLES.items():
    settings.register_profile(
        _name,
        max_examples=_examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
