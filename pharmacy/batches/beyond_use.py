"""The beyond-use date of a batch: from its class, its formula and everything that went into it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from compounding import wording
from compounding.beyond_use import (
    BeyondUse,
    BudLimit,
    ComponentDate,
    DayCount,
    ExpirySource,
    Extension,
    StabilityStudy,
    beyond_use_date,
)
from pharmacy.batches.models import BatchLine, CompoundingRecord
from pharmacy.batches.policies import BeyondUsePolicies, beyond_use_policies
from pharmacy.formulations.models import AQUEOUS, BudBasis, LineRole, MasterFormulationRecord
from pharmacy.formulations.states import FormulaState
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
        extension=_extension(formula, policies),
    )


def last_day_of_class(
    formula: MasterFormulationRecord, policies: BeyondUsePolicies, *, prepared_on: date
) -> date:
    """Return the last day of use that the class, the formula's study or its shorter limit allow; lots may say less."""
    return beyond_use_date(
        prepared_on=prepared_on,
        limits=_bud_limits(formula, policies.days),
        day_count=policies.day_count,
        extension=_extension(formula, policies),
    ).date


def days_allowed(formula: MasterFormulationRecord, *, on: date) -> int:
    """Return for how many days a preparation may be used by its class, study and shorter limit. Raises NoPolicy."""
    counted = replace(beyond_use_policies(formula.bud_class, on=on), day_count=DayCount.DAY0)
    return (last_day_of_class(formula, counted, prepared_on=on) - on).days


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
            extendable=True,
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


def _extension(formula: MasterFormulationRecord, policies: BeyondUsePolicies) -> Extension | None:
    """The study or monograph that an approved formula rests on, as far as it stands in for the limit of the class.

    Source: USP <795> (2023) section 10: up to 180 days, for the same formulation and container; an aqueous
    preparation needs evidence of antimicrobial effectiveness beside it. A monograph holds for its own formula.
    """
    if formula.bud_study_days is None or formula.state == FormulaState.DRAFT:
        return None
    is_monograph = formula.bud_basis == BudBasis.MONOGRAPH
    ceiling = policies.ceiling_days
    return Extension(
        study=StabilityStudy(
            days=formula.bud_study_days,
            reference=formula.bud_study_reference,
            stability_indicating=is_monograph or formula.bud_study_indicating,
            same_formulation_and_container=formula.bud_study_same,
            antimicrobial_effectiveness=is_monograph or formula.bud_study_antimicrobial,
            storage=str(formula.get_bud_study_storage_display()),
        ),
        aqueous=formula.bud_class in AQUEOUS,
        ceiling=BudLimit(
            key=f"cap_{ceiling}d",
            days=ceiling,
            reason=_("%(study)s supports %(days)s; %(ceiling)s is the longest it may extend to")
            % {
                "study": formula.bud_study_reference,
                "days": wording.days(formula.bud_study_days),
                "ceiling": wording.days(ceiling),
            },
            storage=formula.storage,
        ),
    )


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
