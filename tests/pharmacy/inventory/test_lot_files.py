"""Files of lots: only PDF and JPEG by their bytes, kept byte for byte, once."""

import hashlib

import pytest

from pharmacy.inventory.lot_files import (
    LARGEST,
    FileKeptBefore,
    FileNotUnderstood,
    FileTooLarge,
    keep_file,
)
from pharmacy.inventory.models import LotDocument
from tests.factories.lab import NOW, Lab

PDF = b"%PDF-1.7\n1 0 obj"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"


def keep(here: Lab, content: bytes, name: str = "coa.pdf") -> LotDocument:
    return keep_file(
        lot=here.lot("NX-2201"), name=name, content=content, by=here.technician, at=NOW
    )


def test_it_is_kept_byte_for_byte_with_its_digest(here: Lab) -> None:
    kept = LotDocument.objects.get(pk=keep(here, PDF).pk)
    assert bytes(kept.content) == PDF
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (kept.content_type, kept.size, kept.name) == ("application/pdf", len(PDF), "coa.pdf")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("scan.exe", "scan.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ('a"b\r\nX: y.jpeg', "a-b--X- y.jpg"),
        ("...", "certificate.jpg"),
        ("x" * 300, "x" * 100 + ".jpg"),
    ],
)
def test_what_it_is_follows_from_its_bytes(here: Lab, name: str, kept: str) -> None:
    assert keep(here, JPEG, name=name).name == kept


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"MZ\x90", b" %PDF-1.7", b"GIF89a", b"\xff\xd8"]
)
def test_anything_else_is_refused(here: Lab, content: bytes) -> None:
    with pytest.raises(FileNotUnderstood):
        keep(here, content)
    assert not LotDocument.objects.exists()


def test_what_is_too_large_or_there_already_is_refused(here: Lab) -> None:
    with pytest.raises(FileTooLarge):
        keep(here, PDF + bytes(LARGEST))
    keep(here, PDF)
    with pytest.raises(FileKeptBefore):
        keep(here, PDF, name="again.pdf")
