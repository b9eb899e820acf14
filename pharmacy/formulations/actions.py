"""Writing formulas: a version is drafted by one person, approved by another, and never changed again."""

import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.formulations.completeness import missing_items
from pharmacy.formulations.draft_checks import (
    check_checks,
    check_facts,
    check_lines,
    check_steps,
)
from pharmacy.formulations.drafts import (
    CheckDraft,
    FormulaDraft,
    FormulaFacts,
    LineDraft,
    StepDraft,
)
from pharmacy.formulations.models import (
    FormulaCheck,
    FormulaLine,
    FormulaStep,
    MasterFormulationRecord,
)
from pharmacy.formulations.states import FORMULA_STATES, FormulaState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

__all__ = [
    "CheckDraft",
    "FormulaDraft",
    "FormulaFacts",
    "LineDraft",
    "StepDraft",
    "approve_formula",
    "draft_formula",
    "draft_from",
    "retire_formula",
    "rewrite_checks",
    "rewrite_facts",
    "rewrite_lines",
    "rewrite_steps",
]


class ApproverIsAuthor(Refusal):
    """The author of a version tried to approve it."""


class FormulaIncomplete(Refusal):
    """Something that USP <795> asks of a master formulation record is missing."""


class RetiringNeedsAReason(Refusal):
    """A formula was to be retired without saying why."""


class NotADraft(Refusal):
    """Only a draft is changed."""


class DraftIsAnothers(Refusal):
    """Somebody else began the draft; whoever changes it could not approve it honestly."""


class DraftThereAlready(Refusal):
    """A draft of the formula is being written."""


class CodeTaken(Refusal):
    """The code of a new formula is another's, or no code."""

    field = "code"


class ChangeNeedsAReason(Refusal):
    """A new version says why it is there."""


@writing()
def draft_formula(*, draft: FormulaDraft, by: Actor, at: datetime) -> MasterFormulationRecord:
    """Return a new draft, with the next version number of its code."""
    author_id = person_in(Role.of_staff(), by)
    check_facts(draft, draft.dosage_form)
    formula = MasterFormulationRecord.objects.create(
        code=draft.code,
        dosage_form=draft.dosage_form,
        version=_next_version(draft.code),
        author_id=author_id,
        created_at=at,
        **draft.columns(),
    )
    _write_lines(formula, draft.lines)
    _write_steps(formula, draft.steps)
    _write_checks(formula, draft.checks)
    new = {"code": formula.code, "version": formula.version}
    record_event(event="formula_drafted", record=formula, by=by, at=at, new=new)
    return formula


@writing()
def draft_from(
    *, formula: MasterFormulationRecord, reason: str, by: Actor, at: datetime, code: str = ""
) -> MasterFormulationRecord:
    """Return a draft of the next version, beginning as a copy of this one; `reason` says what it is for.

    With a `code` it is the first version of a new formula. Raises ChangeNeedsAReason, CodeTaken, or
    DraftThereAlready while a draft of the formula is being written.
    """
    author_id = person_in(Role.of_staff(), by)
    if not reason.strip():
        raise ChangeNeedsAReason(_("Write down why a new version is needed."))
    if code:
        _check_code(code)
    else:
        _check_no_draft(formula.code)
    copy = MasterFormulationRecord.objects.create(
        code=code or formula.code,
        dosage_form=formula.dosage_form,
        version=_next_version(code or formula.code),
        author_id=author_id,
        created_at=at,
        **{field.name: getattr(formula, field.name) for field in fields(FormulaFacts)}
        | {"change_reason": reason.strip()},
    )
    for rows in (formula.lines, formula.steps, formula.quality_checks):
        for row in rows.order_by("position"):
            row.pk, row.formula = None, copy
            row.save(force_insert=True)
    new = {
        "code": copy.code,
        "version": copy.version,
        "from": formula.version,
        "note": reason.strip(),
    }
    record_event(event="formula_drafted", record=copy, by=by, at=at, new=new)
    return copy


@writing()
def rewrite_facts(
    *, formula: MasterFormulationRecord, facts: FormulaFacts, by: Actor, at: datetime
) -> MasterFormulationRecord:
    """Return the draft saying these facts. Raises NotADraft or DraftIsAnothers."""
    formula = _open_draft(formula, by)
    check_facts(facts, formula.dosage_form)
    columns = facts.columns()
    old = {name: getattr(formula, name) for name in columns}
    for name, value in columns.items():
        setattr(formula, name, value)
    formula.save(update_fields=list(columns))
    changed = [name for name, value in columns.items() if old[name] != value]
    _told(formula, "facts", ", ".join(changed), by=by, at=at)
    return formula


@writing()
def rewrite_lines(
    *, formula: MasterFormulationRecord, lines: Sequence[LineDraft], by: Actor, at: datetime
) -> MasterFormulationRecord:
    """Return the draft with these ingredients and no others. Raises NotADraft or DraftIsAnothers."""
    formula = _open_draft(formula, by)
    formula.lines.all().delete()
    _write_lines(formula, lines)
    _told(formula, "ingredients", str(len(lines)), by=by, at=at)
    return formula


@writing()
def rewrite_steps(
    *, formula: MasterFormulationRecord, steps: Sequence[StepDraft], by: Actor, at: datetime
) -> MasterFormulationRecord:
    """Return the draft with these steps and no others. Raises NotADraft or DraftIsAnothers."""
    formula = _open_draft(formula, by)
    formula.steps.all().delete()
    _write_steps(formula, steps)
    _told(formula, "steps", str(len(steps)), by=by, at=at)
    return formula


