"""Random plans, as they might come from any pharmacy."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from compounding.worksheet import (
    AmountUnit,
    AssayBasis,
    BenchTolerances,
    CapsuleActive,
    CapsuleExcipient,
    CapsuleInputs,
    CapsuleTriturate,
    Certificate,
    Conversion,
    DropperCalibration,
    DropsInputs,
    LiquidActive,
    LiquidExcipient,
    LiquidTriturate,
    TriturateActive,
    TriturateExcipient,
    TriturateInputs,
    TriturateSource,
)
from tests.compounding.examples import FILLER, capsule_inputs, drops_inputs, triturate_inputs

_NO_MINIMUM = Decimal("0.000001")


def amounts(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    """Numbers with that many places."""
    return st.decimals(min_value=Decimal(low), max_value=Decimal(high), places=places)


_STEPS = [Decimal(1).scaleb(-places) for places in range(7)]


def balance_steps(least_mg: Decimal, tolerance_pct: Decimal) -> st.SearchStrategy[Decimal]:
    """Steps of a balance that shows so little within so much; a millionth of a milligram always does."""
    return st.sampled_from(
        [step for step in _STEPS[:-1] if step <= least_mg * tolerance_pct / 100] + _STEPS[-1:]
    )


@st.composite
def certificates(draw: st.DrawFn) -> Certificate:
    """A certificate on any basis."""
    return Certificate(
        assay_pct=draw(amounts("80", "110", 2)),
        basis=draw(st.sampled_from(AssayBasis)),
        water_pct=draw(amounts("0", "12", 2)),
        lod_pct=draw(amounts("0", "12", 2)),
        solvents_pct=draw(amounts("0", "3", 3)),
    )


_CONVERSIONS = st.sampled_from(
    [
        None,
        Conversion(strength_mw=Decimal("341.40"), supplied_mw=Decimal("377.86")),
        Conversion(strength_mw=Decimal("377.86"), supplied_mw=Decimal("341.40")),
    ]
)


_SUBSTANCES = st.sampled_from([None, "Naltrexone", "Ketotifen"])


@st.composite
def benches(draw: st.DrawFn) -> BenchTolerances:
    """A bench of which some things are known."""
    return BenchTolerances(
        balance_mg=draw(st.none() | amounts("0.001", "0.5", 3)),
        measure_ml=draw(st.none() | amounts("0.01", "2", 2)),
        drop_pct=draw(st.none() | amounts("0", "15", 1)),
        fill_pct=draw(st.none() | amounts("0", "10", 1)),
        syringe_ml=draw(st.none() | amounts("0.01", "0.2", 2)),
        triturate_pct=draw(st.none() | amounts("0", "10", 1)),
    )


@st.composite
def _capsule_triturates(draw: st.DrawFn) -> CapsuleTriturate:
    return CapsuleTriturate(
        key="triturate",
        name="Triturate",
        triturate_pct=draw(amounts("0.5", "20", 2)),
        strength_mg=draw(amounts("0.001", "0.1", 3)),
        pack_stat_mg=draw(amounts("100", "300", 1)),
        conversion=draw(_CONVERSIONS),
        error_pct=draw(st.none() | amounts("0", "15", 2)),
        substance=draw(_SUBSTANCES),
    )


@st.composite
def _capsule_actives(draw: st.DrawFn, key: str) -> CapsuleActive:
    return CapsuleActive(
        key=key,
        name=key,
        strength_mg=draw(amounts("0.01", "30", 3)),
        certificate=draw(certificates()),
        pack_stat_mg=draw(amounts("130", "300", 2)),
        conversion=draw(_CONVERSIONS),
        substance=draw(_SUBSTANCES),
    )


@st.composite
def capsule_plans(draw: st.DrawFn) -> CapsuleInputs:
    """A batch of capsules that fits and that the balance can weigh."""
    usual = capsule_inputs()
    count = draw(st.integers(0, 2))
    excipients = tuple(
        CapsuleExcipient(
            key=f"excipient-{number}",
            name=f"Excipient {number}",
            mg_per_capsule=draw(amounts("0.01", "15", 2)),
            pack_stat_mg=draw(amounts("100", "300", 1)),
        )
        for number in range(count)
    )
    names = [f"active-{number}" for number in range(draw(st.integers(1, 2)))]
    actives = tuple(draw(_capsule_actives(key)) for key in names)
    triturates = tuple(draw(st.lists(_capsule_triturates(), max_size=1)))
    units, tolerance = draw(st.integers(1, 1000)), draw(amounts("0.1", "5", 1))
    least = min(
        *(part.strength_mg for part in actives),
        *(stock.strength_mg for stock in triturates),
        *(part.mg_per_capsule for part in excipients),
        Decimal(1),
    )
    return CapsuleInputs(
        units_wanted=units,
        overage_pct=draw(amounts("0", "10", 1)),
        actives=actives,
        excipients=excipients,
        triturates=triturates,
        bench=draw(benches()),
        filler=draw(
            st.none() | amounts("90", "300", 2).map(lambda mg: replace(FILLER, pack_stat_mg=mg))
        ),
        shell=replace(usual.shell, mean_shell_mg=draw(amounts("28", "163", 1))),
        cap_assay_at_100=draw(st.booleans()),
        minimum_weighable_mg=_NO_MINIMUM,
        weighing_tolerance_pct=tolerance,
        weigh_to_mg=draw(balance_steps(least * units, tolerance)),
    )


@st.composite
def droppers(draw: st.DrawFn) -> DropperCalibration:
    """A dropper calibrated either way, giving about 20 to 40 drops to the millilitre."""
    drops = draw(st.integers(20, 100))
    if draw(st.booleans()):
        volume = draw(amounts("0.8", "3", 2))
        return DropperCalibration(drops_counted=drops, volume_ml=volume)
    return DropperCalibration(
        drops_counted=drops,
        mass_g=draw(amounts("0.8", "4", 4)),
        density_g_per_ml=draw(amounts("0.9", "1.3", 4)),
    )


@st.composite
def _liquid_actives(draw: st.DrawFn, key: str) -> LiquidActive:
    return LiquidActive(
        key=key,
        name=key,
        strength_mg_per_ml=draw(amounts("0.1", "10", 2)),
        certificate=draw(certificates()),
        conversion=draw(_CONVERSIONS),
        displacement_ml_per_g=draw(st.none() | amounts("0.3", "1", 2)),
        substance=draw(_SUBSTANCES),
    )


@st.composite
def _liquid_triturates(draw: st.DrawFn) -> LiquidTriturate:
    return LiquidTriturate(
        key="triturate",
        name="Triturate",
        triturate_pct=draw(amounts("5", "20", 2)),
        strength_mg_per_ml=draw(amounts("0.1", "5", 2)),
        conversion=draw(_CONVERSIONS),
        displacement_ml_per_g=draw(st.none() | amounts("0.3", "0.7", 2)),
        error_pct=draw(st.none() | amounts("0", "15", 2)),
        substance=draw(_SUBSTANCES),
    )


@st.composite
def drops_plans(draw: st.DrawFn) -> DropsInputs:
    """A batch of drops whose doses are more than a drop and whose liquids leave room."""
    usual = drops_inputs()
    units = st.sampled_from(AmountUnit)
    excipients = tuple(
        LiquidExcipient(
            key=f"excipient-{number}",
            name=f"Excipient {number}",
            amount_per_100_ml=draw(amounts("0.01", "20", 2)),
            unit=draw(units),
            displacement_ml_per_g=draw(st.none() | amounts("0.3", "1", 2)),
        )
        for number in range(draw(st.integers(0, 3)))
    )
    actives = tuple(
        draw(_liquid_actives(f"active-{one}")) for one in range(draw(st.integers(0, 2)))
    )
    stocks = tuple(draw(st.lists(_liquid_triturates(), min_size=0 if actives else 1, max_size=1)))
    drugs: list[LiquidActive | LiquidTriturate] = [*actives, *stocks]
    named = drugs[0].substance is not None
    strength = sum(
        drug.strength_mg_per_ml
        for drug in drugs
        if drug is drugs[0] or (named and drug.substance == drugs[0].substance)
    )
    doses = draw(st.lists(amounts("0.5", "10", 2), max_size=4))
    bottles, tolerance = draw(st.integers(1, 60)), draw(amounts("0.1", "5", 1))
    least_each_ml = min(
        *(drug.strength_mg_per_ml for drug in drugs),
        *(extra.amount_per_100_ml / 100 for extra in excipients),
        Decimal(1),
    )
    return DropsInputs(
        bottles=bottles,
        label_volume_ml=Decimal(30),
        fill_volume_ml=draw(amounts("30", "32", 1)),
        process_overage_pct=draw(amounts("0", "5", 1)),
        actives=actives,
        triturates=stocks,
        excipients=excipients,
        vehicle=replace(usual.vehicle, density_g_per_ml=draw(st.none() | amounts("0.8", "1.3", 3))),
        bench=draw(benches()),
        container=usual.container,
        dropper=draw(st.none() | droppers()),
        doses_mg=tuple(dose * strength for dose in doses),
        cap_assay_at_100=draw(st.booleans()),
        minimum_weighable_mg=_NO_MINIMUM,
        weighing_tolerance_pct=tolerance,
        weigh_to_mg=draw(balance_steps(least_each_ml * 30 * bottles, tolerance)),
        measure_to_ml=draw(st.sampled_from([Decimal("0.01"), Decimal("0.1"), Decimal("0.5")])),
    )


@st.composite
def triturate_plans(draw: st.DrawFn) -> TriturateInputs:
    """A triturate of one or two actives, perhaps with a stronger triturate and a dye in it."""
    actives = tuple(
        TriturateActive(
            key=f"active-{number}",
            name=f"Active {number}",
            strength_pct=draw(amounts("0.01", "20", 2)),
            certificate=draw(certificates()),
            conversion=draw(_CONVERSIONS),
            substance=draw(_SUBSTANCES),
        )
        for number in range(draw(st.integers(1, 2)))
    )
    stocks = TriturateSource(
        key="stock",
        name="Stock",
        triturate_pct=draw(amounts("5", "20", 1)),
        strength_pct=draw(amounts("0.01", "1", 2)),
        error_pct=draw(st.none() | amounts("0", "15", 2)),
        substance=draw(_SUBSTANCES),
    )
    dye = TriturateExcipient(key="dye", name="Dye", pct=draw(amounts("0.01", "2", 2)))
    whole, tolerance = draw(amounts("100", "200000", 1)), draw(amounts("0.1", "5", 1))
    least_pct = min(*(active.strength_pct for active in actives), stocks.strength_pct, dye.pct)
    return replace(
        triturate_inputs(),
        total_mg=whole,
        overage_pct=draw(amounts("0", "10", 1)),
        actives=actives,
        triturates=draw(st.sampled_from([(), (stocks,)])),
        excipients=draw(st.sampled_from([(), (dye,)])),
        cap_assay_at_100=draw(st.booleans()),
        minimum_weighable_mg=_NO_MINIMUM,
        weighing_tolerance_pct=tolerance,
        weigh_to_mg=draw(balance_steps(whole * least_pct / 100, tolerance)),
        bench=replace(draw(benches()), balance_mg=None),
    )
