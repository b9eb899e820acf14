"""The figures that both calculators worked out, side by side, under the names of the worksheet."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from compounding.worksheet import Worksheet

_FIGURES: dict[str, Promise] = {
    "batch_units": gettext_lazy("Units in the batch"),
    "batch_volume_ml": gettext_lazy("Volume of the batch, mL"),
    "vehicle_estimate_ml": gettext_lazy("Vehicle, about, mL"),
    "utilisation_pct": gettext_lazy("Share of the capsule taken, %"),
    "theoretical_fill_mg": gettext_lazy("Fill of one capsule, mg"),
    "theoretical_gross_mg": gettext_lazy("Weight of one capsule, mg"),
    "drops_per_ml": gettext_lazy("Drops in a mL"),
    "mg_per_drop": gettext_lazy("mg in a drop"),
    "potency_factor": gettext_lazy("Pure share"),
    "each_mg": gettext_lazy("In each capsule, mg"),
    "batch_mg": gettext_lazy("For the batch, mg"),
    "batch_ml": gettext_lazy("For the batch, mL"),
    "amount": gettext_lazy("To measure out"),
    "low": gettext_lazy("Lowest allowed"),
    "high": gettext_lazy("Highest allowed"),
    "drops": gettext_lazy("Drops"),
    "delivered_mg": gettext_lazy("Delivered, mg"),
    "error_pct": gettext_lazy("Off by, %"),
    "vehicle_estimate_mg": gettext_lazy("Vehicle, about, mg"),
    "blend_mg": gettext_lazy("Mixture after step, mg"),
    "worst_low_pct": gettext_lazy("Dose at its lowest, %"),
    "worst_high_pct": gettext_lazy("Dose at its highest, %"),
    "expected_pct": gettext_lazy("Dose, expected error, %"),
}


@dataclass(frozen=True)
class Pair:
    """One figure, as both worked it out."""

    figure: str
    first: str
    second: str


def agreement_of(sheet: Worksheet) -> tuple[Pair, ...]:
    """Return every figure that was worked out twice, in words, with both numbers."""
    names = {line.key: line.name for line in sheet.lines}
    return tuple(
        Pair(_in_words(each.figure, names), wording.number(each.first), wording.number(each.second))
        for each in sheet.agreement
    )


def _in_words(figure: str, names: dict[str, str]) -> str:
    kind, _colon, key = figure.partition(":")
    label = str(_FIGURES.get(kind, kind.replace("_", " ")))
    if not key:
        return label
    return _("%(figure)s: %(part)s") % {"figure": label, "part": names.get(key, key)}
