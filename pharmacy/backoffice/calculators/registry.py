"""What a calculator is: its fields, one function, an example; and the families they stand in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.forms import BooleanField, BoundField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from compounding.weighable import NotWeighable
from pharmacy.backoffice.calculators.answers import Answer
from pharmacy.backoffice.calculators.defaults import Default, Source, defaults_from
from pharmacy.backoffice.pages import StaffForm

_LONGEST_CHOICE = 26
"""A longer one does not fit into half the form."""
Given = dict[str, Any]
"""What was typed, read: by the names of the fields."""
Blame = Mapping[type[Refusal], str]
"""Beside which field a refusal stands that is not one field's alone."""


class CalculatorForm(StaffForm):
    """The fields of a calculator. What is not typed comes from the pharmacy's own figures, with their source.

    `headings` are the headings of a long form, each by the field it stands above. Fields that belong `together`
    are all typed or none; of `one_of` exactly one is; of `not_both` one at most. Nothing typed is left out silently.
    """

    headings: ClassVar[Mapping[str, Promise | str]] = {}
    together: ClassVar[tuple[tuple[str, ...], ...]] = ()
    one_of: ClassVar[tuple[tuple[str, str], ...]] = ()
    not_both: ClassVar[tuple[tuple[str, str], ...]] = ()

    def __init__(
        self, data: QueryDict | None = None, *, defaults: Mapping[str, Default] | None = None
    ) -> None:
        self.defaults = dict(defaults or {})
        self.ways_out: list[tuple[str, str]] = []
        super().__init__(self._completed(data) if data else None)
        for name, entry in self.fields.items():
            entry.error_messages["required"] = _("Fill in “%(label)s”.") % {"label": entry.label}
            default = self.defaults.get(name)
            if default is not None:
                entry.initial = default.value
                entry.help_text = " ".join(filter(None, (str(entry.help_text), default.source)))
            self._describe(self[name])

    def clean(self) -> Given:
        """Hold the fields to what belongs together and what excludes the other."""
        cleaned: Given = super().clean() or {}
        if self.errors:
            return cleaned
        for names in self.together:
            empty = [name for name in names if cleaned[name] is None]
            for name in empty if len(empty) < len(names) else ():
                self.add_error(name, _("This belongs to what stands beside it: type all or none."))
        for one, other in self.one_of:
            if cleaned[one] is None and cleaned[other] is None:
                said = {"one": self[one].label, "other": self[other].label}
                self.add_error(one, _("Fill in “%(one)s” or “%(other)s”.") % said)
        for one, other in (*self.one_of, *self.not_both):
            if cleaned.get(one) is not None and cleaned.get(other) is not None:
                said = {"one": self[one].label, "other": self[other].label}
                self.add_error(other, _("“%(one)s” or “%(other)s”, not both.") % said)
        return cleaned

    def _completed(self, data: QueryDict) -> QueryDict:
        """Return the query with the pharmacy's figure for every field that it does not name."""
        completed = data.copy()
        for name, default in self.defaults.items():
            completed.setdefault(name, default.value)
        return completed

    def _describe(self, bound: BoundField) -> None:
        """Tie a field to its hint and to the place where its refusal will stand."""
        parts = [f"{bound.auto_id}_helptext"] if bound.help_text else []
        bound.field.widget.attrs["aria-describedby"] = " ".join([*parts, f"{bound.auto_id}_error"])

    @property
    def sections(self) -> list[tuple[BoundField, Promise | str, bool]]:
        """Every field with the heading that stands above it, and whether it takes the whole width."""
        return [(bound, self.headings.get(bound.name, ""), _is_wide(bound)) for bound in self]

    @property
    def asks_for(self) -> list[BoundField]:
        """The fields without which there is no answer and that are empty."""
        return [bound for bound in self if bound.errors and not bound.data]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was given, as it was given: label and text."""
        said = []
        for bound in self:
            value = bound.value()
            if isinstance(bound.field, BooleanField):
                value = _("yes") if value else _("no")
            choices = dict(getattr(bound.field, "choices", ()))
            if value:
                said.append((str(bound.label), str(choices.get(value, value))))
        return said


def _why(refusal: Refusal) -> str:
    """Why there is no answer; the ways out stand apart, where there is room for them."""
    return refusal.proposal.why if isinstance(refusal, NotWeighable) else str(refusal)


def _ways_out(refusal: Refusal) -> list[tuple[str, str]]:
    """What would help where the balance cannot weigh so little: each way, and the error to expect of it."""
    if not isinstance(refusal, NotWeighable):
        return []
    return [
        (way.words, f"±{wording.percent(way.error.expected_pct)}") for way in refusal.proposal.ways
    ]


def _is_wide(bound: BoundField) -> bool:
    labels = [str(label) for _key, label in getattr(bound.field, "choices", ())]
    longest = max(map(len, labels), default=0)
    return bound.widget_type in ("textarea", "checkbox") or longest > _LONGEST_CHOICE


@dataclass(frozen=True, kw_only=True)
class Calculator:
    """One calculator."""

    key: str
    title: Promise | str
    purpose: Promise | str
    form: type[CalculatorForm]
    work_out: Callable[[Given], Answer]
    example: Mapping[str, str]
    defaults: Mapping[str, Source] = field(default_factory=dict)
    blame: Blame = field(default_factory=dict)

    @property
    def example_query(self) -> str:
        """The example as the query of an address."""
        return urlencode(self.example)

    def form_for(self, data: QueryDict | None) -> CalculatorForm:
        """Return the form, filled with what was typed or else with the pharmacy's own figures."""
        return self.form(data, defaults=defaults_from(self.defaults))

    def answer(self, form: CalculatorForm) -> Answer | None:
        """Return the answer, or None when something is refused: the form then says what and why."""
        if not form.is_valid():
            return None
        try:
            return self.work_out(form.cleaned_data)
        except Refusal as refusal:
            form.ways_out = _ways_out(refusal)
            form.add_error(self._beside(refusal), _why(refusal))
            return None

    def _beside(self, refusal: Refusal) -> str | None:
        return next((name for kind, name in self.blame.items() if isinstance(refusal, kind)), None)


@dataclass(frozen=True, kw_only=True)
class Family:
    """Calculators that belong together on one page."""

    key: str
    title: Promise | str
    calculators: tuple[Calculator, ...]
