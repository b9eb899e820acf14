"""Drops and doses of a liquid: the dropper, a dose in mL and drops, a table of doses, how long a bottle lasts."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.arithmetic import round_half_up
from compounding.drops import (
    DropDose,
    LessThanOneDrop,
    days_supply,
    dose_in_volume_mg,
    dose_volume_ml,
    drops_for_dose,
    mg_per_drop,
    within_drop_limit,
)
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import (
    Answer,
    Picture,
    Table,
    mg,
    ml,
    num,
)
from pharmacy.backoffice.calculators.defaults import Policy
from pharmacy.backoffice.calculators.dropper import (
    DROP_STRENGTH,
    DROPPER,
)
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact
from pharmacy.documents.contexts.syringe import syringe_context

_PLACES_OF_A_SYRINGE = 2


class DoseForm(CalculatorForm):
    """A dose of a liquid, or a volume of it."""

    one_of = (("dose", "volume"),)

    strength = fields.concentration(gettext_lazy("Strength"))
    dose = fields.mass(gettext_lazy("Dose"), required=False)
    volume = fields.volume(
        gettext_lazy("Volume"),
        gettext_lazy("Instead of a dose, to see the dose in it."),
        required=False,
    )
    drops = fields.figure(
        gettext_lazy("Drops in a mL"),
        hint=gettext_lazy("As calibrated with this preparation."),
        required=False,
    )
    limit = fields.percent(gettext_lazy("Flag drops that miss the dose by more than, %"))


def dose(given: Given) -> Answer:
    """Return a dose in mL and drops with its error, or the dose in a volume."""
    strength = given["strength"]
    if given["dose"] is None:
        found = dose_in_volume_mg(volume_ml=given["volume"], strength_mg_per_ml=strength)
        volume = wording.millilitres(given["volume"])
        return Answer(
            headline=mg(found),
            under=_("in %(volume)s") % {"volume": volume},
            working=workings.drops.volume(volume_ml=given["volume"], strength_mg_per_ml=strength),
            picture=_syringe(found, given["volume"]),
        )
    volume_ml = dose_volume_ml(dose_mg=given["dose"], strength_mg_per_ml=strength)
    dose_said = wording.mass(given["dose"])
    steps = workings.drops.dose(
        dose_mg=given["dose"], strength_mg_per_ml=strength, drops_per_ml=given["drops"]
    )
    if given["drops"] is None:
        return Answer(
            headline=ml(volume_ml),
            under=_("for %(dose)s") % {"dose": dose_said},
            working=steps,
            picture=_syringe(given["dose"], volume_ml),
        )
    in_drops = drops_for_dose(
        dose_mg=given["dose"], strength_mg_per_ml=strength, drops_per_ml=given["drops"]
    )
    close = within_drop_limit(error_pct=in_drops.error_pct, limit_pct=given["limit"])
    return Answer(
        headline=f"{ml(volume_ml)}, {_drops(in_drops.drops)}",
        under=_("for %(dose)s") % {"dose": dose_said},
        passes=close,
        verdict=_close(close),
        facts=(
            Fact(_("Exactly"), _("%(drops)s drops") % {"drops": num(in_drops.exact_drops, 2)}),
            Fact(_("Delivered by whole drops"), mg(in_drops.delivered_mg)),
            Fact(_("Off by"), wording.signed_percent(in_drops.error_pct, 2)),
        ),
        working=steps,
        picture=_syringe(given["dose"], volume_ml),
    )


def _close(passes: bool) -> str:
    return _("drops come close enough") if passes else _("use an oral syringe, not drops")


def _drops(count: int) -> str:
    return f"{num(count)} {wording.plural(count, 'drop')}"


def _syringe(dose_mg: Decimal, volume_ml: Decimal) -> Picture | None:
    drawing = syringe_context(
        dose_mg=round_half_up(dose_mg, 6),
        volume_ml=round_half_up(volume_ml, _PLACES_OF_A_SYRINGE),
        key="dose",
    )
    return Picture("documents/parts/syringe.svg", drawing) if drawing else None


class TableForm(CalculatorForm):
    """The doses of a liquid."""

    strength = fields.concentration(gettext_lazy("Strength"))
    drops = fields.figure(gettext_lazy("Drops in a mL"))
    doses = fields.table(
        gettext_lazy("Doses"), (fields.read_mass,), gettext_lazy("One a line: 0.5 mg.")
    )
    limit = fields.percent(gettext_lazy("Flag drops that miss the dose by more than, %"))


def dose_table(given: Given) -> Answer:
    """Return every dose in mL and whole drops, with what the drops deliver."""
    strength, drops_per_ml = given["strength"], given["drops"]
    found = [
        drops_for_dose(dose_mg=each, strength_mg_per_ml=strength, drops_per_ml=drops_per_ml)
        for (each,) in given["doses"]
    ]
    fails = frozenset(
        row
        for row, each in enumerate(found)
        if not within_drop_limit(error_pct=each.error_pct, limit_pct=given["limit"])
    )
    each_drop = mg_per_drop(strength_mg_per_ml=strength, drops_per_ml=drops_per_ml)
    return Answer(
        headline=_("%(mass)s in each drop") % {"mass": mg(each_drop, 4)},
        under=_("of %(strength)s") % {"strength": wording.concentration(strength)},
        passes=not fails,
        verdict=_close(not fails),
        tables=(
            Table(
                _("Doses"),
                (_("Dose"), _("Volume"), _("Drops"), _("Delivered"), _("Off by")),
                tuple(_dose_row(each) for each in found),
                fails,
            ),
        ),
        working=workings.drops.drop(strength_mg_per_ml=strength, drops_per_ml=drops_per_ml),
        notes=(_("Where drops miss the dose, use an oral syringe."),) if fails else (),
    )


def _dose_row(found: DropDose) -> tuple[str, ...]:
    return (
        wording.mass(found.dose_mg),
        ml(found.volume_ml),
        num(found.drops),
        mg(found.delivered_mg),
        wording.signed_percent(found.error_pct, 2),
    )


class SupplyForm(CalculatorForm):
    """A bottle, and what is taken from it each day."""

    bottle = fields.volume(gettext_lazy("Bottle"))
    drops = fields.figure(gettext_lazy("Drops in a mL"))
    per_dose = fields.whole(gettext_lazy("Drops in each dose"))
    per_day = fields.whole(gettext_lazy("Doses a day"))
    bud = fields.whole(gettext_lazy("Days until its beyond-use date"))


def supply(given: Given) -> Answer:
    """Return how many days a bottle lasts."""
    bottle = {
        "bottle_ml": given["bottle"],
        "drops_per_ml": given["drops"],
        "drops_per_dose": given["per_dose"],
        "doses_per_day": given["per_day"],
        "bud_days": given["bud"],
    }
    found = days_supply(**bottle)
    cut = found.days < found.days_by_volume
    return Answer(
        headline=wording.days(found.days),
        under=_("cut by the beyond-use date") if cut else _("until the bottle is empty"),
        facts=(
            Fact(_("In the bottle"), _drops(found.total_drops)),
            Fact(_("By volume"), wording.days(found.days_by_volume)),
            Fact(_("By the beyond-use date"), wording.days(given["bud"])),
        ),
        working=workings.drops.days_supply(**bottle),
    )


_FLAG = Policy("drop_error_flag_pct")

FAMILY = Family(
    key="drops",
    title=gettext_lazy("Drops and doses"),
    calculators=(
        DROPPER,
        Calculator(
            key="dose",
            title=gettext_lazy("Dose in mL and drops"),
            purpose=gettext_lazy("A dose at the mark of a syringe, in whole drops, and the error."),
            form=DoseForm,
            work_out=dose,
            example={"strength": "1 mg/mL", "dose": "0.5 mg", "drops": "25"},
            defaults={"limit": _FLAG},
            blame={LessThanOneDrop: "dose"},
        ),
        Calculator(
            key="dose-table",
            title=gettext_lazy("Table of doses"),
            purpose=gettext_lazy("Every dose of a plan in mL and whole drops."),
            form=TableForm,
            work_out=dose_table,
            example={
                "strength": "5 mg/mL",
                "drops": "20",
                "doses": "0.5 mg\n1 mg\n1.5 mg\n2 mg\n3 mg\n4.5 mg",
            },
            defaults={"limit": _FLAG},
            blame={LessThanOneDrop: "doses"},
        ),
        Calculator(
            key="days-supply",
            title=gettext_lazy("Days' supply"),
            purpose=gettext_lazy("How long a bottle lasts, and whether its date cuts it short."),
            form=SupplyForm,
            work_out=supply,
            example={"bottle": "30 mL", "drops": "25", "per_dose": "9", "per_day": "2"},
            defaults={"bud": Policy("bud_days.aqueous_preserved")},
        ),
        DROP_STRENGTH,
    ),
)
