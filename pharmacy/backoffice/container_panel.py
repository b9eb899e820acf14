"""The vials that an order is handed out in: which lot is offered or was scanned, and what may be said instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from compounding.errors import Refusal
from pharmacy.backoffice.amounts import Count
from pharmacy.backoffice.pages import StaffForm, Words
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.inventory.queries import quantity_at
from pharmacy.workflow.take_container import ChosenContainer, NeededContainer, lot_scanned

FORM_ID = "hand-over"
"""The form on the page whose button dispenses; the fields stand apart from it, beside the vial they are about."""


class HandOverForm(StaffForm):
    """What the vials of an order are: the lot that the page showed, how many of it, or why it is of none."""

    scanned = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, needed: Sequence[NeededContainer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed = needed
        for each in needed:
            self.fields[_name("lot", each)] = forms.IntegerField(
                required=False, widget=forms.HiddenInput()
            )
            self.fields[_name("quantity", each)] = Count(
                label=gettext_lazy("How many"), missing="", initial=1, required=False
            )
            self.fields[_name("why", each)] = Words(
                label=gettext_lazy("Why it is of no lot here, and what it is"),
                missing="",
                rows=1,
                required=False,
            )
        for field in self.fields.values():
            field.widget.attrs["form"] = FORM_ID

    def chosen(self) -> list[ChosenContainer]:
        """Return the choice for each container. A reason written down stands before the lot that was shown."""
        return [
            ChosenContainer(
                line_id=each.line.pk,
                ingredient_id=each.ingredient.pk,
                lot_id=self.cleaned_data[_name("lot", each)],
                quantity=self.cleaned_data[_name("quantity", each)] or 1,
                why_no_lot=self.cleaned_data[_name("why", each)],
            )
            for each in self.needed
        ]


def _name(what: str, needed: NeededContainer) -> str:
    return f"{what}_{needed.line.pk}_{needed.ingredient.pk}"


@dataclass(frozen=True)
class ContainerRow:
    """One needed container as the page shows it. `lot_name` is the form's name for the lot that is shown."""

    label: str
    lot: IngredientLot | None
    is_scanned: bool
    under: str
    lot_name: str
    quantity: forms.BoundField
    why: forms.BoundField

    @property
    def is_open(self) -> bool:
        """Say whether the fields beside the lot stand open: there is no lot, or what was typed was refused."""
        typed = self.quantity.value() not in (1, "1", "", None) or bool(self.why.value())
        return self.lot is None or typed or bool(self.quantity.errors)


@dataclass(frozen=True)
class ContainerPanel:
    """The containers of an order; what was scanned, or why that was the wrong one."""

    rows: tuple[ContainerRow, ...]
    scanned: str
    wrong_scan: str


def container_panel(
    needed: Sequence[NeededContainer], *, asked: Mapping[str, Any], form: HandOverForm | None = None
) -> ContainerPanel:
    """Return the panel. `asked` is what the page was asked with: its "scanned" is what a scanner typed."""
    scanned = str(asked.get("scanned", "")).strip()
    lot, wrong = _scan(scanned, needed)
    shown = form or HandOverForm(needed=needed)
    rows = tuple(_row(each, shown, lot) for each in needed)
    return ContainerPanel(rows, scanned if lot is not None else "", wrong)


def _scan(scanned: str, needed: Sequence[NeededContainer]) -> tuple[IngredientLot | None, str]:
    """Return the lot that was scanned and nothing, or None and why it is the wrong one."""
    if not scanned or not needed:
        return None, ""
    try:
        return lot_scanned(scanned, needed=needed), ""
    except Refusal as refusal:
        return None, str(refusal)


def _row(
    needed: NeededContainer, form: HandOverForm, scanned: IngredientLot | None
) -> ContainerRow:
    is_scanned = scanned is not None and scanned.ingredient_id == needed.ingredient.pk
    lot = scanned if is_scanned else needed.first_with(1)
    return ContainerRow(
        label=needed.ingredient.label_name,
        lot=lot,
        is_scanned=is_scanned,
        under="" if lot is None else _under(lot, is_scanned),
        lot_name=_name("lot", needed),
        quantity=form[_name("quantity", needed)],
        why=form[_name("why", needed)],
    )


def _under(lot: IngredientLot, is_scanned: bool) -> str:
    told = {
        "day": wording.full_day(lot.expires_on),
        "there": wording.grouped(quantity_at(lot, Place.SHELF)),
    }
    if is_scanned:
        return _("The one you scanned. It expires on %(day)s; %(there)s on the shelf.") % told
    return _("The first to expire, on %(day)s; %(there)s on the shelf.") % told
