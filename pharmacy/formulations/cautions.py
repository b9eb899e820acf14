"""Which ingredients may stand together: an ingredient beside a substance is allowed, wants a reason, or is refused."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from pharmacy.formulations.models import Allowed, FormulaLine, IngredientCaution, Substance


def caution_for(line: FormulaLine, substance: Substance) -> IngredientCaution | None:
    """Return what is known about this line's ingredient beside the substance or a form of it; None means yes."""
    for caution in line.ingredient.cautions.all():
        if caution.substance.is_form_with(substance):
            return caution
    return None


def caution_faults(substance: Substance, lines: Iterable[FormulaLine]) -> Iterator[str]:
    """Return a sentence for each ingredient that may not stand beside the substance, or not without a reason."""
    for line in lines:
        caution = caution_for(line, substance)
        if caution is None or caution.allowed == Allowed.YES:
            continue
        told = {"ingredient": line.ingredient, "substance": substance, "why": caution.reason}
        if caution.allowed == Allowed.NO:
            yield _("%(ingredient)s may not stand beside %(substance)s: %(why)s") % told
        elif not line.caution_reason.strip():
            yield (
                _(
                    "%(ingredient)s beside %(substance)s needs a reason, written with the line: %(why)s"
                )
                % told
            )
