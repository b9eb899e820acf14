"""Photographs of a batch: kept from the bench, shown to staff, printed on the compounding record."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pharmacy.batches.models import CompoundingRecord, Photo
from pharmacy.documents.contexts.record import record_context
from pharmacy.documents.models import DocumentKind
from pharmacy.documents.rendering import render_pdf
from pharmacy.workflow.demonstration import Bench, plan
from pharmacy.workflow.keep_photo import keep_photo as kept_photo
from tests.factories.job import AT, approved, made
from tests.factories.photos import a_photo

pytestmark = pytest.mark.django_db


def keep_photo(client: Client, record: CompoundingRecord, **changed: object) -> Any:
    sent = SimpleUploadedFile("IMG_0001.JPG", a_photo(), content_type="image/jpeg")
    typed = {"photo-photo": sent, "photo-shows": "The sieve before use", **changed}
    return client.post(reverse("admin:batch_photo", args=[record.pk]), typed)


def test_a_photograph_is_kept_at_the_bench_and_shown_on_the_batch(
    bench: Bench, technician: Client
) -> None:
    record = plan([approved(bench)], bench=bench, at=AT)
    assert (
        'capture="environment"'
        in technician.get(reverse("admin:bench", args=[record.pk])).content.decode()
    )
    answer = keep_photo(technician, record, at_bench="yes")
    assert answer["Location"] == reverse("admin:bench", args=[record.pk])
    kept = Photo.objects.get()
    there = reverse("admin:photo", args=[record.pk, kept.pk])
    page = technician.get(reverse("admin:batch", args=[record.pk])).content.decode()
    assert f'<img src="{there}"' in page
    assert "The sieve before use" in page

    picture = technician.get(there)

    assert (picture["Content-Type"], picture.content) == ("image/jpeg", bytes(kept.image))
    assert "sandbox" in picture["Content-Security-Policy"]
    assert "no-store" in picture["Cache-Control"]
    other = plan([approved(bench, key="other")], bench=bench, at=AT)
    assert technician.get(reverse("admin:photo", args=[other.pk, kept.pk])).status_code == 404


def test_a_refused_photograph_says_why_and_keeps_what_was_typed(
    bench: Bench, technician: Client
) -> None:
    record = plan([approved(bench)], bench=bench, at=AT)
    pdf = SimpleUploadedFile("scan.jpg", b"%PDF-1.7 no picture", content_type="image/jpeg")
    answer = keep_photo(technician, record, **{"photo-photo": pdf})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This file cannot be read as a photograph. Send a JPEG or a PNG." in page
    assert 'value="The sieve before use"' in page
    assert keep_photo(technician, record, **{"photo-shows": " "}).status_code == 422
    assert not Photo.objects.exists()


def test_the_record_prints_it_and_is_rebuilt_byte_for_byte(bench: Bench) -> None:
    _order, record = made(bench)
    kept_photo(record=record, shows="The sieve", content=a_photo(), by=bench.technician, at=AT)
    context = record_context(record.number)
    (picture,) = context["bench"]["pictures"]
    assert picture["shows"].startswith("The sieve. Taylor Nguyen, CPhT, 22 November 2026")

    file = render_pdf(DocumentKind.COMPOUNDING_RECORD, context)

    assert file == render_pdf(DocumentKind.COMPOUNDING_RECORD, json.loads(json.dumps(context)))
    assert file.count(b"/DCTDecode") == 1
