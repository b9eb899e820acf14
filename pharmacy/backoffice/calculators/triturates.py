"""Triturates: a stock mixture, serial trituration, blending by geometric dilution, capsules from a triturate."""

from decimal import Decimal
from itertools import accumulate

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from compounding import wording, workings
from compounding.capsules import capacity_mg, largest_dose_mg
from compounding.weighing import (
    FromTriturate,
    TriturateDoesNotFit,
    capsules_from_triturate,
    geometric_additions,
    serial_strength_pct,
)
from compounding.worksheet import (
    BenchTolerances,
    Diluent,
    NoRoomForDiluent,
    Role,
    TriturateActive,
    TriturateExcipient,
    TriturateInputs,
    plan_triturate_worksheet,
)
from pharmacy.backoffice.calculators import fields, sheets
from pharmacy.backoffice.calculators.answers import Answer, Table, mg, num, pct
from pharmacy.backoffice.calculators.potency import (
    CAP,
    CERTIFICATE_EXAMPLE,
    CertificateForm,
    ConversionForm,
    certificate_of,
    conversion_of,
)
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact


class WorksheetForm(ConversionForm, CertificateForm, sheets.BenchForm):
    """A stock triturate of a named strength."""

    headings = {
        **sheets.BenchForm.headings,
        **CertificateForm.headings,
        "name": gettext_lazy("Triturate"),
    }
    name = fields.words(gettext_lazy("Active"))
    strength = fields.percent(gettext_lazy("Strength, % w/w"))
    total = fields.mass(gettext_lazy("To make"))
    overage = fields.percent(gettext_lazy("Overage, %"), zero=True)
    diluent = fields.words(gettext_lazy("Diluent"))
    others = fields.table(
        gettext_lazy("Other powders"),
        (fields.read_words, fields.figure_in("%")),
        gettext_lazy("One a line: name; % of the triturate. A tracer dye, for one."),
        required=False,
    )
    mixing = fields.percent(gettext_lazy("Spread of a part of it, %"), required=False)
    field_order = (
        "name",
        "strength",
        "total",
        "overage",
        "diluent",
        "others",
        *CertificateForm.base_fields,
        *ConversionForm.base_fields,
    )


def worksheet(given: Given) -> Answer:
    """Return the worksheet of a stock triturate, worked out twice."""
    active = TriturateActive(
        key="active",
        name=given["name"],
        strength_pct=given["strength"],
        certificate=certificate_of(given),
        conversion=conversion_of(given),
    )
    inputs = TriturateInputs(
        total_mg=given["total"],
        overage_pct=given["overage"],
        actives=(active,),
        excipients=tuple(
            TriturateExcipient(key=f"other-{number}", name=name, pct=share)
            for number, (name, share) in enumerate(given["others"] or (), 1)
        ),
        diluent=Diluent(key="diluent", name=given["diluent"]),
        cap_assay_at_100=given["cap"] == "yes",
        minimum_weighable_mg=given["minimum"],
        weighing_tolerance_pct=given["tolerance"],
        weigh_to_mg=given["weigh_to"],
        bench=BenchTolerances(balance_mg=given["balance"], triturate_pct=given["mixing"]),
    )
    sheet = plan_triturate_worksheet(inputs)
    said = {
        "diluent": sheets.named(sheet, Role.FILLER),
        "total": wording.mass(given["total"]),
        "pct": pct(given["strength"], 6),
    }
    return sheets.sheet_answer(
        sheet,
        headline=_("Weigh %(what)s") % {"what": sheets.named(sheet, Role.ACTIVE)},
        under=_("and %(diluent)s, for %(total)s of a %(pct)s triturate") % said,
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
    dose, units = wording.mass(given["dose"]), num(given["units"])
    return Answer(
        headline=_("Take %(mass)s of the last mixture") % {"mass": mg(batch.triturate_mg)},
        under=_("for %(units)s capsules of %(dose)s, %(each)s in each")
        % {"units": units, "dose": dose, "each": mg(batch.per_capsule_mg)},
        facts=(
            Fact(_("Strength of the last mixture"), pct(strength, 9)),
            Fact(_("Pure substance in the batch"), mg(batch.pure_mg)),
        ),
        working=workings.triturates.serial(
            dilutions=given["dilutions"], dose_mg=given["dose"], units=given["units"]
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
        working=workings.triturates.geometric(drug_mg=given["drug"], diluent_mg=given["diluent"]),
        notes=(
            _("Each step adds as much diluent as there is mixture; the last adds what is left."),
        ),
    )


class FromTriturateForm(CalculatorForm):
    """Capsules from a stock triturate, and what the capsule holds of it."""

    together = (("volume", "density"),)
    not_both = (("volume", "capacity"),)

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
    capacity, tapped = given["capacity"], []
    if capacity is None and given["volume"] is not None and given["density"] is not None:
        packed = {"volume_ml": given["volume"], "tapped_g_per_ml": given["density"]}
        capacity = capacity_mg(**packed)
        tapped = [*workings.triturates.capacity(**packed)]
    batch = capsules_from_triturate(
        dose_mg=given["dose"],
        units=given["units"],
        strength_pct=given["strength"],
        capacity_mg=capacity,
    )
    dose, units = wording.mass(given["dose"]), num(given["units"])
    room = _room(capacity, batch, given["strength"])
    return Answer(
        headline=_("Take %(mass)s of triturate") % {"mass": mg(batch.triturate_mg)},
        under=_("for %(units)s capsules of %(dose)s") % {"units": units, "dose": dose},
        facts=(
            Fact(_("Triturate in each capsule"), mg(batch.per_capsule_mg)),
            Fact(_("Pure substance in the batch"), mg(batch.pure_mg)),
            *room,
        ),
        working=(
            *tapped,
            *workings.triturates.from_triturate(
                dose_mg=given["dose"],
                units=given["units"],
                strength_pct=given["strength"],
                capacity_mg=capacity,
            ),
        ),
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
            title=gettext_lazy("Worksheet of a stock triturate"),
            purpose=gettext_lazy(
                "Powder and diluent for a mixture of a named strength, worked out twice."
            ),
            form=WorksheetForm,
            work_out=worksheet,
            example={
                **sheets.BENCH_EXAMPLE,
                **CERTIFICATE_EXAMPLE,
                "name": "naltrexone hydrochloride",
                "strength": "10",
                "total": "10 g",
                "overage": "0",
                "diluent": "microcrystalline cellulose",
                "mixing": "1",
            },
            defaults={**sheets.BENCH_DEFAULTS, "cap": CAP},
            blame={**sheets.BLAME, NoRoomForDiluent: "strength"},
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
