"""The beyond-use date with every limit that competes for it, and how often a preparation is made anew."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.beyond_use import (
    BudLimit,
    ComponentDate,
    ComponentExpired,
    DayCount,
    ExpirySource,
    Extension,
    StabilityStudy,
    beyond_use_date,
    expiry_from_receipt,
    fills_needed,
)
from pharmacy.backoffice import pictures
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, Picture, num
from pharmacy.backoffice.calculators.defaults import Default, Policy
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact
from pharmacy.formulations.models import AQUEOUS, BudClass

_YEARS_FROM_RECEIPT = 1
"""USP <795>: a component without a maker's expiry is used within a year of its receipt."""


def _days_of(bud_class: str) -> str:
    return f"bud_days.{bud_class}"


def today() -> Default:
    """Return the day on which the page is opened."""
    return Default(timezone.localdate().isoformat(), "")


class BeyondUseForm(CalculatorForm):
    """A preparation, its class, its components and what is known of its stability."""

    prepared_on = fields.day(gettext_lazy("Prepared on"))
    kind = fields.choice(gettext_lazy("Class of USP <795>"), BudClass.choices)
    day_count = fields.choice(
        gettext_lazy("The day of compounding is"),
        (
            (DayCount.DAY1.value, gettext_lazy("day 1")),
            (DayCount.DAY0.value, gettext_lazy("day 0")),
        ),
    )
    shorter = fields.whole(gettext_lazy("Shorter limit of the formula, days"), required=False)
    components = fields.table(
        gettext_lazy("Components"),
        (fields.read_words, fields.read_expiry),
        gettext_lazy("One a line: name; expiry as 2027-03-31 or 2027-03."),
        required=False,
    )
    received = fields.table(
        gettext_lazy("Components without an expiry"),
        (fields.read_words, fields.read_day),
        gettext_lazy("One a line: name; day of receipt."),
        required=False,
    )
    compounded = fields.table(
        gettext_lazy("Compounded components"),
        (fields.read_words, fields.read_day),
        gettext_lazy("One a line: name; its beyond-use date."),
        required=False,
    )
    study = fields.whole(gettext_lazy("Stability study, days"), required=False)
    indicating = fields.tick(gettext_lazy("The method is stability-indicating"))
    same = fields.tick(gettext_lazy("It studied this formulation in this container"))
    antimicrobial = fields.tick(gettext_lazy("Antimicrobial effectiveness (<51>) is documented"))
    storage = fields.words(gettext_lazy("Storage in the study"), required=False)
    ceiling = fields.whole(gettext_lazy("Longest with a study, days"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(value, self._with_days(value, str(label))) for value, label in BudClass.choices]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def _with_days(self, kind: str, label: str) -> str:
        days = self.defaults.get(_days_of(kind))
        return f"{label}: {wording.days(int(days.value))}" if days else label

    def clean(self) -> Given:
        """Add the days of the class from its policy."""
        cleaned: Given = super().clean() or {}
        days = self.defaults.get(_days_of(cleaned.get("kind", "")))
        if days is None and "kind" in cleaned:
            self.add_error("kind", _("No approved policy says how long this class keeps."))
        return {**cleaned, "days": int(days.value)} if days else cleaned


def beyond_use(given: Given) -> Answer:
    """Return the beyond-use date with its reason and every limit it was chosen from."""
    found = beyond_use_date(
        prepared_on=given["prepared_on"],
        limits=_limits(given),
        component_expiries=_components(given),
        compounded_component_buds=[
            ComponentDate(name=name, last_day=last_day, source=ExpirySource.COMPOUNDED)
            for name, last_day in given["compounded"] or ()
        ],
        day_count=DayCount(given["day_count"]),
        extension=_extension(given),
    )
    competing = [
        {"reason": limit.reason, "date": limit.date.isoformat()} for limit in found.competing
    ]
    picture = pictures.limits_picture(competing, made_on=given["prepared_on"])
    day_one = given["day_count"] == DayCount.DAY1
    return Answer(
        headline=_("Use until %(day)s") % {"day": wording.full_day(found.date)},
        under=found.reason,
        facts=(
            Fact(_("Prepared on"), wording.full_day(given["prepared_on"])),
            Fact(_("The day of compounding is"), _("day 1") if day_one else _("day 0")),
            *((Fact(_("Storage"), found.storage),) if found.storage else ()),
        ),
        picture=Picture("admin/pictures/limits.html", picture) if picture else None,
        working=workings.beyond_use.limits(
            found=found, prepared_on=given["prepared_on"], day_count=DayCount(given["day_count"])
        ),
    )


def _limits(given: Given) -> list[BudLimit]:
    days = given["days"]
    limits = [
        BudLimit(
            key=f"table4_{days}d",
            days=days,
            reason=_("%(days)s for this class (USP <795>, Table 4)") % {"days": wording.days(days)},
            extendable=True,
        )
    ]
    if given["shorter"] is not None:
        reason = _("%(days)s by the formula") % {"days": wording.days(given["shorter"])}
        limits.append(BudLimit(key="formula", days=given["shorter"], reason=reason))
    return limits


def _components(given: Given) -> list[ComponentDate]:
    dated = [
        ComponentDate(name=name, last_day=last_day) for name, last_day in given["components"] or ()
    ]
    received = [
        ComponentDate(
            name=name,
            last_day=expiry_from_receipt(received_on, years=_YEARS_FROM_RECEIPT),
            source=ExpirySource.RECEIPT,
        )
        for name, received_on in given["received"] or ()
    ]
    return dated + received


def _extension(given: Given) -> Extension | None:
    if given["study"] is None:
        return None
    ceiling, storage = given["ceiling"], given["storage"] or ""
    return Extension(
        study=StabilityStudy(
            days=given["study"],
            reference=_("the study"),
            stability_indicating=given["indicating"],
            same_formulation_and_container=given["same"],
            antimicrobial_effectiveness=given["antimicrobial"],
            storage=storage,
        ),
        aqueous=given["kind"] in AQUEOUS,
        ceiling=BudLimit(
            key=f"cap_{ceiling}d",
            days=ceiling,
            reason=_("%(days)s is the longest a study extends to")
            % {"days": wording.days(ceiling)},
        ),
    )


class FillsForm(CalculatorForm):
    """A therapy, and how long a preparation keeps."""

    therapy = fields.whole(gettext_lazy("Days of therapy"))
    bud = fields.whole(gettext_lazy("Days until the beyond-use date"))


def fills(given: Given) -> Answer:
    """Return how often the preparation must be made."""
    count = fills_needed(days_of_therapy=given["therapy"], bud_days=given["bud"])
    return Answer(
        headline=f"{num(count)} {wording.plural(count, 'fill')}",
        under=_("for %(days)s") % {"days": wording.days(given["therapy"])},
        working=workings.beyond_use.fills(days_of_therapy=given["therapy"], bud_days=given["bud"]),
    )


FAMILY = Family(
    key="beyond-use",
    title=gettext_lazy("Beyond-use date"),
    calculators=(
        Calculator(
            key="beyond-use-date",
            title=gettext_lazy("Beyond-use date"),
            purpose=gettext_lazy("The earliest of all limits, and the reason it wins."),
            form=BeyondUseForm,
            work_out=beyond_use,
            example={
                "prepared_on": "2026-11-02",
                "kind": "aqueous_preserved",
                "components": "naltrexone HCl; 2028-01-31\nglycerin; 2026-11",
            },
            defaults={
                **{_days_of(kind): Policy(_days_of(kind)) for kind in BudClass.values},
                "prepared_on": today,
                "day_count": Policy("bud_day_count"),
                "ceiling": Policy("bud_extension_ceiling_days"),
            },
            blame={ComponentExpired: "components"},
        ),
        Calculator(
            key="fills",
            title=gettext_lazy("Fills needed"),
            purpose=gettext_lazy("How often it is made anew when therapy outlasts the date."),
            form=FillsForm,
            work_out=fills,
            example={"therapy": "90", "bud": "35"},
            defaults={"bud": Policy("bud_days.aqueous_preserved")},
        ),
    ),
)
