"""The studies on a prescriber's page: read by a pharmacist, those without an effect beside those with one."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.documents.contexts.parts import Context
from pharmacy.leaflets.models import Study
from pharmacy.leaflets.queries import evidence_for
from pharmacy.orders.models import Prescription

_DIRECTIONS = {
    "positive": gettext_lazy("with an effect"),
    "mixed": gettext_lazy("mixed"),
    "null": gettext_lazy("no effect"),
    "safety": gettext_lazy("safety"),
}


def evidence_context(prescription: Prescription) -> Context | None:
    """Return the table of studies for the condition treated, or None when there is none to show."""
    condition = prescription.condition
    if condition is None:
        return None
    studies = evidence_for(condition, prescription.substance.rule_set)
    if not studies:
        return None
    return {
        "columns": [_("Study"), _("Design"), _("Outcome"), _("What was found")],
        "rows": [_row(study) for study in studies],
    }


def _row(study: Study) -> list[str]:
    return [
        _cited(study),
        _designed(study),
        str(_DIRECTIONS.get(study.direction, _("not stated"))),
        study.finding,
    ]


def _cited(study: Study) -> str:
    """First author and year: "Due Bruun 2024"."""
    first = study.authors.split(",")[0].strip()
    surname = " ".join(part for part in first.split() if not (part.isupper() and len(part) <= 3))
    return f"{surname} {study.year}" if study.year else surname


def _designed(study: Study) -> str:
    """Grade, design, how many people, which dose. A bare number is a dose in milligrams."""
    said = [_("Grade %(grade)s") % {"grade": study.grade}, study.design]
    if study.participants:
        said.append(_("n = %(count)s") % {"count": study.participants})
    if study.dose:
        bare = not study.dose.strip("0123456789.-")
        said.append(
            (_("%(dose)s mg") if bare else _("dose in mg: %(dose)s")) % {"dose": study.dose}
        )
    return ", ".join(part for part in said if part)
