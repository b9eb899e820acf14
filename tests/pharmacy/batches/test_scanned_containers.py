"""The container is scanned before it is weighed from: the wrong lot stops, and so does another expiry on its label."""

from datetime import timedelta
from decimal import Decimal

import pytest

from pharmacy.audit.queries import events_of
from pharmacy.batches.models import BatchLine, ContainerScan, NearMiss
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.workflow.scan_container import WrongContainer, scan_container
from pharmacy.workflow.weigh import ContainerNotScanned, record_weighing
from tests.factories.lab import NOW, Lab, new_lot, plan


@pytest.fixture
def line(here: Lab) -> BatchLine:
    """Microcrystalline cellulose, whose lot was received as "2026-12": it keeps to 31 December."""
    new_lot(
        here,
        "microcrystalline cellulose",
        "MC-1",
        "90000",
        expires="2026-12",
        pack_statistic_mg="155",
    )
    return plan(here).lines.get(lot__lot_number="MC-1")


def scan(here: Lab, line: BatchLine, text: str, *, later: int = 0) -> ContainerScan:
    at = NOW + timedelta(seconds=later)
    return scan_container(line=line, scanned=text, by=here.technician, at=at)


@pytest.mark.parametrize(
    "label",
    [
        "(17)261231(10)MC-1",
        "(17)261200(10)MC-1",
        "(01)00312345678906(17)261200(10)MC-1",
        "]d2010031234567890617261231" + "10MC-1",
        "(10)MC-1",
        "MC-1",
    ],
)
def test_the_same_expiry_agrees_by_day_or_by_month(here: Lab, line: BatchLine, label: str) -> None:
    assert scan(here, line, label).line == line
    assert not NearMiss.objects.exists()


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("(17)261230(10)MC-1", "on 30 December 2026"),
        ("(17)271231(10)MC-1", "on 31 December 2027"),
        ("(17)261100(10)MC-1", "in November 2026"),
        ("(17)261331(10)MC-1", "on “261331”, which is no date"),
        ("(17)2612(10)MC-1", "on “2612”, which is no date"),
    ],
)
def test_another_expiry_stops_and_is_kept(
    here: Lab, line: BatchLine, label: str, says: str
) -> None:
    with pytest.raises(WrongContainer) as refused:
        scan(here, line, label)

    miss = NearMiss.objects.get()
    assert str(refused.value) == miss.why
    assert miss.why == (
        "Stop: this step takes microcrystalline cellulose, lot MC-1. "
        f"Its label says that it expires {says}, our record of the lot says 31 December 2026. "
        "Set it aside and show it to a pharmacist."
    )
    assert (miss.scanned, miss.by_id) == (label, here.technician.user_id)
    assert events_of(line.record).filter(event="batch_wrong_container").count() == 1
    assert not ContainerScan.objects.exists()


def test_a_month_on_the_label_agrees_with_any_day_of_it(here: Lab) -> None:
    new_lot(
        here,
        "microcrystalline cellulose",
        "MC-2",
        "90000",
        expires="2026-12-15",
        pack_statistic_mg="155",
    )
    line = plan(here).lines.get(lot__lot_number="MC-2")
    assert scan(here, line, "(17)261200(10)MC-2").line == line
    with pytest.raises(WrongContainer, match="on 31 December 2026, our record"):
        scan(here, line, "(17)261231(10)MC-2")


def test_after_a_wrong_one_the_right_one_is_scanned_again(here: Lab, line: BatchLine) -> None:
    scan(here, line, lot_symbol_text(line.lot))
    with pytest.raises(WrongContainer):
        scan(here, line, lot_symbol_text(here.lot("NX-2201")), later=5)

    with pytest.raises(ContainerNotScanned):
        weigh(here, line)
    again = scan(here, line, lot_symbol_text(line.lot), later=9)
    assert weigh(here, line) == again.pk


def weigh(here: Lab, line: BatchLine) -> int | None:
    """Weigh the line as wanted; return the scan that it goes back to."""
    kept = record_weighing(
        line=line, amount=Decimal(line.wanted), balance=here.balance, by=here.technician, at=NOW
    )
    return kept.scan_id
