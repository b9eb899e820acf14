"""Asserting a refusal: its exact kind, and every word of its sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compounding.errors import Refusal


def assert_refused(kind: type[Refusal], sentence: str, act: Callable[[], object]) -> None:
    """Fail unless the act raises exactly this kind of refusal with exactly this sentence."""
    with pytest.raises(Refusal) as refused:
        act()
    assert (type(refused.value), str(refused.value)) == (kind, sentence)
