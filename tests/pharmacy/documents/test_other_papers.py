"""Labels of received lots, formulas as papers, and every stored paper rebuilt byte for byte."""

import hashlib
import io
from datetime import datetime, timedelta
from pathlib import Path

import page as pdf_ua
import pytest
from django.core.management import CommandError, call_command

from pharmacy.batches.models import Deviation, NearMiss
from pharmacy.documents.contexts.formula import formula_context
from pharmacy.documents.contexts.record import record_context
from pharmacy.documents.models import Document, DocumentFile, DocumentKind
from pharmacy.documents.rendering import render_pdf
from pharmacy.documents.tasks import render, render_run
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.inventory.lot_codes import lot_from_scan
from pharmacy.inventory.measurements import record_balance_calibration
from pharmacy.inventory.models import IngredientLot
from pharmacy.people.actors import NotYourRole
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.print_labels import print_labels
from pharmacy.workflow.print_papers import (
    WrongNumberOfCopies,
    print_formula,
    print_lot_labels,
)
from tests.factories.job import AT, bench, ready
from tests.factories.papers import page_texts, pictures_of, squeezed, symbols_in
from tests.factories.triggers import without_triggers

__all__ = ["bench"]
pytestmark = pytest.mark.django_db


def bytes_of(document: Document) -> bytes:
    assert render(document_id=document.pk) == "ready"
    return bytes(DocumentFile.objects.get(document=document).pdf)


def test_the_label_of_a_lot_is_read_back_to_the_lot(bench: Bench, tmp_path: Path) -> None:
    lot = IngredientLot.objects.select_related("ingredient", "supplier").earliest("pk")
    labels = bytes_of(print_lot_labels(lot=lot, copies=3, by=bench.technician, at=AT))
    texts = page_texts(labels)
    assert len(texts) == 3
    for said in (lot.ingredient.name, lot.lot_number, str(lot.supplier)):
        assert all(squeezed(said) in squeezed(text) for text in texts)
    for picture in pictures_of(labels, tmp_path):
        (scan,) = symbols_in(picture)
        assert lot_from_scan(scan) == lot


def test_the_label_of_a_lot_with_the_longest_name_is_whole_or_refused(bench: Bench) -> None:
    lot = IngredientLot.objects.select_related("ingredient", "supplier").earliest("pk")
    lot.ingredient.name = "Polyoxyethylene sorbitan monooleate and more of it, " * 3
    label = print_lot_labels(lot=lot, copies=1, by=bench.technician, at=AT)
    (text,) = page_texts(bytes_of(label))
    assert squeezed(lot.ingredient.name) in squeezed(text)
    lot.ingredient.name *= 5
    endless = print_lot_labels(lot=lot, copies=1, by=bench.technician, at=AT)
    assert render(document_id=endless.pk) == "failed"


def test_a_wrong_number_of_labels_is_refused(bench: Bench) -> None:
    lot = IngredientLot.objects.earliest("pk")
    for copies in (0, -1, 51):
        with pytest.raises(WrongNumberOfCopies, match="from 1 to 50"):
            print_lot_labels(lot=lot, copies=copies, by=bench.technician, at=AT)
    with pytest.raises(NotYourRole):
        print_lot_labels(lot=lot, copies=1, by=bench.prescriber, at=AT)


def test_a_formula_is_printed_with_its_eleven_items(bench: Bench) -> None:
    for formula in MasterFormulationRecord.objects.filter(state="approved"):
        document = print_formula(formula=formula, by=bench.technician, at=AT)
        items = document.context["items"]
        assert [each["number"] for each in items] == [str(number) for number in range(1, 12)]
        for item in items:
            table = item["table"]["rows"] if item["table"] else []
            assert item["facts"] or item["texts"] or item["steps"] or table
        assert document.context["status"]["watermark"] == ""


def test_a_formula_that_is_not_approved_says_so_on_every_page(bench: Bench) -> None:
    formula = MasterFormulationRecord.objects.filter(state="approved").earliest("pk")
    approved = print_formula(formula=formula, by=bench.technician, at=AT)
    MasterFormulationRecord.objects.filter(pk=formula.pk).update(state="retired")
    formula.refresh_from_db()
    retired = print_formula(formula=formula, by=bench.technician, at=AT)
    assert retired.corrects == approved
    pdf = bytes_of(retired)
    texts = page_texts(pdf)
    assert texts
    assert all("RETIRED" in text for text in texts)
    report = pdf_ua.validate_pdf_bytes(pdf, profile="ua1")
    assert report.is_compliant, [(each.rule_id, each.message) for each in report.failures]
    assert not any("RETIRED" in text for text in page_texts(bytes_of(approved)))


