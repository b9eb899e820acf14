"""The container label: what USP <795> section 9, 21 USC 353(b)(2) and 16 CCR 1707.5 ask to stand on it.

The patient's name, the medicine with its strength, and the directions are the cluster of 16 CCR 1707.5: nothing else
stands among them, they are 12 points or more, and they take up half of the label.
"""

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
from pharmacy.documents.symbols import ContainerCode, container_code
from pharmacy.formulations.models import DosageForm, MasterFormulationRecord
from pharmacy.orders.models import OrderLine
from pharmacy.orders.plans import plan_of
from pharmacy.screening.label import label_warnings


def label_context(
    *, line: OrderLine, record: CompoundingRecord, start_on: date, filled_on: date
) -> Context:
    """Return everything on the label of one order line that was filled from one batch.

    `directions` is what was prescribed; `first_direction` stands in for it on a label too small for all the steps,
    and a second label then holds them all.
    """
    with override(LANGUAGE):
        order, prescription = line.order, line.order.prescription
        formula = record.formula
        plan = plan_of(prescription, formula, from_step=order.from_step)
        return {
            "language": LANGUAGE,
            "title": _("Container label, Rx %(rx)s") % {"rx": order.number},
            "pharmacy": pharmacy_context(),
            "rx": _("Rx %(rx)s") % {"rx": order.number},
            "patient": prescription.patient.full_name,
            "medicine": medicine_name(formula, line.strength),
            "directions": line.directions,
            "first_direction": first_direction(
                plan, start_on=start_on, time_of_day=prescription.time_of_day
            ),
            "warnings": list(label_warnings(formula.strength_substance.rule_set)),
            "use_by": _("Do not use after %(day)s") % {"day": _bud(record)},
            "facts": _facts(line, record, filled_on),
            "notes": _notes(line, record),
            "second": {
                "first_of_two": _("Label 1 of 2"),
                "second_of_two": _("Label 2 of 2"),
                "plan": _("Your plan:"),
            },
            "containers": _containers(formula, line.quantity),
            "code": container_code(
                ContainerCode(order_number=order.number, line=line.position, lot=record.number)
            ),
            "code_title": _("Code to scan: Rx %(rx)s, line %(line)s, lot %(lot)s")
            % {"rx": order.number, "line": line.position, "lot": record.number},
            "filled_on": filled_on.isoformat(),
        }


def _facts(line: OrderLine, record: CompoundingRecord, filled_on: date) -> list[str]:
    """What must stand on the first label: quantity, route, prescriber, day, lot."""
    return [
        quantity_words(record.formula, line.quantity),
        record.formula.route,
        str(line.order.prescription.prescriber),
        _("filled %(day)s") % {"day": wording.full_day(filled_on)},
        (_("lot %(lot)s") % {"lot": record.number}).replace(" ", "\N{NO-BREAK SPACE}"),
    ]


def _notes(line: OrderLine, record: CompoundingRecord) -> list[str]:
    """What may move to a second label: storage, instructions, ingredients, what a compounded medicine is."""
    formula = record.formula
    return [
        storage_sentence(formula),
        *(_sentence(instruction) for instruction in formula.label_instructions),
        _contains(line, record),
        _("Compounded for this patient."),
    ]


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
