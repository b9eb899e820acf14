"""The beyond-use date of a batch: from its class, its formula and everything that went into it."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from compounding import wording
from compounding.beyond_use import BeyondUse, BudLimit, ComponentDate, ExpirySource, beyond_use_date
from pharmacy.batches.models import BatchLine, CompoundingRecord
from pharmacy.batches.policies import BeyondUsePolicies, beyond_use_policies
from pharmacy.formulations.models import LineRole, MasterFormulationRecord
from pharmacy.inventory.models import IngredientLot


def beyond_use_of(
    record: CompoundingRecord, lines: Iterable[BatchLine], prepared_on: date
) -> BeyondUse:
    """Return the beyond-use date of a batch made on that day, its reason, and every date that competed.

    `lines` are all the batch's lines with their lots, in order (`lines_with_weighings`).
    Source: USP <795> (2023) section 10. Raises ComponentExpired, or NoPolicy.
    """
    formula = record.formula
    policies = beyond_use_policies(formula.bud_class, on=prepared_on)
    bought, compounded = _component_dates(lines)
    return beyond_use_date(
        prepared_on=prepared_on,
        limits=_bud_limits(formula, policies.days),
        component_expiries=bought,
        compounded_component_buds=compounded,
        day_count=policies.day_count,
    )


def last_day_of_class(
    formula: MasterFormulationRecord, policies: BeyondUsePolicies, *, prepared_on: date
) -> date:
    """Return the last day of use that the class, or the formula's shorter limit, allows; the lots may say less."""
    limits = _bud_limits(formula, policies.days)
    return beyond_use_date(
        prepared_on=prepared_on, limits=limits, day_count=policies.day_count
    ).date


def limits_as_json(beyond_use: BeyondUse) -> list[dict[str, str]]:
    """Return the competing dates, the earliest first, as they are kept with the record."""
    return [
        {
            "key": limit.key,
            "reason": limit.reason,
            "date": limit.date.isoformat(),
            "storage": limit.storage,
        }
        for limit in beyond_use.competing
    ]


def _bud_limits(formula: MasterFormulationRecord, class_days: int) -> list[BudLimit]:
    limits = [
        BudLimit(
            key=f"class_{formula.bud_class}",
            days=class_days,
            reason=_("USP <795> allows %(days)s for this class (%(bud_class)s)")
            % {"days": wording.days(class_days), "bud_class": formula.get_bud_class_display()},
            storage=formula.storage,
        )
    ]
    if formula.bud_days_shorter is not None:
        limits.append(
            BudLimit(
                key="formula",
                days=formula.bud_days_shorter,
                reason=_("The formula allows %(days)s: %(source)s")
                % {
                    "days": wording.days(formula.bud_days_shorter),
                    "source": formula.bud_reference,
                },
                storage=formula.storage,
            )
        )
    return limits


def _component_dates(
    lines: Iterable[BatchLine],
) -> tuple[list[ComponentDate], list[ComponentDate]]:
    """The last days of everything in the preparation, bought and compounded here; its bottle is not in it."""
    bought: list[ComponentDate] = []
    compounded: list[ComponentDate] = []
    for line in lines:
        if line.role == LineRole.CONTAINER:
            continue
        source = _source_of(line.lot)
        date_of = ComponentDate(
            name=f"{line.ingredient.label_name} {line.lot.lot_number}",
            last_day=line.lot.expires_on,
            source=source,
        )
        (compounded if source == ExpirySource.COMPOUNDED else bought).append(date_of)
    return bought, compounded


def _source_of(lot: IngredientLot) -> ExpirySource:
    if hasattr(lot, "compounded_as"):
        return ExpirySource.COMPOUNDED
    return ExpirySource.RECEIPT if lot.expiry_from_receipt else ExpirySource.VENDOR