def test_a_compounding_record_says_what_happened_at_the_bench(bench: Bench) -> None:
    _order, record = ready(bench, key="inspected")
    line = record.lines.earliest("position")
    NearMiss.objects.create(
        line=line,
        wanted="Lot NX-2201",
        scanned="Lot MC-7",
        why="Another lot.",
        at=AT,
        by=record.planned_by,
    )
    Deviation.objects.create(
        record=record,
        what_happened="The hood was off for a minute.",
        what_was_done="Waited until it ran again.",
        at=AT,
        by=record.planned_by,
    )
    context = record_context(record.number)
    said = {each["heading"]: each for each in context["bench"]["tables"]}
    scanned = [row[0] for row in said["Containers scanned"]["rows"]]
    assert line.ingredient.name in scanned
    (miss,) = said["Near misses"]["rows"]
    assert miss[:3] == ["Lot NX-2201", "Lot MC-7", "Another lot."]
    (deviation,) = said["Deviations"]["rows"]
    assert deviation[:3] == [
        "The hood was off for a minute.",
        "Waited until it ran again.",
        "open",
    ]
    assert said["Looked at again before dispensing"]["none"] == "Not yet."
    pdf = render_pdf(DocumentKind.COMPOUNDING_RECORD, context)
    printed = squeezed("".join(page_texts(pdf)))
    for table in context["bench"]["tables"]:
        assert all(squeezed(cell) in printed for row in table["rows"] for cell in row)


def test_a_compounding_record_says_which_balance_and_until_when_it_was_calibrated(
    bench: Bench,
) -> None:
    def calibrate(at: datetime, by: str) -> None:
        due_on = at.date() + timedelta(days=365)
        record_balance_calibration(
            balance=bench.balance, due_on=due_on, done_by=by, by=bench.pharmacist, at=at
        )

    calibrate(AT - timedelta(days=1), "Scale Service")
    _order, record = ready(bench, key="balances")
    calibrate(AT + timedelta(days=30), "Somebody later")
    again = record_context(record.number)
    (row,) = again["balances"]["rows"]
    balance = bench.balance
    assert row[:2] == [balance.name, balance.serial_number]
    assert row[3:] == ["21 November 2027", "Scale Service"]
    pdf = squeezed("".join(page_texts(render_pdf(DocumentKind.COMPOUNDING_RECORD, again))))
    assert squeezed(balance.serial_number) in pdf
    assert squeezed(row[3]) in pdf


def test_a_formula_says_for_how_many_days_it_may_be_used(bench: Bench) -> None:
    formula = MasterFormulationRecord.objects.get(code="ldn-drops", state="approved")
    said = formula_context(formula, on=AT.date())["items"][5]["facts"][0]
    assert said[1].startswith("35 days at most")
    formula.bud_basis, formula.bud_study_days, formula.bud_study_reference = "study", 60, "Fawcett"
    formula.bud_study_same = formula.bud_study_indicating = formula.bud_study_antimicrobial = True
    items = formula_context(formula, on=AT.date())["items"]
    assert items[5]["facts"][0][1].startswith("60 days at most")
    assert ["Study or monograph", "Fawcett"] in items[6]["facts"]


def verified() -> str:
    said = io.StringIO()
    call_command("verify_papers", stdout=said, stderr=said)
    return said.getvalue()


def test_stored_papers_come_out_the_same_and_a_changed_byte_is_told(bench: Bench) -> None:
    order, _record = ready(bench, key="verify")
    lot = IngredientLot.objects.select_related("ingredient", "supplier").earliest("pk")
    document = print_lot_labels(lot=lot, copies=1, by=bench.technician, at=AT)
    bytes_of(document)
    run = print_labels(
        orders=[order], stock="roll-4x2", start_position=1, by=bench.technician, at=AT
    )
    assert render_run(run_id=run.pk) == "ready"
    assert "2 papers looked at, 2 rendered anew, 0 of an older design; none differs." in verified()
    pdf = bytearray(DocumentFile.objects.get(document=document).pdf)
    pdf[100] ^= 1
    with without_triggers("documents_documentfile"), without_triggers("documents_document"):
        DocumentFile.objects.filter(document=document).update(pdf=bytes(pdf))
        told = io.StringIO()
        with pytest.raises(CommandError, match="1 differ"):
            call_command("verify_papers", stdout=told, stderr=told)
        assert f"lot_label {document.pk}: its bytes were changed" in told.getvalue()
        # Whoever changes the sum with the bytes is found out by rendering anew.
        changed = hashlib.sha256(bytes(pdf)).hexdigest()
        Document.objects.filter(pk=document.pk).update(sha256=changed)
        with pytest.raises(CommandError, match="1 differ"):
            call_command("verify_papers", stdout=told, stderr=told)
        assert "rendered anew it comes out differently" in told.getvalue()
