"""Photographs as a phone sends them, with what a camera adds."""

import io

from PIL import Image

GREEN, RED = (0, 128, 0), (200, 0, 0)
_ORIENTATION, _MAKE, _GPS = 0x0112, 0x010F, 0x8825
_LATITUDE = {1: "N", 2: (43.0, 39.0, 33.0)}


def a_photo(
    width: int = 400, height: int = 300, *, kind: str = "JPEG", orientation: int = 1
) -> bytes:
    """Return a green picture with a red upper left corner; a JPEG knows its camera and where it stood."""
    picture = Image.new("RGB", (width, height), GREEN)
    picture.paste(RED, (0, 0, width // 2, height // 2))
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    exif[_MAKE] = "A camera"
    exif[_GPS] = _LATITUDE
    kept = io.BytesIO()
    if kind == "JPEG":
        picture.save(kept, kind, exif=exif, comment=b"taken by N. N.")
    else:
        picture.save(kept, kind)
    return kept.getvalue()
