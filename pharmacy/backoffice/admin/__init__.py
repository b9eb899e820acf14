"""The pages of the records themselves, one module per room. Importing them registers them with the site."""

from pharmacy.backoffice.admin import (
    audit,
    batches,
    bench,
    contacts,
    documents,
    followups,
    formulations,
    intake,
    inventory,
    leaflets,
    orders,
    people,
    policies,
    recalls,
)

__all__ = [
    "audit",
    "batches",
    "bench",
    "contacts",
    "documents",
    "followups",
    "formulations",
    "intake",
    "inventory",
    "leaflets",
    "orders",
    "people",
    "policies",
    "recalls",
]
