"""Capsules: the worksheets, the size, the filler by tapped density, the pack statistic."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from compounding.capsules import (
    CapsuleOverfilled,
    NoCapsuleLargeEnough,
    Powder,
    choose_size,
    filler_mg,
    fraction_occupied,
    pack_stat_from_density_mg,
    pack_stat_mg,
    size_findings,
)
from compounding.quantity import Mass
from compounding.working import WorkingStep
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, Picture, mg, ml, num, pct
from pharmacy.backoffice.calculators.capsule_sheets import FROM_POWDER, FROM_TRITURATE
from pharmacy.backoffice.calculators.defaults import shell_volumes
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.pictures import capsule_fill
from pharmacy.backoffice.plan_panel import Fact


class SizeForm(CalculatorForm):
    """A fill, and the capsules there are."""

    fill = fields.mass(gettext_lazy("Powder in each capsule"))
    density = fields.figure(gettext_lazy("Its tapped density, g/mL"), "g/mL")
    sizes = fields.table(
        gettext_lazy("Capsule sizes"),
        (fields.read_words, fields.read_volume),
        gettext_lazy("One a line: size; volume."),
    )


def size(given: Given) -> Answer:
    """Return the smallest capsule that holds the powder."""
    volumes: dict[str, Decimal] = dict(given["sizes"])
    chosen = choose_size(
        fill_mg=given["fill"], tapped_g_per_ml=given["density"], volumes_ml=volumes
    )
    fill, density = wording.mass(given["fill"]), num(given["density"])
    needed, volume = ml(chosen.needed_ml, 6), ml(volumes[chosen.size], 6)
    return Answer(
        headline=_("Size %(size)s") % {"size": chosen.size},
        under=_("%(pct)s full") % {"pct": pct(chosen.utilisation_pct, 1)},
        facts=(Fact(_("Volume needed"), ml(chosen.needed_ml, 4)),),
        working=(
            WorkingStep(_("Volume needed"), f"{fill} ÷ ({density} g/mL × 1000)", needed),
            WorkingStep(
                _("Of the capsule"),
                f"{needed} ÷ {volume} × 100%",
                pct(chosen.utilisation_pct, 4),
            ),
        ),
        findings=size_findings(chosen),
        picture=_filled(
            chosen.utilisation_pct,
            _("A capsule of size %(size)s with all its powder") % {"size": chosen.size},
        ),
    )


def _filled(utilisation_pct: Decimal, said: str) -> Picture:
    return Picture("admin/pictures/capsule.svg", replace(capsule_fill(utilisation_pct), said=said))


class DensityForm(CalculatorForm):
    """Actives and a filler by their tapped densities."""

    volume = fields.volume(gettext_lazy("Volume of the capsule"))
    powders = fields.table(
        gettext_lazy("Powders"),
        (fields.read_words, fields.read_mass, fields.figure_in("g/mL")),
        gettext_lazy("One a line: name; mg in each capsule; tapped density in g/mL."),
    )
    filler_density = fields.figure(gettext_lazy("Tapped density of the filler, g/mL"), "g/mL")
    units = fields.whole(gettext_lazy("Capsules"))


def by_density(given: Given) -> Answer:
    """Return the filler that the room left in each capsule takes."""

    def pack(density: Decimal) -> Decimal:
        return pack_stat_from_density_mg(tapped_g_per_ml=density, volume_ml=given["volume"])

    powders = [Powder(name, amount, pack(density)) for name, amount, density in given["powders"]]
    filler_pack = pack(given["filler_density"])
    filler = filler_mg(powders, filler_pack_stat_mg=filler_pack)
    taken, units = fraction_occupied(powders), given["units"]
    volume = wording.millilitres(given["volume"])
    return Answer(
        headline=_("%(mass)s of filler in each capsule") % {"mass": mg(filler)},
        under=_("%(mass)s for %(units)s capsules")
        % {"mass": mg(_times(filler, units)), "units": num(units)},
        facts=[
            Fact(_("Share of the capsule taken"), pct(taken.scaleb(2), 4)),
            *(
                Fact(
                    _("%(name)s for the batch") % {"name": powder.name},
                    mg(_times(powder.mg, units)),
                )
                for powder in powders
            ),
        ],
        working=(
            *(
                WorkingStep(
                    _("%(name)s alone would fill it with") % {"name": name},
                    f"{volume} × {num(density)} g/mL × 1000",
                    mg(pack(density), 6),
                )
                for name, _amount, density in (
                    *given["powders"],
                    (_("Filler"), None, given["filler_density"]),
                )
            ),
            WorkingStep(
                _("Share taken"),
                " + ".join(f"{mg(each.mg, 6)} ÷ {mg(each.pack_stat_mg, 6)}" for each in powders),
                num(taken),
            ),
            WorkingStep(
                _("Filler in each capsule"),
                f"(1 − {num(taken)}) × {mg(filler_pack, 6)}",
                mg(filler, 6),
            ),
        ),
        picture=_filled(taken.scaleb(2), _("The powders; filler takes the rest")),
    )


def _times(amount_mg: Decimal, units: int) -> Decimal:
    return (Mass(amount_mg) * units).mg


class PackForm(CalculatorForm):
    """Capsules filled with one powder alone."""

    powder = fields.mass(gettext_lazy("Net powder in them together"))
    capsules = fields.whole(gettext_lazy("Capsules filled"))


def pack_statistic(given: Given) -> Answer:
    """Return the pack statistic that was measured."""
    each = pack_stat_mg(net_powder_mg=given["powder"], capsules_filled=given["capsules"])
    return Answer(
        headline=_("%(mass)s in each capsule") % {"mass": mg(each)},
        under=_("is the pack statistic of this lot in this size"),
        working=(
            WorkingStep(
                _("Pack statistic"),
                f"{mg(given['powder'], 6)} ÷ {num(given['capsules'])}",
                mg(each, 6),
            ),
        ),
    )


FAMILY = Family(
    key="capsules",
    title=gettext_lazy("Capsules"),
    calculators=(
        FROM_POWDER,
        FROM_TRITURATE,
        Calculator(
            key="capsule-size",
            title=gettext_lazy("Capsule size"),
            purpose=gettext_lazy("The smallest capsule that holds a powder, and how full it is."),
            form=SizeForm,
            work_out=size,
            example={
                "fill": "250 mg",
                "density": "0.55",
                "sizes": "3; 0.30 mL\n2; 0.37 mL\n1; 0.50 mL\n0; 0.68 mL",
            },
            defaults={"sizes": shell_volumes},
            blame={NoCapsuleLargeEnough: "sizes"},
        ),
        Calculator(
            key="filler-by-density",
            title=gettext_lazy("Filler by tapped density"),
            purpose=gettext_lazy("What fills the room that the other powders leave."),
            form=DensityForm,
            work_out=by_density,
            example={
                "volume": "0.48 mL",
                "powders": "Acetaminophen; 325 mg; 0.75",
                "filler_density": "0.80",
                "units": "11",
            },
            blame={CapsuleOverfilled: "volume"},
        ),
        Calculator(
            key="pack-statistic",
            title=gettext_lazy("Pack statistic"),
            purpose=gettext_lazy("From capsules filled with one powder alone."),
            form=PackForm,
            work_out=pack_statistic,
            example={"powder": "3000 mg", "capsules": "20"},
        ),
    ),
)
