"""The warnings a substance brings onto every container label. They are data beside its safety rules."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

_DATA: Final = Path(__file__).parent / "data"


@cache
def label_warnings(rule_set: str) -> tuple[str, ...]:
    """Return the sentences for the container label, in their order; none for a substance without such data."""
    path = _DATA / rule_set / "label.json"
    if not rule_set or not path.is_file():
        return ()
    return tuple(json.loads(path.read_text(encoding="utf-8"))["warnings"])
