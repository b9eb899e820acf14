"""From the certificate of analysis to the powder as it lies on the balance. Corrected once.

The factor is the share of the powder, as it is, that is the pure substance. Which correction
applies follows from the basis on which the certificate states its assay; an as-is assay already
counts the water, so the water is then left out (standard practice; USP states naltrexone
hydrochloride on the anhydrous, solvent-free basis).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from compounding import given, wording
from compounding.arithmetic import HUNDRED, exactly, total
from compounding.errors import Refusal
from compounding.findings import Finding, Severity

_HIGHEST_ASSAY_PCT = Decimal(120)
_DOUBTFUL_ASSAY_PCT = Decimal(90)


class CertificateIncomplete(Refusal):
    """The certificate does not state what its own assay basis needs."""


class CertificateImpossible(Refusal):
    """The certificate's figures cannot all be true."""


class AssayBasis(StrEnum):
    """Of which powder the assay is a percentage."""

    AS_IS = "as_is"
    DRIED = "dried"
    ANHYDROUS = "anhydrous"
    ANHYDROUS_SOLVENT_FREE = "anhydrous_solvent_free"


_TAKEN_AWAY: dict[AssayBasis, tuple[str, ...]] = {
    AssayBasis.AS_IS: (),
    AssayBasis.DRIED: ("lod_pct",),
    AssayBasis.ANHYDROUS: ("water_pct",),
    AssayBasis.ANHYDROUS_SOLVENT_FREE: ("water_pct", "solvents_pct"),
}
_CALLED = {
    "lod_pct": "loss on drying",
    "water_pct": "water content",
    "solvents_pct": "residual solvents",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """What a lot's certificate of analysis says, each figure in percent of the powder it names."""

    assay_pct: Decimal
    basis: AssayBasis
    water_pct: Decimal | None = None
    lod_pct: Decimal | None = None
    solvents_pct: Decimal | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.basis, AssayBasis):
            raise CertificateIncomplete(
                "The certificate does not say on which basis its assay is stated."
            )
        given.positive(self.assay_pct, "The assay")
        if self.assay_pct > _HIGHEST_ASSAY_PCT:
            raise CertificateImpossible(
                f"An assay of {wording.percent(self.assay_pct)} is above "
                f"{wording.percent(_HIGHEST_ASSAY_PCT)}; read the certificate again."
            )
        for name, words in _CALLED.items():
            value = getattr(self, name)
            if value is not None:
                given.share(value, f"The {words}")
        self.taken_away_pct()

    def taken_away_pct(self) -> tuple[Decimal, ...]:
        """Return what is subtracted for this basis (percent of the powder as it is).

        Raises `CertificateIncomplete` if a figure that the basis needs is missing, and
        `CertificateImpossible` if nothing would be left of the powder.
        """
        taken = tuple(self._needed(name) for name in _TAKEN_AWAY[self.basis])
        if total(taken) >= HUNDRED:
            raise CertificateImpossible(
                f"Water and solvents of {' and '.join(map(wording.percent, taken))} leave no substance."
            )
        return taken

    def _needed(self, name: str) -> Decimal:
        value: Decimal | None = getattr(self, name)
        if value is None:
            raise CertificateIncomplete(
                f"An assay on the {self.basis.replace('_', ' ')} basis needs the {_CALLED[name]}, "
                "and the certificate does not give it."
            )
        return value


@exactly
def potency_factor(certificate: Certificate, *, cap_assay_at_100: bool) -> Decimal:
    """Return the pure share of the powder as it is (a fraction, unrounded).

    Water and solvents are both percentages of the powder as it is, so they add. With the cap, an
    assay above 100 % counts as 100 %: the pharmacy's own policy.
    """
    return (
        counted_assay(certificate, cap_assay_at_100=cap_assay_at_100)
        * dry_share_pct(certificate)
        / 10_000
    )


def counted_assay(certificate: Certificate, *, cap_assay_at_100: bool) -> Decimal:
    """Return the assay that counts, in percent."""
    return min(certificate.assay_pct, HUNDRED) if cap_assay_at_100 else certificate.assay_pct


@exactly
def dry_share_pct(certificate: Certificate) -> Decimal:
    """Return the share of the powder that the assay speaks of, in percent."""
    return HUNDRED - total(certificate.taken_away_pct())


@exactly
def as_is_mg(pure_mg: Decimal, factor: Decimal) -> Decimal:
    """Return the powder to weigh (mg, unrounded) for that much pure substance."""
    return given.positive(pure_mg, "The pure amount") / checked_factor(factor)


@exactly
def pure_mg(weighed_mg: Decimal, factor: Decimal) -> Decimal:
    """Return the pure substance (mg, unrounded) in that much powder as it is."""
    return given.positive(weighed_mg, "The weighed amount") * checked_factor(factor)


@exactly
def dose_from_weighing_mg(weighed_mg: Decimal, *, factor: Decimal, units: int) -> Decimal:
    """Return the dose (mg, unrounded) that the powder actually weighed puts into each unit."""
    return pure_mg(weighed_mg, factor) / given.count(units, "The number of units")


def checked_factor(factor: Decimal) -> Decimal:
    """Return the factor if it can be one: above 0 and not above 1.2. Raises `CertificateImpossible`."""
    if given.positive(factor, "The potency factor") * HUNDRED > _HIGHEST_ASSAY_PCT:
        raise CertificateImpossible(
            f"A potency factor of {wording.rounded(factor, 6)} is too high."
        )
    return factor


@exactly
def theoretical_water_pct(*, anhydrous_mw: Decimal, hydrate_mw: Decimal) -> Decimal:
    """Return the water that a pure hydrate holds (percent of the hydrate, unrounded).

    Raises `CertificateImpossible` if the hydrate is not the heavier.
    """
    given.positive(anhydrous_mw, "The anhydrous molecular weight")
    if given.positive(hydrate_mw, "The hydrate's molecular weight") <= anhydrous_mw:
        raise CertificateImpossible(
            f"A hydrate of molecular weight {wording.number(hydrate_mw)} cannot be lighter than "
            f"its anhydrous substance of {wording.number(anhydrous_mw)}."
        )
    return (hydrate_mw - anhydrous_mw) * HUNDRED / hydrate_mw


def certificate_findings(
    name: str, certificate: Certificate, *, cap_assay_at_100: bool
) -> list[Finding]:
    """Return what a pharmacist should look at in this certificate."""
    shown = wording.percent(certificate.assay_pct)
    if certificate.assay_pct < _DOUBTFUL_ASSAY_PCT:
        text = f"The assay of {name} is {shown}. Check that the certificate was read correctly."
        return [Finding("assay-low", Severity.WARNING, text)]
    if certificate.assay_pct > HUNDRED:
        done = "counted as 100%" if cap_assay_at_100 else "used as it stands"
        return [
            Finding(
                "assay-over-100", Severity.NOTE, f"The assay of {name} is {shown}; it is {done}."
            )
        ]
    return []
