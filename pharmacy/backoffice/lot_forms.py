"""The forms of the shelf: a lot comes in, is measured, counted, discarded, recalled."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from pharmacy.backoffice.amounts import Amount
from pharmacy.backoffice.pages import StaffForm, Words
from pharmacy.formulations.models import Ingredient
from pharmacy.inventory.actions import LotCertificate
from pharmacy.inventory.lot_files import LARGEST
from pharmacy.inventory.models import AssayBasis, Place, Supplier
from pharmacy.workflow.receive_lot import Received


class ReceiveForm(StaffForm):
    """A lot as it comes in, with its certificate."""

    ingredient = forms.ModelChoiceField(
        Ingredient.objects.order_by("name"),
        label=_("Ingredient"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the ingredient")},
    )
    supplier = forms.ModelChoiceField(
        Supplier.objects.order_by("name"),
        label=_("Supplier"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the supplier")},
        help_text=_("New suppliers are added under Records."),
    )
    lot_number = Words(label=_("Lot"), missing=_("Enter the lot"), rows=1)
    quantity = Amount(
        label=_("Quantity"),
        missing=_("Enter the quantity"),
        help_text=_("In the ingredient's unit: mg, mL or pieces. 25 g are 25000 mg."),
    )
    expires = Words(
        label=_("Expires"),
        missing="",
        rows=1,
        required=False,
        help_text=_(
            "2028-03-31, or 2028-03 for the last day of the month. Empty when the package says nothing."
        ),
    )
    certificate_number = Words(
        label=_("Certificate of analysis"), missing="", rows=1, required=False
    )
    certificate_file = forms.FileField(
        label=_("Its file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg"}),
        help_text=_("A PDF or a JPEG photograph, up to 8 MB. After an error, choose it again."),
        error_messages={"empty": _("The file is empty")},
    )
    certificate_form = Words(
        label=_("Form on the certificate"),
        missing="",
        rows=1,
        required=False,
        help_text=_("As written there: hydrochloride, dihydrate, micronized."),
    )
    assay_pct = Amount(label=_("Assay, %"), required=False)
    assay_basis = forms.ChoiceField(
        label=_("The assay is stated"),
        choices=[("", _("no assay")), *AssayBasis.choices],
        required=False,
    )
    water_pct = Amount(label=_("Water, %"), required=False)
    loss_on_drying_pct = Amount(label=_("Loss on drying, %"), required=False)
    solvents_pct = Amount(label=_("Residual solvents, %"), required=False)
    mean_shell_mg = Amount(
        label=_("Mean weight of an empty shell, mg"),
        required=False,
        help_text=_("For capsule shells: weigh some together, and divide."),
    )

    def clean(self) -> dict[str, Any]:
        """Return the values. An assay without its basis, or the other way, is sent back."""
        cleaned = super().clean() or {}
        if cleaned.get("assay_pct") is not None and not cleaned.get("assay_basis"):
            self.add_error("assay_basis", _("Say what the assay is stated on"))
        if (
            cleaned.get("assay_basis")
            and cleaned.get("assay_pct") is None
            and "assay_pct" not in self.errors
        ):
            self.add_error("assay_pct", _("Enter the assay"))
        return cleaned

    def certificate(self) -> LotCertificate | None:
        """Return what the certificate says, or None when there is none."""
        values = self.cleaned_data
        if values["assay_pct"] is None:
            return None
        return LotCertificate(
            certificate_number=values["certificate_number"],
            assay_pct=values["assay_pct"],
            assay_basis=values["assay_basis"],
            water_pct=values["water_pct"],
            loss_on_drying_pct=values["loss_on_drying_pct"],
            solvents_pct=values["solvents_pct"],
            certificate_form=values["certificate_form"] or None,
        )

    def received(self) -> Received:
        """Return what was filled in, with the bytes of the file."""
        values, file = self.cleaned_data, self.cleaned_data["certificate_file"]
        return Received(
            ingredient=values["ingredient"],
            supplier=values["supplier"],
            lot_number=values["lot_number"],
            quantity=values["quantity"],
            expires=values["expires"],
            certificate=self.certificate(),
            mean_shell_mg=values["mean_shell_mg"],
            file_name=file.name if file else "",
            file_content=read_at_most(file) if file else None,
        )


def read_at_most(file: UploadedFile) -> bytes:
    """Return what was uploaded, cut just past what is kept: a file that is too large is refused, not read."""
    return bytes(file.read(LARGEST + 1))


class FileForm(StaffForm):
    """A file that came with a lot."""

    prefix = "file"
    certificate_file = forms.FileField(
        label=_("Certificate of analysis"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg"}),
        help_text=_("A PDF or a JPEG photograph, up to 8 MB."),
        error_messages={"required": _("Choose the file"), "empty": _("The file is empty")},
    )


class MinimumForm(StaffForm):
    """The least of an ingredient that the shelf should hold."""

    prefix = "minimum"
    ingredient = forms.ModelChoiceField(
        Ingredient.objects.order_by("name"),
        label=_("Ingredient"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the ingredient")},
    )
    minimum = forms.DecimalField(
        label=_("Minimum on the shelf"),
        min_value=0,
        max_digits=15,
        decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": _("Enter the minimum")},
        help_text=_("In the ingredient's unit. 0: only its use decides."),
    )


class PackForm(StaffForm):
    """A pack statistic: how much of this lot alone fills one capsule."""

    prefix = "pack"
    capsule_size = forms.ChoiceField(label=_("Capsule size"))
    mg_per_capsule = Amount(label=_("mg that fill one capsule"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sizes = Ingredient.objects.exclude(capsule_size="").values_list("capsule_size", flat=True)
        found = sorted(set(sizes))
        self.fields["capsule_size"].choices = [(size, size) for size in found]  # type: ignore[attr-defined]


class CountForm(StaffForm):
    """What was counted on the shelf, and why it differs."""

    prefix = "count"
    counted = forms.DecimalField(
        label=_("Counted on the shelf"),
        min_value=0,
        max_digits=15,
        decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": _("Enter what was counted")},
    )
    reason = Words(label=_("Why it differs"), missing=_("Write why the stock differs"), rows=1)


class DiscardForm(StaffForm):
    """What is thrown away, and why."""

    prefix = "discard"
    quantity = Amount(label=_("Quantity to discard"))
    reason = Words(label=_("Why"), missing=_("Write why it is discarded"), rows=1)


class RecallForm(StaffForm):
    """Why a lot is recalled."""

    prefix = "recall"
    reason = Words(label=_("Why it is recalled"), missing=_("Write why the lot is recalled"))


class SettleForm(StaffForm):
    """Where stock goes that a recall set aside, how much, and why."""

    prefix = "aside"
    quantity = Amount(label=_("How much"), missing=_("Enter how much"))
    to_place = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[
            (Place.WASTE.value, _("It is destroyed")),
            (Place.SUPPLIER.value, _("It goes back to its supplier")),
        ],
        widget=forms.RadioSelect(attrs={"class": "yes-no"}),
        error_messages={"required": _("Say what becomes of it")},
    )
    reason = Words(label=_("Why, and who took it"), missing=_("Write why, and who took it"))
