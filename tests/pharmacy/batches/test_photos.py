"""Photographs of a batch: written anew without what a camera adds, small, never edited; what is none is refused."""

import hashlib
import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from pharmacy.audit.queries import events_of
from pharmacy.backoffice.bench_forms import photo_bytes
from pharmacy.batches.models import CompoundingRecord, Photo
from pharmacy.batches.photos import PhotoNotUnderstood, PhotoTooLarge, written_anew
from pharmacy.people.actors import SYSTEM, NotYourRole
from pharmacy.workflow.keep_photo import PhotoKeptBefore, PhotoSaysNothing, keep_photo
from tests.factories.lab import NOW, Lab, plan
from tests.factories.photos import a_photo


@pytest.fixture
def record(here: Lab) -> CompoundingRecord:
    return plan(here)


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


def png_that_claims(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose head says that it is as large as that."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 10)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_it_is_written_anew_without_what_the_camera_added() -> None:
    sent = a_photo()
    assert b"A camera" in sent

    kept = written_anew(sent)

    picture = opened(kept.jpeg)
    assert (picture.format, picture.size, kept.width, kept.height) == ("JPEG", (400, 300), 400, 300)
    assert not picture.getexif()
    assert "comment" not in picture.info
    assert b"A camera" not in kept.jpeg
    assert b"taken by" not in kept.jpeg


def test_a_phone_held_sideways_shows_it_upright() -> None:
    """Orientation 6: the camera was turned to the right, so its upper left corner is the upper right one."""
    kept = written_anew(a_photo(orientation=6))

    assert (kept.width, kept.height) == (300, 400)
    red, green, _blue = opened(kept.jpeg).convert("RGB").getpixel((280, 20))  # type: ignore[misc]
    assert red > 150 > green


def test_no_side_is_longer_than_the_setting(settings: Settings) -> None:
    settings.PHOTO_LONGEST_SIDE = 200
    kept = written_anew(a_photo(900, 300))
    assert (kept.width, kept.height) == (200, 67)
    assert max(written_anew(a_photo(90, 60, kind="PNG")).width, 0) == 90


def test_what_is_see_through_is_white() -> None:
    sent = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(sent, "PNG")
    assert min(opened(written_anew(sent.getvalue()).jpeg).getpixel((10, 10))) > 250  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC photograph"),
        (b"not a photograph", "cannot be read as a photograph"),
        (b"", "cannot be read as a photograph"),
        (a_photo()[:-2000], "cannot be read as a photograph"),
        (a_photo(kind="PNG")[:90], "cannot be read as a photograph"),
        (a_photo(kind="GIF"), "cannot be read as a photograph"),
        (a_photo(kind="TIFF"), "cannot be read as a photograph"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read as a photograph"),
        (b"%PDF-1.7", "cannot be read as a photograph"),
    ],
    ids=range(9),
)
def test_what_is_no_jpeg_and_no_png_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(PhotoNotUnderstood, match=says):
        written_anew(content)


@pytest.mark.parametrize(("width", "height"), [(6400, 6400), (10_000, 10_000), (65_000, 65_000)])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(width: int, height: int) -> None:
    with pytest.raises(PhotoTooLarge, match="more than 40 million points"):
        written_anew(png_that_claims(width, height))


def test_too_many_bytes_are_not_even_read(settings: Settings) -> None:
    settings.PHOTO_LARGEST_BYTES = 1024 * 1024
    read = photo_bytes(SimpleUploadedFile("p.jpg", bytes(2 * 1024 * 1024)))
    assert len(read) == 1024 * 1024 + 1
    with pytest.raises(PhotoTooLarge, match="larger than 1 MB"):
        written_anew(read)


def test_it_is_kept_with_what_it_shows(here: Lab, record: CompoundingRecord) -> None:
    kept = keep_photo(
        record=record, shows=" The sieve ", content=a_photo(), by=here.technician, at=NOW
    )

    row = Photo.objects.get()
    assert (row.shows, row.width, row.height) == ("The sieve", 400, 300)
    assert row.sha256 == hashlib.sha256(bytes(row.image)).hexdigest()
    assert (
        events_of(record).get(event="batch_photo_kept").new
        == {
            "photo": kept.pk,
            "shows": "The sieve",
            "sha256": row.sha256,
        }
        or events_of(record).get(event="batch_photo_kept").new["sha256"] == row.sha256
    )
    with pytest.raises(PhotoKeptBefore):
        keep_photo(record=record, shows="Again", content=a_photo(), by=here.technician, at=NOW)


def test_what_is_refused_leaves_nothing(here: Lab, record: CompoundingRecord) -> None:
    with pytest.raises(PhotoSaysNothing):
        keep_photo(record=record, shows=" ", content=a_photo(), by=here.technician, at=NOW)
    with pytest.raises(PhotoNotUnderstood):
        keep_photo(record=record, shows="X", content=b"x", by=here.technician, at=NOW)
    with pytest.raises(NotYourRole):
        keep_photo(record=record, shows="X", content=a_photo(), by=SYSTEM, at=NOW)
    assert not Photo.objects.exists()
    assert not events_of(record).filter(event="batch_photo_kept").exists()
