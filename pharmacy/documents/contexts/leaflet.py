"""The leaflet: an approved edition's sentences, around the patient's own dated plan and what is in this batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from pharmacy.batches.models import CompoundingRecord
from pharmacy.batches.queries import sheet_of
from pharmacy.documents.contexts.columns import two_columns
from pharmacy.documents.contexts.dose_plan import DropCount, Drops, plan_context
from pharmacy.documents.contexts.evidence import evidence_context
from pharmacy.documents.contexts.leaflet_gaps import gap_values
from pharmacy.documents.contexts.parts import (
    LANGUAGE,
    Context,
    active_name,
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

_OTHER_FORM = {
    DosageForm.CAPSULE: "how_to_take_drops",
    DosageForm.DROPS: "how_to_take_capsules",
    DosageForm.SUSPENSION: "how_to_take_capsules",
}
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
        edition = approved_edition(prescription.substance.leaflet_key, LANGUAGE)
        plan = plan_of_order(order)
        first = facts.records[0]
        blocks = [
            *_filled(edition, plan, gap_values(order, plan, first, on=facts.filled_on)),
            _contents(facts.records),
        ]
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
                drops=drops_of(first),
            ),
            "syringe": _syringe(plan),
            "blocks": {block["slot"]: block for block in blocks},
            "areas": _areas(blocks),
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
    """Return the drops of each dose, as worked out for this batch with its dropper; nothing without a dropper."""
    return {
        row.dose_mg: DropCount(row.drops, row.delivered_mg)
        for row in sheet_of(record).drop_table
        if row.drops is not None and row.delivered_mg is not None
    }


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


_BOXES = ("title", "opioid_stop_box", "prescriber_evidence")
_FRONT = (
    "how_to_take_capsules",
    "how_to_take_drops",
    "missed_dose",
    "too_strong",
    "keeping_it",
    "contents",
)
_BACK_FIRST = ("notice_common", "notice_call_today", "notice_call_911")


def _areas(blocks: Sequence[Context]) -> Context:
    """Which blocks stand where, each area in two columns. A slot that nothing names goes to its reader's page."""
    there = {block["slot"]: block for block in blocks}
    rest = [block for slot, block in there.items() if slot not in (*_BOXES, *_FRONT, *_BACK_FIRST)]
    for_patient = [block for block in rest if block["audience"] != "prescriber"]
    for_prescriber = [block for block in rest if block["audience"] == "prescriber"]
    front = [there[slot] for slot in _FRONT if slot in there]
    notices = [there[slot] for slot in _BACK_FIRST if slot in there]
    return {
        "front": two_columns(front),
        "back": two_columns([*notices, *for_patient], as_they_come=len(notices)),
        "prescriber": two_columns(for_prescriber),
    }


def _syringe(plan: Plan) -> Context | None:
    """For a liquid: tonight's dose as a syringe at its mark."""
    if not plan.formula.is_liquid:
        return None
    first = plan.steps[0]
    return syringe_context(dose_mg=first.dose_mg, volume_ml=first.units, key="syringe")


def _contents(records: Sequence[CompoundingRecord]) -> Context:
    """A block of our own among those of the edition: it says what this batch was made of."""
    return {
        "slot": "contents",
        "audience": "patient",
        "heading": _("What is in it"),
        "items": [
            {"kind": "paragraph", "texts": [text]}
            for record in records
            for text in _contents_of(record)
        ],
    }


def _contents_of(record: CompoundingRecord) -> list[str]:
    formula = record.formula
    capsule = formula.dosage_form == DosageForm.CAPSULE
    words = {
        "active": active_name(formula),
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
    without = _("Made without %(names)s.") % {"names": wording_list(left_out)} if left_out else ""
    lot = _("Lot %(lot)s.") % {"lot": record.number}
    return [
        said % words,
        _("Also in it: %(rest)s.") % words,
        f"{without} {lot}".strip(),
    ]


def wording_list(names: Sequence[str]) -> str:
    """Return "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


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
