"""The leaflet: an approved edition's sentences, around the patient's own dated plan and what is in this batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from compounding import wording
from pharmacy.batches.models import CompoundingRecord
from pharmacy.batches.queries import sheet_of
from pharmacy.documents.contexts.dose_plan import Drops, plan_context
from pharmacy.documents.contexts.evidence import evidence_context
from pharmacy.documents.contexts.leaflet_gaps import gap_values
from pharmacy.documents.contexts.parts import (
    LANGUAGE,
    Context,
    local_day,
    medicine_name,
    other_ingredients,
    pharmacy_context,
    strength_words,
)
from pharmacy.documents.contexts.syringe import syringe_context
from pharmacy.formulations.models import DosageForm
from pharmacy.leaflets.blocks import Block, fill, gaps_in, read_blocks
from pharmacy.leaflets.models import LeafletEdition
from pharmacy.leaflets.queries import approved_edition
from pharmacy.orders.models import Order
from pharmacy.orders.plans import Plan, plan_of_order

_OTHER_FORM = {DosageForm.CAPSULE: "how_to_take_drops", DosageForm.DROPS: "how_to_take_capsules"}
_MOST_SYRINGES = 2
_ASKED_ABOUT = {
    "lactose": gettext_lazy("lactose"),
    "gelatin": gettext_lazy("gelatin"),
    "dye": gettext_lazy("dyes"),
    "flavor": gettext_lazy("flavors"),
}
"""What patients ask about most: named when it is left out, from the `contains` of every ingredient."""


@dataclass(frozen=True)
class LeafletFacts:
    """What a leaflet is made from: the order with its batches, the day of the first dose, the day it was filled."""

    order: Order
    records: Sequence[CompoundingRecord]
    start_on: date
    filled_on: date


def leaflet_context(facts: LeafletFacts) -> Context:
    """Return everything on a leaflet. Raises NoApprovedEdition, EditionFaulty or NoPolicy."""
    with override(LANGUAGE):
        order, prescription = facts.order, facts.order.prescription
        edition = approved_edition(prescription.substance.rule_set, LANGUAGE)
        plan = plan_of_order(order)
        first = facts.records[0]
        drops = drops_of(first)
        blocks = _filled(edition, plan, gap_values(order, plan, first, on=facts.filled_on))
        return {
            "language": LANGUAGE,
            "title": _("Leaflet for Rx %(rx)s") % {"rx": order.number},
            "pharmacy": {
                **pharmacy_context(),
                "call": _("Talk to a pharmacist"),
                "closed": _("When we are closed"),
            },
            "rx": _("Rx %(rx)s") % {"rx": order.number},
            "patient": prescription.patient.full_name,
            "medicine": medicine_name(plan.formula, plan.strength),
            "plan": plan_context(
                plan,
                start_on=facts.start_on,
                filled_on=facts.filled_on,
                time_of_day=prescription.time_of_day,
                drops=drops,
            ),
            "measuring": _measuring(plan, drops, first),
            "blocks": {block["slot"]: block for block in blocks},
            "areas": _areas(blocks),
            "contents": _contents(facts.records),
            "lots": _lots(facts.records),
            "evidence": evidence_context(prescription),
            "prescriber_page": {
                "heading": _("For your prescriber"),
                "about": _("%(medicine)s for %(patient)s, %(rx)s")
                % {
                    "medicine": medicine_name(plan.formula, plan.strength),
                    "patient": prescription.patient.full_name,
                    "rx": _("Rx %(rx)s") % {"rx": order.number},
                },
                "directions": order.lines.order_by("position")[0].directions,
            },
            "foot": _foot(edition),
            "start_on": facts.start_on.isoformat(),
            "filled_on": facts.filled_on.isoformat(),
            "batches": sorted({record.pk for record in facts.records}),
        }


def drops_of(record: CompoundingRecord) -> Drops:
    """Return whole drops by dose in mg, as worked out for this batch with its dropper; nothing without a dropper."""
    return {row.dose_mg: row.drops for row in sheet_of(record).drop_table if row.drops is not None}


def _filled(edition: LeafletEdition, plan: Plan, values: Mapping[str, str]) -> list[Context]:
    """The blocks with their gaps filled. A sentence about a condition nobody named is left out."""
    left_out = _OTHER_FORM[DosageForm(plan.formula.dosage_form)]
    filled = []
    for block in read_blocks(edition.blocks):
        if block.slot == left_out or not gaps_in(block.heading) <= values.keys():
            continue
        items = _items(block, values)
        if items:
            filled.append(
                {
                    "slot": block.slot,
                    "audience": block.audience,
                    "heading": fill(block.heading, values),
                    "items": items,
                }
            )
    return filled


def _items(block: Block, values: Mapping[str, str]) -> list[Context]:
    return [
        {"kind": item.kind, "texts": [fill(text, values) for text in item.texts]}
        for item in block.items
        if all(gaps_in(text) <= values.keys() for text in item.texts)
    ]


_FRONT = ("title", "opioid_stop_box", "too_strong", "missed_dose")
_BY_ACTION = ("notice_common", "notice_call_today", "notice_call_911")
_PLACED = frozenset((*_FRONT, *_BY_ACTION, "keeping_it", "wallet_card", "prescriber_evidence"))


def _areas(blocks: Sequence[Context]) -> Context:
    """Which blocks stand where. A block of a slot that no area names goes to its reader's page."""
    free = [block for block in blocks if block["slot"] not in _PLACED]
    return {
        "by_action": [
            slot for slot in _BY_ACTION if any(block["slot"] == slot for block in blocks)
        ],
        "patient": [block["slot"] for block in free if block["audience"] == "patient"],
        "prescriber": [block["slot"] for block in free if block["audience"] == "prescriber"],
    }


