"""Believable prescribers and patients, from a seeded chance."""

from datetime import date, datetime, timedelta
from random import Random

from compounding.prescriber_numbers import npi_check_digit
from pharmacy.contacts.models import Practice, Prescriber
from pharmacy.intake.models import Patient
from pharmacy.people.models import User

FIRST = [
    "Ada",
    "Ben",
    "Carmen",
    "Dev",
    "Elif",
    "Femi",
    "Grace",
    "Hana",
    "Ines",
    "Jonah",
    "Keiko",
    "Lars",
    "Maria",
    "Nadia",
    "Omar",
    "Priya",
    "Quinn",
    "Rosa",
    "Sven",
    "Tomas",
    "Uma",
    "Vera",
    "Wei",
    "Ximena",
    "Yusuf",
    "Zoe",
]
LAST = [
    "Abara",
    "Becker",
    "Castellanos",
    "Dubois",
    "Eriksen",
    "Fofana",
    "Garcia",
    "Hughes",
    "Ibrahim",
    "Jansen",
    "Kowalczyk",
    "Lindqvist",
    "Moreau",
    "Nguyen",
    "Okafor",
    "Petrov",
    "Quispe",
    "Ruiz",
    "Schmidt",
    "Tran",
    "Ueda",
    "Vasquez",
    "Williams",
    "Xu",
    "Yilmaz",
    "Zhang",
]
TOWNS = (("Portland", "ME", "04101"), ("Concord", "NH", "03301"), ("Burlington", "VT", "05401"))


def make_prescribers(
    count: int, *, verifier: User, at: datetime, chance: Random
) -> list[Prescriber]:
    """Return that many verified prescribers with right check digits; made once, found again afterwards."""
    known = list(Prescriber.objects.filter(verified_how="generated").order_by("id")[:count])
    for number in range(len(known), count):
        nine = f"1{700_000_00 + number:08d}"
        practice = Practice.objects.create(
            name=f"{chance.choice(LAST)} Clinic", phone="+12075550150"
        )
        known.append(
            Prescriber.objects.create(
                npi=f"{nine}{npi_check_digit(nine)}",
                full_name=_name(chance),
                credential="MD",
                practice=practice,
                email=f"clinic{number}@example.org",
                phone=practice.phone,
                verified_at=at,
                verified_by=verifier,
                verified_how="generated",
            )
        )
    return known


def make_patients(count: int, *, at: datetime, chance: Random) -> list[Patient]:
    """Return that many new patients, most of them women around fifty, as those who take this medicine are."""
    return Patient.objects.bulk_create(_patient(at, chance) for _ in range(count))


def _patient(at: datetime, chance: Random) -> Patient:
    age_days = int(min(max(chance.gauss(52, 15), 19), 95) * 365.25)
    city, state, zip_code = chance.choice(TOWNS)
    return Patient(
        full_name=_name(chance),
        date_of_birth=date(at.year, 1, 1) - timedelta(days=age_days),
        email=f"patient{chance.randrange(10**9)}@example.org",
        phone=f"+1207555{chance.randrange(10**4):04d}",
        street=f"{chance.randrange(1, 400)} Pine Street",
        city=city,
        state=state,
        zip_code=zip_code,
        created_at=at,
    )


def _name(chance: Random) -> str:
    last = chance.choice(LAST)
    if chance.random() < 0.1:
        last = f"{last}-{chance.choice(LAST)}"
    return f"{chance.choice(FIRST)} {last}"
