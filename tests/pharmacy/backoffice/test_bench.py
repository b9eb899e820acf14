"""The bench: plan, weigh line by line, finish, check, verify with the password, or reject."""

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pharmacy.batches.bench_steps import BenchStep, steps_for
from pharmacy.batches.models import (
    BatchLine,
    CompoundingRecord,
    NearMiss,
    QualityCheck,
    StepDone,
    Weighing,
)
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.orders.models import Order
from pharmacy.workflow.demonstration import Bench, follow, plan, release, ten_capsules, weigh
from pharmacy.workflow.seed.people import DEMO_PASSWORD
from tests.factories.job import AT, approved, made, ready


def post(client: Client, name: str, *args: object, **typed: object) -> HttpResponse:
    return client.post(reverse(f"admin:{name}", args=args), typed)  # type: ignore[return-value]


def batch_page(client: Client, record: CompoundingRecord) -> str:
    return client.get(reverse("admin:batch", args=[record.pk])).content.decode()


def scan(client: Client, record: CompoundingRecord, line: BatchLine) -> HttpResponse:
    return post(
        client,
        "bench_scan",
        record.pk,
        line.pk,
        **{"scan-scanned": lot_symbol_text(line.lot)},
    )


def planned(bench: Bench, kind: str = "capsules") -> CompoundingRecord:
    return plan([approved(bench, kind)], bench=bench, at=AT)


def weighed(bench: Bench, kind: str = "capsules") -> CompoundingRecord:
    record = planned(bench, kind)
    weigh(record, bench=bench, at=AT)
    record.refresh_from_db()
    return record


def followed(bench: Bench, kind: str = "capsules") -> CompoundingRecord:
    record = weighed(bench, kind)
    follow(record, by=bench.technician, at=AT)
    return record


def test_two_orders_of_one_strength_are_one_batch(bench: Bench, technician: Client) -> None:
    orders = [approved(bench, key="one"), approved(bench, key="two")]
    page = technician.get(reverse("admin:to_make")).content.decode()
    assert "Naltrexone hydrochloride capsules, 1.5 mg: 252 capsules" in page
    lines = [str(order.lines.get().pk) for order in orders]
    answer = post(
        technician,
        "to_make",
        group="ldn-capsules-1_5",
        lines=lines,
        balance=bench.balance.pk,
        units="",
    )
    record = CompoundingRecord.objects.get()
    assert answer["Location"] == reverse("admin:batch", args=[record.pk])
    assert record.units_wanted == 252
    assert set(Order.objects.values_list("state", flat=True)) == {"in_compounding"}