def _measuring(plan: Plan, drops: Drops, record: CompoundingRecord) -> Context | None:
    """For drops: the syringe at the mark, and each dose in milligrams, millilitres and drops."""
    if plan.formula.dosage_form != DosageForm.DROPS:
        return None
    volumes = {step.dose_mg: step.units for step in plan.steps}
    pictures = [
        syringe_context(dose_mg=dose, volume_ml=volume, key=f"syringe-{number}")
        for number, (dose, volume) in enumerate(volumes.items(), 1)
    ]
    delivered = {row.dose_mg: row.delivered_mg for row in sheet_of(record).drop_table}
    rows = [
        [
            wording.liquid_dose(dose_mg=dose, volume_ml=volume, drops=drops[dose]),
            wording.mass(delivered[dose] or dose),
        ]
        for dose, volume in volumes.items()
        if dose in drops
    ]
    return {
        "heading": _("Measuring your drops"),
        "say": _("The syringe is more exact than drops. Fill it to the mark for your dose."),
        "syringes": [picture for picture in pictures if picture is not None][:_MOST_SYRINGES],
        "columns": [_("Your dose"), _("The drops give you")],
        "rows": rows,
    }


def _contents(records: Sequence[CompoundingRecord]) -> Context:
    return {
        "heading": _("What is in it"),
        "texts": [text for record in records for text in _contents_of(record)],
    }


def _contents_of(record: CompoundingRecord) -> list[str]:
    formula = record.formula
    capsule = formula.dosage_form == DosageForm.CAPSULE
    words = {
        "active": formula.strength_substance.name,
        "strength": strength_words(formula, record.strength).removesuffix("/mL"),
        "rest": ", ".join(other_ingredients(record)),
    }
    said = (
        _("Each capsule holds %(strength)s of %(active)s.")
        if capsule
        else _("Each mL holds %(strength)s of %(active)s.")
    )
    contained = {
        flag
        for line in record.lines.select_related("ingredient")
        for flag in line.ingredient.contains
    }
    left_out = [str(name) for flag, name in _ASKED_ABOUT.items() if flag not in contained]
    return [
        said % words,
        _("Also in it: %(rest)s.") % words,
        *([_("Made without %(names)s.") % {"names": wording_list(left_out)}] if left_out else []),
    ]


def wording_list(names: Sequence[str]) -> str:
    """Return "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _lots(records: Sequence[CompoundingRecord]) -> str:
    return _("Lot %(lots)s.") % {"lots": wording_list([record.number for record in records])}


def _foot(edition: LeafletEdition) -> Context:
    if edition.approved_by is None or edition.approved_at is None:
        raise ValueError("an approved edition says who approved it and when")
    return {
        "edition": _("Edition %(number)s, approved %(day)s by %(name)s")
        % {
            "number": edition.number,
            "day": local_day(edition.approved_at),
            "name": edition.approved_by.signed_name,
        },
        "page": _("Page"),
        "of": _("of"),
    }
