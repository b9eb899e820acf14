"""The deviations of a batch: what happened, what was decided, and for a pharmacist the form to decide."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from pharmacy.backoffice.bench_forms import CloseForm
from pharmacy.batches.models import CompoundingRecord, Deviation, Disposition
from pharmacy.batches.policies import acceptable_checks
from pharmacy.batches.queries import deviations_of

Sent = tuple[str, forms.Form] | None


@dataclass(frozen=True)
class DeviationRow:
    """One deviation; `form` closes it, where this person may."""

    deviation: Deviation
    form: forms.Form | None


def deviation_rows(
    record: CompoundingRecord, *, may_close: bool, sent: Sent = None
) -> list[DeviationRow]:
    """Return the deviations of a batch, the newest first. Reads a policy when one is open."""
    rows = []
    for deviation in deviations_of(record):
        form = None
        if deviation.closed_at is None and may_close:
            name = close_name(deviation.pk)
            form = sent[1] if sent and sent[0] == name else close_form(deviation)
        rows.append(DeviationRow(deviation, form))
    return rows


def close_name(deviation_id: int) -> str:
    """Return the name under which a refused form is told apart from the others."""
    return f"close-{deviation_id}"


def close_form(deviation: Deviation, data: Any = None) -> CloseForm:
    """Return the form to close a deviation; a failed check that must not be accepted does not offer it."""
    form = CloseForm(data, prefix=close_name(deviation.pk))
    check = deviation.quality_check
    if check is not None and check.kind not in acceptable_checks(on=timezone.localdate()):
        decision = form.fields["disposition"]
        assert isinstance(decision, forms.ChoiceField)
        decision.choices = [
            choice for choice in Disposition.choices if choice[0] != Disposition.ACCEPT
        ]
    return form
