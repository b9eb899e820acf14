"""Triturates: a stock mixture, serial trituration, blending by geometric dilution, capsules from a triturate."""

from decimal import Decimal
from itertools import accumulate

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from compounding import wording
from compounding.arithmetic import round_to_step
from compounding.capsules import capacity_mg, largest_dose_mg
from compounding.weighing import (
    FromTriturate,
    TriturateDoesNotFit,
    capsules_from_triturate,
    geometric_additions,
    serial_strength_pct,
    stock_triturate,
)
from compounding.working import WorkingStep
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, Table, mg, num, pct
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact


class StockForm(CalculatorForm):
    """A stock triturate of a named strength."""

    total = fields.mass(gettext_lazy("Triturate to make"))
    strength = fields.percent(gettext_lazy("Strength, % w/w as pure substance"))
    factor = fields.figure(gettext_lazy("Potency factor of the powder"))
    weigh_to = fields.mass(gettext_lazy("The balance is read to"))


def stock(given: Given) -> Answer:
    """Return powder and diluent of a stock triturate."""
    made = stock_triturate(
        total_mg=given["total"], strength_pct=given["strength"], factor=given["factor"]
    )
    weigh = round_to_step(made.weigh_mg, given["weigh_to"])
    diluent = round_to_step(made.diluent_mg, given["weigh_to"])
    return Answer(
        headline=_("Weigh %(powder)s and %(diluent)s of diluent")
        % {"powder": wording.milligrams(weigh), "diluent": wording.milligrams(diluent)},
        under=_("for %(total)s of a %(pct)s triturate")
        % {"total": mg(made.total_mg), "pct": pct(made.strength_pct, 6)},
        facts=(Fact(_("Pure substance in it"), mg(made.pure_mg)),),
        working=(
            WorkingStep(
                _("Pure substance"),
                f"{mg(made.total_mg, 6)} × {pct(made.strength_pct, 6)}",
                mg(made.pure_mg, 6),
            ),
            WorkingStep(
                _("Powder as it is"),
                f"{mg(made.pure_mg, 6)} ÷ {num(given['factor'])}",
                mg(made.weigh_mg, 6),
            ),
            WorkingStep(
                _("Diluent"),
                f"{mg(made.total_mg, 6)} − {mg(made.weigh_mg, 6)}",
                mg(made.diluent_mg, 6),
            ),
        ),
        notes=(
            _(
                "Potency is corrected here, once. Whoever uses the triturate uses its labelled strength."
            ),
        ),
    )


class SerialForm(CalculatorForm):
    """Dilutions, each of the mixture before it, and the capsules made from the last."""

    dilutions = fields.table(
        gettext_lazy("Dilutions"),
        (fields.figure_in(""), fields.figure_in("")),
        gettext_lazy("One a line, first to last: 1 in 100."),
        between=r"\s*(?:\bin\b|:|;)\s*",
    )
    dose = fields.mass(gettext_lazy("Dose in each capsule"))
    units = fields.whole(gettext_lazy("Capsules"))


def serial(given: Given) -> Answer:
    """Return the strength after the dilutions, and the mixture for a batch of capsules."""
    strength = serial_strength_pct(given["dilutions"])
    batch = capsules_from_triturate(
        dose_mg=given["dose"], units=given["units"], strength_pct=strength
    )
    parts = " × ".join(f"{num(part)} ÷ {num(whole)}" for part, whole in given["dilutions"])
    dose, units = wording.mass(given["dose"]), num(given["units"])
    return Answer(
        headline=_("Take %(mass)s of the last mixture") % {"mass": mg(batch.triturate_mg)},
        under=_("for %(units)s capsules of %(dose)s, %(each)s in each")
        % {"units": units, "dose": dose, "each": mg(batch.per_capsule_mg)},
        facts=(
            Fact(_("Strength of the last mixture"), pct(strength, 9)),
            Fact(_("Pure substance in the batch"), mg(batch.pure_mg)),
        ),
        working=(
            WorkingStep(_("Strength"), f"100% × {parts}", pct(strength, 9)),
            WorkingStep(_("Pure substance"), f"{dose} × {units}", mg(batch.pure_mg, 6)),
            WorkingStep(
                _("Mixture for the batch"),
                f"{mg(batch.pure_mg, 6)} ÷ {pct(strength, 9)}",
                mg(batch.triturate_mg, 6),
            ),
            WorkingStep(
                _("In each capsule"),
                f"{dose} ÷ {pct(strength, 9)}",
                mg(batch.per_capsule_mg, 6),
            ),
        ),
    )


class GeometricForm(CalculatorForm):
    """A little drug, and much diluent."""

    drug = fields.mass(gettext_lazy("Drug"))
    diluent = fields.mass(gettext_lazy("Diluent"))


