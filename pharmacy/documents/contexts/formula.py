"""A master formulation record on paper: the eleven items of USP <795> (2023) section 7, in their order."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from compounding import wording
from pharmacy.batches.beyond_use import days_allowed
from pharmacy.documents.contexts.parts import LANGUAGE, Context, local_day, pharmacy_context
from pharmacy.formulations.changes import limits_words
from pharmacy.formulations.models import FormulaLine, FormulaStep, LineRole, MasterFormulationRecord
from pharmacy.formulations.states import FormulaState
from pharmacy.formulations.step_texts import pieces
from pharmacy.formulations.words import in_its_unit, range_words, study_words
from pharmacy.policies.queries import NoPolicy

_PACKAGING = (LineRole.SHELL, LineRole.CONTAINER)


def formula_context(formula: MasterFormulationRecord, *, on: date) -> Context:
    """Return everything on the paper of one version, with the days that the policies of that day allow it.

    One that is not approved bears its state across every page.
    """
    lines = list(formula.lines.select_related("ingredient__substance").order_by("position"))
    with override(LANGUAGE):
        version = _("version %(version)s") % {"version": formula.version}
        approved = formula.state == FormulaState.APPROVED
        return {
            "language": LANGUAGE,
            "title": f"{formula.name}, {version}",
            "pharmacy": pharmacy_context(),
            "heading": _("Master formulation record"),
            "name": formula.name,
            "version": f"{formula.code}, {version}",
            "status": {
                "word": capfirst(formula.get_state_display()),
                "approved": approved,
                "watermark": "" if approved else str(formula.get_state_display()).upper(),
            },
            "items": _items(formula, lines, on),
            "approval": _approval(formula),
            "foot": {"page": _("Page"), "of": _("of")},
        }


def _items(formula: MasterFormulationRecord, lines: list[FormulaLine], on: date) -> list[Context]:
    basis = f"{capfirst(formula.get_bud_basis_display())}. {formula.bud_reference}"
    return [
        _item(1, _("Name, strength and dosage form"), facts=_preparation(formula)),
        _item(2, _("Components"), table=_components(formula, lines)),
        _item(3, _("Container and closure"), texts=[formula.container_closure]),
        _item(4, _("Instructions"), texts=_equipment(formula), steps=_steps(formula, lines)),
        _item(
            5,
            _("Physical description"),
            texts=[formula.physical_description, *formula.expected_traits],
        ),
        _item(6, _("Beyond-use date and storage"), facts=_keeping(formula, on)),
        _item(7, _("Source of the beyond-use date"), texts=[basis], facts=_study(formula)),
        _item(8, _("Calculations"), texts=[formula.calculations]),
        _item(9, _("Labeling"), texts=[*formula.label_instructions, _on_every_label()]),
        _item(10, _("Quality control"), table=_checks(formula)),
        _item(11, _("Other information"), texts=[formula.notes or _("None.")]),
    ]


def _item(number: int, heading: str, **parts: object) -> Context:
    empty: Context = {"facts": [], "texts": [], "steps": [], "table": None}
    return empty | parts | {"number": wording.number(number), "heading": heading}


def _on_every_label() -> str:
    return _("On every label: lot, active and strength, form, amount, storage, beyond-use date.")


def _preparation(formula: MasterFormulationRecord) -> list[list[str]]:
    offered = ", ".join(in_its_unit(formula, Decimal(each)) for each in formula.strengths_offered)
    return [
        [_("Dosage form"), capfirst(formula.get_dosage_form_display())],
        [_("Route"), formula.route],
        [_("Strength of"), formula.strength_substance.name],
        [_("Made from"), range_words(formula)],
        [_("Offered"), offered or "–"],
        [_("Overage"), wording.percent(formula.overage_pct)],
    ]


def _components(formula: MasterFormulationRecord, lines: list[FormulaLine]) -> Context:
    return {
        "columns": [_("Ingredient"), _("As"), _("Amount"), _("Characteristics")],
        "rows": [
            [
                line.ingredient.name,
                f"{line.get_role_display()}{_(', alternative') if line.is_alternative else ''}",
                _amount(line, formula),
                _characteristics(line) or "–",
            ]
            for line in lines
        ],
    }


def _characteristics(line: FormulaLine) -> str:
    """Grade, unless the name ends with it, and what else matters of the ingredient."""
    ingredient = line.ingredient
    grade = "" if ingredient.name.endswith(ingredient.grade) else ingredient.grade
    return ", ".join(filter(None, (grade, ingredient.characteristics)))


def _amount(line: FormulaLine, formula: MasterFormulationRecord) -> str:
    if line.amount is None:
        if line.role == LineRole.ACTIVE:
            return _("follows the strength and the lot's potency")
        return _("q.s. ad") if formula.is_liquid else _("fills up")
    if line.role in _PACKAGING:
        return _("one to each")
    amount = f"{wording.grouped(line.amount)} {line.ingredient.get_unit_display()}"
    per = _("%(amount)s in 100 mL") if formula.is_liquid else _("%(amount)s a capsule")
    return per % {"amount": amount}


def _equipment(formula: MasterFormulationRecord) -> list[str]:
    if not formula.equipment:
        return []
    return [_("Equipment: %(list)s.") % {"list": ", ".join(formula.equipment)}]


def _steps(formula: MasterFormulationRecord, lines: list[FormulaLine]) -> list[Context]:
    names = {
        "batch": _("size of the batch"),
        "units": _("units of the batch"),
        "fill": _("fill of each"),
        "strength": _("strength"),
    } | {line.key: line.ingredient.label_name for line in lines if not line.is_alternative}
    return [_step(step, names) for step in formula.steps.order_by("position")]


def _step(step: FormulaStep, names: Mapping[str, str]) -> Context:
    said = []
    if step.is_critical:
        said.append(_("Critical step."))
    if step.timer_seconds:
        said.append(_("Timer: %(seconds)s s.") % {"seconds": step.timer_seconds})
    if step.check_text:
        said.append(_("Check: %(what)s.") % {"what": step.check_text.rstrip(".")})
    if step.hazard:
        said.append(f"{step.hazard.rstrip('.')}.")
    if step.protective_equipment:
        said.append(_("Wear: %(what)s.") % {"what": ", ".join(step.protective_equipment)})
    return {"text": _words(step.text, names), "said": said, "critical": step.is_critical}


def _words(text: str, names: Mapping[str, str]) -> str:
    """A quantity stands as the name of its ingredient until a batch gives it a number."""
    found = []
    for piece in pieces(text):
        word = f"[{names.get(piece.key, piece.text)}]" if piece.key else piece.text
        found.append(_("half of %(amount)s") % {"amount": word} if piece.is_half else word)
    return "".join(found)


def _keeping(formula: MasterFormulationRecord, on: date) -> list[list[str]]:
    shorter = formula.bud_days_shorter
    return [
        [_("Beyond-use date"), _days(formula, on)],
        [_("Class"), capfirst(formula.get_bud_class_display())],
        [_("Shorter limit"), wording.days(shorter) if shorter else "–"],
        [_("Water activity"), formula.water_activity_basis or "–"],
        [_("Stored"), capfirst(formula.get_storage_condition_display())],
        [_("In words"), formula.storage],
    ]


def _days(formula: MasterFormulationRecord, on: date) -> str:
    """The days assigned; what is approved later, or used up earlier, may make them fewer."""
    try:
        days = days_allowed(formula, on=on)
    except NoPolicy:
        return "–"
    return _("%(days)s at most from compounding, and never past a component") % {
        "days": wording.days(days)
    }


def _study(formula: MasterFormulationRecord) -> list[list[str]]:
    return [[label, said] for label, said in study_words(formula)]


def _checks(formula: MasterFormulationRecord) -> Context:
    return {
        "columns": [_("Test"), _("Procedure"), _("Expected"), _("Limits")],
        "rows": [
            [
                capfirst(check.get_kind_display()),
                check.procedure,
                check.expected,
                limits_words(check) or "–",
            ]
            for check in formula.quality_checks.order_by("position")
        ],
    }


def _approval(formula: MasterFormulationRecord) -> list[list[str]]:
    approved = _("not yet")
    if formula.approved_by and formula.approved_at:
        approved = f"{formula.approved_by.signed_name}, {local_day(formula.approved_at)}"
    return [
        [_("Written by"), f"{formula.author.signed_name}, {local_day(formula.created_at)}"],
        [_("Approved by"), approved],
        [_("Why this version"), formula.change_reason or "–"],
    ]
