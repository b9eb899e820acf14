"""The working of the check digits (`compounding.identifiers`, `compounding.prescriber_numbers`)."""

from __future__ import annotations

from collections.abc import Sequence

from compounding.identifiers import cas_weighted_sum, check_cas
from compounding.prescriber_numbers import check_dea, check_npi, dea_sum, npi_sum
from compounding.working import WorkingStep
from compounding.workings.figures import number


def cas(cas_number: str) -> tuple[WorkingStep, ...]:
    """Return how a CAS number's last digit follows from the others (`check_cas`)."""
    digits = check_cas(cas_number).replace("-", "")[:-1]
    places = [f"{place} × {digit}" for place, digit in enumerate(reversed(digits), 1)]
    return _last_digit(
        "CAS sum, each digit times its place from the right", places, cas_weighted_sum(cas_number)
    )


def npi(npi_number: str) -> tuple[WorkingStep, ...]:
    """Return how an NPI's tenth digit follows from the others (`check_npi`)."""
    first_nine = check_npi(npi_number)[:9]
    added = [
        str(int(digit) if place % 2 else sum(int(part) for part in str(2 * int(digit))))
        for place, digit in enumerate(first_nine)
    ]
    total = npi_sum(first_nine)
    label = "NPI sum, 24 for 80840, every other digit doubled and its digits added"
    up_to = number(-(-total // 10) * 10)
    return (
        WorkingStep(label, " + ".join(["24", *added]), number(total)),
        WorkingStep("NPI check digit", f"{up_to} − {number(total)}", number(-total % 10)),
    )


def dea(dea_number: str) -> tuple[WorkingStep, ...]:
    """Return how a DEA number's last digit follows from the others (`check_dea`)."""
    six = check_dea(dea_number)[2:8]
    parts = [*six[0::2], f"2 × ({' + '.join(six[1::2])})"]
    return _last_digit("DEA sum", parts, dea_sum(six))


def _last_digit(label: str, parts: Sequence[str], total: int) -> tuple[WorkingStep, ...]:
    tens = number(total // 10)
    name = label.split()[0]
    return (
        WorkingStep(label, " + ".join(parts), number(total)),
        WorkingStep(f"{name} check digit", f"{number(total)} − 10 × {tens}", number(total % 10)),
    )
