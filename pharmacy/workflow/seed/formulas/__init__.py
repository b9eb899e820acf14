"""The master formulation records that the demonstration pharmacy starts with: of naltrexone, and two that are not."""

from datetime import datetime

from pharmacy.formulations.actions import FormulaDraft, approve_formula, draft_formula
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.people.actors import Actor
from pharmacy.workflow.seed.formulas.capsules import ketotifen_capsules, ldn_capsules
from pharmacy.workflow.seed.formulas.liquids import allopurinol_suspension, ldn_drops, ldn_oil_drops
from pharmacy.workflow.seed.formulas.triturates import naltrexone_triturate
from pharmacy.workflow.seed.substances import Shelf


def seed_formulas(shelf: Shelf, *, author: Actor, approver: Actor, at: datetime) -> None:
    """Draft and approve each formula of which no version exists."""
    known = set(MasterFormulationRecord.objects.values_list("code", flat=True))
    for draft in _drafts(shelf):
        if draft.code not in known:
            formula = draft_formula(draft=draft, by=author, at=at)
            approve_formula(formula=formula, by=approver, at=at)


def draft_formulas(shelf: Shelf, *, author: Actor, at: datetime) -> int:
    """Draft each formula of which no version exists; return how many. Another person approves them one by one."""
    known = set(MasterFormulationRecord.objects.values_list("code", flat=True))
    missing = [draft for draft in _drafts(shelf) if draft.code not in known]
    for draft in missing:
        draft_formula(draft=draft, by=author, at=at)
    return len(missing)


def _drafts(shelf: Shelf) -> list[FormulaDraft]:
    return [
        naltrexone_triturate(shelf, percent=1),
        naltrexone_triturate(shelf, percent=10),
        ldn_capsules(shelf),
        ldn_drops(shelf),
        ldn_oil_drops(shelf),
        ketotifen_capsules(shelf),
        allopurinol_suspension(shelf),
    ]
