"""Formulas on the staff's pages: read whole, drafted from a copy, edited by their author, approved by another."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pharmacy.batches.actions import plan_record
from pharmacy.batches.models import CompoundingRecord
from pharmacy.formulations.actions import draft_from
from pharmacy.formulations.models import Ingredient, MasterFormulationRecord
from pharmacy.inventory.measurements import record_pack_statistic
from pharmacy.inventory.models import Balance, IngredientLot
from pharmacy.orders.models import Order
from pharmacy.people.actors import Actor
from pharmacy.workflow.demonstration import (
    Bench,
    answer_for,
    approve,
    finish_and_check,
    order_from,
    release,
    weigh,
)
from pharmacy.workflow.seed.answers import answers
from tests.factories.job import AT, form


def post(client: Client, name: str, *args: object, **typed: object) -> HttpResponse:
    return client.post(reverse(f"admin:{name}", args=args), typed)  # type: ignore[return-value]


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def approved(code: str = "ldn-capsules") -> MasterFormulationRecord:
    return MasterFormulationRecord.objects.get(code=code, state="approved")


def a_draft(by: Actor, code: str = "ldn-capsules") -> MasterFormulationRecord:
    """Return a copy of an approved formula as a draft of somebody."""
    return draft_from(formula=approved(code), reason="Another sieve", by=by, at=AT)


def rows_of(client: Client, draft: MasterFormulationRecord, part: str) -> dict[str, Any]:
    """Return what a browser would send back of a page of rows, untouched."""
    rows = client.get(reverse("admin:formula_edit", args=[draft.pk, part])).context["rows"]
    typed: dict[str, Any] = {
        f"row-{name}": rows.management_form[name].value()
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    for each in rows.forms:
        for field in each:
            value = field.value()
            if value is True:
                typed[field.html_name] = "on"
            elif value not in (None, False):
                typed[field.html_name] = value
    return typed


def test_an_inspector_reads_eleven_items_in_their_order(bench: Bench, technician: Client) -> None:
    text = page(technician, "formula", approved().pk)

    places = [text.index(f'<span class="item">{number}</span>') for number in range(1, 12)]
    assert places == sorted(places)
    for said in (
        "0.1 to 10 mg in steps of 0.05 mg",
        "Naltrexone hydrochloride 1% triturate in microcrystalline cellulose",
        "active, alternative",
        "Capsule machine for size 3 with tamper",
        '<span class="quantity">microcrystalline cellulose</span>',
        "timer 10 min",
        "Wear: gloves, hair cover, dust mask.",
        "Limit of the class, USP &lt;795&gt; (2023).",
        "cellulose",
    ):
        assert said in text
    assert "{mcc}" not in text
    assert "6.5 to 7.5" in page(technician, "formula", approved("allopurinol-suspension").pk)


def test_a_pharmacist_approves_what_another_wrote(bench: Bench, pharmacist: Client) -> None:
    draft = a_draft(bench.technician)
    text = page(pharmacist, "formula", draft.pk)
    for said in ("Procedure", "Approve", "draft", "Components", "Another sieve", "what changed"):
        assert said in text
    assert "Edit the draft" not in text
    assert post(pharmacist, "formula_approve", draft.pk).status_code == 302
    states = MasterFormulationRecord.objects.filter(code="ldn-capsules").order_by("version")
    assert list(states.values_list("state", flat=True)) == ["retired", "approved"]
    answer = post(pharmacist, "formula_approve", draft.pk)
    assert answer.status_code == 422


def test_a_draft_says_what_it_lacks(bench: Bench, pharmacist: Client) -> None:
    draft = a_draft(bench.technician)
    draft.steps.all().delete()
    text = page(pharmacist, "formula", draft.pk)
    assert "There is no step of the procedure." in text
    assert reverse("admin:formula_approve", args=[draft.pk]) not in text
    answer = post(pharmacist, "formula_approve", draft.pk)
    assert answer.status_code == 422
    assert "cannot be approved yet" in answer.content.decode()


def test_nobody_approves_their_own_formula(bench: Bench, pharmacist: Client) -> None:
    draft = a_draft(bench.pharmacist)
    assert "Another pharmacist approves what you wrote." in page(pharmacist, "formula", draft.pk)
    answer = post(pharmacist, "formula_approve", draft.pk)
    assert answer.status_code == 422
    assert "another pharmacist has to approve it" in answer.content.decode()


def test_retiring_a_formula_says_why(bench: Bench, pharmacist: Client) -> None:
    formula = approved("ldn-drops")
    assert post(pharmacist, "formula_retire", formula.pk).status_code == 422
    typed = {"retire-reason": "The vehicle is no longer sold"}
    assert post(pharmacist, "formula_retire", formula.pk, **typed).status_code == 302
    assert "retired" in page(pharmacist, "formulas")


def test_a_new_version_is_drafted_edited_and_compared(bench: Bench, technician: Client) -> None:
    before = approved()
    assert post(technician, "formula_draft", before.pk).status_code == 422
    begun = post(technician, "formula_draft", before.pk, **{"draft-reason": "Another sieve"})
    draft = MasterFormulationRecord.objects.get(code="ldn-capsules", state="draft")
    assert begun["Location"] == reverse("admin:formula_edit", args=[draft.pk, "record"])

    steps = rows_of(technician, draft, "steps")
    steps["row-2-text"] = steps["row-2-text"].replace("60 mesh", "80 mesh")
    steps["row-6-DELETE"] = "on"
    steps["row-9-text"] = "Write down the humidity of the room."
    steps["row-9-timer_seconds"] = "2 min"
    steps["row-9-place"] = "1"
    steps["row-0-place"] = "2"
    kept = post(technician, "formula_edit", draft.pk, "steps", **steps)
    assert kept.status_code == 302
    texts = list(draft.steps.order_by("position").values_list("text", "timer_seconds"))
    assert texts[0] == ("Write down the humidity of the room.", 120)
    assert len(texts) == 9
    assert not any("polish" in text for text, _timer in texts)

    said = page(technician, "formula_changes", draft.pk, before.pk)
    assert "What changed from version 1 to 2" in said
    assert "<del>60</del>" in said
    assert "<ins>80</ins>" in said
    assert "Write down the humidity of the room." in said


def test_the_record_of_a_draft_is_rewritten(bench: Bench, technician: Client) -> None:
    draft = a_draft(bench.technician)
    url = reverse("admin:formula_edit", args=[draft.pk, "record"])
    form = technician.get(url).context["form"]
    typed = {field.name: field.value() for field in form if field.value() is not None}

    for wrong, said in (
        ({"strength_max": "0.05"}, "lies below the lowest"),
        ({"strengths_offered": "0.5; one"}, "one"),
        ({"name": ""}, "Fill in “Name”"),
    ):
        answer = technician.post(url, {**typed, **wrong})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    right = {**typed, "equipment": "Balance\n\n 80 mesh sieve ", "strengths_offered": "1.5; 3"}
    assert technician.post(url, right).status_code == 302

    draft.refresh_from_db()
    assert draft.equipment == ["Balance", "80 mesh sieve"]
    assert draft.strengths_offered == ["1.5", "3"]
    assert (draft.overage_pct, draft.bud_class) == (Decimal(3), "nonaqueous_other")


def test_ingredients_and_checks_are_rows_that_say_what_is_wrong(
    bench: Bench, technician: Client
) -> None:
    draft = a_draft(bench.technician)
    chalk = Ingredient.objects.get(label_name="calcium carbonate")
    lines = rows_of(technician, draft, "ingredients")
    wrong = post(
        technician, "formula_edit", draft.pk, "ingredients", **{**lines, "row-1-amount": "5"}
    )
    assert wrong.status_code == 422
    assert "as filler has no amount of its own" in wrong.content.decode()

    lines["row-1-ingredient"] = chalk.pk
    assert post(technician, "formula_edit", draft.pk, "ingredients", **lines).status_code == 302
    text = page(technician, "formula_edit", draft.pk, "ingredients")
    assert "needs a reason, written with the line" in text
    assert draft.lines.count() == 6

    checks = rows_of(technician, draft, "checks")
    checks |= {"row-3-kind": "ph", "row-3-procedure": "Measure.", "row-3-lowest": "5"}
    refused = post(technician, "formula_edit", draft.pk, "checks", **checks)
    assert refused.status_code == 422
    assert "Fill in “Expected result”" in refused.content.decode()
    assert draft.quality_checks.count() == 3


def test_only_its_author_opens_the_editor(bench: Bench, pharmacist: Client) -> None:
    draft = a_draft(bench.technician)
    url = reverse("admin:formula_edit", args=[draft.pk, "steps"])
    for answer in (pharmacist.get(url), pharmacist.post(url, {})):
        assert answer.status_code == 302
        assert answer["Location"] == reverse("admin:formula", args=[draft.pk])
    assert draft.steps.count() == 9


def test_a_draft_can_become_a_formula_of_its_own(bench: Bench, technician: Client) -> None:
    typed = {"draft-reason": "For the other active", "draft-code": "Baclofen Capsules"}
    refused = post(technician, "formula_draft", approved().pk, **typed)
    assert refused.status_code == 422
    typed["draft-code"] = "baclofen-capsules"
    assert post(technician, "formula_draft", approved().pk, **typed).status_code == 302
    new = MasterFormulationRecord.objects.get(code="baclofen-capsules")
    assert (new.version, new.state) == (1, "draft")
    taken = post(technician, "formula_draft", approved().pk, **typed)
    assert "There is a formula “baclofen-capsules” already." in taken.content.decode()


def test_a_triturate_is_planned_from_its_formula(bench: Bench, technician: Client) -> None:
    formula = approved("naltrexone-triturate-1")
    balance = Balance.objects.get(name="Analytical balance A1")
    assert post(technician, "formula_make", formula.pk).status_code == 422
    typed = {"make-grams": "30", "make-balance": balance.pk}
    answer = post(technician, "formula_make", formula.pk, **typed)
    record = CompoundingRecord.objects.get(formula=formula)
    assert answer["Location"] == reverse("admin:batch", args=[record.pk])
    assert record.units_wanted == 30
    assert "Make it" not in page(technician, "formula", approved().pk)


def test_a_small_batch_is_made_by_a_triturate_from_the_shelf(
    bench: Bench, technician: Client
) -> None:
    small = form(key="by-triturate", strength=Decimal("0.5"), steps=((Decimal("0.5"), 10),))
    order = order_from(small, bench=bench, at=AT)
    answer_for(order, answers(), at=AT)
    order = approve(Order.objects.get(pk=order.pk), bench=bench, at=AT)
    typed = {
        "group": "ldn-capsules-0_5",
        "lines": order.lines.get().pk,
        "balance": bench.balance.pk,
        "units": "",
        "active": "",
    }
    refused = technician.post(reverse("admin:to_make"), typed)
    assert refused.status_code == 422
    assert "make a triturate of" in refused.content.decode()
    assert "No triturate is on the shelf." in refused.content.decode()

    lot = triturate_on_shelf(bench)
    assert "naltrexone hydrochloride 1% triturate, 30 g on the shelf" in page(technician, "to_make")
    planned = technician.post(reverse("admin:to_make"), {**typed, "active": lot.ingredient_id})
    record = CompoundingRecord.objects.get(allocations__line__order=order)
    assert planned["Location"] == reverse("admin:batch", args=[record.pk])
    assert record.lines.get(role="active").lot == lot


def triturate_on_shelf(bench: Bench) -> IngredientLot:
    """Make thirty grams of the 1% triturate, release it, and measure how it packs."""
    record = plan_record(
        formula=approved("naltrexone-triturate-1"),
        strength=Decimal(1),
        units=30,
        balance=bench.balance,
        by=bench.technician,
        at=AT,
    )
    weigh(record, bench=bench, at=AT)
    lot = release(finish_and_check(record, bench=bench, at=AT), bench=bench, at=AT)
    found = lot.compounded_lot.lot
    record_pack_statistic(
        lot=found, capsule_size="3", mg_per_capsule=Decimal(152), by=bench.technician, at=AT
    )
    return found


def test_what_an_ingredient_contains_is_ticked(bench: Bench, pharmacist: Client) -> None:
    filler = Ingredient.objects.get(label_name="microcrystalline cellulose")
    url = reverse("admin:formulations_ingredient_change", args=[filler.pk])
    shown = pharmacist.get(url).context["adminform"].form
    typed = {name: shown[name].value() for name in shown.fields if shown[name].value() is not None}

    assert pharmacist.post(url, {**typed, "contains": ["moondust"]}).status_code == 200
    ticked = {**typed, "contains": ["cellulose", "gluten"], "facts_source": "The maker's letter"}
    assert pharmacist.post(url, ticked).status_code == 302

    filler.refresh_from_db()
    assert (filler.contains, filler.facts_source) == (["cellulose", "gluten"], "The maker's letter")
