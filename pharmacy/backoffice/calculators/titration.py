"""A titration plan: capsules, liquid, and what becomes of it when a dose is too strong."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.beyond_use import fills_needed
from compounding.bottles import BottleUse, bottles_of_plan
from compounding.drops import LessThanOneDrop
from compounding.reading import parse_count
from compounding.step_back import (
    HalfDoseRule,
    HalfDoseTooSmall,
    NotInPlan,
    Rise,
    lowered_dose,
    step_back,
)
from compounding.titration import (
    DatedStep,
    DoseCannotBeMade,
    LiquidPack,
    LiquidStep,
    StrengthsUnusable,
    TitrationStep,
    dose_category,
    dose_on_day,
    pack_capsules,
    pack_liquid,
    plan_schedule,
    strength_that_fits,
    total_days,
    total_mg,
)
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, Picture, Table, mg, ml, num
from pharmacy.backoffice.calculators.beyond_use import today
from pharmacy.backoffice.calculators.defaults import Policy
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact
from pharmacy.documents.staircase import Tread, draw


def read_days(text: str) -> int:
    """Return a number of days: "14", "14 days", "1 day"."""
    return parse_count(text.strip().removesuffix("s").removesuffix("day"))


def _schedule() -> fields.Typed:
    return fields.table(
        gettext_lazy("Plan"),
        (fields.read_mass, read_days),
        gettext_lazy("One step a line: 1.5 mg for 14 days."),
        between=r"\s*(?:;|×|\bx\b|\bfor\b)\s*",
    )


def steps_of(given: Given) -> tuple[TitrationStep, ...]:
    """Return the steps that were typed."""
    return tuple(TitrationStep(dose, days) for dose, days in given["plan"])


class CapsulesForm(CalculatorForm):
    """A plan, and the capsules there are."""

    plan = _schedule()
    strengths = fields.table(
        gettext_lazy("Capsule strengths"),
        (fields.read_mass,),
        gettext_lazy("One a line: 1.5 mg."),
    )
    start_on = fields.day(gettext_lazy("First dose on"))
    bud = fields.whole(gettext_lazy("Days until the beyond-use date"), required=False)


def capsules(given: Given) -> Answer:
    """Return the fewest capsules that make every dose exactly, with dates."""
    steps = steps_of(given)
    dated = plan_schedule(steps, start_on=given["start_on"])
    strengths = [strength for (strength,) in given["strengths"]]
    pack = pack_capsules(steps, strengths)
    return Answer(
        headline=_counted(pack.totals),
        under=_under(dated),
        facts=_plan_facts(steps, given["bud"]),
        tables=(
            Table(
                _("Step by step"),
                (_("From and to"), _("Dose"), _("Each day"), _("Whole step")),
                tuple(
                    (
                        _dates(on),
                        mg(each.step.dose_mg),
                        _in_row(each.each_day),
                        _in_row(each.whole_step),
                    )
                    for on, each in zip(dated, pack.steps, strict=True)
                ),
            ),
        ),
        working=workings.titration.capsules(steps=steps, strengths_mg=strengths),
        picture=_staircase(steps, given["start_on"]),
        notes=(_("The search is exact: the fewest capsules that make the dose, none broken."),),
    )


def _counted(counts: Mapping[Decimal, int]) -> str:
    return _(" and ").join(wording.capsules(count, strength) for strength, count in counts.items())


def _in_row(counts: Mapping[Decimal, int]) -> str:
    """Return "1 × 1.5 mg" for each strength: in a column numbers compare, words do not."""
    return ", ".join(f"{num(count)} × {wording.mass(each)}" for each, count in counts.items())


def _under(dated: Sequence[DatedStep]) -> str:
    said = {
        "days": wording.days(dated[-1].last_day),
        "first": wording.day(dated[0].first_on),
        "last": wording.full_day(dated[-1].last_on),
    }
    return _("for %(days)s, %(first)s to %(last)s") % said


def _dates(step: DatedStep) -> str:
    said = {"first": wording.day(step.first_on), "last": wording.full_day(step.last_on)}
    return _("%(first)s to %(last)s") % said


def _plan_facts(steps: Sequence[TitrationStep], bud_days: int | None) -> list[Fact]:
    doses = [step.dose_mg for step in steps]
    days = total_days(steps)
    facts = [
        Fact(_("Drug in the whole plan"), mg(total_mg(steps), 6)),
        Fact(_("Days"), num(days)),
        Fact(_("Highest dose is called"), dose_category(max(doses)).value),
        Fact(_("One strength that makes every dose"), mg(strength_that_fits(doses), 6)),
    ]
    if bud_days is not None:
        facts.append(Fact(_("Fills"), num(fills_needed(days_of_therapy=days, bud_days=bud_days))))
    return facts


def _staircase(steps: Sequence[TitrationStep], start_on: date | None) -> Picture:
    treads = [Tread(days=step.days, dose_mg=step.dose_mg) for step in steps]
    return Picture("components/staircase.svg", draw(treads, starts_on=start_on, key="calculated"))


class LiquidForm(CalculatorForm):
    """A plan, and the liquid it is taken from."""

    plan = _schedule()
    strength = fields.concentration(gettext_lazy("Strength"))
    drops = fields.figure(gettext_lazy("Drops in a mL"), required=False)
    bottle = fields.volume(gettext_lazy("Volume of a bottle"), required=False)
    bud = fields.whole(gettext_lazy("Days until its beyond-use date"), required=False)
    start_on = fields.day(gettext_lazy("First dose on"))


def liquid(given: Given) -> Answer:
    """Return the liquid of a plan: mL, drops, bottles and fills."""
    steps = steps_of(given)
    dated = plan_schedule(steps, start_on=given["start_on"])
    pack = pack_liquid(
        steps,
        strength_mg_per_ml=given["strength"],
        drops_per_ml=given["drops"],
        bottle_ml=given["bottle"],
        bud_days=given["bud"],
    )
    return Answer(
        headline=_liquid_headline(pack),
        under=_under(dated),
        facts=[*_plan_facts(steps, given["bud"]), Fact(_("Doses together"), ml(pack.total_ml))],
        tables=(
            Table(
                _("Step by step"),
                (_("From and to"), _("Dose"), _("Each dose"), _("Whole step"), _("Off by")),
                tuple(_liquid_row(on, each) for on, each in zip(dated, pack.steps, strict=True)),
            ),
            *_bottles(given, steps),
        ),
        working=workings.titration.liquid(steps=steps, strength_mg_per_ml=given["strength"]),
        picture=_staircase(steps, given["start_on"]),
    )


def _bottles(given: Given, steps: Sequence[TitrationStep]) -> list[Table]:
    """Each bottle with its days and its beyond-use date; none when its volume or its days are not given."""
    if given["bottle"] is None or given["bud"] is None:
        return []
    bottles = bottles_of_plan(
        steps,
        strength_mg_per_ml=given["strength"],
        bottle_ml=given["bottle"],
        bud_days=given["bud"],
        drops_per_ml=given["drops"],
    )
    heads = (_("Bottle"), _("Fill"), _("Used"), _("Use until"), _("Days to spare"), _("Left over"))
    return [Table(_("Bottles"), heads, tuple(_bottle_row(each, given) for each in bottles))]


def _bottle_row(bottle: BottleUse, given: Given) -> tuple[str, ...]:
    first, last, use_by = bottle.dates(given["start_on"])
    said = {"first": wording.day(first), "last": wording.full_day(last)}
    return (
        num(bottle.number),
        num(bottle.fill),
        _("%(first)s to %(last)s") % said,
        wording.full_day(use_by),
        num(bottle.days_to_spare),
        ml(bottle.left_ml),
    )


def _liquid_headline(pack: LiquidPack) -> str:
    if pack.bottles is None:
        return ml(pack.total_ml)
    said = {"count": num(pack.bottles), "noun": wording.plural(pack.bottles, "bottle")}
    return _("%(count)s %(noun)s, %(volume)s") % {**said, "volume": ml(pack.total_ml)}


def _liquid_row(on: DatedStep, each: LiquidStep) -> tuple[str, ...]:
    dose = ml(each.dose_ml)
    if each.drops is not None:
        dose = f"{dose}, {num(each.drops)} {wording.plural(each.drops, 'drop')}"
    off = "–" if each.error_pct is None else wording.signed_percent(each.error_pct, 2)
    return _dates(on), mg(each.step.dose_mg), dose, ml(each.whole_step_ml), off


class StepBackForm(CalculatorForm):
    """A plan, the day on which it became too much, and what the prescriber has authorized."""

    together = (("rise", "rise_days"),)

    plan = _schedule()
    event_day = fields.whole(gettext_lazy("Lowered from day"))
    through_day = fields.whole(
        gettext_lazy("Plan runs to day"),
        gettext_lazy("Its own last day, if nothing is typed."),
        required=False,
    )
    days = fields.whole(gettext_lazy("Days on the lower dose"))
    factor = fields.figure(gettext_lazy("Part of the dose"), hint=gettext_lazy("0.5 is half."))
    increment = fields.mass(gettext_lazy("Smallest amount that can be given"), required=False)
    rise = fields.mass(
        gettext_lazy("Then more by"), gettext_lazy("To climb again."), required=False
    )
    rise_days = fields.whole(gettext_lazy("Every so many days"), required=False)
    up_to = fields.mass(gettext_lazy("Up to"), required=False)
    start_on = fields.day(gettext_lazy("First dose on"))


def stepped_back(given: Given) -> Answer:
    """Return how a plan goes on after a lower dose, in both ways of resuming."""
    steps, event = steps_of(given), given["event_day"]
    again = _resumed(given, steps, None)
    climb = None
    if given["rise"] is not None and given["rise_days"] is not None:
        climb = _resumed(given, steps, Rise(given["rise"], given["rise_days"], given["up_to"]))
    interrupted = dose_on_day(steps, event)
    lower = lowered_dose(interrupted, factor=given["factor"], increment_mg=given["increment"])
    return Answer(
        headline=_("%(dose)s for %(days)s")
        % {"dose": mg(lower.dispensable_mg, 6), "days": wording.days(given["days"])},
        under=_("from day %(day)s, instead of %(dose)s")
        % {"day": num(event), "dose": wording.mass(interrupted)},
        facts=(Fact(_("Exactly"), mg(lower.exact_mg, 6)),),
        tables=[
            _resumed_table(_("Then the same step again, in full"), again, given["start_on"]),
            *(
                (_resumed_table(_("Or then climb again"), climb, given["start_on"]),)
                if climb
                else ()
            ),
        ],
        working=workings.titration.lower_dose(
            dose_mg=interrupted, factor=given["factor"], increment_mg=given["increment"]
        ),
        picture=_staircase(again, given["start_on"]),
        notes=(_("Only as the prescriber has authorized. The picture shows the same step again."),),
    )


def _resumed(
    given: Given, steps: Sequence[TitrationStep], rise: Rise | None
) -> tuple[TitrationStep, ...]:
    rule = HalfDoseRule(
        days=given["days"], factor=given["factor"], increment_mg=given["increment"], rise=rise
    )
    return step_back(
        steps, event_day=given["event_day"], rule=rule, through_day=given["through_day"]
    )


def _resumed_table(title: str, steps: Sequence[TitrationStep], start_on: date) -> Table:
    return Table(
        title,
        (_("Days"), _("From and to"), _("Dose")),
        tuple(
            (
                _("%(first)s to %(last)s")
                % {"first": num(step.first_day), "last": num(step.last_day)},
                _dates(step),
                wording.mass(step.dose_mg),
            )
            for step in plan_schedule(steps, start_on=start_on)
        ),
    )


_PLAN = "1.5 mg for 14 days\n3 mg for 14 days\n4.5 mg for 28 days"

FAMILY = Family(
    key="titration",
    title=gettext_lazy("Titration"),
    calculators=(
        Calculator(
            key="titration-capsules",
            title=gettext_lazy("Plan in capsules"),
            purpose=gettext_lazy("The fewest capsules of given strengths for a plan, with dates."),
            form=CapsulesForm,
            work_out=capsules,
            example={"plan": _PLAN, "strengths": "1.5 mg", "start_on": "2026-11-22"},
            defaults={"start_on": today, "bud": Policy("bud_days.nonaqueous_other")},
            blame={DoseCannotBeMade: "strengths", StrengthsUnusable: "strengths"},
        ),
        Calculator(
            key="titration-liquid",
            title=gettext_lazy("Plan in drops or mL"),
            purpose=gettext_lazy("The volume of a plan, its bottles, and how many fills it takes."),
            form=LiquidForm,
            work_out=liquid,
            example={
                "plan": "0.5 mg for 14 days\n1 mg for 21 days",
                "strength": "1 mg/mL",
                "drops": "25",
                "bottle": "30 mL",
                "start_on": "2026-11-22",
            },
            defaults={"start_on": today, "bud": Policy("bud_days.aqueous_preserved")},
            blame={LessThanOneDrop: "strength"},
        ),
        Calculator(
            key="step-back",
            title=gettext_lazy("Half the dose for a while"),
            purpose=gettext_lazy("How a plan goes on when a step is too strong, in both ways."),
            form=StepBackForm,
            work_out=stepped_back,
            example={
                "plan": "1 mg for 7 days\n2 mg for 7 days\n3 mg for 7 days\n4 mg for 7 days\n4.5 mg for 28 days",
                "event_day": "18",
                "through_day": "56",
                "factor": "0.5",
                "rise": "1 mg",
                "rise_days": "7",
                "up_to": "4.5 mg",
                "start_on": "2026-11-22",
            },
            defaults={"start_on": today, "days": Policy("half_dose_days")},
            blame={NotInPlan: "event_day", HalfDoseTooSmall: "increment"},
        ),
    ),
)