def test_nothing_chosen_is_told_at_its_group(bench: Bench, technician: Client) -> None:
    approved(bench)
    answer = post(
        technician, "to_make", group="ldn-capsules-1_5", balance=bench.balance.pk, units="130"
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose at least one order" in page
    assert 'value="130"' in page
    assert not CompoundingRecord.objects.exists()


def test_what_the_workflow_refuses_is_told_with_what_was_typed(
    bench: Bench, technician: Client
) -> None:
    line = approved(bench).lines.get()
    answer = post(
        technician,
        "to_make",
        group="ldn-capsules-1_5",
        lines=[str(line.pk)],
        balance=bench.balance.pk,
        units="5",
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The orders need 126 units; 5 are too few." in page
    assert 'value="5"' in page


def test_the_page_shows_the_worksheet_and_the_next_line(bench: Bench, technician: Client) -> None:
    record = planned(bench)
    page = batch_page(technician, record)
    for said in (
        "Next: naltrexone hydrochloride",
        "197.36 mg",
        "193.42 to 201.3 mg",
        "Every line of working",
        "126 × (100% + 3%)",
        "Two calculators agree on",
        record.worksheet_sha256,
        "0.8% of the capsule",
    ):
        assert said in page, said
    assert "Lowest allowed: naltrexone hydrochloride" in page


def test_one_line_at_a_time(bench: Bench, technician: Client) -> None:
    record = planned(bench)
    first, second, *_rest = record.lines.order_by("position")
    assert scan(technician, record, first).status_code == 302
    answer = post(
        technician,
        "batch_weigh",
        record.pk,
        first.pk,
        **{"weigh-amount": "197.5", "weigh-balance": bench.balance.pk},
    )
    assert answer.status_code == 302
    weighing = Weighing.objects.get()
    assert (str(weighing.amount), weighing.by.username) == ("197.500000", "nguyen")
    page = batch_page(technician, record)
    assert f"Next: {second.ingredient.label_name}" in page
    assert "within its limits" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("100", "is outside"),
        ("", "Enter the amount"),
        ("1,975", "without commas"),
        ("2e2", "without an exponent"),
        ("-5", "must be more than 0"),
        ("0", "must be more than 0"),
        ("abc", "is not a number"),
        ("9" * 40, "no amount needs more than"),
    ],
)
def test_a_weight_that_cannot_be_is_refused_and_kept(
    typed: str, said: str, bench: Bench, technician: Client
) -> None:
    record = planned(bench)
    line = record.lines.order_by("position").first()
    assert line is not None
    scan(technician, record, line)
    answer = post(
        technician,
        "batch_weigh",
        record.pk,
        line.pk,
        **{"weigh-amount": typed, "weigh-balance": bench.balance.pk},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert typed in page
    assert not Weighing.objects.exists()


def bench_screen(client: Client, record: CompoundingRecord, line: BatchLine | None = None) -> str:
    asked = {} if line is None else {"line": line.pk}
    return client.get(reverse("admin:bench", args=[record.pk]), asked).content.decode()


def test_the_wrong_container_stops_the_step_and_is_kept(bench: Bench, technician: Client) -> None:
    record = planned(bench)
    first, second, *_rest = record.lines.select_related("lot").order_by("position")
    assert "Scan the container" in bench_screen(technician, record, first)

    for line, wrong in ((first, second.lot.lot_number), (first, "NX-2234"), (first, "nonsense")):
        answer = post(technician, "bench_scan", record.pk, line.pk, **{"scan-scanned": wrong})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Stop: this step takes naltrexone hydrochloride, lot NX-2201." in page
    assert list(NearMiss.objects.values_list("scanned", flat=True)) == [
        second.lot.lot_number,
        "NX-2234",
        "nonsense",
    ]
    typed = {"weigh-amount": "197.4", "weigh-balance": bench.balance.pk}
    answer = post(technician, "batch_weigh", record.pk, first.pk, **typed)
    assert answer.status_code == 422
    assert not Weighing.objects.exists()

    scan(technician, record, first)
    page = bench_screen(technician, record, first)
    assert "197.36 mg" in page
    assert "Allowed: 193.42 to 201.3 mg" in page
    assert 'data-low="193.42"' in page


def test_steps_follow_one_another_with_what_they_ask_for(bench: Bench, technician: Client) -> None:
    record = planned(bench)
    steps = steps_for(record)
    first = next(step for step in steps if step.lines)
    for step in steps[: steps.index(first)]:
        assert do_step(technician, record, step).status_code == 302
    answer = do_step(technician, record, first)
    assert answer.status_code == 422
    assert "Not weighed yet: " in answer.content.decode()
    late = do_step(technician, record, steps[-1])
    assert late.status_code == 422
    assert f"Step {first.position} comes first." in late.content.decode()

    weigh(record, bench=bench, at=AT)
    for step in steps[steps.index(first) :]:
        if step.entry:
            answer = post(technician, "bench_step", record.pk, step.position)
            assert answer.status_code == 422
        assert do_step(technician, record, step).status_code == 302
    done = list(StepDone.objects.order_by("position"))
    assert [row.text for row in done] == [step.text for step in steps]
    assert done[-1].by.username == "nguyen"
    again = do_step(technician, record, steps[0])
    assert "is done already" in again.content.decode()
    assert "Nothing is left to do at the bench" in bench_screen(technician, record)
    told = technician.get(reverse("admin:batch", args=[record.pk])).content.decode()
    assert told.count("A step was done") == len(steps)
    assert f"step {steps[-1].position}" in told


def do_step(client: Client, record: CompoundingRecord, step: BenchStep) -> HttpResponse:
    typed = {"": {}, "confirm": {"step-entry": "on"}, "number": {"step-entry": "7"}}
    entered = typed.get(step.entry, {"step-entry": "as it should be"})
    return post(client, "bench_step", record.pk, step.position, **entered)


def test_a_line_of_another_batch_is_not_found(bench: Bench, technician: Client) -> None:
    record = planned(bench)
    other = plan([approved(bench, key="other")], bench=bench, at=AT)
    line = other.lines.first()
    assert line is not None
    assert post(technician, "batch_weigh", record.pk, line.pk).status_code == 404


def test_finishing_counts_every_unit(bench: Bench, technician: Client) -> None:
    record = weighed(bench)
    typed = {
        "finish-units_made": "120",
        "finish-units_tested": "0",
        "finish-units_wasted": "0",
        "finish-observed_description": "Clear capsules",
    }
    assert "Next: the steps of the procedure" in batch_page(technician, record)
    answer = post(technician, "batch_finish", record.pk, **typed)
    assert answer.status_code == 422
    assert "Steps not done yet: 1. Check that balance" in answer.content.decode()
    follow(record, by=bench.technician, at=AT)
    assert "Every step is done." in batch_page(technician, record)
    answer = post(technician, "batch_finish", record.pk, **typed)
    assert answer.status_code == 422
    assert "10 are neither made nor wasted" in answer.content.decode()
    answer = post(technician, "batch_finish", record.pk, **{**typed, "finish-units_wasted": "10"})
    assert answer.status_code == 302
    record.refresh_from_db()
    assert (record.state, record.units_made, record.units_wasted) == ("compounded", 120, 10)
    page = batch_page(technician, record)
    assert "The earliest of these dates counts" in page
    assert "USP &lt;795&gt; allows 180 days" in page


def compounded(bench: Bench, client: Client) -> CompoundingRecord:
    record = followed(bench)
    post(
        client,
        "batch_finish",
        record.pk,
        **{
            "finish-units_made": "130",
            "finish-units_wasted": "0",
            "finish-observed_description": "Clear capsules",
        },
    )
    record.refresh_from_db()
    assert record.state == "compounded"
    return record


def ten(record: CompoundingRecord, **different: str) -> dict[str, str]:
    weights = {f"fill_weight-n{n}": str(w) for n, w in enumerate(ten_capsules(record), 1)}
    return {**weights, **different}


def test_ten_capsules_that_are_alike_pass(bench: Bench, technician: Client) -> None:
    record = compounded(bench, technician)
    answer = post(technician, "batch_check", record.pk, "fill_weight", **ten(record))
    assert answer.status_code == 302
    page = batch_page(technician, record)
    assert "passed" in page
    assert "Spread (RSD)" in page
    assert "100.04% of theoretical" in page


def test_a_failed_check_is_shown_and_repeated_with_a_note(bench: Bench, technician: Client) -> None:
    record = compounded(bench, technician)
    post(
        technician,
        "batch_check",
        record.pk,
        "fill_weight",
        **ten(record, **{"fill_weight-n3": "150"}),
    )
    assert QualityCheck.objects.get().passed is False
    page = batch_page(technician, record)
    assert "Outside its limits: number 3" in page
    answer = post(technician, "batch_check", record.pk, "fill_weight", **ten(record))
    assert answer.status_code == 422
    assert "Write what you found out" in answer.content.decode()
    answer = post(
        technician,
        "batch_check",
        record.pk,
        "fill_weight",
        **ten(record, **{"fill_weight-note": "One was cracked"}),
    )
    assert answer.status_code == 302
    assert list(QualityCheck.objects.order_by("pk").values_list("passed", flat=True)) == [
        False,
        True,
    ]


def test_nine_readings_are_not_ten(bench: Bench, technician: Client) -> None:
    record = compounded(bench, technician)
    answer = post(
        technician, "batch_check", record.pk, "fill_weight", **ten(record, **{"fill_weight-n7": ""})
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter the reading of number 7" in page
    assert str(ten_capsules(record)[0]) in page


def test_every_trait_is_answered(bench: Bench, technician: Client) -> None:
    record = compounded(bench, technician)
    answer = post(technician, "batch_check", record.pk, "appearance", **{"appearance-t0": "yes"})
    assert answer.status_code == 422
    assert "Answer yes or no: White to off-white powder" in answer.content.decode()
    traits = {f"appearance-t{n}": "yes" for n, _t in enumerate(record.formula.expected_traits)}
    assert post(technician, "batch_check", record.pk, "appearance", **traits).status_code == 302
    assert QualityCheck.objects.get().passed


def test_drops_are_checked_for_volume_and_closure(bench: Bench, technician: Client) -> None:
    record = followed(bench, "drops")
    page = batch_page(technician, record)
    assert "Drops in a mL" in page
    typed = {
        "finish-units_made": "1",
        "finish-units_wasted": "0",
        "finish-observed_description": "Clear",
    }
    assert post(technician, "batch_finish", record.pk, **typed).status_code == 302
    assert "Each bottle holds at least 30 mL." in batch_page(technician, record)
    assert (
        post(technician, "batch_check", record.pk, "volume", **{"volume-n1": "32"}).status_code
        == 302
    )
    closure = {f"closure-t{number}": "yes" for number in range(3)}
    assert post(technician, "batch_check", record.pk, "closure", **closure).status_code == 302
    assert {check.kind for check in QualityCheck.objects.all()} == {"volume", "closure"}


def sign(client: Client, record: CompoundingRecord, password: str = DEMO_PASSWORD) -> HttpResponse:
    typed = {"verify-meaning": "I checked this record.", "verify-password": password}
    return post(client, "batch_verify", record.pk, **typed)


def test_a_signature_needs_the_password_once_more(bench: Bench, second_pharmacist: Client) -> None:
    order, record = made(bench)
    answer = sign(second_pharmacist, record, "not the password")
    assert answer.status_code == 422
    assert "This is not your password. The batch is not released." in answer.content.decode()
    assert CompoundingRecord.objects.get().state == "checked"
    assert AccessAttempt.objects.get().username == "brandt"
    assert sign(second_pharmacist, record).status_code == 302
    record.refresh_from_db()
    assert (record.state, record.verification.meaning) == ("released", "I checked this record.")
    assert Order.objects.get(pk=order.pk).state == "ready"


def test_guessing_the_password_locks_the_sign_in(bench: Bench, second_pharmacist: Client) -> None:
    _order, record = made(bench)
    for _try in range(settings.AXES_FAILURE_LIMIT):
        answer = sign(second_pharmacist, record, "a guess")
    assert answer.status_code == 429
    assert sign(second_pharmacist, record).status_code == 429
    assert CompoundingRecord.objects.get().state == "checked"


def test_whoever_made_it_does_not_verify_it(bench: Bench, second_pharmacist: Client) -> None:
    record = followed(bench)
    Weighing.objects.first()
    typed = {
        "finish-units_made": "130",
        "finish-units_wasted": "0",
        "finish-observed_description": "Clear",
    }
    post(second_pharmacist, "batch_finish", record.pk, **typed)
    traits = {f"appearance-t{n}": "yes" for n, _t in enumerate(record.formula.expected_traits)}
    post(second_pharmacist, "batch_check", record.pk, "appearance", **traits)
    post(second_pharmacist, "batch_check", record.pk, "fill_weight", **ten(record))
    assert "another pharmacist verifies it" in batch_page(second_pharmacist, record)
    answer = sign(second_pharmacist, record)
    assert answer.status_code == 422
    assert "another pharmacist has to verify it" in answer.content.decode()


def test_rejecting_says_why(bench: Bench, pharmacist: Client) -> None:
    order, record = made(bench)
    assert post(pharmacist, "batch_reject", record.pk, **{"reject-reason": " "}).status_code == 422
    answer = post(pharmacist, "batch_reject", record.pk, **{"reject-reason": "Wrong filler"})
    assert answer.status_code == 302
    assert "Wrong filler" in batch_page(pharmacist, record)
    assert Order.objects.get(pk=order.pk).state == "approved"


def test_why_other_lots_were_not_taken(bench: Bench, technician: Client) -> None:
    record = planned(bench)
    page = technician.get(reverse("admin:batch_lots", args=[record.pk])).content.decode()
    assert "Taken:" in page
    assert "NX-2201" in page
    assert "It is in quarantine until a pharmacist releases it." in page


def test_the_lists_of_batches(bench: Bench, technician: Client) -> None:
    _order, released = ready(bench, key="released")
    being_made = plan([approved(bench, key="planned")], bench=bench, at=AT)
    lists = {
        asked: technician.get(reverse("admin:batches"), {"list": asked}).content.decode()
        for asked in ("making", "verify", "", "nonsense")
    }
    assert being_made.number in lists["making"]
    assert released.number not in lists["making"]
    assert "No batch stands here." in lists["verify"]
    assert released.number in lists[""]
    assert released.number in lists["nonsense"]


def test_a_released_batch_shows_its_signature(bench: Bench, technician: Client) -> None:
    _order, record = made(bench)
    release(record, bench=bench, at=AT)
    page = batch_page(technician, record)
    assert "Lena Brandt, PharmD" in page
    assert "I checked this record, the weighings" in page
    assert "Sign and release" not in page
