"""Lots come in, wait in quarantine, are released, offered first expiry first, and expire."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from compounding.given import OutOfRange
from compounding.potency import CertificateIncomplete
from pharmacy.audit.queries import events_of
from pharmacy.audit.transitions import MoveNotAllowed, NotYourMove
from pharmacy.inventory.actions import (
    LotCertificate,
    LotExpired,
    LotReceivedBefore,
    ShellsNotWeighed,
    expire_lots,
    recall_lot,
    receive_lot,
    release_lot,
)
from pharmacy.inventory.models import AssayBasis, IngredientLot, Place, Supplier
from pharmacy.inventory.moves import ReasonMissing
from pharmacy.inventory.queries import MissingCertificate, lots_for, quantity_at
from tests.factories.lab import NOW, Lab, as_is_certificate, new_lot

TODAY = date(2026, 11, 20)


def why_not(here: Lab, label_name: str, lot_number: str, **asked: Any) -> str:
    offer = lots_for(here.ingredient(label_name), TODAY, **asked)
    return next(refused.why for refused in offer.refused if refused.lot.lot_number == lot_number)


def offered(here: Lab, label_name: str, **asked: Any) -> list[str]:
    offer = lots_for(here.ingredient(label_name), TODAY, **asked)
    return [usable.lot.lot_number for usable in offer.usable]


def test_a_lot_comes_into_quarantine_with_its_quantity_on_the_shelf(here: Lab) -> None:
    lot = new_lot(here, "glycerin", "GL-9", "250.5", is_released=False)

    assert (lot.state, lot.received_on) == ("quarantined", TODAY - timedelta(days=1))
    assert quantity_at(lot, Place.SHELF) == Decimal("250.5")
    assert [event.event for event in events_of(lot)] == ["lot_received"]


def test_a_month_alone_means_its_last_day(here: Lab) -> None:
    assert new_lot(here, "glycerin", "GL-9", "1", expires="2028-02").expires_on == date(2028, 2, 29)


def test_a_lot_without_a_date_counts_from_its_receipt(here: Lab) -> None:
    lot = receive_lot(
        ingredient=here.ingredient("glycerin"),
        supplier=Supplier.objects.get(name="Cedar Fine Chemicals"),
        lot_number="GL-9",
        quantity=Decimal(1),
        expires="",
        by=here.technician,
        at=NOW,
    )

    assert (lot.expires_on, lot.expiry_from_receipt) == (TODAY + timedelta(days=365), True)


def test_a_lot_comes_in_once_and_in_date_and_with_something_in_it(here: Lab) -> None:
    new_lot(here, "glycerin", "GL-9", "1")
    with pytest.raises(LotReceivedBefore, match="GL-9 of glycerin from Test Supplies"):
        new_lot(here, "glycerin", " GL-9 ", "1")
    with pytest.raises(LotExpired, match="expired on 31 October 2026"):
        new_lot(here, "glycerin", "GL-10", "1", expires="2026-10")
    with pytest.raises(OutOfRange):
        new_lot(here, "glycerin", "GL-11", "0")
    assert not IngredientLot.objects.filter(lot_number__in=["GL-10", "GL-11"]).exists()


def test_only_a_pharmacist_releases(here: Lab) -> None:
    lot = here.lot("NX-2234")
    with pytest.raises(NotYourMove):
        release_lot(lot=lot, by=here.technician, at=NOW)

    released = release_lot(lot=lot, by=here.pharmacist, at=NOW)

    assert (released.state, released.released_by_id) == ("released", here.pharmacist.user_id)


def test_an_active_is_released_with_its_certificate_only(here: Lab) -> None:
    lot = new_lot(here, "naltrexone hydrochloride", "NX-9", "1000", is_released=False)

    with pytest.raises(MissingCertificate, match="NX-9 of naltrexone hydrochloride has no assay"):
        release_lot(lot=lot, by=here.pharmacist, at=NOW)


def test_a_certificate_that_lacks_what_its_basis_needs_is_not_taken(here: Lab) -> None:
    dry = LotCertificate(
        certificate_number="C-2", assay_pct=Decimal(99), assay_basis=AssayBasis.ANHYDROUS
    )

    with pytest.raises(CertificateIncomplete, match="water content"):
        new_lot(here, "naltrexone hydrochloride", "NX-9", "1000", certificate=dry)


def test_shells_are_released_weighed_and_nothing_is_released_expired(here: Lab) -> None:
    shells = new_lot(here, "hypromellose capsule", "HC-9", "100", is_released=False)
    with pytest.raises(ShellsNotWeighed):
        release_lot(lot=shells, by=here.pharmacist, at=NOW)
    glycerin = new_lot(here, "glycerin", "GL-9", "1", expires="2026-11", is_released=False)
    with pytest.raises(LotExpired):
        release_lot(lot=glycerin, by=here.pharmacist, at=NOW + timedelta(days=12))


def test_lots_are_offered_first_expiry_first(here: Lab) -> None:
    assert offered(here, "microcrystalline cellulose") == ["MC-5533", "MC-5561"]

    new_lot(here, "microcrystalline cellulose", "MC-0", "10", expires="2027-01")

    assert offered(here, "microcrystalline cellulose") == ["MC-0", "MC-5533", "MC-5561"]


def test_the_screen_says_why_a_lot_is_not_offered(here: Lab) -> None:
    assert "It expired on" in why_not(here, "microcrystalline cellulose", "MC-5510")
    assert "in quarantine" in why_not(here, "naltrexone hydrochloride", "NX-2234")
    recall_lot(lot=here.lot("GL-412"), reason="Maker's notice", by=here.pharmacist, at=NOW)
    assert why_not(here, "glycerin", "GL-412") == "It is recalled."


def test_a_powder_without_a_pack_statistic_is_not_offered_for_capsules(here: Lab) -> None:
    new_lot(here, "microcrystalline cellulose", "MC-0", "10", expires="2027-01")

    assert "no pack statistic for capsule size 3" in why_not(
        here, "microcrystalline cellulose", "MC-0", capsule_size="3"
    )
    assert "MC-5533" in offered(here, "microcrystalline cellulose", capsule_size="3")
    assert offered(here, "microcrystalline cellulose", capsule_size="0") == []


def test_a_lot_that_expires_too_early_is_not_offered(here: Lab) -> None:
    new_lot(here, "glycerin", "GL-0", "10", expires="2026-12-05")

    assert offered(here, "glycerin", needed_until=date(2026, 12, 5))[0] == "GL-0"
    assert "GL-0" not in offered(here, "glycerin", needed_until=date(2026, 12, 6))
    assert why_not(here, "glycerin", "GL-0", needed_until=date(2026, 12, 6)) == (
        "It expires on 5 December 2026, before 6 December 2026, when the preparation is still needed."
    )


def test_the_last_day_itself_may_still_be_used(here: Lab) -> None:
    lot = new_lot(here, "glycerin", "GL-0", "10", expires=TODAY.isoformat())
    assert expire_lots(at=NOW) == []
    assert "GL-0" in offered(here, "glycerin")

    tomorrow = NOW + timedelta(days=1)

    assert expire_lots(at=tomorrow) == [lot]
    assert here.lot("GL-0").state == "expired"
    assert expire_lots(at=tomorrow) == []
    assert lot not in [
        usable.lot
        for usable in lots_for(here.ingredient("glycerin"), timezone.localdate(tomorrow)).usable
    ]


def test_the_day_is_the_pharmacys_own(here: Lab) -> None:
    """At three in the morning UTC it is still the day before in New York."""
    lot = new_lot(here, "glycerin", "GL-0", "10", expires=TODAY.isoformat())

    assert expire_lots(at=NOW.replace(day=21, hour=3)) == []
    assert expire_lots(at=NOW.replace(day=21, hour=6)) == [lot]


def test_a_recall_needs_a_reason_and_is_final(here: Lab) -> None:
    lot = new_lot(here, "naltrexone hydrochloride", "NX-9", "1000", certificate=as_is_certificate())
    with pytest.raises(ReasonMissing):
        recall_lot(lot=lot, reason="", by=here.pharmacist, at=NOW)

    recall_lot(lot=lot, reason="Maker's notice", by=here.pharmacist, at=NOW)

    with pytest.raises(MoveNotAllowed):
        release_lot(lot=lot, by=here.pharmacist, at=NOW)


def test_a_recalled_lot_says_so_even_when_it_has_expired(here: Lab) -> None:
    lot = here.lot("MC-5510")
    assert lot.state == "expired"
    recall_lot(lot=lot, reason="Notice of the maker", by=here.pharmacist, at=NOW)
    refused = {each.lot: each.why for each in lots_for(lot.ingredient, NOW.date()).refused}
    assert refused[lot] == "It is recalled."


def test_shells_bottles_jars_and_labels_are_lots_too(here: Lab) -> None:
    counted = IngredientLot.objects.filter(ingredient__unit="each", state="released")
    kinds = set(counted.values_list("ingredient__kind", flat=True))
    assert kinds == {"shell", "container", "label"}
    labels = here.lot("LB-42-19")
    assert quantity_at(labels, Place.SHELF) == 400
