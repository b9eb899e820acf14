"""What several of the first formulas share: steps, checks, words."""

from pharmacy.formulations.actions import CheckDraft, StepDraft
from pharmacy.formulations.models import QualityTest, StepEntry

GLOVES = ("gloves",)
DUST = ("gloves", "hair cover", "dust mask")
POWDER_HAZARD = "Fine powder: do not raise dust, do not breathe it in."

CLASS_SOURCE = "USP <795> (2023), limits by type of preparation."
ROOM = "At room temperature, 20 °C to 25 °C, dry and away from light"

POWDER_FILLED = (
    "Like the powder-filled capsule in the chapter's table of water activities; "
    "to be confirmed in the pharmacy's own copy"
)


def clean_bench(what: str) -> StepDraft:
    """Return the first step of every procedure."""
    return StepDraft(
        text=f"Check that {what} are clean and dry. Wash the hands for 30 seconds and put on gloves.",
        check_text="Bench, equipment and hands are clean",
        entry=StepEntry.CONFIRM,
        protective_equipment=GLOVES,
    )


def weigh(text: str) -> StepDraft:
    """Return a step in which powders are weighed."""
    return StepDraft(
        text=text,
        is_critical=True,
        check_text="Every amount lies within its limits",
        entry=StepEntry.CONFIRM,
        hazard=POWDER_HAZARD,
        protective_equipment=DUST,
    )


def appearance(expected: str) -> CheckDraft:
    """Return the check of what the preparation looks like, trait by trait."""
    return CheckDraft(
        kind=QualityTest.APPEARANCE,
        procedure="Look at the whole batch against a white and a black ground, trait by trait.",
        expected=expected,
    )


def volume_and_closure(least_ml: str) -> tuple[CheckDraft, ...]:
    """Return the two checks of filled bottles."""
    return (
        CheckDraft(
            kind=QualityTest.VOLUME,
            procedure="Read the volume of each bottle, as many as the policies sample.",
            expected=f"At least {least_ml} mL, the volume on the label.",
        ),
        CheckDraft(
            kind=QualityTest.CLOSURE,
            procedure="Turn each bottle over; close and open the cap.",
            expected="Nothing leaks, the child-resistant cap locks, the dropper or seal is whole.",
        ),
    )
