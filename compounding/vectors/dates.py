"""Topics of beyond-use dates. Each public function answers a topic, unrounded, or refuses."""

from __future__ import annotations

import re
from decimal import Decimal

from compounding.beyond_use import (
    BeyondUse,
    BudLimit,
    ComponentDate,
    DayCount,
    ExpirySource,
    Extension,
    StabilityStudy,
    beyond_use_date,
    fills_needed,
    parse_expiry,
)
from compounding.vectors.inputs import Answers, VectorInputs, VectorUnreadable

_TABLE_4_DAYS = {
    "aqueous_nonpreserved": 14,
    "aqueous_preserved": 35,
    "nonaqueous_oral_liquid": 90,
    "nonaqueous_other": 180,
}
"""USP <795> (official 1 November 2023), Table 4."""
_LONGEST_EXTENSION_DAYS = 180
_RECEIVED = re.compile(r"received ([0-9]{4}-[0-9]{2}-[0-9]{2})")


def bud(inputs: VectorInputs) -> Answers:
    by_day_0 = _beyond_use(inputs, DayCount.DAY0)
    by_day_1 = _beyond_use(inputs, DayCount.DAY1)
    return {
        "bud_day0": by_day_0.date.isoformat(),
        "bud_day1": by_day_1.date.isoformat(),
        "limited_by": _limited_by(by_day_1, inputs),
        "allow": True,
    }


def fills_needed_for_bud(inputs: VectorInputs) -> Answers:
    fills = fills_needed(
        days_of_therapy=inputs.whole("days_of_therapy"), bud_days=inputs.whole("bud_days")
    )
    return {"minimum_fills": fills}


def _beyond_use(inputs: VectorInputs, day_count: DayCount) -> BeyondUse:
    rows = inputs.text_rows("component_expiries", 2) if "component_expiries" in inputs else []
    dates = [_component(name, last_day) for name, last_day in rows]
    return beyond_use_date(
        prepared_on=inputs.date("prepared_on"),
        limits=[_table_4(inputs)],
        component_expiries=dates,
        day_count=day_count,
        extension=_extension(inputs) if "stability_study_days" in inputs else None,
    )


def _table_4(inputs: VectorInputs) -> BudLimit:
    preparation = inputs.text("type")
    if preparation not in _TABLE_4_DAYS:
        raise VectorUnreadable(f"No class of preparation is called {preparation}.")
    days = _TABLE_4_DAYS[preparation]
    return BudLimit(key=f"table4_{days}d", days=days, reason="USP <795> Table 4", extendable=True)


def _extension(inputs: VectorInputs) -> Extension:
    cap = f"cap_{_LONGEST_EXTENSION_DAYS}d"
    return Extension(
        study=StabilityStudy(
            days=inputs.whole("stability_study_days"),
            reference="The study",
            stability_indicating=inputs.flag("stability_indicating"),
            same_formulation_and_container=inputs.flag("same_formulation_and_container"),
            antimicrobial_effectiveness=inputs.flag("antimicrobial_effectiveness_51_documented"),
            storage=inputs.text("study_storage") if "study_storage" in inputs else "",
        ),
        aqueous=inputs.text("type").startswith("aqueous"),
        ceiling=BudLimit(key=cap, days=_LONGEST_EXTENSION_DAYS, reason="The longest extension"),
    )


def _component(name: str, last_day: str) -> ComponentDate:
    source = ExpirySource.VENDOR
    if "no vendor expiry" in name:
        source = ExpirySource.RECEIPT
    elif "compounded component" in name:
        source = ExpirySource.COMPOUNDED
    received = _RECEIVED.search(name)
    return ComponentDate(
        name=name,
        last_day=parse_expiry(last_day),
        source=source,
        received_on=None if received is None else parse_expiry(received[1]),
    )


def _limited_by(result: BeyondUse, inputs: VectorInputs) -> str:
    if result.limit_key.startswith(ExpirySource.RECEIPT.value):
        years = inputs.number_or("no_vendor_expiry_rule_years", Decimal(1))
        return f"{ExpirySource.RECEIPT.value}:receipt+{years}y"
    if result.limit_key.startswith(ExpirySource.COMPOUNDED.value):
        return ExpirySource.COMPOUNDED.value
    limit, _, remark = result.limit_key.partition(" ")
    return limit if limit.startswith("table4_") and "<51>" not in remark else result.limit_key
