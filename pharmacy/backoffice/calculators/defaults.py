"""Where a field's figure comes from when nobody types one: the policies, the shelf, the balances."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.formulations.models import Ingredient, IngredientKind, Substance
from pharmacy.inventory.models import Balance, DropperCalibration
from pharmacy.policies.models import PolicyVersion

_ADDRESS = re.compile(r"\s*https?://\S+")


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
            version.value,
            _("Policy: %(figure)s. %(source)s.")
            % {
                "figure": f"{version.value} {version.unit}".strip(),
                "source": _ADDRESS.sub("", version.source).strip().rstrip("."),
            },
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
    said = [(size, wording.millilitres(volume)) for size, volume in volumes.items()]
    on_the_shelf = ", ".join(f"{size} ({volume})" for size, volume in said)
    return Default(
        "\n".join(f"{size}; {volume}" for size, volume in said),
        _("On the shelf: %(sizes)s.") % {"sizes": on_the_shelf},
    )


def shells_to_hand() -> Default | None:
    """Return the capsule sizes on the shelf to look at, none of them chosen."""
    volumes = shell_volumes()
    return None if volumes is None else Default("", volumes.source)


def molecular_weight(name: str) -> Lookup:
    """Return a lookup of a substance's molecular weight."""

    def lookup() -> Default | None:
        found = Substance.objects.filter(name=name, molecular_weight__isnull=False).first()
        if found is None or found.molecular_weight is None:
            return None
        said = {
            "name": found.short_name,
            "weight": wording.number(found.molecular_weight),
            "source": found.molecular_weight_source,
        }
        return Default(
            wording.number(found.molecular_weight), _("%(name)s: %(weight)s. %(source)s.") % said
        )

    return lookup


def balance_figure(name: str) -> Lookup:
    """Return a lookup of a figure (in mg) of a balance that is calibrated."""

    def lookup() -> Default | None:
        today = timezone.localdate()
        balance = Balance.objects.filter(calibration_due_on__gte=today).order_by("name").first()
        value = balance and getattr(balance, name)
        if not value:
            return None
        figure = wording.milligrams(value)
        said = {"balance": balance, "figure": figure}
        return Default(figure, _("%(balance)s: %(figure)s.") % said)

    return lookup


def solubility(label_name: str) -> Lookup:
    """Return a lookup of an ingredient's solubility in water."""

    def lookup() -> Default | None:
        found = Ingredient.objects.filter(
            label_name=label_name, solubility_mg_per_ml__isnull=False
        ).first()
        if found is None or found.solubility_mg_per_ml is None:
            return None
        figure = wording.concentration(found.solubility_mg_per_ml)
        said = {"name": found.name, "figure": figure}
        return Default(figure, _("%(name)s in water: %(figure)s.") % said)

    return lookup


def _calibration() -> DropperCalibration | None:
    found = DropperCalibration.objects.select_related("formula").order_by("-measured_on", "-pk")
    return found.first()


def drops_counted() -> Default | None:
    """Return the drops counted in the latest calibration."""
    found = _calibration()
    return Default(wording.number(found.drops), "") if found else None


def drops_volume() -> Default | None:
    """Return the volume of the drops counted in the latest calibration."""
    found = _calibration()
    if found is None:
        return None
    volume = wording.millilitres(found.volume_ml)
    said = {
        "formula": found.formula.name,
        "day": wording.full_day(found.measured_on),
        "drops": wording.number(found.drops),
        "volume": volume,
    }
    source = _("%(formula)s, %(day)s: %(drops)s drops in %(volume)s.") % said
    return Default(volume, source)