@writing()
def rewrite_checks(
    *, formula: MasterFormulationRecord, checks: Sequence[CheckDraft], by: Actor, at: datetime
) -> MasterFormulationRecord:
    """Return the draft with this quality control and no other. Raises NotADraft or DraftIsAnothers."""
    formula = _open_draft(formula, by)
    formula.quality_checks.all().delete()
    _write_checks(formula, checks)
    _told(formula, "quality control", str(len(checks)), by=by, at=at)
    return formula


@writing()
def approve_formula(
    *, formula: MasterFormulationRecord, by: Actor, at: datetime
) -> MasterFormulationRecord:
    """Approve a draft; the version approved before it retires in the same transaction.

    Raises ApproverIsAuthor, FormulaIncomplete, or a refusal of the state table.
    """
    formula = MasterFormulationRecord.objects.select_for_update().get(pk=formula.pk)
    if formula.author_id == by.user_id:
        raise ApproverIsAuthor(_("You wrote this version; another pharmacist has to approve it."))
    missing = missing_items(formula)
    if missing:
        raise FormulaIncomplete(
            _("This version cannot be approved yet. %(missing)s") % {"missing": " ".join(missing)}
        )
    _retire_version_before(formula, by=by, at=at)
    move(
        formula,
        table=FORMULA_STATES,
        to=FormulaState.APPROVED,
        by=by,
        at=at,
        approved_by_id=by.user_id,
        approved_at=at,
    )
    return formula


@writing()
def retire_formula(
    *, formula: MasterFormulationRecord, reason: str, by: Actor, at: datetime
) -> MasterFormulationRecord:
    """Retire an approved version: nothing more is planned by it. Batches keep pointing to it."""
    if not reason.strip():
        raise RetiringNeedsAReason(_("Write down why this formula is retired."))
    formula = MasterFormulationRecord.objects.select_for_update().get(pk=formula.pk)
    move(formula, table=FORMULA_STATES, to=FormulaState.RETIRED, by=by, at=at, note=reason.strip())
    return formula


def _retire_version_before(formula: MasterFormulationRecord, *, by: Actor, at: datetime) -> None:
    before = MasterFormulationRecord.objects.select_for_update().filter(
        code=formula.code, state=FormulaState.APPROVED
    )
    note = f"version {formula.version} approved"
    for earlier in before.exclude(pk=formula.pk):
        move(earlier, table=FORMULA_STATES, to=FormulaState.RETIRED, by=by, at=at, note=note)


def _next_version(code: str) -> int:
    newest = MasterFormulationRecord.objects.filter(code=code).aggregate(newest=Max("version"))
    return (newest["newest"] or 0) + 1


def _check_code(code: str) -> None:
    if not _CODE.fullmatch(code):
        raise CodeTaken(_("A code is of small letters, digits and hyphens: “ldn-capsules”."))
    if MasterFormulationRecord.objects.filter(code=code).exists():
        raise CodeTaken(_("There is a formula “%(code)s” already.") % {"code": code})


def _check_no_draft(code: str) -> None:
    open_draft = MasterFormulationRecord.objects.filter(code=code, state=FormulaState.DRAFT).first()
    if open_draft is not None:
        raise DraftThereAlready(
            _("Version %(version)s is being written already. Finish it, or change it.")
            % {"version": open_draft.version}
        )


def _open_draft(formula: MasterFormulationRecord, by: Actor) -> MasterFormulationRecord:
    author_id = person_in(Role.of_staff(), by)
    formula = (
        MasterFormulationRecord.objects.select_related("author")
        .select_for_update(of=("self",))
        .get(pk=formula.pk)
    )
    if formula.state != FormulaState.DRAFT:
        raise NotADraft(
            _("%(formula)s is %(state)s and never changes. Draft a new version.")
            % {"formula": formula, "state": formula.get_state_display()}
        )
    if formula.author_id != author_id:
        raise DraftIsAnothers(
            _(
                "%(name)s is writing this version. Tell them what to change; then you can approve it."
            )
            % {"name": formula.author.signed_name}
        )
    return formula


def _told(
    formula: MasterFormulationRecord, part: str, note: str, *, by: Actor, at: datetime
) -> None:
    new = {"part": part, "note": f"{part}: {note}"}
    record_event(event="formula_changed", record=formula, by=by, at=at, new=new)


def _write_lines(formula: MasterFormulationRecord, lines: Sequence[LineDraft]) -> None:
    check_lines(lines)
    FormulaLine.objects.bulk_create(
        FormulaLine(formula=formula, position=position, **vars(line))
        for position, line in enumerate(lines, 1)
    )


def _write_steps(formula: MasterFormulationRecord, steps: Sequence[StepDraft]) -> None:
    check_steps(steps)
    FormulaStep.objects.bulk_create(
        FormulaStep(
            formula=formula,
            position=position,
            **vars(step) | {"protective_equipment": list(step.protective_equipment)},
        )
        for position, step in enumerate(steps, 1)
    )


def _write_checks(formula: MasterFormulationRecord, checks: Sequence[CheckDraft]) -> None:
    check_checks(checks)
    FormulaCheck.objects.bulk_create(
        FormulaCheck(formula=formula, position=position, **vars(check))
        for position, check in enumerate(checks, 1)
    )
