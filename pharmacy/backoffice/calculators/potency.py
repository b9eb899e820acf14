"""Potency, salts and hydrates: from the certificate of analysis to the powder on the balance, corrected once."""

from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.active_powder import powder_mg
from compounding.arithmetic import round_to_step
from compounding.potency import (
    AssayBasis,
    Certificate,
    CertificateImpossible,
    CertificateIncomplete,
    certificate_findings,
    dose_from_weighing_mg,
    potency_factor,
    pure_mg,
    theoretical_water_pct,
)
from compounding.quantity import Mass
from compounding.strength import (
    Conversion,
    HydrateWaterCountedTwice,
    check_conversion,
    equivalent_mg,
)
from compounding.uniformity import check_assay
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, mg, num, pct, within
from pharmacy.backoffice.calculators.defaults import Policy, molecular_weight
from pharmacy.backoffice.calculators.registry import (
    Blame,
    Calculator,
    CalculatorForm,
    Family,
    Given,
)
from pharmacy.backoffice.plan_panel import Fact

NALTREXONE = "Naltrexone hydrochloride"
CAP = Policy("cap_assay_at_100")
_BASES = (
    (AssayBasis.ANHYDROUS_SOLVENT_FREE.value, gettext_lazy("anhydrous, solvent-free")),
    (AssayBasis.ANHYDROUS.value, gettext_lazy("anhydrous")),
    (AssayBasis.DRIED.value, gettext_lazy("dried")),
    (AssayBasis.AS_IS.value, gettext_lazy("as is")),
)
CERTIFICATE_BLAME: Blame = {
    CertificateIncomplete: "basis",
    CertificateImpossible: "assay",
    HydrateWaterCountedTwice: "supplied_mw",
}


class CertificateForm(CalculatorForm):
    """What a lot's certificate of analysis says."""

    headings = {"assay": gettext_lazy("Certificate of its lot")}

    assay = fields.percent(gettext_lazy("Assay, %"))
    basis = fields.choice(gettext_lazy("Assay stated on the basis"), _BASES)
    water = fields.percent(gettext_lazy("Water, %"), zero=True, required=False)
    solvents = fields.percent(gettext_lazy("Residual solvents, %"), zero=True, required=False)
    lod = fields.percent(gettext_lazy("Loss on drying, %"), zero=True, required=False)
    cap = fields.choice(
        gettext_lazy("An assay above 100%"),
        (("yes", gettext_lazy("counts as 100%")), ("no", gettext_lazy("counts as it stands"))),
    )


def certificate_of(given: Given) -> Certificate:
    """Return the certificate that was typed."""
    return Certificate(
        assay_pct=given["assay"],
        basis=AssayBasis(given["basis"]),
        water_pct=given["water"],
        lod_pct=given["lod"],
        solvents_pct=given["solvents"],
    )


def conversion_of(given: Given) -> Conversion | None:
    """Return the conversion from one form of the substance to another, if both weights were typed."""
    if given["strength_mw"] is None or given["supplied_mw"] is None:
        return None
    return Conversion(
        strength_mw=given["strength_mw"],
        supplied_mw=given["supplied_mw"],
        supplied_mw_holds_hydrate_water=given["hydrate"],
    )


class ConversionForm(CalculatorForm):
    """From the substance of the dose to the substance as supplied, where they differ."""

    together: ClassVar[tuple[tuple[str, ...], ...]] = (("strength_mw", "supplied_mw"),)

    strength_mw = fields.figure(
        gettext_lazy("Molecular weight that the dose is stated of"), required=False
    )
    supplied_mw = fields.figure(
        gettext_lazy("Molecular weight of the powder as supplied"),
        hint=gettext_lazy("Only when dose and powder are different forms of the substance."),
        required=False,
    )
    hydrate = fields.tick(gettext_lazy("The supplied weight holds water of hydration"))


class PowderForm(ConversionForm, CertificateForm):
    """A dose, and the powder it is weighed from."""

    dose = fields.mass(gettext_lazy("Dose in each unit"))
    units = fields.whole(gettext_lazy("Units"))
    weigh_to = fields.mass(gettext_lazy("The balance is read to"))
    field_order = ("dose", "units")


def powder_to_weigh(given: Given) -> Answer:
    """Return the powder as it is for so many doses."""
    certificate, conversion, capped = (
        certificate_of(given),
        conversion_of(given),
        given["cap"] == "yes",
    )
    if conversion is not None:
        check_conversion(conversion, certificate)
    pure = (Mass(given["dose"]) * given["units"]).mg
    weigh = powder_mg(pure, certificate=certificate, conversion=conversion, cap_assay_at_100=capped)
    shown = round_to_step(weigh, given["weigh_to"])
    name = _("the powder")
    return Answer(
        headline=_("Weigh %(mass)s") % {"mass": wording.milligrams(shown)},
        under=_("for %(units)s units of %(dose)s")
        % {"units": num(given["units"]), "dose": wording.mass(given["dose"])},
        facts=(
            Fact(
                _("Potency factor"),
                num(potency_factor(certificate, cap_assay_at_100=capped)),
            ),
            Fact(_("Doses together"), mg(pure)),
            Fact(_("Powder, unrounded"), mg(weigh, 6)),
        ),
        working=workings.potency.powder_to_weigh(
            dose_mg=given["dose"],
            units=given["units"],
            certificate=certificate,
            conversion=conversion,
            cap_assay_at_100=capped,
            weigh_to_mg=given["weigh_to"],
        ),
        findings=certificate_findings(name, certificate, cap_assay_at_100=capped),
    )


