"""The container label: what the pharmacy's label template asks to stand on it (label_templates.py).

The patient's name, the medicine with its strength, the directions and, where a state asks for it, the purpose are one
cluster: nothing else stands among them, they are 12 points or more, and they take up half of the label.
"""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from compounding import wording
from pharmacy.batches.models import CompoundingRecord
from pharmacy.documents.contexts.dose_plan import first_direction
from pharmacy.documents.contexts.parts import (
    LANGUAGE,
    Context,
    active_name,
    medicine_name,
    other_ingredients,
    pharmacy_context,
    quantity_words,
    storage_sentence,
    strength_words,
)
from pharmacy.documents.label_formats import StockPlace, stock_place
from pharmacy.documents.label_templates import template_for
from pharmacy.documents.symbols import ContainerCode, container_code
from pharmacy.formulations.models import DosageForm, MasterFormulationRecord
from pharmacy.orders.models import OrderLine, Prescription
from pharmacy.orders.plans import plan_of
from pharmacy.screening.label import label_warnings


def label_context(
    *,
    line: OrderLine,
    record: CompoundingRecord,
    start_on: date,
    filled_on: date,
    stock: StockPlace | None = None,
) -> Context:
    """Return everything on the label of one order line that was filled from one batch, and on what it is printed.

    `directions` is what was prescribed; `first_direction` stands in for it on a label too small for all the steps,
    and a second label then holds them all. Raises LabelIncomplete when something is empty that the template asks for.
    """
    stock = stock or stock_place("", start_position=1, on=filled_on)
    with override(LANGUAGE):
        order, prescription = line.order, line.order.prescription
        template = template_for(prescription.patient.state, on=filled_on)
        said = _said(line, record, filled_on)
        template.check_complete(said)
        plan = plan_of(prescription, record.formula, from_step=order.from_step)
        return {
            "language": LANGUAGE,
            "title": _("Container label, Rx %(rx)s") % {"rx": order.number},
            "template": template.frozen(),
            "stock": {"key": stock.key, "start_position": stock.start_position},
            **{name: said[name] for name in _ALWAYS},
            "purpose": said["purpose"] if "purpose" in template.cluster else "",
            "first_direction": first_direction(
                plan, start_on=start_on, time_of_day=prescription.time_of_day
            ),
            "facts": [said[name] for name in template.facts],
            "notes": _in_order(said, template.notes),
            "second": {
                "first_of_two": _("Label 1 of 2"),
                "second_of_two": _("Label 2 of 2"),
                "plan": _("Your plan:"),
            },
            "containers": _containers(record.formula, line.quantity),
            "code": container_code(
                ContainerCode(order_number=order.number, line=line.position, lot=record.number)
            ),
            "code_title": _("Code to scan: Rx %(rx)s, line %(line)s, lot %(lot)s")
            % {"rx": order.number, "line": line.position, "lot": record.number},
            "filled_on": filled_on.isoformat(),
        }


_ALWAYS = ("pharmacy", "rx", "patient", "medicine", "directions", "warnings", "use_by")
"""What stands on every label at a place of its own."""


def _said(line: OrderLine, record: CompoundingRecord, filled_on: date) -> Context:
    """Everything that a template may ask for, by the name it has there."""
    order, prescription, formula = line.order, line.order.prescription, record.formula
    return {
        "pharmacy": pharmacy_context(),
        "rx": _("Rx %(rx)s") % {"rx": order.number},
        "patient": prescription.patient.full_name,
        "medicine": medicine_name(formula, line.strength),
        "directions": line.directions,
        "purpose": _purpose(prescription),
        "quantity": quantity_words(formula, line.quantity),
        "route": formula.route,
        "prescriber": str(prescription.prescriber),
        "filled_on": _("filled %(day)s") % {"day": wording.full_day(filled_on)},
        "lot": (_("lot %(lot)s") % {"lot": record.number}).replace(" ", "\N{NO-BREAK SPACE}"),
        "use_by": _("Do not use after %(day)s") % {"day": _bud(record)},
        "warnings": list(label_warnings(formula.strength_substance.rule_set)),
        "storage": storage_sentence(formula) if formula.storage.strip() else "",
        "instructions": [_sentence(instruction) for instruction in formula.label_instructions],
        "ingredients": _contains(line, record),
        "description": _description(record),
        "compounded": _("Compounded for this patient."),
    }


def _in_order(said: Context, names: Sequence[str]) -> list[str]:
    notes: list[str] = []
    for name in names:
        notes.extend(said[name] if isinstance(said[name], list) else [said[name]])
    return [note for note in notes if note]


def _purpose(prescription: Prescription) -> str:
    """The purpose as the prescriber wrote it, or nothing."""
    written = str(prescription.condition or prescription.condition_text)
    return _("For: %(purpose)s") % {"purpose": written} if written else ""


def _description(record: CompoundingRecord) -> str:
    """What it looks like, as it was seen when the batch was checked."""
    seen = record.observed_description or record.formula.physical_description
    return _("Looks like this: %(description)s") % {"description": _sentence(seen)} if seen else ""


def _contains(line: OrderLine, record: CompoundingRecord) -> str:
    formula = record.formula
    each = _("Each capsule") if formula.dosage_form == DosageForm.CAPSULE else _("Each mL")
    strength = strength_words(formula, line.strength).removesuffix("/mL")
    rest = ", ".join(other_ingredients(record))
    return _("%(each)s: %(active)s %(strength)s, %(rest)s.") % {
        "each": each,
        "active": active_name(formula),
        "strength": strength,
        "rest": rest,
    }


def _containers(formula: MasterFormulationRecord, quantity: int) -> list[str]:
    """One entry a container: nothing for a single one, "Bottle 1 of 2" where there are more."""
    if formula.dosage_form == DosageForm.CAPSULE or quantity == 1:
        return [""]
    return [
        _("Bottle %(number)s of %(all)s") % {"number": number, "all": quantity}
        for number in range(1, quantity + 1)
    ]


def _bud(record: CompoundingRecord) -> str:
    if record.beyond_use_on is None:
        raise ValueError("a released batch has a beyond-use date")
    return wording.full_day(record.beyond_use_on)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
