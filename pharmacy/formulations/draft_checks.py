"""What a draft cannot say at all. What it may lack until it is approved stands in `completeness`."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.formulations.drafts import CheckDraft, FormulaFacts, LineDraft, StepDraft
from pharmacy.formulations.models import LIQUID_FORMS, BudBasis, DosageForm, LineRole

_FILLS_UP = (LineRole.ACTIVE, LineRole.FILLER, LineRole.VEHICLE)


class DraftImpossible(Refusal):
    """The draft says what cannot be. `field` names the column, where there is one."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def check_facts(facts: FormulaFacts, dosage_form: str) -> None:
    """Raise DraftImpossible for strengths, bottles or a made ingredient that do not fit together."""
    if facts.strength_min <= 0 or facts.strength_max < facts.strength_min:
        raise DraftImpossible(_("The highest strength lies below the lowest."), "strength_max")
    if facts.strength_step is not None and facts.strength_step <= 0:
        raise DraftImpossible(_("The step of the strengths is above zero."), "strength_step")
    _check_study(facts)
    if dosage_form in LIQUID_FORMS:
        _check_bottle(facts.package_ml, facts.fill_ml)
    if (dosage_form == DosageForm.TRITURATE) != (facts.makes is not None):
        raise DraftImpossible(
            _("A triturate, and nothing else, says which ingredient it puts on the shelf."), "makes"
        )


def _check_study(facts: FormulaFacts) -> None:
    """Days belong to a study or a monograph, and whatever keeps keeps for a day at least."""
    if facts.bud_study_days is None:
        return
    if facts.bud_basis == BudBasis.CLASS_LIMIT:
        raise DraftImpossible(
            _("Days of a study stand with a study or a monograph as the basis."), "bud_study_days"
        )
    if facts.bud_study_days < 1:
        raise DraftImpossible(_("A study supports one day at least."), "bud_study_days")


def check_lines(lines: Sequence[LineDraft]) -> None:
    """Raise DraftImpossible for an amount that does not fit its role, or a name that stands twice."""
    known: set[str] = set()
    for line in lines:
        told = {"ingredient": line.ingredient, "role": LineRole(line.role).label}
        if line.role in _FILLS_UP and line.amount is not None:
            raise DraftImpossible(
                _("%(ingredient)s as %(role)s has no amount of its own; leave it empty.") % told
            )
        if line.role not in _FILLS_UP and (line.amount is None or line.amount <= 0):
            raise DraftImpossible(_("%(ingredient)s as %(role)s needs an amount.") % told)
        if line.is_alternative:
            if line.role != LineRole.ACTIVE:
                raise DraftImpossible(_("Only an active may be an alternative."))
            continue
        if line.key and line.key in known:
            raise DraftImpossible(
                _("Two ingredients are called “%(key)s” in the steps.") % {"key": line.key}
            )
        known.add(line.key)


def check_steps(steps: Sequence[StepDraft]) -> None:
    """Raise DraftImpossible for an entry of nothing, or a timer that does not run."""
    for number, step in enumerate(steps, 1):
        if step.entry and not step.check_text:
            raise DraftImpossible(
                _("Step %(number)s asks for an entry; say of what.") % {"number": number}
            )
        if step.timer_seconds is not None and step.timer_seconds <= 0:
            raise DraftImpossible(
                _("The timer of step %(number)s does not run.") % {"number": number}
            )


def check_checks(checks: Sequence[CheckDraft]) -> None:
    """Raise DraftImpossible for limits the wrong way round."""
    for check in checks:
        if None not in (check.lowest, check.highest) and check.highest < check.lowest:  # type: ignore[operator]
            raise DraftImpossible(
                _("The highest value of “%(test)s” lies below the lowest.")
                % {"test": check.procedure}
            )


def _check_bottle(package_ml: Decimal | None, fill_ml: Decimal | None) -> None:
    if not package_ml or package_ml <= 0:
        raise DraftImpossible(_("Say what the label of a bottle promises, in mL."), "package_ml")
    if fill_ml is None or fill_ml < package_ml:
        raise DraftImpossible(_("A bottle is filled with at least what its label says."), "fill_ml")
