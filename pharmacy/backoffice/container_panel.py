"""The vials that an order is handed out in: which lot is offered or was scanned, and what may be said instead."""

from collections.abc import Sequence
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
    """The containers of an order; what was scanned of them, and why the last scan was a wrong one."""

    rows: tuple[ContainerRow, ...]
    scanned: tuple[str, ...]
    wrong_scan: str


def container_panel(
    needed: Sequence[NeededContainer], *, scans: Sequence[str], form: HandOverForm | None = None
) -> ContainerPanel:
    """Return the panel. `scans` is what a scanner typed, the newest last; it may be one of each container."""
    lots, wrong = _scanned(scans, needed)
    shown = form or HandOverForm(needed=needed)
    rows = tuple(_row(each, shown, lots.get(each.ingredient.pk)) for each in needed)
    return ContainerPanel(rows, tuple(scan for _lot, scan in lots.values()), wrong)


def _scanned(
    scans: Sequence[str], needed: Sequence[NeededContainer]
) -> tuple[dict[int, tuple[IngredientLot, str]], str]:
    """Return the lot and the scan of each container that was scanned, by its ingredient's id; and what was wrong."""
    lots: dict[int, tuple[IngredientLot, str]] = {}
    wrong = ""
    for scan in scans[-len(needed) - 1 :] if needed else ():
        try:
            lot = lot_scanned(scan, needed=needed)
        except Refusal as refusal:
            wrong = str(refusal)
        else:
            lots[lot.ingredient_id] = lot, scan
    return lots, wrong


def _row(
    needed: NeededContainer, form: HandOverForm, scanned: tuple[IngredientLot, str] | None
) -> ContainerRow:
    lot = needed.first_with(1) if scanned is None else scanned[0]
    return ContainerRow(
        label=needed.ingredient.label_name,
        lot=lot,
        under="" if lot is None else _under(lot, is_scanned=scanned is not None),
        lot_name=_name("lot", needed),
        quantity=form[_name("quantity", needed)],
        why=form[_name("why", needed)],
    )


def _under(lot: IngredientLot, *, is_scanned: bool) -> str:
    told = {
        "day": wording.full_day(lot.expires_on),
        "there": wording.grouped(quantity_at(lot, Place.SHELF)),
    }
    if is_scanned:
        return _("The one you scanned. It expires on %(day)s; %(there)s on the shelf.") % told
    return _("The first to expire, on %(day)s; %(there)s on the shelf.") % told
