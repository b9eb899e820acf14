"""The shelf, the formulas, the policies: what staff write there, and what they are told."""

from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pharmacy.formulations.models import Ingredient
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.models import IngredientLot, PackStatistic, StockMove, Supplier
from pharmacy.leaflets.actions import draft_edition
from pharmacy.leaflets.models import LeafletEdition, Study
from pharmacy.policies.models import PolicyVersion
from pharmacy.policies.queries import policy
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.dispense_order import dispense_order
from tests.factories.job import AT, approved, fresh, printed, ready


def post(client: Client, name: str, *args: object, **typed: object) -> HttpResponse:
    return client.post(reverse(f"admin:{name}", args=args), typed)  # type: ignore[return-value]


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def a_receipt(**different: object) -> dict[str, object]:
    return {
        "ingredient": Ingredient.objects.get(label_name="naltrexone hydrochloride").pk,
        "supplier": Supplier.objects.first().pk,  # type: ignore[union-attr]
        "lot_number": "NX-9001",
        "quantity": "25000",
        "expires": "2028-03",
        "certificate_number": "C-1",
        "assay_pct": "99.2",
        "assay_basis": "as_is",
        **different,
    }


def test_a_lot_comes_in_and_is_released_by_a_pharmacist(
    bench: Bench, technician: Client, pharmacist: Client
) -> None:
    answer = post(technician, "lot_receive", **a_receipt())
    lot = IngredientLot.objects.get(lot_number="NX-9001")
    assert answer["Location"] == reverse("admin:lot", args=[lot.pk])
    assert (lot.state, lot.expires_on) == ("quarantined", date(2028, 3, 31))
    assert "It is in quarantine until a pharmacist releases it." in page(technician, "lots")
    assert post(technician, "lot_release", lot.pk).status_code == 403
    assert post(pharmacist, "lot_release", lot.pk).status_code == 302
    lot.refresh_from_db()
    assert (lot.state, lot.released_by.username) == ("released", "okafor")  # type: ignore[union-attr]


def test_a_receipt_that_cannot_be_keeps_what_was_typed(bench: Bench, technician: Client) -> None:
    for different, said in (
        ({"quantity": "25,00"}, "without commas"),
        ({"expires": "13/2028"}, "is not a date"),
        ({"expires": "2020-01"}, "expired on"),
        ({"assay_basis": ""}, "Say what the assay is stated on"),
        ({"assay_pct": ""}, "Enter the assay"),
        ({"assay_basis": "anhydrous", "water_pct": ""}, "water"),
        ({"lot_number": ""}, "Enter the lot"),
    ):
        answer = post(technician, "lot_receive", **a_receipt(**different))
        text = answer.content.decode()
        assert answer.status_code == 422, different
        assert said in text, different
        assert 'value="C-1"' in text
    assert not IngredientLot.objects.filter(lot_number="NX-9001").exists()


def test_the_same_lot_twice_is_told(bench: Bench, technician: Client) -> None:
    post(technician, "lot_receive", **a_receipt())
    answer = post(technician, "lot_receive", **a_receipt())
    assert answer.status_code == 422
    assert "was received before" in answer.content.decode()


def test_a_count_a_measurement_and_a_discard(bench: Bench, technician: Client) -> None:
    lot = IngredientLot.objects.get(lot_number="NX-2201")
    typed: dict[str, object] = {"count-counted": "24000", "count-reason": "Spilled 1 g"}
    assert post(technician, "lot_count", lot.pk, **typed).status_code == 302
    typed = {"discard-quantity": "500", "discard-reason": "Clumped"}
    assert post(technician, "lot_discard", lot.pk, **typed).status_code == 302
    typed = {"pack-capsule_size": "3", "pack-mg_per_capsule": "201.5"}
    assert post(technician, "lot_measure", lot.pk, **typed).status_code == 302
    assert PackStatistic.objects.filter(lot=lot, mg_per_capsule="201.5").exists()
    text = page(technician, "lot", lot.pk)
    assert "23,500 mg" in text
    assert "Spilled 1 g" in text
    typed = {"discard-quantity": "999999", "discard-reason": "Too much"}
    answer = post(technician, "lot_discard", lot.pk, **typed)
    assert answer.status_code == 422
    assert 'value="999999"' in answer.content.decode()
    assert StockMove.objects.filter(lot=lot, to_place="waste").count() == 1


def test_two_clicks_from_a_recall_to_its_patients(bench: Bench, pharmacist: Client) -> None:
    order, record = printed(bench)
    dispense_order(order=fresh(order), by=bench.pharmacist, at=AT)
    lot = record.lines.order_by("position").first().lot  # type: ignore[union-attr]
    answer = post(pharmacist, "lot_recall", lot.pk, **{"recall-reason": "Notice of the supplier"})
    assert answer.status_code == 302
    text = page(pharmacist, "lot", lot.pk)
    assert "Grace Okonkwo" in text
    assert record.number in text
    assert "It is recalled." in text


