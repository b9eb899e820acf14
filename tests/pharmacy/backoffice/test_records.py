"""The records' own pages: read by role, changed with an audit event, never deleted, never counted."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compounding import wording
from pharmacy.audit.models import AuditEvent
from pharmacy.audit.queries import verify_chain
from pharmacy.backoffice.admin.base import KeptAdmin
from pharmacy.backoffice.site import site
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.intake.models import Patient
from pharmacy.inventory.models import IngredientLot, Supplier
from pharmacy.orders.models import Order, OrderFinding
from pharmacy.people.models import User
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import AT, answered, printed
from tests.pharmacy.backoffice.rows import a_check_in, a_failed_message, an_enquiry

MODELS = sorted(site._registry, key=lambda model: model._meta.label)
PHARMACISTS_ONLY = {User}


@pytest.fixture(scope="module")
def busy_day(bench: Bench) -> None:
    """Something of everything."""
    order, _record = printed(bench, key="busy")
    an_enquiry()
    a_check_in(order)
    a_failed_message(order)


def address(model: type[Model], what: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def named(model: type[Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", MODELS, ids=named)
@pytest.mark.parametrize("who", ["pharmacist", "technician"])
def test_staff_read_every_record(
    model: type[Model], who: str, busy_day: None, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(who)
    wanted = 403 if who == "technician" and model in PHARMACISTS_ONLY else 200
    assert client.get(address(model, "changelist")).status_code == wanted
    row = model._default_manager.first()
    if row is not None:
        assert client.get(address(model, "change", row.pk)).status_code == wanted
        assert client.get(address(model, "history", row.pk)).status_code in (200, wanted)


@pytest.mark.parametrize("model", MODELS, ids=named)
@pytest.mark.parametrize("who", ["nobody", "prescriber"])
def test_outsiders_read_nothing(
    model: type[Model], who: str, bench: Bench, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(who)
    for what, args in (
        ("changelist", ()),
        ("add", ()),
        ("change", (1,)),
        ("history", (1,)),
        ("delete", (1,)),
    ):
        answer = client.get(address(model, what, *args))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_nothing_is_ever_deleted(model: type[Model], busy_day: None, pharmacist: Client) -> None:
    row = model._default_manager.first()
    before = model._default_manager.count()
    if row is not None:
        assert pharmacist.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    action = {
        "action": "delete_selected",
        "_selected_action": [getattr(row, "pk", 1)],
        "post": "yes",
    }
    pharmacist.post(address(model, "changelist"), action)
    assert model._default_manager.count() == before


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_technicians_add_and_change_nothing(
    model: type[Model], busy_day: None, technician: Client
) -> None:
    assert technician.get(address(model, "add")).status_code == 403
    row = model._default_manager.first()
    if row is not None:
        assert technician.post(address(model, "change", row.pk), {"name": "x"}).status_code == 403


@pytest.mark.parametrize(
    "model",
    [model for model in MODELS if not isinstance(site._registry[model], KeptAdmin)],
    ids=named,
)
def test_what_a_workflow_writes_is_only_read(
    model: type[Model], busy_day: None, pharmacist: Client
) -> None:
    assert pharmacist.get(address(model, "add")).status_code == 403
    row = model._default_manager.first()
    if row is not None:
        assert pharmacist.post(address(model, "change", row.pk), {}).status_code == 403


def test_an_approved_formula_is_only_read(bench: Bench, pharmacist: Client) -> None:
    formula = MasterFormulationRecord.objects.get(code="ldn-capsules", state="approved")
    answer = pharmacist.post(address(MasterFormulationRecord, "change", formula.pk), {"name": "x"})
    assert answer.status_code == 403


def test_a_change_is_one_audit_event_and_no_entry_of_djangos(
    bench: Bench, pharmacist: Client
) -> None:
    events = AuditEvent.objects.count()
    answer = pharmacist.post(address(Supplier, "add"), {"name": "Penobscot Chemical"})
    assert answer.status_code == 302
    supplier = Supplier.objects.get(name="Penobscot Chemical")
    answer = pharmacist.post(address(Supplier, "change", supplier.pk), {"name": "Penobscot Fine"})
    assert answer.status_code == 302
    added, changed = AuditEvent.objects.order_by("pk")[events:]
    assert (added.event, added.actor_name) == ("supplier_added", "Maya Okafor, RPh")
    assert (changed.event, changed.old, changed.new) == (
        "supplier_changed",
        {"name": "Penobscot Chemical"},
        {"name": "Penobscot Fine"},
    )
    assert not LogEntry.objects.exists()
    assert verify_chain().intact
    page = pharmacist.get(address(Supplier, "history", supplier.pk)).content.decode()
    assert "Penobscot Chemical" in page


def test_a_patients_details_stay_out_of_the_audit_trail(bench: Bench, pharmacist: Client) -> None:
    patient = answered(bench).prescription.patient
    typed = {
        "email": "new.address@example.org",
        "phone": patient.phone,
        "street": patient.street,
        "city": patient.city,
        "state": patient.state,
        "zip_code": patient.zip_code,
        "full_name": "Somebody Else",
    }
    answer = pharmacist.post(address(Patient, "change", patient.pk), typed)
    assert answer.status_code == 302
    patient.refresh_from_db()
    assert (patient.email, patient.full_name) == ("new.address@example.org", "Grace Okonkwo")
    event = AuditEvent.objects.order_by("pk").last()
    assert event is not None
    assert (event.event, event.new) == ("patient_changed", {"fields": "email"})


def test_a_search_stays_out_of_the_address(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    answer = pharmacist.post(address(Order, "changelist"), {"q": "Grace Okonkwo"})
    assert answer.status_code == 302
    assert "Grace" not in answer["Location"]
    page = pharmacist.get(answer["Location"]).content.decode()
    assert order.number in page
    assert "Only what matches “Grace Okonkwo”." in page
    assert "?q=" not in page
    assert "q=Grace" not in page
    pharmacist.post(address(Order, "changelist"), {"q": "nobody"})
    assert "Nothing here." in pharmacist.get(address(Order, "changelist")).content.decode()
    pharmacist.post(address(Order, "changelist"), {"q": ""})
    assert order.number in pharmacist.get(address(Order, "changelist")).content.decode()


def test_a_search_in_the_address_is_ignored(bench: Bench, pharmacist: Client) -> None:
    order = answered(bench)
    page = pharmacist.get(address(Order, "changelist"), {"q": "nobody"}).content.decode()
    assert order.number in page


def test_long_lists_turn_by_the_last_row_and_count_nothing(
    bench: Bench, pharmacist: Client
) -> None:
    order = answered(bench)
    point = {"severity": "counsel", "evidence": "x", "pharmacist_text": "x", "raised_at": AT}
    OrderFinding.objects.bulk_create(
        OrderFinding(order=order, kind=f"T-{n}", phrase=f"Point {n}", **point) for n in range(120)
    )
    wanted = set(OrderFinding.objects.values_list("pk", flat=True))
    seen: set[int] = set()
    url: str | None = address(OrderFinding, "changelist")
    pages = 0
    while url:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = pharmacist.get(url)
        assert not [q for q in queries.captured_queries if "COUNT(" in q["sql"].upper()]
        shown = answer.context["cl"].result_list
        assert not seen & {row.pk for row in shown}
        seen |= {row.pk for row in shown}
        older = answer.context["cl"].older_url
        url = address(OrderFinding, "changelist") + older if older else None
        pages += 1
    assert seen == wanted
    assert pages == -(-len(wanted) // 50)


@pytest.mark.parametrize("place", ["x", "-1", "9" * 30, "1.5"])
def test_a_page_nobody_was_given(place: str, bench: Bench, pharmacist: Client) -> None:
    answer = pharmacist.get(address(Order, "changelist"), {"older_than": place})
    assert answer.status_code == 302


def test_numbers_and_dates_are_said_as_everywhere(bench: Bench, pharmacist: Client) -> None:
    lot = IngredientLot.objects.get(lot_number="NX-2201")
    page = pharmacist.get(address(IngredientLot, "change", lot.pk)).content.decode()
    assert "99.6" in page
    assert "99.6000" not in page
    assert wording.full_day(lot.expires_on) in page


def test_nobody_changes_their_own_role(bench: Bench, pharmacist: Client) -> None:
    okafor = User.objects.get(username="okafor")
    typed = {
        "username": "okafor",
        "first_name": "Maya",
        "last_name": "Okafor",
        "credentials": "RPh",
        "email": "okafor@example.org",
        "role": "technician",
    }
    assert pharmacist.post(address(User, "change", okafor.pk), typed).status_code == 302
    okafor.refresh_from_db()
    assert (okafor.role, okafor.is_active) == ("pharmacist", True)


def test_staff_and_prescribers_are_kept_apart(bench: Bench, pharmacist: Client) -> None:
    chen = User.objects.get(username="chen")
    typed = {"username": "chen", "role": "pharmacist", "is_active": "on"}
    answer = pharmacist.post(address(User, "change", chen.pk), typed)
    assert answer.status_code == 200
    assert "prescribers and staff are kept apart" in answer.content.decode()
    chen.refresh_from_db()
    assert chen.role == "prescriber"


def test_a_new_person_and_a_new_password_are_audit_events(bench: Bench, pharmacist: Client) -> None:
    typed = {
        "username": "ito",
        "first_name": "Hana",
        "last_name": "Ito",
        "role": "technician",
        "password1": "a long enough phrase",
        "password2": "a long enough phrase",
    }
    assert pharmacist.post(address(User, "add"), typed).status_code == 302
    ito = User.objects.get(username="ito")
    assert ito.check_password("a long enough phrase")
    added = AuditEvent.objects.order_by("pk").last()
    assert added is not None
    assert added.event == "user_added"
    assert "phrase" not in str(added.new)
    url = reverse("admin:auth_user_password_change", args=[ito.pk])
    new = {"password1": "another long phrase", "password2": "another long phrase"}
    assert pharmacist.post(url, new).status_code == 302
    ito.refresh_from_db()
    assert ito.check_password("another long phrase")
    event = AuditEvent.objects.order_by("pk").last()
    assert event is not None
    assert event.event == "user_password_set"
    assert "phrase" not in str(event.new)


def test_a_technician_sets_nobodys_password(bench: Bench, technician: Client) -> None:
    okafor = User.objects.get(username="okafor")
    url = reverse("admin:auth_user_password_change", args=[okafor.pk])
    new = {"password1": "another long phrase", "password2": "another long phrase"}
    assert technician.post(url, new).status_code == 403


def test_the_list_of_records_hides_what_is_not_ones_own(
    bench: Bench, technician: Client, pharmacist: Client
) -> None:
    people = address(User, "changelist")
    assert people in pharmacist.get(reverse("admin:records")).content.decode()
    assert people not in technician.get(reverse("admin:records")).content.decode()
