"""A new version begins as a copy, is changed by its author alone, and says what changed, line by line."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pharmacy.formulations.actions import (
    ChangeNeedsAReason,
    CheckDraft,
    DraftIsAnothers,
    DraftThereAlready,
    LineDraft,
    NotADraft,
    StepDraft,
    approve_formula,
    draft_from,
    rewrite_checks,
    rewrite_facts,
    rewrite_lines,
    rewrite_steps,
)
from pharmacy.formulations.changes import Change, changes_between
from pharmacy.formulations.models import (
    LineRole,
    MasterFormulationRecord,
    QualityTest,
    StepEntry,
    StorageCondition,
)
from pharmacy.formulations.queries import missing_items
from tests.factories.lab import NOW, Lab
from tests.pharmacy.formulations.test_approval import CHECKS, draft_of

pytestmark = pytest.mark.django_db


def copied(here: Lab, code: str = "ldn-capsules") -> MasterFormulationRecord:
    return draft_from(
        formula=here.formula(code), reason="A finer sieve", by=here.pharmacist, at=NOW
    )


def lines_of(here: Lab, **changed: str) -> list[LineDraft]:
    """The lines of the test formula, with ingredients and reasons swapped by key."""
    return [
        replace(
            line,
            ingredient=here.ingredient(changed[line.key])
            if line.key in changed
            else line.ingredient,
        )
        for line in draft_of(here).lines
    ]


def test_a_copy_says_the_same_until_it_is_changed(here: Lab) -> None:
    approved = here.formula()
    copy = copied(here)

    assert (copy.version, copy.state, copy.author_id) == (2, "draft", here.pharmacist.user_id)
    assert changes_between(approved, copy) == [
        Change("The record", "Why this version", "", "A finer sieve")
    ]
    assert missing_items(copy) == []
    with pytest.raises(DraftThereAlready, match="Version 2"):
        copied(here)
    with pytest.raises(ChangeNeedsAReason):
        draft_from(formula=here.formula("ldn-drops"), reason=" ", by=here.pharmacist, at=NOW)


def test_what_changed_is_told_line_by_line(here: Lab) -> None:
    approved, copy = here.formula(), copied(here)
    steps = [
        StepDraft(
            text=step.text.replace("60 mesh", "80 mesh"),
            is_critical=step.is_critical,
            timer_seconds=900 if step.timer_seconds else None,
            check_text=step.check_text,
            entry=StepEntry(step.entry),
            hazard=step.hazard,
            protective_equipment=step.protective_equipment,
        )
        for step in copy.steps.order_by("position")
    ]
    rewrite_steps(formula=copy, steps=[*steps[:4], *steps[5:]], by=here.pharmacist, at=NOW)
    copy.overage_pct, copy.equipment = Decimal(5), [*copy.equipment[:2], "80 mesh sieve", "Lamp"]
    copy.save()

    told = [(change.what, change.old, change.new) for change in changes_between(approved, copy)]

    assert [change for change in told if not change[0].startswith(("Step", "Why"))] == [
        ("Overage, %", "3", "5"),
        ("Equipment", "60 mesh sieve", "80 mesh sieve"),
        ("Equipment", "", "Lamp"),
        ("Equipment", "Capsule machine for size 3 with tamper", ""),
        ("Equipment", "Spatula", ""),
        ("Equipment", "Weighing papers", ""),
    ]
    sieve, mix, load = [change for change in told if change[0].startswith("Step")]
    assert sieve[0] == "Step 3"
    assert ("60 mesh" in sieve[1], "80 mesh" in sieve[2]) == (True, True)
    assert ("[timer 600 s]" in mix[1], "[timer 900 s]" in mix[2]) == (True, True)
    assert load == ("Step 5", "Load {shells} into the machine and open them. [wear: gloves]", "")


def test_the_words_that_differ_are_marked() -> None:
    change = Change("Procedure", "Step 1", "Sieve it through 60 mesh.", "Sieve it through 80 mesh.")

    assert [each.text for each in change.old_stretches if each.differs] == ["60"]
    assert "".join(each.text for each in change.new_stretches) == change.new


def test_only_the_author_changes_a_draft_and_nobody_an_approved_version(here: Lab) -> None:
    copy = copied(here)

    with pytest.raises(DraftIsAnothers, match="Maya Okafor"):
        rewrite_checks(formula=copy, checks=CHECKS, by=here.verifier, at=NOW)
    with pytest.raises(DraftIsAnothers):
        rewrite_lines(formula=copy, lines=(), by=here.technician, at=NOW)
    approve_formula(formula=copy, by=here.verifier, at=NOW)
    with pytest.raises(NotADraft, match="is approved and never changes"):
        rewrite_facts(formula=copy, facts=draft_of(here), by=here.pharmacist, at=NOW)


def test_a_draft_is_rewritten_part_by_part(here: Lab) -> None:
    copy = copied(here)
    facts = draft_of(
        here, storage_condition=StorageCondition.REFRIGERATOR, change_reason="Colder", name="Cold"
    )
    ph = CheckDraft(kind=QualityTest.PH, procedure="Measure.", expected="Neutral.")

    rewrite_facts(formula=copy, facts=facts, by=here.pharmacist, at=NOW)
    rewrite_lines(formula=copy, lines=draft_of(here).lines, by=here.pharmacist, at=NOW)
    rewrite_steps(formula=copy, steps=[StepDraft(text="Mix {mcc}.")], by=here.pharmacist, at=NOW)
    rewrite_checks(formula=copy, checks=[*CHECKS, ph], by=here.pharmacist, at=NOW)

    copy.refresh_from_db()
    assert (copy.name, copy.storage_condition, copy.code) == (
        "Cold",
        "refrigerator",
        "ldn-capsules",
    )
    assert copy.lines.count() == 3
    assert missing_items(copy) == ["The pH needs a lowest and a highest value."]


@pytest.mark.parametrize(
    ("filler", "sentence"),
    [
        ("calcium carbonate", "reduce the absorption"),
        ("hypromellose K100M", "releases slowly"),
    ],
)
def test_a_doubtful_filler_needs_a_reason(here: Lab, filler: str, sentence: str) -> None:
    copy = copied(here)
    lines = lines_of(here, mcc=filler)
    rewrite_lines(formula=copy, lines=lines, by=here.pharmacist, at=NOW)

    (missing,) = missing_items(copy)
    assert "needs a reason" in missing
    assert sentence in missing

    with_reason = [
        replace(line, caution_reason="The patient has failed every other filler")
        if line.key == "mcc"
        else line
        for line in lines
    ]
    rewrite_lines(formula=copy, lines=with_reason, by=here.pharmacist, at=NOW)
    assert missing_items(copy) == []


def test_what_is_refused_beside_a_substance_stays_refused(here: Lab) -> None:
    chalk = here.ingredient("calcium carbonate")
    chalk.cautions.update(allowed="no")
    copy = copied(here)
    lines = [
        replace(line, caution_reason="A reason") for line in lines_of(here, mcc="calcium carbonate")
    ]
    rewrite_lines(formula=copy, lines=lines, by=here.pharmacist, at=NOW)

    assert any("may not stand beside" in each for each in missing_items(copy))
    # Beside ketotifen nothing is known against it.
    ketotifen = copied(here, "ketotifen-capsules")
    kept = [
        LineDraft(
            ingredient=here.ingredient("ketotifen fumarate"), role=LineRole.ACTIVE, key="ketotifen"
        ),
        *lines[1:],
    ]
    rewrite_lines(formula=ketotifen, lines=kept, by=here.pharmacist, at=NOW)
    assert missing_items(ketotifen) == []


def test_what_nobody_looked_up_is_not_taken_for_free_of_everything(here: Lab) -> None:
    filler = here.ingredient("microcrystalline cellulose")
    filler.facts_source, filler.contains = "", ["moondust"]
    filler.save()

    missing = " ".join(missing_items(copied(here)))

    assert "Nobody has looked up what Microcrystalline cellulose PH-105, NF contains" in missing
    assert "“moondust”" in missing


def test_a_triturate_tells_what_its_diluent_holds(here: Lab) -> None:
    copy = copied(here, "naltrexone-triturate-1")
    lactose = [
        LineDraft(
            ingredient=here.ingredient("naltrexone hydrochloride"),
            role=LineRole.ACTIVE,
            key="naltrexone",
        ),
        LineDraft(ingredient=here.ingredient("lactose"), role=LineRole.FILLER, key="mcc"),
    ]
    rewrite_lines(formula=copy, lines=lactose, by=here.pharmacist, at=NOW)

    (hidden,) = [each for each in missing_items(copy) if "does not say that it contains" in each]
    assert "animal_origin, lactose, sugar" in hidden
