"""Photographs: what a camera sent is written anew as a JPEG of our own, without place, time or make of the camera."""

import io
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from compounding import wording
from compounding.errors import Refusal

_TAKEN = ("JPEG", "PNG")
_HEIC = (b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1")
_JPEG_SCAN, _JPEG_ENDS, _PNG_ENDS = b"\xff\xda", b"\xff\xd9", b"IEND"
_QUALITY = 82
_PRINTED_LONGEST = 640
_PRINTED_QUALITY = 70
_WHITE = (255, 255, 255)


class PhotoNotUnderstood(Refusal):
    """The file is no photograph that can be read."""

    field = "photo"


class PhotoTooLarge(Refusal):
    """The photograph has more bytes, or more points, than are taken in."""

    field = "photo"


@dataclass(frozen=True)
class Picture:
    """A JPEG of our own, with its size in points."""

    jpeg: bytes
    width: int
    height: int


def written_anew(content: bytes) -> Picture:
    """Return what was uploaded as a JPEG of our own, upright, no side longer than the setting allows.

    Nothing but the points of the picture is taken over. How many there are is read before any is unpacked.
    Raises PhotoTooLarge or PhotoNotUnderstood.
    """
    if len(content) > settings.PHOTO_LARGEST_BYTES:
        raise PhotoTooLarge(
            _("The photograph is larger than %(most)s MB. Take it in a lower resolution.")
            % {"most": wording.number(settings.PHOTO_LARGEST_BYTES // 1024 // 1024)}
        )
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise PhotoNotUnderstood(
            _(
                "This is a HEIC photograph, which is not taken. In the phone's camera settings choose "
                "“Most compatible”, or send it as a JPEG."
            )
        )
    try:
        with Image.open(io.BytesIO(content), formats=_TAKEN) as opened:
            _check_points(opened)
            _check_whole(content, opened)
            return _as_jpeg(opened, longest=settings.PHOTO_LONGEST_SIDE, quality=_QUALITY)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as refused:
        raise _too_many_points() from refused
    except (OSError, SyntaxError, ValueError, EOFError) as refused:
        # What Pillow raises when bytes are no picture, end too early, or lie about themselves.
        raise PhotoNotUnderstood(
            _("This file cannot be read as a photograph. Send a JPEG or a PNG.")
        ) from refused


def printed_size(jpeg: bytes) -> bytes:
    """Return a kept photograph as it is printed on paper: the same bytes for the same photograph."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
        return _as_jpeg(opened, longest=_PRINTED_LONGEST, quality=_PRINTED_QUALITY).jpeg


def _check_points(opened: Image.Image) -> None:
    if opened.width * opened.height > settings.PHOTO_MOST_POINTS:
        raise _too_many_points()


def _check_whole(content: bytes, opened: Image.Image) -> None:
    """Pillow fills up what broke off on the way in grey, once the printing of papers has told it to."""
    if opened.format == "JPEG":
        is_whole = content.rfind(_JPEG_ENDS) > content.rfind(_JPEG_SCAN)
    else:
        is_whole = _PNG_ENDS in content
    if not is_whole:
        raise OSError("broken off")


def _too_many_points() -> PhotoTooLarge:
    return PhotoTooLarge(
        _("The photograph has more than %(most)s million points. Take it in a lower resolution.")
        % {"most": wording.number(settings.PHOTO_MOST_POINTS // 1_000_000)}
    )


def _as_jpeg(opened: Image.Image, *, longest: int, quality: int) -> Picture:
    opened.draft("RGB", (longest, longest))
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((longest, longest))
    with_alpha = upright.convert("RGBA")
    # A new picture: comments, profiles and the camera's notes stay behind with the old one.
    plain = Image.new("RGB", with_alpha.size, _WHITE)
    plain.paste(with_alpha, mask=with_alpha.getchannel("A"))
    kept = io.BytesIO()
    plain.save(kept, "JPEG", quality=quality, optimize=True)
    return Picture(kept.getvalue(), plain.width, plain.height)
