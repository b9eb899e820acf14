"""Aliquots: weigh more than is needed, dilute it in powder or in a solvent, and take a part."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.alligation import TargetOutsideRange, diluted_mg_per_ml
from compounding.drops import dose_volume_ml
from compounding.weighing import (
    BelowBalanceMinimum,
    NotSoluble,
    check_soluble,
    liquid_aliquot,
    solid_aliquot,
)
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, mg, ml, per_ml
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact


class SolidForm(CalculatorForm):
    """A drug too little to weigh, and the aliquot to take."""

    needed = fields.mass(gettext_lazy("Drug needed"))
    minimum = fields.mass(gettext_lazy("Least that the balance may weigh"))
    aliquot = fields.mass(gettext_lazy("Aliquot to take"))


def solid(given: Given) -> Answer:
    """Return how much to weigh, to dilute with and to take."""
    made = solid_aliquot(
        needed_mg=given["needed"], minimum_mg=given["minimum"], aliquot_mg=given["aliquot"]
    )
    needed = wording.mass(given["needed"])
    return Answer(
        headline=_("Take %(aliquot)s of the mixture") % {"aliquot": mg(made.aliquot_mg)},
        under=_("of %(drug)s drug and %(diluent)s diluent: it holds %(needed)s of drug")
        % {"drug": mg(made.weigh_drug_mg), "diluent": mg(made.diluent_mg), "needed": needed},
        facts=(
            Fact(_("Weigh drug"), mg(made.weigh_drug_mg)),
            Fact(_("Weigh diluent"), mg(made.diluent_mg)),
            Fact(_("Mixture"), mg(made.total_mg)),
            Fact(_("Drug in the aliquot"), mg(made.drug_in_aliquot_mg)),
        ),
        working=workings.aliquots.solid(
            needed_mg=given["needed"], minimum_mg=given["minimum"], aliquot_mg=given["aliquot"]
        ),
    )


class LiquidForm(CalculatorForm):
    """A drug too little to weigh, and the volume of stock solution to take."""

    needed = fields.mass(gettext_lazy("Drug needed"))
    minimum = fields.mass(gettext_lazy("Least that the balance may weigh"))
    aliquot = fields.volume(gettext_lazy("Aliquot to take"))
    solubility = fields.concentration(gettext_lazy("Solubility in this solvent"))


def liquid(given: Given) -> Answer:
    """Return how much to weigh, to what volume, and how much of it to take; refuses what does not dissolve."""
    made = liquid_aliquot(
        needed_mg=given["needed"],
        minimum_mg=given["minimum"],
        aliquot_ml=given["aliquot"],
        solubility_mg_per_ml=given["solubility"],
    )
    check_soluble(made, solubility_mg_per_ml=given["solubility"])
    needed = wording.mass(given["needed"])
    return Answer(
        headline=_("Take %(aliquot)s of the stock") % {"aliquot": ml(made.aliquot_ml)},
        under=_("of %(drug)s dissolved to %(volume)s: it holds %(needed)s of drug")
        % {"drug": mg(made.weigh_drug_mg), "volume": ml(made.stock_volume_ml), "needed": needed},
        facts=(
            Fact(_("Weigh drug"), mg(made.weigh_drug_mg)),
            Fact(_("Make up to"), ml(made.stock_volume_ml)),
            Fact(_("Strength of the stock"), per_ml(made.stock_mg_per_ml)),
            Fact(_("Dissolves up to"), per_ml(given["solubility"])),
        ),
        working=workings.aliquots.liquid(
            needed_mg=given["needed"],
            minimum_mg=given["minimum"],
            aliquot_ml=given["aliquot"],
            solubility_mg_per_ml=given["solubility"],
        ),
    )


class DilutionForm(CalculatorForm):
    """A stock solution, diluted once more, and a dose of it."""

    stock = fields.concentration(gettext_lazy("Strength of the stock"))
    taken = fields.volume(gettext_lazy("Stock taken"))
    made_up_to = fields.volume(gettext_lazy("Made up to"))
    dose = fields.mass(gettext_lazy("Dose"), required=False)


def dilution(given: Given) -> Answer:
    """Return the strength after one dilution, and the volume of a dose of it."""
    strength = diluted_mg_per_ml(
        stock_mg_per_ml=given["stock"],
        stock_ml=given["taken"],
        final_volume_ml=given["made_up_to"],
    )
    facts = []
    if given["dose"] is not None:
        volume = dose_volume_ml(dose_mg=given["dose"], strength_mg_per_ml=strength)
        facts.append(
            Fact(_("Volume of %(dose)s") % {"dose": wording.mass(given["dose"])}, ml(volume))
        )
    return Answer(
        headline=per_ml(strength, 6),
        under=_("after the dilution"),
        facts=facts,
        working=workings.aliquots.dilution(
            stock_mg_per_ml=given["stock"],
            stock_ml=given["taken"],
            final_volume_ml=given["made_up_to"],
            dose_mg=given["dose"],
        ),
    )


FAMILY = Family(
    key="aliquots",
    title=gettext_lazy("Aliquots"),
    calculators=(
        Calculator(
            key="solid-aliquot",
            title=gettext_lazy("Solid aliquot"),
            purpose=gettext_lazy("A drug too little to weigh, diluted with powder."),
            form=SolidForm,
            work_out=solid,
            example={"needed": "9 mg", "minimum": "120 mg", "aliquot": "120 mg"},
            blame={BelowBalanceMinimum: "aliquot"},
        ),
        Calculator(
            key="liquid-aliquot",
            title=gettext_lazy("Liquid aliquot"),
            purpose=gettext_lazy("A drug too little to weigh, dissolved in a solvent."),
            form=LiquidForm,
            work_out=liquid,
            example={
                "needed": "15 mg",
                "minimum": "120 mg",
                "aliquot": "1 mL",
                "solubility": "100 mg/mL",
            },
            blame={NotSoluble: "solubility"},
        ),
        Calculator(
            key="dilution",
            title=gettext_lazy("Serial dilution of a liquid"),
            purpose=gettext_lazy("The strength after diluting a stock, and the volume of a dose."),
            form=DilutionForm,
            work_out=dilution,
            example={
                "stock": "1 mg/mL",
                "taken": "1 mL",
                "made_up_to": "100 mL",
                "dose": "2 mcg",
            },
            blame={TargetOutsideRange: "made_up_to"},
        ),
    ),
)
