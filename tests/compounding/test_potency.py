"""From the certificate to the powder as it is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from compounding.findings import Finding, Severity
from compounding.given import OutOfRange
from compounding.potency import (
    AssayBasis,
    Certificate,
    CertificateImpossible,
    CertificateIncomplete,
    as_is_mg,
    certificate_findings,
    checked_factor,
    dose_from_weighing_mg,
    potency_factor,
    pure_mg,
    theoretical_water_pct,
)
from tests.compounding.refusals import assert_refused


def _certificate(basis: AssayBasis, assay: str = "99.5", **pct: str) -> Certificate:
    figures = {name: Decimal(value) for name, value in pct.items()}
    return Certificate(assay_pct=Decimal(assay), basis=basis, **figures)


_ALL_FIGURES = {"water_pct": "2.1", "lod_pct": "1.5", "solvents_pct": "0.4"}


@pytest.mark.parametrize(
    ("basis", "factor"),
    [
        (AssayBasis.AS_IS, "0.995"),
        (AssayBasis.DRIED, "0.980075"),
        (AssayBasis.ANHYDROUS, "0.974105"),
        (AssayBasis.ANHYDROUS_SOLVENT_FREE, "0.970125"),
    ],
)
def test_each_basis_takes_away_its_own_figures(basis: AssayBasis, factor: str) -> None:
    certificate = _certificate(basis, **_ALL_FIGURES)
    assert potency_factor(certificate, cap_assay_at_100=False) == Decimal(factor)


def test_an_assay_above_100_counts_as_100_where_the_pharmacy_says_so() -> None:
    high = _certificate(AssayBasis.ANHYDROUS, "101.2", water_pct="4.0")
    assert potency_factor(high, cap_assay_at_100=False) == Decimal("0.97152")
    assert potency_factor(high, cap_assay_at_100=True) == Decimal("0.96")
    low = _certificate(AssayBasis.AS_IS, "99")
    assert potency_factor(low, cap_assay_at_100=True) == Decimal("0.99")


@pytest.mark.parametrize(
    ("basis", "figures", "sentence"),
    [
        (
            AssayBasis.DRIED,
            {"water_pct": "1"},
            "An assay on the dried basis needs the loss on drying, and the certificate does not give it.",
        ),
        (
            AssayBasis.ANHYDROUS,
            {"lod_pct": "1"},
            "An assay on the anhydrous basis needs the water content, and the certificate does not give it.",
        ),
        (
            AssayBasis.ANHYDROUS_SOLVENT_FREE,
            {"water_pct": "1"},
            "An assay on the anhydrous solvent free basis needs the residual solvents, "
            "and the certificate does not give it.",
        ),
    ],
)
def test_a_figure_that_the_basis_needs_must_be_there(
    basis: AssayBasis, figures: dict[str, str], sentence: str
) -> None:
    assert_refused(CertificateIncomplete, sentence, lambda: _certificate(basis, **figures))


def test_a_certificate_must_name_its_basis() -> None:
    unknown: Any = "as_is"
    assert_refused(
        CertificateIncomplete,
        "The certificate does not say on which basis its assay is stated.",
        lambda: _certificate(unknown),
    )


@pytest.mark.parametrize(
    ("basis", "assay", "figures", "kind", "sentence"),
    [
        (AssayBasis.AS_IS, "0", {}, OutOfRange, "The assay must be more than 0, not 0."),
        (
            AssayBasis.AS_IS,
            "120.1",
            {},
            CertificateImpossible,
            "An assay of 120.1% is above 120%; read the certificate again.",
        ),
        (
            AssayBasis.AS_IS,
            "99",
            {"water_pct": "100"},
            OutOfRange,
            "The water content must be below 100%, not 100%.",
        ),
        (
            AssayBasis.AS_IS,
            "99",
            {"lod_pct": "-1"},
            OutOfRange,
            "The loss on drying must not be negative, and -1 is.",
        ),
        (
            AssayBasis.AS_IS,
            "99",
            {"solvents_pct": "-1"},
            OutOfRange,
            "The residual solvents must not be negative, and -1 is.",
        ),
        (
            AssayBasis.ANHYDROUS_SOLVENT_FREE,
            "99",
            {"water_pct": "60", "solvents_pct": "40"},
            CertificateImpossible,
            "Water and solvents of 60% and 40% leave no substance.",
        ),
    ],
)
def test_figures_that_cannot_be_true(
    basis: AssayBasis, assay: str, figures: dict[str, str], kind: type[OutOfRange], sentence: str
) -> None:
    assert_refused(kind, sentence, lambda: _certificate(basis, assay, **figures))


def test_an_assay_of_120_is_still_read() -> None:
    assert potency_factor(_certificate(AssayBasis.AS_IS, "120"), cap_assay_at_100=False) == Decimal(
        "1.2"
    )


def test_powder_and_pure_substance_convert_into_each_other() -> None:
    factor = Decimal("0.987")
    assert str(as_is_mg(Decimal(450), factor)).startswith("455.92705167173")
    assert pure_mg(Decimal("455.9"), Decimal("0.988032")) == Decimal("450.4437888")
    assert_refused(
        OutOfRange,
        "The pure amount must be more than 0, not 0.",
        lambda: as_is_mg(Decimal(0), factor),
    )
    assert_refused(
        OutOfRange,
        "The weighed amount must be more than 0, not 0.",
        lambda: pure_mg(Decimal(0), factor),
    )


def test_the_dose_that_was_really_weighed() -> None:
    dose = dose_from_weighing_mg(Decimal("455.9"), factor=Decimal("0.988032"), units=100)
    assert dose == Decimal("4.504437888")
    assert_refused(
        OutOfRange,
        "The number of units must be at least 1, not 0.",
        lambda: dose_from_weighing_mg(Decimal(1), factor=Decimal(1), units=0),
    )


def test_a_factor_lies_above_0_and_not_above_1_2() -> None:
    assert checked_factor(Decimal("1.2")) == Decimal("1.2")
    assert_refused(
        OutOfRange,
        "The potency factor must be more than 0, not 0.",
        lambda: checked_factor(Decimal(0)),
    )
    assert_refused(
        CertificateImpossible,
        "A potency factor of 1.200001 is too high.",
        lambda: checked_factor(Decimal("1.2000014")),
    )


def test_a_pure_hydrate_holds_so_much_water() -> None:
    pct = theoretical_water_pct(anhydrous_mw=Decimal("377.86"), hydrate_mw=Decimal("413.89"))
    assert str(pct).startswith("8.705211529633")


@pytest.mark.parametrize(
    ("anhydrous", "hydrate", "kind", "sentence"),
    [
        ("0", "1", OutOfRange, "The anhydrous molecular weight must be more than 0, not 0."),
        ("1", "0", OutOfRange, "The hydrate's molecular weight must be more than 0, not 0."),
        (
            "377.86",
            "377.86",
            CertificateImpossible,
            "A hydrate of molecular weight 377.86 cannot be lighter than its anhydrous substance of 377.86.",
        ),
    ],
)
def test_a_hydrate_is_heavier_than_its_substance(
    anhydrous: str, hydrate: str, kind: type[OutOfRange], sentence: str
) -> None:
    assert_refused(
        kind,
        sentence,
        lambda: theoretical_water_pct(anhydrous_mw=Decimal(anhydrous), hydrate_mw=Decimal(hydrate)),
    )


def _findings(assay: str, *, cap: bool = False) -> list[Finding]:
    certificate = _certificate(AssayBasis.AS_IS, assay)
    return certificate_findings("Naltrexone", certificate, cap_assay_at_100=cap)


def test_an_unusual_assay_is_pointed_out() -> None:
    assert _findings("90") == _findings("100") == []
    assert _findings("89.9") == [
        Finding(
            "assay-low",
            Severity.WARNING,
            "The assay of Naltrexone is 89.9%. Check that the certificate was read correctly.",
        )
    ]
    assert _findings("100.1") == [
        Finding(
            "assay-over-100",
            Severity.NOTE,
            "The assay of Naltrexone is 100.1%; it is used as it stands.",
        )
    ]
    assert _findings("100.1", cap=True) == [
        Finding(
            "assay-over-100",
            Severity.NOTE,
            "The assay of Naltrexone is 100.1%; it is counted as 100%.",
        )
    ]
