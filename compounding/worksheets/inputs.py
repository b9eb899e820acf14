"""What a worksheet is worked out from. Whatever belongs to a maker, a lot or a pharmacy is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from compounding import given
from compounding.arithmetic import exactly, total
from compounding.drops import DropperCalibration
from compounding.error_budget import BenchTolerances
from compounding.potency import Certificate
from compounding.strength import Conversion, check_conversion
from compounding.worksheets.lots import by_substance
from compounding.worksheets.record_json import from_plain, to_plain

_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")
_TEN = Decimal(10)
_NOTHING_KNOWN = BenchTolerances()


class AmountUnit(StrEnum):
    """The unit in which a formula states a component of a liquid."""

    MG = "mg"
    G = "g"
    ML = "mL"


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """Anything that goes into a batch, under the key by which its line is found again."""

    key: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PackedPowder(Component):
    """A powder in a capsule, with the mg of it alone that fill one capsule of this size."""

    pack_stat_mg: Decimal

    def __post_init__(self) -> None:
        given.positive(self.pack_stat_mg, f"The pack statistic of {self.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class CapsuleActive(PackedPowder):
    """An active: mg per capsule of the substance that the strength names, and the lot it comes from."""

    strength_mg: Decimal
    certificate: Certificate
    conversion: Conversion | None = None
    substance: str | None = None

    def __post_init__(self) -> None:
        PackedPowder.__post_init__(self)
        given.positive(self.strength_mg, f"The strength of {self.name}")
        if self.conversion is not None:
            check_conversion(self.conversion, self.certificate)


@dataclass(frozen=True, kw_only=True, slots=True)
class Triturated(Component):
    """A stock triturate that an active is taken from, by its labelled strength (percent w/w).

    Its potency was corrected when it was made and is not corrected again. `error_pct` is how far its
    strength may lie from the label at worst, as its own worksheet says. A conversion leads from the
    substance of the strength to the substance of the triturate's label.
    """

    triturate_pct: Decimal
    conversion: Conversion | None = None
    error_pct: Decimal | None = None
    substance: str | None = None

    def __post_init__(self) -> None:
        given.positive(self.triturate_pct, f"The strength of {self.name}")
        given.share(self.triturate_pct, f"The strength of {self.name}")
        if self.error_pct is not None:
            given.share(self.error_pct, f"The error of {self.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class CapsuleTriturate(Triturated):
    """An active taken as a triturate: mg per capsule of the strength's substance, and how the mixture packs."""

    strength_mg: Decimal
    pack_stat_mg: Decimal

    def __post_init__(self) -> None:
        Triturated.__post_init__(self)
        given.positive(self.strength_mg, f"The strength of {self.name} in each capsule")
        given.positive(self.pack_stat_mg, f"The pack statistic of {self.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class CapsuleExcipient(PackedPowder):
    """A fixed excipient: mg per capsule, as it is."""

    mg_per_capsule: Decimal

    def __post_init__(self) -> None:
        PackedPowder.__post_init__(self)
        given.positive(self.mg_per_capsule, f"The amount of {self.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Filler(PackedPowder):
    """The powder that fills the rest of the capsule, with the pack statistic of its lot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shell(Component):
    """The empty capsule: its size, volume, and the mean weight of the lot's shells."""

    size: str
    volume_ml: Decimal
    mean_shell_mg: Decimal

    def __post_init__(self) -> None:
        given.positive(self.volume_ml, f"The volume of {self.name}")
        given.positive(self.mean_shell_mg, f"The mean weight of {self.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class CapsuleInputs:
    """Everything a batch of capsules is planned from: at least one active or triturate.

    Without a filler the capsule holds the other powders and no more.
    """

    units_wanted: int
    overage_pct: Decimal
    actives: tuple[CapsuleActive, ...]
    filler: Filler | None
    shell: Shell
    cap_assay_at_100: bool
    minimum_weighable_mg: Decimal
    weighing_tolerance_pct: Decimal
    excipients: tuple[CapsuleExcipient, ...] = ()
    weigh_to_mg: Decimal = _TENTH
    triturates: tuple[CapsuleTriturate, ...] = ()
    bench: BenchTolerances = _NOTHING_KNOWN

    def __post_init__(self) -> None:
        given.count(self.units_wanted, "The number of capsules")
        given.not_negative(self.overage_pct, "The overage")
        given.count(len(self.drugs), "The number of actives")
        check_weighing(self.minimum_weighable_mg, self.weighing_tolerance_pct, self.weigh_to_mg)
        check_keys(*self.powders, *self.fillers, self.shell)

    @property
    def drugs(self) -> tuple[CapsuleActive | CapsuleTriturate, ...]:
        """Every active, as powder or as a triturate."""
        return (*self.actives, *self.triturates)

    @property
    def powders(self) -> tuple[CapsuleActive | CapsuleTriturate | CapsuleExcipient, ...]:
        """Every powder but the filler: the actives, then the fixed excipients."""
        return (*self.drugs, *self.excipients)

    @property
    def fillers(self) -> tuple[Filler, ...]:
        """The filler, if there is one."""
        return () if self.filler is None else (self.filler,)

    def to_json(self) -> dict[str, Any]:
        """Return the inputs as JSON, numbers as strings."""
        return as_json(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the inputs that `to_json` was given."""
        return from_plain(cls, data)


@dataclass(frozen=True, kw_only=True, slots=True)
class LiquidActive(Component):
    """An active of a liquid: mg/mL of the substance that the strength names, and the lot it comes from."""

    strength_mg_per_ml: Decimal
    certificate: Certificate
    substance: str | None = None
    conversion: Conversion | None = None
    solubility_mg_per_ml: Decimal | None = None
    displacement_ml_per_g: Decimal | None = None

    def __post_init__(self) -> None:
        given.positive(self.strength_mg_per_ml, f"The strength of {self.name}")
        _check_liquid(self)
        if self.conversion is not None:
            check_conversion(self.conversion, self.certificate)


@dataclass(frozen=True, kw_only=True, slots=True)
class LiquidTriturate(Triturated):
    """An active taken as a triturate: mg/mL of the strength's substance, and what a gram of the mixture displaces.

    The solubility is that of the drug in it; the diluent comes along, and may not dissolve.
    """

    strength_mg_per_ml: Decimal
    solubility_mg_per_ml: Decimal | None = None
    displacement_ml_per_g: Decimal | None = None

    def __post_init__(self) -> None:
        Triturated.__post_init__(self)
        given.positive(self.strength_mg_per_ml, f"The strength of {self.name} in each mL")
        _check_liquid(self)


def _check_liquid(active: LiquidActive | LiquidTriturate) -> None:
    if active.solubility_mg_per_ml is not None:
        given.positive(active.solubility_mg_per_ml, f"The solubility of {active.name}")
    if active.displacement_ml_per_g is not None:
        given.not_negative(active.displacement_ml_per_g, f"The displacement of {active.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class LiquidExcipient(Component):
    """Another component of a liquid: so much in every 100 mL."""

    amount_per_100_ml: Decimal
    unit: AmountUnit
    displacement_ml_per_g: Decimal | None = None

    def __post_init__(self) -> None:
        given.positive(self.amount_per_100_ml, f"The amount of {self.name}")
        if self.displacement_ml_per_g is not None:
            given.not_negative(self.displacement_ml_per_g, f"The displacement of {self.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Vehicle(Component):
    """What the batch is made up to volume with: water, or an oil in which the active only floats.

    With `suspends` nothing is taken to dissolve. The density turns the estimate into a mass.
    """

    suspends: bool = False
    density_g_per_ml: Decimal | None = None

    def __post_init__(self) -> None:
        if self.density_g_per_ml is not None:
            given.positive(self.density_g_per_ml, f"The density of {self.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Container(Component):
    """The bottle with its dropper."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DropsInputs:
    """Everything a batch of drops is planned from: at least one active or triturate.

    The doses are doses of the first one's substance.
    """

    bottles: int
    label_volume_ml: Decimal
    fill_volume_ml: Decimal
    process_overage_pct: Decimal
    actives: tuple[LiquidActive, ...]
    vehicle: Vehicle
    container: Container
    dropper: DropperCalibration | None
    doses_mg: tuple[Decimal, ...]
    cap_assay_at_100: bool
    minimum_weighable_mg: Decimal
    weighing_tolerance_pct: Decimal
    excipients: tuple[LiquidExcipient, ...] = ()
    weigh_to_mg: Decimal = _TENTH
    measure_to_ml: Decimal = _HUNDREDTH
    drop_error_limit_pct: Decimal = _TEN
    bench: BenchTolerances = _NOTHING_KNOWN
    triturates: tuple[LiquidTriturate, ...] = ()

    def __post_init__(self) -> None:
        given.count(self.bottles, "The number of bottles")
        given.count(len(self.drugs), "The number of actives")
        given.positive(self.measure_to_ml, "The step of the measure")
        given.not_negative(self.drop_error_limit_pct, "The limit of the drop error")
        check_weighing(self.minimum_weighable_mg, self.weighing_tolerance_pct, self.weigh_to_mg)
        check_keys(*self.drugs, *self.excipients, self.vehicle, self.container)
        for dose in self.doses_mg:
            given.positive(dose, "A dose of the drop table")

    @property
    def drugs(self) -> tuple[LiquidActive | LiquidTriturate, ...]:
        """Every active, as powder or as a triturate."""
        return (*self.actives, *self.triturates)

    @property
    def strength_mg_per_ml(self) -> Decimal:
        """The strength of the first active's substance, from however many lots, in mg/mL."""
        return self.strength_of(self.drugs[0])

    @exactly
    def strength_of(self, drug: LiquidActive | LiquidTriturate) -> Decimal:
        """Return the strength of the active's substance, from however many lots, in mg/mL."""
        (lots,) = (group for group in by_substance(self.drugs) if drug in group)
        return total(lot.strength_mg_per_ml for lot in lots)

    def to_json(self) -> dict[str, Any]:
        """Return the inputs as JSON, numbers as strings."""
        return as_json(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the inputs that `to_json` was given."""
        return from_plain(cls, data)


def as_json(record: object) -> dict[str, Any]:
    """Return a record as JSON, numbers as strings."""
    plain: dict[str, Any] = to_plain(record)
    return plain


def check_keys(*components: Component) -> None:
    """Raise `NamedTwice` if two components have one key."""
    given.no_repeats((component.key for component in components), "The component")


def check_weighing(minimum_mg: Decimal, tolerance_pct: Decimal, step_mg: Decimal) -> None:
    """Raise `OutOfRange` if no balance and no limits can be like this."""
    given.positive(minimum_mg, "The least that the balance may weigh")
    given.positive(tolerance_pct, "The weighing tolerance")
    given.share(tolerance_pct, "The weighing tolerance")
    given.positive(step_mg, "The step of the balance")
