"""The three batches that the tests of the worksheets start from."""

from __future__ import annotations

from decimal import Decimal

from compounding.worksheet import (
    AmountUnit,
    AssayBasis,
    CapsuleActive,
    CapsuleInputs,
    Certificate,
    Container,
    Diluent,
    DropperCalibration,
    DropsInputs,
    Filler,
    LiquidActive,
    LiquidExcipient,
    Shell,
    TriturateActive,
    TriturateInputs,
    Vehicle,
)

FILLER = Filler(key="mcc", name="Microcrystalline cellulose", pack_stat_mg=Decimal(150))


def certificate() -> Certificate:
    """99.6 % on the anhydrous, solvent-free basis, 0.8 % water, no solvents."""
    return Certificate(
        assay_pct=Decimal("99.6"),
        basis=AssayBasis.ANHYDROUS_SOLVENT_FREE,
        water_pct=Decimal("0.8"),
        solvents_pct=Decimal(0),
    )


def capsule_inputs() -> CapsuleInputs:
    """126 capsules of naltrexone hydrochloride 1.5 mg with 3 % overage."""
    return CapsuleInputs(
        units_wanted=126,
        overage_pct=Decimal(3),
        actives=(
            CapsuleActive(
                key="naltrexone",
                name="Naltrexone hydrochloride",
                strength_mg=Decimal("1.5"),
                certificate=certificate(),
                pack_stat_mg=Decimal(200),
            ),
        ),
        filler=FILLER,
        shell=Shell(
            key="shell",
            name="Capsule size 3",
            size="3",
            volume_ml=Decimal("0.30"),
            mean_shell_mg=Decimal(48),
        ),
        cap_assay_at_100=False,
        minimum_weighable_mg=Decimal(120),
        weighing_tolerance_pct=Decimal(2),
    )


def drops_inputs() -> DropsInputs:
    """Six bottles of 30 mL of naltrexone hydrochloride 1 mg/mL, made with a 25-drop dropper."""
    return DropsInputs(
        bottles=6,
        label_volume_ml=Decimal(30),
        fill_volume_ml=Decimal(31),
        process_overage_pct=Decimal(2),
        actives=(
            LiquidActive(
                key="naltrexone",
                name="Naltrexone hydrochloride",
                strength_mg_per_ml=Decimal(1),
                certificate=certificate(),
                solubility_mg_per_ml=Decimal(100),
                displacement_ml_per_g=Decimal("0.7"),
            ),
        ),
        excipients=(
            LiquidExcipient(
                key="ascorbic-acid",
                name="Ascorbic acid",
                amount_per_100_ml=Decimal("0.5"),
                unit=AmountUnit.G,
                displacement_ml_per_g=Decimal("0.6"),
            ),
            LiquidExcipient(
                key="benzoate",
                name="Sodium benzoate",
                amount_per_100_ml=Decimal(100),
                unit=AmountUnit.MG,
            ),
            LiquidExcipient(
                key="glycerin",
                name="Glycerin",
                amount_per_100_ml=Decimal(20),
                unit=AmountUnit.ML,
            ),
        ),
        vehicle=Vehicle(key="water", name="Purified water"),
        container=Container(key="bottle", name="Dropper bottle, amber, 30 mL"),
        dropper=DropperCalibration(
            drops_counted=100, mass_g=Decimal("4.75"), density_g_per_ml=Decimal("1.1875")
        ),
        doses_mg=(Decimal("0.5"), Decimal(1)),
        cap_assay_at_100=False,
        minimum_weighable_mg=Decimal(120),
        weighing_tolerance_pct=Decimal(2),
    )


def triturate_inputs() -> TriturateInputs:
    """10 g of naltrexone hydrochloride 1 % triturate in microcrystalline cellulose."""
    return TriturateInputs(
        total_mg=Decimal(10_000),
        overage_pct=Decimal(0),
        actives=(
            TriturateActive(
                key="naltrexone",
                name="Naltrexone hydrochloride",
                strength_pct=Decimal(1),
                certificate=certificate(),
            ),
        ),
        diluent=Diluent(key="mcc", name="Microcrystalline cellulose"),
        cap_assay_at_100=False,
        minimum_weighable_mg=Decimal(100),
        weighing_tolerance_pct=Decimal(2),
    )
