"""Topics of capsules. Each public function answers a topic, unrounded, or refuses."""

from __future__ import annotations

from decimal import Decimal

from compounding import capsules
from compounding.arithmetic import ZERO, exactly
from compounding.potency import as_is_mg
from compounding.vectors.inputs import Answers, VectorInputs, VectorUnreadable, to_number

_ONE = Decimal(1)
_THOUSAND = Decimal(1000)
_PACK_STAT = "_pack_stat_mg"


@exactly
def capsule_filler(inputs: VectorInputs) -> Answers:
    units = _batch_units(inputs)
    each = as_is_mg(inputs.number("dose_mg"), inputs.number_or("potency_factor", _ONE))
    powders = [
        capsules.Powder("the active", each, inputs.number("api_pack_stat_mg")),
        *_other_powders(inputs),
    ]
    filler = capsules.filler_mg(powders, filler_pack_stat_mg=inputs.number("filler_pack_stat_mg"))
    fill = sum((powder.mg for powder in powders), filler)
    return {
        "batch_units": units,
        "fraction_occupied": capsules.fraction_occupied(powders),
        "api_as_is_per_capsule_mg": each,
        "filler_per_capsule_mg": filler,
        "total_api_mg": each * units,
        "total_filler_mg": filler * units,
        "total_powder_mg": fill * units,
        "theoretical_fill_per_capsule_mg": fill,
    }


def _batch_units(inputs: VectorInputs) -> int:
    return capsules.batch_units(
        inputs.whole("units"), overage_pct=inputs.number_or("overage_pct", ZERO)
    )


def _other_powders(inputs: VectorInputs) -> list[capsules.Powder]:
    """Return every other powder: `tracer_dye_mg` goes with `tracer_pack_stat_mg`."""
    stems = [name.removesuffix(_PACK_STAT) for name in inputs if name.endswith(_PACK_STAT)]
    amounts = {stem: _amount_of(inputs, stem) for stem in stems if stem not in ("api", "filler")}
    for name in _amounts(inputs):
        if name not in amounts.values():
            raise VectorUnreadable(f"There is no pack statistic for {name}.")
    return [
        capsules.Powder(stem, inputs.number(amount), inputs.number(stem + _PACK_STAT))
        for stem, amount in amounts.items()
    ]


def _amounts(inputs: VectorInputs) -> list[str]:
    """Return the names of what goes into each capsule besides the dose."""
    return [
        name
        for name in inputs
        if name.endswith("_mg") and not name.endswith(_PACK_STAT) and name != "dose_mg"
    ]


def _amount_of(inputs: VectorInputs, stem: str) -> str:
    names = [name for name in _amounts(inputs) if name.startswith(stem)]
    if not names:
        raise VectorUnreadable(f"There is no amount for {stem}{_PACK_STAT}.")
    return f"{stem}_mg" if f"{stem}_mg" in names else names[0]


@exactly
def capsule_filler_tapped_density(inputs: VectorInputs) -> Answers:
    volume = inputs.number("capsule_volume_ml")
    each = as_is_mg(inputs.number("dose_mg"), inputs.number_or("potency_factor", _ONE))
    api_density = inputs.number("api_tapped_density_g_per_ml")
    api_full = capsules.pack_stat_from_density_mg(tapped_g_per_ml=api_density, volume_ml=volume)
    filler_full = capsules.pack_stat_from_density_mg(
        tapped_g_per_ml=inputs.number("filler_tapped_density_g_per_ml"), volume_ml=volume
    )
    powders = [capsules.Powder("the active", each, api_full)]
    filler = capsules.filler_mg(powders, filler_pack_stat_mg=filler_full)
    api_volume = capsules.fraction_occupied(powders) * volume
    units = _batch_units(inputs)
    return {
        "batch_units": units,
        "api_volume_ml": api_volume,
        "free_volume_ml": volume - api_volume,
        "filler_per_capsule_mg": filler,
        "total_api_g": each * units / _THOUSAND,
        "total_filler_g": filler * units / _THOUSAND,
    }


def capsule_size_selection(inputs: VectorInputs) -> Answers:
    volumes = inputs.raw("capsule_volumes_ml")
    if not isinstance(volumes, dict):
        raise VectorUnreadable(f"capsule_volumes_ml should name sizes: {volumes!r}.")
    choice = capsules.choose_size(
        fill_mg=inputs.number("fill_weight_mg"),
        tapped_g_per_ml=inputs.number("tapped_density_g_per_ml"),
        volumes_ml={size: to_number(volume, size) for size, volume in volumes.items()},
    )
    return {
        "volume_needed_ml": choice.needed_ml,
        "smallest_size": choice.size,
        "utilisation_pct": choice.utilisation_pct,
    }


def capsule_max_dose_for_triturate(inputs: VectorInputs) -> Answers:
    capacity = capsules.capacity_mg(
        volume_ml=inputs.number("capsule_volume_ml"),
        tapped_g_per_ml=inputs.number("triturate_tapped_density_g_per_ml"),
    )
    strength = inputs.number("triturate_strength_pct_w_w")
    largest = capsules.largest_dose_mg(capacity_mg=capacity, strength_pct=strength)
    return {"fill_capacity_mg": capacity, "max_dose_mg": largest}


@exactly
def pack_stat_measurement(inputs: VectorInputs) -> Answers:
    pack_stat = capsules.pack_stat_mg(
        net_powder_mg=inputs.number("net_powder_to_fill_g") * _THOUSAND,
        capsules_filled=inputs.whole("capsules_filled"),
    )
    return {"pack_stat_mg": pack_stat}
