"""Where a field's figure comes from when nobody types one: the policies, the shelf, the balances."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.formulations.models import Ingredient, IngredientKind, Substance
from pharmacy.inventory.models import Balance, DropperCalibration
from pharmacy.policies.models import PolicyVersion


@dataclass(frozen=True)
class Default:
    """What stands in a field at first, and where it comes from."""

    value: str
    source: str


@dataclass(frozen=True)
class Policy:
    """The approved value of a policy."""

    key: str


Lookup = Callable[[], Default | None]
Source = Policy | Lookup


def defaults_from(sources: Mapping[str, Source]) -> dict[str, Default]:
    """Return the figures that the house knows, by field; all policies in one query, the rest in one each."""
    policies = _policies([source.key for source in sources.values() if isinstance(source, Policy)])
    found = {
        name: policies.get(source.key) if isinstance(source, Policy) else source()
        for name, source in sources.items()
    }
    return {name: default for name, default in found.items() if default is not None}


def _policies(keys: list[str]) -> dict[str, Default]:
    if not keys:
        return {}
    in_force = PolicyVersion.objects.filter(
        key__in=keys, approved_at__isnull=False, effective_on__lte=timezone.localdate()
    ).order_by("effective_on", "version")
    return {
        version.key: Default(
            version.value, _("Policy: %(source)s") % {"source": version.source.partition("\n")[0]}
        )
        for version in in_force
    }


def shell_volumes() -> Default | None:
    """Return the capsule sizes on the shelf with their volumes."""
    shells = Ingredient.objects.filter(kind=IngredientKind.SHELL).order_by("capsule_volume_ml")
    volumes = {
        shell.capsule_size: shell.capsule_volume_ml for shell in shells if shell.capsule_volume_ml
    }
    if not volumes:
        return None
    lines = (f"{size}; {wording.millilitres(volume)}" for size, volume in volumes.items())
    return Default("\n".join(lines), _("From the capsule shells on the shelf."))


def molecular_weight(name: str) -> Lookup:
    """Return a lookup of a substance's molecular weight."""

    def lookup() -> Default | None:
        found = Substance.objects.filter(name=name, molecular_weight__isnull=False).first()
        if found is None or found.molecular_weight is None:
            return None
        said = {"name": found.short_name, "source": found.molecular_weight_source}
        return Default(wording.number(found.molecular_weight), _("%(name)s: %(source)s.") % said)

    return lookup


def balance_figure(name: str) -> Lookup:
    """Return a lookup of a figure (in mg) of the balance whose calibration lasts longest."""

    def lookup() -> Default | None:
        today = timezone.localdate()
        balance = Balance.objects.filter(calibration_due_on__gte=today).order_by("name").first()
        value = balance and getattr(balance, name)
        if not value:
            return None
        return Default(wording.milligrams(value), _("Of the %(balance)s.") % {"balance": balance})

    return lookup


def solubility(label_name: str) -> Lookup:
    """Return a lookup of an ingredient's solubility in water."""

    def lookup() -> Default | None:
        found = Ingredient.objects.filter(
            label_name=label_name, solubility_mg_per_ml__isnull=False
        ).first()
        if found is None or found.solubility_mg_per_ml is None:
            return None
        source = _("%(name)s in water, from the shelf.") % {"name": found.name}
        return Default(wording.concentration(found.solubility_mg_per_ml), source)

    return lookup


def _calibration() -> DropperCalibration | None:
    found = DropperCalibration.objects.select_related("formula").order_by("-measured_on", "-pk")
    return found.first()


def drops_counted() -> Default | None:
    """Return the drops counted in the latest calibration."""
    found = _calibration()
    return Default(wording.number(found.drops), _calibrated(found)) if found else None


def drops_volume() -> Default | None:
    """Return the volume of the drops counted in the latest calibration."""
    found = _calibration()
    return Default(wording.millilitres(found.volume_ml), _calibrated(found)) if found else None


def _calibrated(found: DropperCalibration) -> str:
    said = {"formula": found.formula.name, "day": wording.full_day(found.measured_on)}
    return _("Calibrated with %(formula)s on %(day)s.") % said
