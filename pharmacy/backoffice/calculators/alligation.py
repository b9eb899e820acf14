"""Mixing and diluting strengths: alligation medial and alternate, C1V1."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.alligation import (
    StrengthsReversed,
    TargetOutsideRange,
    alternate,
    medial,
    stock_needed_ml,
)
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, Picture, ml, num, per_ml
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact


class MedialForm(CalculatorForm):
    """Liquids that are mixed."""

    parts = fields.table(
        gettext_lazy("Liquids"),
        (fields.read_volume, fields.read_concentration),
        gettext_lazy("One a line: volume; strength."),
    )


def mixture(given: Given) -> Answer:
    """Return the strength of a mixture."""
    strength = medial(given["parts"])
    return Answer(
        headline=per_ml(strength),
        under=_("is the strength of the mixture"),
        working=workings.alligation.medial(parts=given["parts"]),
    )


class AlternateForm(CalculatorForm):
    """Two strengths, and the one between them."""

    high = fields.percent(gettext_lazy("Higher strength, %"))
    low = fields.percent(gettext_lazy("Lower strength, %"), zero=True)
    target = fields.percent(gettext_lazy("Wanted strength, %"))
    total = fields.figure(
        gettext_lazy("Total to make"),
        hint=gettext_lazy("In g or mL; the parts come out in the same."),
        required=False,
    )


@dataclass(frozen=True)
class Cross:
    """The alligation cross: strengths on the left, the target in the middle, parts on the right."""

    high: str
    low: str
    target: str
    parts_high: str
    parts_low: str
    said: str


def parts(given: Given) -> Answer:
    """Return in which parts to mix two strengths."""
    high, low, target = given["high"], given["low"], given["target"]
    found = alternate(high=high, low=low, target=target)
    of_high, of_low = num(found.high), num(found.low)
    facts = []
    if given["total"] is not None:
        of_total = found.of_total(given["total"])
        labels = (_("Of the higher strength"), _("Of the lower strength"))
        facts = [
            Fact(label, num(amount, 4)) for label, amount in zip(labels, of_total, strict=True)
        ]
    return Answer(
        headline=_("%(high)s parts to %(low)s") % {"high": of_high, "low": of_low},
        under=_("of %(high)s and of %(low)s for %(target)s")
        % {
            "high": wording.percent(high, 6),
            "low": wording.percent(low, 6),
            "target": wording.percent(target, 6),
        },
        facts=facts,
        working=workings.alligation.alternate(
            high=high, low=low, target=target, total=given["total"]
        ),
        picture=Picture("admin/pictures/cross.svg", _cross(high, low, target, of_high, of_low)),
    )


def _cross(high: Decimal, low: Decimal, target: Decimal, of_high: str, of_low: str) -> Cross:
    said = {"high": of_high, "low": of_low, "target": wording.percent(target, 6)}
    return Cross(
        high=wording.percent(high, 6),
        low=wording.percent(low, 6),
        target=wording.percent(target, 6),
        parts_high=of_high,
        parts_low=of_low,
        said=_(
            "Alligation cross: %(high)s parts of the higher and %(low)s parts of the lower strength make %(target)s."
        )
        % said,
    )


class DiluteForm(CalculatorForm):
    """A stock solution, and what is wanted of it."""

    stock = fields.concentration(gettext_lazy("Strength of the stock"))
    target = fields.concentration(gettext_lazy("Wanted strength"))
    volume = fields.volume(gettext_lazy("Wanted volume"))


def dilute(given: Given) -> Answer:
    """Return the stock to be made up to a volume."""
    wanted = {
        "stock_mg_per_ml": given["stock"],
        "target_mg_per_ml": given["target"],
        "target_volume_ml": given["volume"],
    }
    stock = stock_needed_ml(**wanted)
    volume, target = wording.millilitres(given["volume"]), per_ml(given["target"], 6)
    return Answer(
        headline=_("Take %(stock)s of the stock") % {"stock": ml(stock)},
        under=_("and make it up to %(volume)s") % {"volume": volume},
        facts=(Fact(_("Strength then"), target),),
        working=workings.alligation.stock(**wanted),
    )


FAMILY = Family(
    key="alligation",
    title=gettext_lazy("Mixing strengths"),
    calculators=(
        Calculator(
            key="alligation",
            title=gettext_lazy("Alligation alternate"),
            purpose=gettext_lazy("In which parts to mix two strengths for one between them."),
            form=AlternateForm,
            work_out=parts,
            example={"high": "10", "low": "1", "target": "3", "total": "45"},
            blame={TargetOutsideRange: "target", StrengthsReversed: "high"},
        ),
        Calculator(
            key="mixture",
            title=gettext_lazy("Alligation medial"),
            purpose=gettext_lazy("The strength that a mixture comes to."),
            form=MedialForm,
            work_out=mixture,
            example={"parts": "120 mL; 1 mg/mL\n80 mL; 2.5 mg/mL"},
        ),
        Calculator(
            key="dilute",
            title=gettext_lazy("Dilute a stock (C1V1)"),
            purpose=gettext_lazy("How much stock to make up to a volume."),
            form=DiluteForm,
            work_out=dilute,
            example={"stock": "5 mg/mL", "target": "0.5 mg/mL", "volume": "60 mL"},
            blame={TargetOutsideRange: "target"},
        ),
    ),
)
