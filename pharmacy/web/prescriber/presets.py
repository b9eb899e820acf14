"""Ready-made plans to begin from. A pharmacist owns them: they are policies, "1.5x14 3x14 4.5x28" in mg and days."""

from dataclasses import dataclass
from datetime import date

from pharmacy.policies.queries import policies_under, text_of

PREFIX = "plan_preset."


@dataclass(frozen=True, slots=True)
class Preset:
    """A plan with a name."""

    key: str
    title: str


def plan_presets(*, on: date) -> list[Preset]:
    """Return the ready-made plans in force."""
    return [
        Preset(key=policy.key.removeprefix(PREFIX), title=policy.title)
        for policy in policies_under(PREFIX, on=on)
    ]


def preset_steps(key: str, *, on: date) -> list[dict[str, str]]:
    """Return the steps of a ready-made plan as they would be typed; none for a key that is not in force."""
    if key not in {preset.key for preset in plan_presets(on=on)}:
        return []
    steps = []
    for step in text_of(f"{PREFIX}{key}", on=on).split():
        dose, _times, days = step.partition("x")
        steps.append({"dose": dose, "days": days})
    return steps
