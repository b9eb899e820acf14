"""A photograph of a batch is kept: of a step, a check, a container, at any moment of it."""

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.models import CompoundingRecord, Photo
from pharmacy.batches.photos import written_anew
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

_LONGEST_SENTENCE = 200


class PhotoSaysNothing(Refusal):
    """A photograph without a sentence on what it shows."""

    field = "shows"


class PhotoKeptBefore(Refusal):
    """The same photograph is with the batch already."""

    field = "photo"


@writing()
def keep_photo(
    *, record: CompoundingRecord, shows: str, content: bytes, by: Actor, at: datetime
) -> Photo:
    """Return the kept photograph, written anew (see `written_anew`), with the digest of the bytes that are kept.

    Raises PhotoSaysNothing, PhotoTooLarge, PhotoNotUnderstood or PhotoKeptBefore.
    """
    user_id = person_in(Role.of_staff(), by)
    if not shows.strip():
        raise PhotoSaysNothing(_("Write what the photograph shows."))
    picture = written_anew(content)
    digest = hashlib.sha256(picture.jpeg).hexdigest()
    if record.photos.filter(sha256=digest).exists():
        raise PhotoKeptBefore(_("This photograph is with the batch already."))
    kept = Photo.objects.create(
        record=record,
        shows=shows.strip()[:_LONGEST_SENTENCE],
        image=picture.jpeg,
        sha256=digest,
        width=picture.width,
        height=picture.height,
        at=at,
        by_id=user_id,
    )
    new = {"photo": kept.pk, "shows": kept.shows, "sha256": digest}
    record_event(event="batch_photo_kept", record=record, by=by, at=at, new=new)
    return kept
