"""The form in which a batch is planned: by the active's own powder, or by a triturate of it that lies on the shelf."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from pharmacy.backoffice.bench_forms import PlanForm
from pharmacy.batches.alternatives import Alternative
from pharmacy.formulations.models import Ingredient


class PlanByForm(PlanForm):
    """A plan; where the formula allows triturates, with the choice of one that is there."""

    active = forms.ModelChoiceField(
        Ingredient.objects.filter(made_by_formulas__isnull=False).distinct(),
        label=gettext_lazy("Made with"),
        required=False,
        empty_label=gettext_lazy("the powder itself"),
        error_messages={
            "invalid_choice": gettext_lazy("This triturate is no longer there. Look again.")
        },
    )

    def __init__(self, *args: Any, alternatives: Sequence[Alternative] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = [each for each in alternatives if each.on_shelf_mg > 0]
        if not alternatives:
            del self.fields["active"]
            return
        active: Any = self.fields["active"]
        active.choices = [
            ("", active.empty_label),
            *((each.ingredient.pk, _words(each)) for each in there),
        ]
        active.help_text = (
            _("A triturate is for a batch too small to weigh.")
            if there
            else _("No triturate is on the shelf. It is made from its own formula.")
        )


def _words(alternative: Alternative) -> str:
    return _("%(name)s, %(grams)s on the shelf") % {
        "name": alternative.ingredient.label_name,
        "grams": wording.grams(alternative.on_shelf_mg),
    }
