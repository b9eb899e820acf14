"""Prescriptions as they were ordered, and orders on their way to the patient."""

from pharmacy.orders.models.fills import Allocation, Fill, FillContainer
from pharmacy.orders.models.links import LinkPurpose, PatientLink
from pharmacy.orders.models.orders import Order, OrderFinding, OrderHold, OrderLine, Severity
from pharmacy.orders.models.prescriptions import (
    Clarification,
    CompoundingReason,
    Prescription,
    TimeOfDay,
    TitrationStep,
)

__all__ = [
    "Allocation",
    "Clarification",
    "CompoundingReason",
    "Fill",
    "FillContainer",
    "LinkPurpose",
    "Order",
    "OrderFinding",
    "OrderHold",
    "OrderLine",
    "PatientLink",
    "Prescription",
    "Severity",
    "TimeOfDay",
    "TitrationStep",
]