def test_a_policy_is_drafted_by_one_and_approved_by_another(
    bench: Bench, pharmacist: Client, second_pharmacist: Client
) -> None:
    now = policy("weighing_tolerance_pct", on=AT.date())
    typed = {"value": "1.5", "source": "Decision of 20 November", "effective_on": "2026-11-22"}
    assert post(pharmacist, "policy", now.pk, **{**typed, "source": ""}).status_code == 422
    assert post(pharmacist, "policy", now.pk, **typed).status_code == 302
    draft = PolicyVersion.objects.get(key=now.key, version=2)
    assert "Draft: 1.5" in page(pharmacist, "policies")
    assert policy(now.key, on=AT.date()) == now
    answer = post(pharmacist, "policy_approve", draft.pk)
    assert answer.status_code == 422
    assert "Another pharmacist" in answer.content.decode()
    assert post(second_pharmacist, "policy_approve", draft.pk).status_code == 302
    assert policy(now.key, on=AT.date()) == draft


def test_finding_by_number_name_and_lot(bench: Bench, technician: Client) -> None:
    order = approved(bench)
    other = approved(bench, key="another")
    for what, where in (
        (order.number, ("order", order.pk)),
        (str(other.prescription.number), ("order", other.pk)),
        ("NX-2201", ("lot", IngredientLot.objects.get(lot_number="NX-2201").pk)),
    ):
        answer = technician.post(reverse("admin:find"), {"what": what})
        assert answer["Location"] == reverse(f"admin:{where[0]}", args=[where[1]]), what
    answer = technician.post(reverse("admin:find"), {"what": "okonkwo"})
    assert answer["Location"] == reverse("admin:find")
    text = page(technician, "find")
    assert order.number in text
    assert other.number in text
    technician.post(reverse("admin:find"), {"what": "nobody of that name"})
    assert "Nothing is called that." in page(technician, "find")


def test_a_scanned_label_leads_to_what_it_was_stuck_on(bench: Bench, technician: Client) -> None:
    order, record = ready(bench, key="to-scan")
    lot = IngredientLot.objects.get(lot_number="NX-2201")
    number = order.number
    for scanned, where in (
        (f"(91){number}-1(92){record.number}", ("dispense", order.pk)),
        (f"]d291{number}-1\x1d92{record.number}", ("dispense", order.pk)),
        (f"\x1d91{number}-1\x1d92{record.number}", ("dispense", order.pk)),
        (lot_symbol_text(lot), ("lot", lot.pk)),
    ):
        answer = technician.post(reverse("admin:find"), {"what": scanned})
        assert answer["Location"] == reverse(f"admin:{where[0]}", args=[where[1]]), scanned


def test_a_label_of_another_batch_leads_to_that_batch(bench: Bench, technician: Client) -> None:
    order, _record = ready(bench, key="scan-ready")
    _other, elsewhere = ready(bench, key="scan-other")
    scanned = f"(91){order.number}-1(92){elsewhere.number}"
    answer = technician.post(reverse("admin:find"), {"what": scanned})
    assert answer["Location"] == reverse("admin:batch", args=[elsewhere.pk])


@pytest.mark.parametrize(
    "scanned",
    [
        "(91)99999999999999999999-0-1(92)B-2026-0001",
        "(91)10001-0-99999999999999999999(92)B-2026-0001",
        "(91)10001-7-1(92)NOT-OURS",
        "(01)00012345678905(10)ABC",
        "(91)LOT999999999",
        "]d2",
        "(",
    ],
)
def test_a_label_that_is_not_ours_finds_nothing(
    scanned: str, bench: Bench, technician: Client
) -> None:
    answer = technician.post(reverse("admin:find"), {"what": scanned})
    assert answer["Location"] == reverse("admin:find")
    assert "Nothing is called that." in page(technician, "find")


def test_a_study_is_ticked_as_read_once(bench: Bench, pharmacist: Client) -> None:
    study = Study.objects.first()
    assert study is not None
    Study.objects.filter(pk=study.pk).update(read_by=None, read_at=None)
    assert "not read" in page(pharmacist, "study", study.pk)
    assert post(pharmacist, "study_read", study.pk).status_code == 302
    study.refresh_from_db()
    assert study.read_by.username == "okafor"  # type: ignore[union-attr]
    answer = post(pharmacist, "study_read", study.pk)
    assert answer.status_code == 422
    assert "ticked as read already" in answer.content.decode()


def test_an_edition_is_read_whole_and_approved_by_another(
    bench: Bench, pharmacist: Client, second_pharmacist: Client
) -> None:
    held = LeafletEdition.objects.get()
    draft = draft_edition(
        rule_set=held.rule_set,
        language=held.language,
        blocks=held.blocks,
        by=bench.pharmacist,
        at=AT,
    )
    text = page(second_pharmacist, "edition", draft.pk)
    assert "Do not take LDN with opioids" in text
    assert "Approve every sentence below" in text
    answer = post(pharmacist, "edition_approve", draft.pk)
    assert answer.status_code == 422
    assert "Another pharmacist approves what you wrote." in answer.content.decode()
    assert post(second_pharmacist, "edition_approve", draft.pk).status_code == 302
    states = LeafletEdition.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["retired", "approved"]
