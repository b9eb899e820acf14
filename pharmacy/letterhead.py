"""Who we are, for the head of a page, a paper or a message. The values are settings."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Letterhead:
    """The pharmacy's own particulars, as a patient reads them."""

    name: str
    address: str
    phone: str
    after_hours_phone: str
    email: str
    license_number: str
    logo: str
    """Path below static/, or nothing."""
    site_url: str
    """Without a slash at the end."""


def get_letterhead() -> Letterhead:
    """Return the letterhead from the PHARMACY_... settings."""
    return Letterhead(
        name=settings.PHARMACY_NAME,
        address=settings.PHARMACY_ADDRESS,
        phone=settings.PHARMACY_PHONE,
        after_hours_phone=settings.PHARMACY_AFTER_HOURS_PHONE,
        email=settings.PHARMACY_EMAIL,
        license_number=settings.PHARMACY_LICENSE_NUMBER,
        logo=settings.PHARMACY_LOGO,
        site_url=settings.SITE_URL,
    )


def letterhead(request: HttpRequest) -> dict[str, Letterhead]:
    """Give every page `pharmacy.name`, `pharmacy.phone` and so on."""
    return {"pharmacy": get_letterhead()}