class WeighedForm(CertificateForm):
    """A weighing, and the units it was made into."""

    weighed = fields.mass(gettext_lazy("Powder weighed"))
    units = fields.whole(gettext_lazy("Units made of it"))
    label_dose = fields.mass(gettext_lazy("Dose on the label"))
    low = fields.percent(gettext_lazy("Lowest allowed, % of the label"))
    high = fields.percent(gettext_lazy("Highest allowed, % of the label"))
    field_order = ("weighed", "units", "label_dose")


def dose_weighed(given: Given) -> Answer:
    """Return the dose that a weighing put into each unit."""
    certificate, capped = certificate_of(given), given["cap"] == "yes"
    factor = potency_factor(certificate, cap_assay_at_100=capped)
    dose = dose_from_weighing_mg(given["weighed"], factor=factor, units=given["units"])
    found = check_assay(
        label_mg=given["label_dose"], found_mg=dose, limits_pct=(given["low"], given["high"])
    )
    pure = pure_mg(given["weighed"], factor)
    return Answer(
        headline=_("%(dose)s in each unit") % {"dose": mg(dose)},
        under=_("%(pct)s of the label") % {"pct": pct(found.pct)},
        passes=found.passes,
        verdict=within(found.passes),
        facts=(Fact(_("Potency factor"), num(factor)), Fact(_("Pure substance"), mg(pure))),
        working=workings.potency.dose_from_weighing(
            weighed_mg=given["weighed"],
            units=given["units"],
            label_mg=given["label_dose"],
            certificate=certificate,
            cap_assay_at_100=capped,
        ),
        findings=certificate_findings(_("the powder"), certificate, cap_assay_at_100=capped),
    )


class SaltForm(CalculatorForm):
    """An amount of one form of a substance."""

    amount = fields.mass(gettext_lazy("Amount"))
    from_mw = fields.figure(gettext_lazy("Its molecular weight"))
    to_mw = fields.figure(gettext_lazy("Molecular weight of the other form"))


def salt_equivalent(given: Given) -> Answer:
    """Return how much of the other form holds the same number of molecules."""
    other = equivalent_mg(given["amount"], from_mw=given["from_mw"], to_mw=given["to_mw"])
    return Answer(
        headline=mg(other, 4),
        under=_("of the other form is as much as %(amount)s")
        % {"amount": wording.mass(given["amount"])},
        working=workings.potency.salt(
            amount_mg=given["amount"], from_mw=given["from_mw"], to_mw=given["to_mw"]
        ),
        notes=(
            _(
                "A form that holds water of hydration is converted only from an assay stated as is: "
                "any other basis has taken the water out already."
            ),
        ),
    )


class HydrateForm(CalculatorForm):
    """A hydrate and its anhydrous substance."""

    anhydrous_mw = fields.figure(gettext_lazy("Molecular weight, anhydrous"))
    hydrate_mw = fields.figure(gettext_lazy("Molecular weight of the hydrate"))


def hydrate_water(given: Given) -> Answer:
    """Return the water that a pure hydrate holds."""
    water = theoretical_water_pct(
        anhydrous_mw=given["anhydrous_mw"], hydrate_mw=given["hydrate_mw"]
    )
    return Answer(
        headline=_("%(pct)s water") % {"pct": pct(water, 3)},
        under=_("in the pure hydrate"),
        working=workings.potency.hydrate_water(
            anhydrous_mw=given["anhydrous_mw"], hydrate_mw=given["hydrate_mw"]
        ),
        notes=(
            _(
                "A certificate with a water content near this figure speaks of the hydrate; one near "
                "0 to 1% speaks of the anhydrous substance."
            ),
        ),
    )


CERTIFICATE_EXAMPLE = {
    "assay": "99.6",
    "basis": "anhydrous_solvent_free",
    "water": "0.8",
    "solvents": "0",
    "cap": "yes",
}

FAMILY = Family(
    key="potency",
    title=gettext_lazy("Potency, salts and hydrates"),
    calculators=(
        Calculator(
            key="powder-to-weigh",
            title=gettext_lazy("Powder to weigh"),
            purpose=gettext_lazy("How much powder, as it is, holds the doses of a batch."),
            form=PowderForm,
            work_out=powder_to_weigh,
            example={**CERTIFICATE_EXAMPLE, "dose": "4.5 mg", "units": "100", "weigh_to": "0.1 mg"},
            defaults={"cap": CAP},
            blame=CERTIFICATE_BLAME,
        ),
        Calculator(
            key="dose-from-weighing",
            title=gettext_lazy("Dose from a weighing"),
            purpose=gettext_lazy("Which dose the powder on the balance puts into each unit."),
            form=WeighedForm,
            work_out=dose_weighed,
            example={
                **CERTIFICATE_EXAMPLE,
                "weighed": "455.9 mg",
                "units": "100",
                "label_dose": "4.5 mg",
                "low": "90",
                "high": "110",
            },
            defaults={"cap": CAP},
            blame=CERTIFICATE_BLAME,
        ),
        Calculator(
            key="salt",
            title=gettext_lazy("Salt, base or hydrate"),
            purpose=gettext_lazy("The same number of molecules as another form of the substance."),
            form=SaltForm,
            work_out=salt_equivalent,
            example={"amount": "4.5 mg", "from_mw": "377.86", "to_mw": "341.40"},
            defaults={"from_mw": molecular_weight(NALTREXONE)},
        ),
        Calculator(
            key="hydrate-water",
            title=gettext_lazy("Water of a hydrate"),
            purpose=gettext_lazy("What water content tells a hydrate from the anhydrous powder."),
            form=HydrateForm,
            work_out=hydrate_water,
            example={"anhydrous_mw": "377.86", "hydrate_mw": "413.89"},
            defaults={"anhydrous_mw": molecular_weight(NALTREXONE)},
            blame={CertificateImpossible: "hydrate_mw"},
        ),
    ),
)
