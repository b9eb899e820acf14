"""An oral syringe filled to the mark of a dose: the geometry of a picture, the same on pages and papers."""

from dataclasses import asdict, dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.documents.contexts.parts import Context

_LEFT, _RIGHT = Decimal(30), Decimal(290)
_LENGTH = _RIGHT - _LEFT


@dataclass(frozen=True)
class _Size:
    """An oral syringe as it is sold: its volume, the volume between marks, between numbered marks (mL)."""

    volume: Decimal
    mark: Decimal
    numbered: Decimal


_SIZES = (
    _Size(Decimal(1), Decimal("0.05"), Decimal("0.2")),
    _Size(Decimal(3), Decimal("0.1"), Decimal("0.5")),
    _Size(Decimal(5), Decimal("0.2"), Decimal(1)),
    _Size(Decimal(10), Decimal("0.5"), Decimal(1)),
)


@dataclass(frozen=True)
class _Mark:
    """A mark on the barrel; `text` is empty where it carries no number."""

    x: str
    text: str


def syringe_context(*, dose_mg: Decimal, volume_ml: Decimal, key: str) -> Context | None:
    """Return the picture of one dose, or None when it is more than the largest oral syringe holds."""
    size = next((each for each in _SIZES if volume_ml <= each.volume), None)
    if size is None:
        return None
    dose = wording.liquid_dose(dose_mg=dose_mg, volume_ml=volume_ml)
    filled = _LENGTH * volume_ml / size.volume
    return {
        "key": key,
        "title": _("Fill the syringe to %(ml)s for %(mg)s")
        % {"ml": wording.millilitres(volume_ml), "mg": wording.mass(dose_mg)},
        "description": _("An oral syringe of %(size)s, filled to the mark of %(dose)s.")
        % {"size": wording.millilitres(size.volume), "dose": dose},
        "end": _placed(_LEFT + filled),
        "filled": _placed(filled),
        "label": dose,
        "label_x": _placed(min(max(_LEFT + filled, Decimal(80)), Decimal(270))),
        "marks": [asdict(mark) for mark in _marks(size)],
        "unit": "mL",
    }


def _marks(size: _Size) -> list[_Mark]:
    marks = []
    volume = size.mark
    while volume <= size.volume:
        numbered = volume % size.numbered == 0
        marks.append(
            _Mark(
                x=_placed(_LEFT + _LENGTH * volume / size.volume),
                text=wording.number(volume) if numbered else "",
            )
        )
        volume += size.mark
    return marks


def _placed(value: Decimal) -> str:
    return f"{value:.1f}"
