"""Capsules: the worksheets, the size, the filler by tapped density, the pack statistic."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import workings
from compounding.capsules import (
    CapsuleOverfilled,
    NoCapsuleLargeEnough,
    Powder,
    choose_size,
    filler_mg,
    occupied_pct,
    pack_stat_from_density_mg,
    pack_stat_mg,
    size_findings,
)
from compounding.quantity import Mass
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
    return Answer(
        headline=_("Size %(size)s") % {"size": chosen.size},
        under=_("%(pct)s full") % {"pct": pct(chosen.utilisation_pct, 1)},
        facts=(Fact(_("Volume needed"), ml(chosen.needed_ml, 4)),),
        working=workings.capsule_fill.size(
            fill_mg=given["fill"], tapped_g_per_ml=given["density"], volumes_ml=volumes
        ),
        findings=size_findings(chosen),
        picture=_filled(
            chosen.utilisation_pct,
            _("A capsule of size %(size)s with all its powder") % {"size": chosen.size},
            filler=False,
        ),
    )


def _filled(utilisation_pct: Decimal, said: str, *, filler: bool = True) -> Picture:
    drawing = replace(capsule_fill(utilisation_pct), said=said, filler=filler)
    return Picture("admin/pictures/capsule.svg", drawing)


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
    taken_pct, units = occupied_pct(powders), given["units"]
    return Answer(
        headline=_("%(mass)s of filler in each capsule") % {"mass": mg(filler)},
        under=_("%(mass)s for %(units)s capsules")
        % {"mass": mg(_times(filler, units)), "units": num(units)},
        facts=[
            Fact(_("Share of the capsule taken"), pct(taken_pct, 4)),
            *(
                Fact(
                    _("%(name)s for the batch") % {"name": powder.name},
                    mg(_times(powder.mg, units)),
                )
                for powder in powders
            ),
        ],
        working=workings.capsule_fill.by_density(
            volume_ml=given["volume"],
            powders=given["powders"],
            filler_g_per_ml=given["filler_density"],
        ),
        picture=_filled(taken_pct, _("The powders; filler takes the rest")),
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
        working=workings.capsule_fill.pack_statistic(
            net_powder_mg=given["powder"], capsules_filled=given["capsules"]
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
