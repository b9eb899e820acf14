"""Lots with their files, what to order, balances cared for, droppers counted: the pages."""

from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pharmacy.formulations.models import Ingredient, MasterFormulationRecord
from pharmacy.inventory.models import (
    BalanceCalibration,
    DropperCalibration,
    IngredientLot,
    LotDocument,
    RepeatabilityTest,
    Supplier,
)
from pharmacy.workflow.demonstration import Bench

PDF = b"%PDF-1.7 certificate"


def post(client: Client, name: str, *args: object, **typed: object) -> HttpResponse:
    return client.post(reverse(f"admin:{name}", args=args), typed)  # type: ignore[return-value]


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def a_receipt(**different: object) -> dict[str, object]:
    return {
        "ingredient": Ingredient.objects.get(label_name="naltrexone hydrochloride").pk,
        "supplier": Supplier.objects.first().pk,  # type: ignore[union-attr]
        "lot_number": "NX-9001",
        "quantity": "25000",
        "expires": "2028-03",
        "certificate_number": "C-1",
        "certificate_form": "hydrochloride dihydrate",
        "assay_pct": "99.2",
        "assay_basis": "as_is",
        **different,
    }


def upload(content: bytes, name: str = "coa.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_lot_comes_in_with_the_file_of_its_certificate(bench: Bench, technician: Client) -> None:
    answer = post(technician, "lot_receive", **a_receipt(certificate_file=upload(PDF)))
    lot = IngredientLot.objects.get(lot_number="NX-9001")
    kept = lot.files.get()
    assert answer["Location"] == reverse("admin:lot", args=[lot.pk])
    assert lot.certificate_form == "hydrochloride dihydrate"
    text = page(technician, "lot", lot.pk)
    assert "hydrochloride dihydrate" in text
    assert reverse("admin:lot_file", args=[lot.pk, kept.pk]) in text
    file = technician.get(reverse("admin:lot_file", args=[lot.pk, kept.pk]))
    assert file.content == PDF
    assert file["Content-Type"] == "application/pdf"
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Disposition"] == 'attachment; filename="coa.pdf"'
    assert "sandbox" in file["Content-Security-Policy"]


def test_a_page_that_calls_itself_a_pdf_is_refused_and_the_lot_too(
    bench: Bench, technician: Client
) -> None:
    evil = upload(b"<script>alert(1)</script>")
    answer = post(technician, "lot_receive", **a_receipt(certificate_file=evil))
    assert answer.status_code == 422
    assert "neither a PDF nor a JPEG" in answer.content.decode()
    assert 'value="C-1"' in answer.content.decode()
    assert not IngredientLot.objects.filter(lot_number="NX-9001").exists()


def test_a_file_is_added_later_and_belongs_to_its_lot(bench: Bench, technician: Client) -> None:
    lot = IngredientLot.objects.get(lot_number="NX-2201")
    typed = {"file-certificate_file": upload(b"\xff\xd8\xff\xe0 scan", "scan.png")}
    assert post(technician, "lot_keep", lot.pk, **typed).status_code == 302
    kept = LotDocument.objects.get()
    assert (kept.name, kept.content_type) == ("scan.jpg", "image/jpeg")
    assert post(technician, "lot_keep", lot.pk).status_code == 422
    other = IngredientLot.objects.get(lot_number="NX-2234")
    url = reverse("admin:lot_file", args=[other.pk, kept.pk])
    assert technician.get(url).status_code == 404


def test_what_to_order_stands_above_the_lots(bench: Bench, technician: Client) -> None:
    assert "To order" not in page(technician, "lots")
    glycerin = Ingredient.objects.get(label_name="glycerin")
    typed = {"minimum-ingredient": glycerin.pk, "minimum-minimum": "1500"}
    assert post(technician, "lot_minimum", **typed).status_code == 302
    text = page(technician, "lots")
    assert "To order" in text
    assert "Below the minimum of 1,500 mL." in text
    answer = post(technician, "lot_minimum", **{**typed, "minimum-minimum": "-1"})
    assert answer.status_code == 422


def test_a_lot_is_stopped_and_says_that_nobody_was_told(bench: Bench, pharmacist: Client) -> None:
    lot = IngredientLot.objects.get(lot_number="NX-2201")
    typed = {"recall-reason": "Glass in it"}
    answer = pharmacist.post(reverse("admin:lot_recall", args=[lot.pk]), typed, follow=True)
    text = answer.content.decode()
    assert "Nobody has been told" in text
    assert "Set aside, recalled" in text
    assert reverse("admin:recall_of_lot", args=[lot.pk]) in text


def test_a_balance_is_calibrated_and_tested(bench: Bench, technician: Client) -> None:
    typed = {
        "calibration-passed": "yes",
        "calibration-done_by": "Scale Service",
        "calibration-due_on": "2027-11-20",
    }
    assert post(technician, "balance_calibrate", bench.balance.pk, **typed).status_code == 302
    assert BalanceCalibration.objects.get().done_by == "Scale Service"
    typed["calibration-due_on"] = "2026-11-22"
    answer = post(technician, "balance_calibrate", bench.balance.pk, **typed)
    assert answer.status_code == 422
    assert "due after today" in answer.content.decode()
    weighed = {
        "repeatability-test_weight_mg": "100",
        "repeatability-readings_mg": "100.0 100.1\n" * 5,
    }
    assert post(technician, "balance_repeat", bench.balance.pk, **weighed).status_code == 302
    assert RepeatabilityTest.objects.get().sd_mg == Decimal("0.052705")
    assert "105.4093 mg" in page(technician, "balance_care", bench.balance.pk)
    weighed["repeatability-readings_mg"] = "100.0 100,1"
    answer = post(technician, "balance_repeat", bench.balance.pk, **weighed)
    assert answer.status_code == 422
    assert "100,1" in answer.content.decode()


def test_drops_are_counted_or_weighed(bench: Bench, technician: Client) -> None:
    typed = {
        "dropper-formula": MasterFormulationRecord.objects.get(code="ldn-drops").pk,
        "dropper-dropper": Ingredient.objects.get(label_name="30 mL dropper bottle").pk,
        "dropper-drops": "100",
        "dropper-mass_mg": "4200",
    }
    assert post(technician, "droppers", **typed).status_code == 422
    assert (
        post(technician, "droppers", **typed, **{"dropper-density_g_per_ml": "1.05"}).status_code
        == 302
    )
    assert DropperCalibration.objects.filter(mass_mg__isnull=False).get().volume_ml == 4
    text = page(technician, "droppers")
    assert "100 drops weighed 4,200 mg, at 1.05 g/mL: 4 mL" in text
