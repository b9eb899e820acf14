"""Parts that several papers share: the letterhead, the names of medicines, the day."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.batches.models import CompoundingRecord
from pharmacy.formulations.models import DosageForm, LineRole, MasterFormulationRecord
from pharmacy.formulations.words import forms_words
from pharmacy.formulations.words import strength_words as said_strength
from pharmacy.letterhead import get_letterhead

Context = dict[str, Any]
LANGUAGE = "en"
"""The language papers are written in. Another one comes with an approved leaflet edition in it."""


def context_digest(context: Context) -> str:
    """Return the SHA-256 (hex) of a context in its canonical form."""
    canonical = json.dumps(context, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def words_digest(context: Context) -> str:
    """Return the SHA-256 (hex) of what a paper says, whatever it is printed on."""
    return context_digest({key: said for key, said in context.items() if key != "stock"})


def pharmacy_context() -> Context:
    """Return who we are, as printed at the head of a paper."""
    letterhead = get_letterhead()
    return {
        "name": letterhead.name,
        "address": letterhead.address,
        "phone": letterhead.phone,
        "after_hours_phone": letterhead.after_hours_phone,
    }


def medicine_name(formula: MasterFormulationRecord, strength: Decimal) -> str:
    """Return substance, strength and form: "Naltrexone HCl 1.5 mg capsules"."""
    return " ".join(
        (
            capfirst(formula.strength_substance.short_name),
            strength_words(formula, strength),
            form_words(formula),
        )
    )


def active_name(formula: MasterFormulationRecord) -> str:
    """Return the substance in full, as it stands inside a sentence: "naltrexone hydrochloride"."""
    name = formula.strength_substance.name
    return name[:1].lower() + name[1:]


def strength_words(formula: MasterFormulationRecord, strength: Decimal) -> str:
    """Return "1.5 mg", "1 mg/mL" or "1%"."""
    return said_strength(formula, strength)


def form_words(formula: MasterFormulationRecord) -> str:
    """Return the form in the plural: "capsules"."""
    return forms_words(formula)


def quantity_words(formula: MasterFormulationRecord, quantity: int) -> str:
    """Return what is in the container: "126 capsules" or "30 mL"."""
    if formula.dosage_form == DosageForm.CAPSULE:
        return f"{wording.number(quantity)} {wording.plural(quantity, 'capsule')}"
    return wording.millilitres(formula.package_ml or Decimal(0))


def other_ingredients(record: CompoundingRecord) -> list[str]:
    """Return the names of everything a patient takes with the active, the capsule shell too; no container."""
    left_out = (LineRole.ACTIVE, LineRole.CONTAINER)
    lines = (
        record.lines.select_related("ingredient").exclude(role__in=left_out).order_by("position")
    )
    return list(dict.fromkeys(line.ingredient.label_name for line in lines))


def storage_sentence(formula: MasterFormulationRecord) -> str:
    """Return how to keep it: "Keep in the refrigerator, 2 °C to 8 °C, away from light."."""
    storage = formula.storage.rstrip(".")
    if storage.startswith(("At ", "In ", "Below ", "Under ", "Between ")):
        storage = _("Keep %(where)s") % {"where": storage[:1].lower() + storage[1:]}
    return f"{storage}."


def local_day(at: datetime) -> str:
    """Return the pharmacy's own day of an instant: "5 December 2026"."""
    return wording.full_day(timezone.localdate(at))


def local_moment(at: datetime) -> str:
    """Return the day and minute in the pharmacy's own time: "5 December 2026, 14:05"."""
    local = timezone.localtime(at)
    return f"{wording.full_day(local.date())}, {local:%H:%M}"


def known_day(day: date | None) -> str:
    """Return the day in words, or a dash for none."""
    return "–" if day is None else wording.full_day(day)
