"""What stands on the bench screen: one thing to do now, and all steps with what is done of them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.backoffice import pictures, words
from pharmacy.backoffice.bench_forms import (
    BalanceReadingForm,
    PhotoForm,
    ScanForm,
    StepForm,
    WeighForm,
)
from pharmacy.batches.bench_steps import BenchStep, steps_for
from pharmacy.batches.limits import (
    allowed_readings,
    amount_in_words,
    limits_in_words,
    wanted_in_words,
)
from pharmacy.batches.models import (
    BalanceReading,
    BatchLine,
    CompoundingRecord,
    StepDone,
)
from pharmacy.batches.policies import weights_may_be_typed
from pharmacy.batches.queries import record_for_page, standing_scan
from pharmacy.batches.states import BatchState
from pharmacy.formulations.models import Unit
from pharmacy.inventory.models import Balance
from pharmacy.workflow.balance_readings import is_connected
from pharmacy.workflow.weigh import newest_reading

Sent = tuple[str, forms.Form] | None
AT_THE_BENCH = (BatchState.PLANNED, BatchState.WEIGHING)
_MG_IN_A_GRAM = 1000


@dataclass(frozen=True)
class Task:
    """One thing to do at the bench: a line to scan and weigh, or a step to follow."""

    label: str
    under: str
    line: BatchLine | None
    step: BenchStep | None
    is_done: bool
    is_next: bool = False

    def is_of(self, line_id: int | None, position: int | None) -> bool:
        """Say whether it is that line, or that step."""
        if self.line is not None:
            return self.line.pk == line_id
        return self.step is not None and self.step.position == position


def bench_page(
    record_id: int, *, sent: Sent = None, line_id: int | None = None, position: int | None = None
) -> dict[str, Any]:
    """Return the context of the bench screen: the next thing to do, or the line or step that was asked for.

    `sent` is the form that was refused, under its name. Raises Http404.
    """
    number = CompoundingRecord.objects.filter(pk=record_id).values_list("number", flat=True).first()
    if number is None:
        raise Http404
    record = record_for_page(number)
    tasks = tasks_of(record)
    open_tasks = [each for each in tasks if not each.is_done and record.state in AT_THE_BENCH]
    task = next(
        (each for each in open_tasks if each.is_of(line_id, position)),
        next((each for each in open_tasks if each.is_next), None),
    )
    return {
        "section": "batches",
        "record": record,
        "strength": words.strength(record.strength, record.formula),
        "tasks": tasks,
        "done": sum(each.is_done for each in tasks),
        "task": task,
        "photo": PhotoForm(auto_id="photo_at_bench_%s"),
        "refusals": [] if task and task.is_of(line_id, position) else _refusals(sent),
        **(_line_context(record, task.line, sent) if task and task.line else {}),
        **(_step_context(task.step, sent) if task and task.step else {}),
    }


def tasks_of(record: CompoundingRecord) -> list[Task]:
    """Return everything to do at the bench in its order: the lines of a step before the step itself."""
    lines = {line.pk: line for line in record.lines.all()}
    steps = steps_for(record)
    named = {line.pk for step in steps for line in step.lines}
    done = set(StepDone.objects.filter(record=record).values_list("position", flat=True))
    tasks = [_line_task(line) for pk, line in lines.items() if pk not in named]
    placed: set[int] = set()
    for step in steps:
        for line in step.lines:
            if line.pk not in placed:
                placed.add(line.pk)
                tasks.append(_line_task(lines[line.pk]))
        tasks.append(_step_task(step, is_done=step.position in done))
    return _with_next(tasks, open_for_work=record.state in AT_THE_BENCH)


def _with_next(tasks: list[Task], *, open_for_work: bool) -> list[Task]:
    first = next((n for n, task in enumerate(tasks) if not task.is_done), None)
    if first is None or not open_for_work:
        return tasks
    task = tasks[first]
    tasks[first] = Task(task.label, task.under, task.line, task.step, task.is_done, is_next=True)
    return tasks


def _line_task(line: BatchLine) -> Task:
    weighing = getattr(line, "weighing", None)
    under = (
        _("lot %(lot)s") % {"lot": line.lot.lot_number}
        if weighing is None
        else _("%(amount)s, lot %(lot)s")
        % {"amount": amount_in_words(weighing.amount, line), "lot": line.lot.lot_number}
    )
    label = capfirst(line.ingredient.label_name)
    return Task(label, under, line, None, is_done=weighing is not None)


def _step_task(step: BenchStep, *, is_done: bool) -> Task:
    label = _("Step %(number)s") % {"number": step.position}
    return Task(label, step.text, None, step, is_done=is_done)


def _line_context(record: CompoundingRecord, line: BatchLine, sent: Sent) -> dict[str, Any]:
    scan = standing_scan(line)
    balance = _balance_of(record)
    by_weight = line.unit == Unit.MG
    in_grams = by_weight and line.wanted >= _MG_IN_A_GRAM
    return {
        "line": line,
        "wanted": wanted_in_words(line),
        "estimate": amount_in_words(line.wanted, line) if line.fills_up else "",
        "limits": limits_in_words(line),
        "in_grams": wording.grams(line.wanted) if in_grams else "",
        "may_type": not by_weight or weights_may_be_typed(on=timezone.localdate()),
        "sends": by_weight and balance is not None and is_connected(balance),
        "scan": scan,
        "scan_form": _form("scan", sent, ScanForm()),
        "weigh": _form("weigh", sent, WeighForm(line=line, initial={"balance": balance})),
        "balance": balance,
        "read": _form("read", sent, BalanceReadingForm(initial={"balance": balance})),
        **(reading_context(line, balance, now=timezone.now()) if balance else {}),
    }


def _step_context(step: BenchStep, sent: Sent) -> dict[str, Any]:
    return {
        "step": step,
        "step_form": _form("step", sent, StepForm(step=step)),
        "timer": _clock_time(step.timer_seconds or 0),
    }


def _clock_time(seconds: int) -> str:
    if seconds % 60:
        return _("%(count)s s") % {"count": seconds}
    return _("%(count)s min") % {"count": seconds // 60}


def _refusals(sent: Sent) -> list[str]:
    """Return why a form was refused whose line or step is not open any more: somebody else was first."""
    return (
        [] if sent is None else [str(each) for errors in sent[1].errors.values() for each in errors]
    )


def _form(name: str, sent: Sent, fresh: forms.Form) -> forms.Form:
    return sent[1] if sent and sent[0] == name else fresh


def _balance_of(record: CompoundingRecord) -> Balance | None:
    """Return the balance this batch was weighed on last, or the one it was planned for."""
    used = [
        line.weighing for line in record.lines.all() if getattr(line, "weighing", None) is not None
    ]
    latest = max((each for each in used if each.balance), key=lambda each: each.at, default=None)
    if latest is not None:
        return latest.balance
    return Balance.objects.filter(name=record.worksheet["balance"]["name"]).first()


def reading_context(line: BatchLine, balance: Balance, *, now: datetime) -> dict[str, Any]:
    """Return the newest reading of a balance as it stands beside a line: in words, with where it lies."""
    reading = newest_reading(balance)
    if reading is None:
        return {"balance": balance, "reading": None}
    low, high = allowed_readings(line)
    return {
        "balance": balance,
        "reading": reading,
        "reading_amount": wording.milligrams(reading.amount_mg),
        "reading_age": _age(reading, now),
        "reading_gauge": reading.amount_mg > 0
        and pictures.gauge(amount=reading.amount_mg, low=low, high=high, unit=line.unit),
    }


def _age(reading: BalanceReading, now: datetime) -> str:
    seconds = max(int((now - reading.measured_at).total_seconds()), 0)
    if seconds < 60:
        return _("%(count)s s ago") % {"count": wording.number(Decimal(seconds))}
    return words.age(reading.measured_at, now=now)
