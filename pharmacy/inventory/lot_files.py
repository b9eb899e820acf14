"""Files that come with a lot: only what is a PDF or a JPEG by its first bytes is kept, byte for byte."""

import hashlib
from datetime import datetime
from pathlib import PurePath

from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.inventory.models import IngredientLot, LotDocument
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

LARGEST = 8 * 1024 * 1024
"""Bytes. A certificate of a few pages, photographed, is well below it."""
_KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg"}
_ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg"}
_LONGEST_NAME = 100


class FileNotUnderstood(Refusal):
    """The file is neither a PDF nor a JPEG."""

    field = "certificate_file"


class FileTooLarge(Refusal):
    """The file is larger than what is kept."""

    field = "certificate_file"


class FileKeptBefore(Refusal):
    """The same file is with the lot already."""

    field = "certificate_file"


@writing()
def keep_file(
    *, lot: IngredientLot, name: str, content: bytes, by: Actor, at: datetime
) -> LotDocument:
    """Return the kept file. What it is follows from its bytes, not from its name.

    Raises FileNotUnderstood, FileTooLarge or FileKeptBefore.
    """
    user_id = person_in(Role.of_staff(), by)
    kind = kind_of(content)
    digest = hashlib.sha256(content).hexdigest()
    if lot.files.filter(sha256=digest).exists():
        raise FileKeptBefore(_("This file is with the lot already."))
    kept = LotDocument.objects.create(
        lot=lot,
        name=f"{_plain(PurePath(name).stem)}{_ENDINGS[kind]}",
        content_type=kind,
        content=content,
        size=len(content),
        sha256=digest,
        at=at,
        by_id=user_id,
    )
    new = {"file": kept.pk, "sha256": digest}
    record_event(event="lot_file_kept", record=lot, by=by, at=at, new=new)
    return kept


def kind_of(content: bytes) -> str:
    """Return "application/pdf" or "image/jpeg", from the first bytes. Raises FileTooLarge or FileNotUnderstood."""
    if len(content) > LARGEST:
        raise FileTooLarge(_("The file is larger than 8 MB. Scan it in a lower resolution."))
    for beginning, kind in _KINDS.items():
        if content.startswith(beginning):
            return kind
    raise FileNotUnderstood(_("The file is neither a PDF nor a JPEG photograph."))


def _plain(name: str) -> str:
    """Return a name that no browser or file system takes for anything else."""
    kept = "".join(sign if sign.isalnum() or sign in "-_ ." else "-" for sign in name)
    return kept.strip(" .-")[:_LONGEST_NAME] or "certificate"