def geometric(given: Given) -> Answer:
    """Return the diluent of each blending step: as much as is already there, the rest at the last."""
    additions = geometric_additions(drug_mg=given["drug"], diluent_mg=given["diluent"])
    mixtures = list(accumulate(additions, initial=given["drug"]))
    rows = tuple(
        (num(number), mg(before), mg(addition), mg(after))
        for number, (before, addition, after) in enumerate(
            zip(mixtures, additions, mixtures[1:], strict=False), 1
        )
    )
    return Answer(
        headline=ngettext("Blend in %(steps)s step", "Blend in %(steps)s steps", len(additions))
        % {"steps": wording.count_word(len(additions))},
        under=_("to %(mass)s of mixture") % {"mass": mg(mixtures[-1])},
        tables=(
            Table(
                _("Add at each step"),
                (_("Step"), _("Mixture so far"), _("Diluent to add"), _("Mixture then")),
                rows,
            ),
        ),
        notes=(
            _("Each step adds as much diluent as there is mixture; the last adds what is left."),
        ),
    )


class FromTriturateForm(CalculatorForm):
    """Capsules from a stock triturate, and what the capsule holds of it."""

    dose = fields.mass(gettext_lazy("Dose in each capsule"))
    units = fields.whole(gettext_lazy("Capsules"))
    strength = fields.percent(gettext_lazy("Strength of the triturate, % w/w"))
    volume = fields.volume(gettext_lazy("Volume of the capsule"), required=False)
    density = fields.figure(
        gettext_lazy("Tapped density of the triturate, g/mL"), "g/mL", required=False
    )
    capacity = fields.mass(
        gettext_lazy("Or what the capsule holds of it"),
        gettext_lazy("As measured; instead of volume and density."),
        required=False,
    )


def from_triturate(given: Given) -> Answer:
    """Return the triturate for a batch, whether it fits, and the filler that tops each capsule up."""
    capacity, steps = given["capacity"], []
    if capacity is None and given["volume"] is not None and given["density"] is not None:
        capacity = capacity_mg(volume_ml=given["volume"], tapped_g_per_ml=given["density"])
        tapped = f"{wording.millilitres(given['volume'])} × {num(given['density'])} g/mL × 1000"
        steps.append(WorkingStep(_("The capsule holds"), tapped, mg(capacity, 6)))
    batch = capsules_from_triturate(
        dose_mg=given["dose"],
        units=given["units"],
        strength_pct=given["strength"],
        capacity_mg=capacity,
    )
    dose, units, strength = (
        wording.mass(given["dose"]),
        num(given["units"]),
        pct(given["strength"], 6),
    )
    each, whole = mg(batch.per_capsule_mg, 6), mg(batch.triturate_mg, 6)
    steps += [
        WorkingStep(_("Triturate for the batch"), f"{dose} × {units} ÷ {strength}", whole),
        WorkingStep(_("In each capsule"), f"{dose} ÷ {strength}", each),
    ]
    room = _room(capacity, batch, given["strength"])
    return Answer(
        headline=_("Take %(mass)s of triturate") % {"mass": mg(batch.triturate_mg)},
        under=_("for %(units)s capsules of %(dose)s") % {"units": units, "dose": dose},
        facts=(
            Fact(_("Triturate in each capsule"), mg(batch.per_capsule_mg)),
            Fact(_("Pure substance in the batch"), mg(batch.pure_mg)),
            *room,
        ),
        working=steps,
        notes=(_("It fits. The top-up takes the triturate to pack like its filler: measure it."),)
        if room
        else (),
    )


def _room(capacity: Decimal | None, batch: FromTriturate, strength_pct: Decimal) -> list[Fact]:
    """What the capsule holds besides; nothing when its size was not given."""
    if capacity is None or batch.filler_per_capsule_mg is None:
        return []
    largest = largest_dose_mg(capacity_mg=capacity, strength_pct=strength_pct)
    return [
        Fact(_("The capsule holds"), mg(capacity)),
        Fact(_("Filler to top up each capsule"), mg(batch.filler_per_capsule_mg)),
        Fact(_("Largest dose in this capsule"), mg(largest)),
    ]


FAMILY = Family(
    key="triturates",
    title=gettext_lazy("Triturates"),
    calculators=(
        Calculator(
            key="stock-triturate",
            title=gettext_lazy("Stock triturate"),
            purpose=gettext_lazy("Powder and diluent for a mixture of a named strength."),
            form=StockForm,
            work_out=stock,
            example={
                "total": "10 g",
                "strength": "1",
                "factor": "0.988032",
                "weigh_to": "0.1 mg",
            },
        ),
        Calculator(
            key="serial-trituration",
            title=gettext_lazy("Serial trituration"),
            purpose=gettext_lazy("Dilution upon dilution, down to micrograms in a capsule."),
            form=SerialForm,
            work_out=serial,
            example={"dilutions": "1 in 100\n1 in 100", "dose": "1 mcg", "units": "100"},
        ),
        Calculator(
            key="geometric-dilution",
            title=gettext_lazy("Geometric dilution"),
            purpose=gettext_lazy("How much diluent to add at each blending step."),
            form=GeometricForm,
            work_out=geometric,
            example={"drug": "455.5 mg", "diluent": "14658.4 mg"},
        ),
        Calculator(
            key="capsules-from-triturate",
            title=gettext_lazy("Capsules from a triturate"),
            purpose=gettext_lazy(
                "How much triturate a batch takes, and whether it fits the capsule."
            ),
            form=FromTriturateForm,
            work_out=from_triturate,
            example={
                "dose": "1.5 mg",
                "units": "30",
                "strength": "1",
                "volume": "0.30 mL",
                "density": "0.5",
            },
            blame={TriturateDoesNotFit: "strength"},
        ),
    ),
)
