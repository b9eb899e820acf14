"""The actives of a batch, each from a lot, and those of one substance together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Drug(Protocol):
    """An active of a batch, as powder or as a triturate, from one lot.

    Two lots of one substance are two actives that share its strength between them and name the same `substance`.
    """

    @property
    def key(self) -> str:
        """The key of its line."""

    @property
    def name(self) -> str:
        """What it is called on the worksheet."""

    @property
    def substance(self) -> str | None:
        """Of what it is a lot; None if nobody says so, and then it shares its strength with nothing."""


_Lot = TypeVar("_Lot", bound=Drug)


def by_substance(lots: Iterable[_Lot]) -> list[list[_Lot]]:
    """Return the lots, those of one substance together, in the order of the first of each."""
    groups: dict[tuple[str | None, str], list[_Lot]] = {}
    for lot in lots:
        alone = lot.key if lot.substance is None else ""
        groups.setdefault((lot.substance, alone), []).append(lot)
    return list(groups.values())
