"""The compounding record on paper: what USP <795> (2023) section 7 asks of it, in the state the batch is in."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from compounding import wording
from compounding.errors import Refusal
from compounding.worksheet import Worksheet
from compounding.yields import reconcile
from pharmacy.batches.bench_steps import steps_for
from pharmacy.batches.limits import allowed_readings, amount_in_words, limits_in_words
from pharmacy.batches.models import BatchLine, CompoundingRecord, UnitPlace
from pharmacy.batches.queries import record_for_page, sheet_of
from pharmacy.batches.states import BatchState
from pharmacy.documents.contexts.balances import balances_context
from pharmacy.documents.contexts.bench import bench_context
from pharmacy.documents.contexts.checks import checks_context
from pharmacy.documents.contexts.limits import limits_context
from pharmacy.documents.contexts.parts import (
    LANGUAGE,
    Context,
    known_day,
    local_day,
    local_moment,
    medicine_name,
    pharmacy_context,
)
from pharmacy.formulations.words import units_words
from pharmacy.inventory.models import IngredientLot
from pharmacy.orders.models import Allocation


class CalculatorsDisagree(Refusal):
    """The frozen worksheet holds two different answers. Such a record is never printed."""


_FIGURES = {
    "batch_units": gettext_lazy("Units of the batch"),
    "batch_volume_ml": gettext_lazy("Volume of the batch, mL"),
    "vehicle_estimate_ml": gettext_lazy("Vehicle, estimate, mL"),
    "potency_factor": gettext_lazy("Potency factor"),
    "each_mg": gettext_lazy("In each unit, mg"),
    "batch_mg": gettext_lazy("In the batch, mg"),
    "batch_ml": gettext_lazy("In the batch, mL"),
    "utilisation_pct": gettext_lazy("Share of the capsule, %"),
    "theoretical_fill_mg": gettext_lazy("Theoretical fill, mg"),
    "theoretical_gross_mg": gettext_lazy("Theoretical weight with shell, mg"),
    "amount": gettext_lazy("To measure"),
    "low": gettext_lazy("Lowest"),
    "high": gettext_lazy("Highest"),
    "drops_per_ml": gettext_lazy("Drops in each mL"),
    "mg_per_drop": gettext_lazy("mg in each drop"),
    "dose_ml": gettext_lazy("Dose in mL"),
    "drops": gettext_lazy("Dose in drops"),
    "delivered_mg": gettext_lazy("The drops hold, mg"),
    "error_pct": gettext_lazy("Off the dose, %"),
    "vehicle_estimate_mg": gettext_lazy("Vehicle, estimate, mg"),
    "blend_mg": gettext_lazy("Mixture after step, mg"),
    "worst_low_pct": gettext_lazy("Dose at its lowest, %"),
    "worst_high_pct": gettext_lazy("Dose at its highest, %"),
    "expected_pct": gettext_lazy("Dose, expected error, %"),
}


def record_context(number: str) -> Context:
    """Return everything on the compounding record of a lot. Raises CalculatorsDisagree."""
    record = record_for_page(number)
    sheet = sheet_of(record)
    with override(LANGUAGE):
        return {
            "language": LANGUAGE,
            "title": _("Compounding record %(lot)s") % {"lot": record.number},
            "pharmacy": pharmacy_context(),
            "heading": _("Compounding record"),
            "lot": _("Lot %(lot)s") % {"lot": record.number},
            "name": medicine_name(record.formula, record.strength),
            "status": _status(record),
            "facts": _facts(record, sheet),
            "components": _components(record),
            "balances": balances_context(record),
            "arithmetic": _arithmetic(record, sheet),
            "procedure": _procedure(record),
            "bench": bench_context(record),
            "checks": {
                "heading": _("Quality control"),
                "expected": " ".join(
                    f"{check.procedure} {check.expected}"
                    for check in record.formula.quality_checks.order_by("position")
                ),
                "none": _("Nothing is checked yet."),
                "done": checks_context(list(record.checks.all())),
            },
            "yield": _yield(record, sheet),
            "beyond_use": _beyond_use(record),
            "signatures": _signatures(record),
            "foot": {"page": _("Page"), "of": _("of")},
        }


def _status(record: CompoundingRecord) -> Context:
    released = record.state == BatchState.RELEASED
    state = record.get_state_display()
    word = _("Released") if released else _("Not released: %(state)s") % {"state": state}
    return {"word": word, "released": released, "reason": record.reject_reason}


def _facts(record: CompoundingRecord, sheet: Worksheet) -> list[list[str]]:
    formula = record.formula
    prepared = "–" if record.compounded_at is None else local_moment(record.compounded_at)
    orders = [
        f"{allocation.line.order.number} ({allocation.quantity})"
        for allocation in Allocation.objects.filter(record=record, withdrawn_at__isnull=True)
        .select_related("line__order__prescription")
        .order_by("pk")
    ]
    return [
        [_("Master formulation record"), _mfr(record)],
        [_("Prepared"), prepared],
        [_("Quantity"), _quantity(record, sheet)],
        [_("Beyond-use date"), known_day(record.beyond_use_on)],
        [_("Storage"), formula.storage],
        [_("Container and closure"), formula.container_closure],
        [_("Description, as seen"), record.observed_description or "–"],
        [_("For prescriptions"), ", ".join(orders) or "–"],
    ]


def _mfr(record: CompoundingRecord) -> str:
    formula = record.formula
    approved = (
        _(", approved %(day)s") % {"day": local_day(formula.approved_at)}
        if formula.approved_at
        else ""
    )
    return _("%(name)s (%(code)s), version %(version)s%(approved)s") % {
        "name": formula.name,
        "code": formula.code,
        "version": formula.version,
        "approved": approved,
    }


def _quantity(record: CompoundingRecord, sheet: Worksheet) -> str:
    planned = units_words(record.formula, sheet.batch_units or record.units_wanted)
    if sheet.batch_volume_ml is not None:
        planned = f"{planned}, {wording.millilitres(sheet.batch_volume_ml)}"
    return _("%(planned)s, for %(wanted)s wanted") % {
        "planned": planned,
        "wanted": wording.number(record.units_wanted),
    }


def _components(record: CompoundingRecord) -> Context:
    return {
        "heading": _("Components"),
        "columns": [
            _("Component"),
            _("Supplier, lot, expiry"),
            _("Wanted"),
            _("Limits"),
            _("Measured"),
            _("How, by whom, when"),
        ],
        "rows": [_component(line) for line in record.lines.all()],
    }


def _component(line: BatchLine) -> list[str]:
    ingredient, lot = line.ingredient, line.lot
    role = ", ".join(part for part in (line.get_role_display(), ingredient.grade) if part)
    weighing = getattr(line, "weighing", None)
    wanted, limits = amount_in_words(line.wanted, line), limits_in_words(line)
    if line.fills_up:
        wanted = _("q.s. ad, about %(amount)s") % {"amount": wanted}
        limits = _("up to %(amount)s") % {
            "amount": amount_in_words(allowed_readings(line)[1], line)
        }
    return [
        f"{ingredient.name} ({role})",
        _lot_words(lot),
        wanted,
        limits,
        "–" if weighing is None else amount_in_words(weighing.amount, line),
        "–"
        if weighing is None
        else ", ".join(
            (
                _("by volume or count") if weighing.balance is None else weighing.balance.name,
                weighing.by.signed_name,
                local_moment(weighing.at),
            )
        ),
    ]


def _lot_words(lot: IngredientLot) -> str:
    said = [
        lot.supplier.name,
        lot.lot_number,
        _("expires %(day)s") % {"day": known_day(lot.expires_on)},
    ]
    if lot.assay_pct is not None:
        assay = {"pct": wording.percent(lot.assay_pct, 4), "basis": lot.get_assay_basis_display()}
        said.append(_("assay %(pct)s, %(basis)s") % assay)
    if lot.water_pct is not None:
        said.append(_("water %(pct)s") % {"pct": wording.percent(lot.water_pct, 4)})
    if lot.certificate_number:
        said.append(_("certificate %(number)s") % {"number": lot.certificate_number})
    return ", ".join(said)


def _arithmetic(record: CompoundingRecord, sheet: Worksheet) -> Context:
    return {
        "heading": _("Calculations"),
        "columns": [_("What"), _("Working"), _("Result")],
        "rows": [[step.label, step.expression, step.result] for step in sheet.working],
        "findings": [finding.text for finding in sheet.findings],
        "agreement": {
            "heading": _("Worked out twice"),
            "say": _("Two calculators, written apart, agree on each of these figures."),
            "columns": [_("Figure"), _("First calculator"), _("Second calculator")],
            "rows": _agreement(sheet),
        },
        "made_with": _("Worksheet formulas version %(version)s; policies: %(policies)s.")
        % {
            "version": sheet.formula_version,
            "policies": ", ".join(
                f"{key} {version}" for key, version in sorted(record.policy_versions.items())
            )
            or "–",
        },
        "digest": _("Worksheet SHA-256 %(digest)s") % {"digest": record.worksheet_sha256},
    }


def _agreement(sheet: Worksheet) -> list[list[str]]:
    for each in sheet.agreement:
        if each.first != each.second:
            raise CalculatorsDisagree(
                _("The two calculators disagree on %(figure)s: %(first)s and %(second)s.")
                % {
                    "figure": each.figure,
                    "first": wording.number(each.first),
                    "second": wording.number(each.second),
                }
            )
    return [
        [_figure(each.figure, sheet), wording.number(each.first), wording.number(each.second)]
        for each in sheet.agreement
    ]


def _figure(key: str, sheet: Worksheet) -> str:
    """The name of a figure, with the component it belongs to: "Lowest: naltrexone hydrochloride"."""
    name, _colon, part = key.partition(":")
    label = str(_FIGURES.get(name, name))
    if not part:
        return label
    component = next((line.name for line in sheet.lines if line.key == part), "")
    if component:
        return f"{label}: {component}"
    if part.isdigit() and 0 < int(part) <= len(sheet.drop_table):
        return f"{label}: {wording.mass(sheet.drop_table[int(part) - 1].dose_mg)}"
    return f"{label}: {part}"


def _procedure(record: CompoundingRecord) -> Context:
    critical = _("critical")
    return {
        "heading": _("Procedure"),
        "equipment": _("Equipment: %(equipment)s")
        % {"equipment": "; ".join(record.formula.equipment)},
        "steps": [
            f"{step.text} ({critical})" if step.is_critical else step.text
            for step in steps_for(record)
        ],
    }


def _yield(record: CompoundingRecord, sheet: Worksheet) -> Context:
    heading = _("Yield")
    if record.units_made is None or record.units_wasted is None:
        return {"heading": heading, "rows": [], "none": _("The batch is not finished.")}
    moves = record.unit_moves.filter(from_place=UnitPlace.BENCH, to_place=UnitPlace.TESTED)
    tested = sum((move.quantity for move in moves), Decimal(0))
    theoretical = sheet.batch_units or record.units_wanted
    found = reconcile(
        theoretical=Decimal(theoretical),
        usable=Decimal(record.units_made),
        destroyed_in_testing=tested,
        waste=Decimal(record.units_wasted),
    )
    rows = [
        [_("Planned"), wording.number(theoretical)],
        [_("Usable"), wording.number(record.units_made)],
        [_("Used for tests"), wording.number(tested)],
        [_("Waste"), wording.number(record.units_wasted)],
        [_("Not accounted for"), wording.number(found.unaccounted)],
        [_("Yield"), wording.percent(found.pct)],
    ]
    return {"heading": heading, "rows": rows, "none": ""}


def _beyond_use(record: CompoundingRecord) -> Context:
    heading = _("Beyond-use date")
    if record.compounded_at is None or not record.beyond_use_limits:
        return {"heading": heading, "none": _("It is set when the batch is finished.")}
    return {
        "heading": heading,
        "date": known_day(record.beyond_use_on),
        "because": record.beyond_use_reason,
        "limits": limits_context(
            record.beyond_use_limits, prepared_on=timezone.localdate(record.compounded_at)
        ),
        "reference": record.formula.bud_reference,
        "none": "",
    }


def _signatures(record: CompoundingRecord) -> Context:
    rows = [[_("Planned"), record.planned_by.signed_name, local_moment(record.planned_at)]]
    if record.made_by is not None and record.compounded_at is not None:
        rows.append(
            [_("Compounded"), record.made_by.signed_name, local_moment(record.compounded_at)]
        )
    verification = getattr(record, "verification", None)
    if verification is not None:
        rows.append(
            [verification.meaning, verification.by.signed_name, local_moment(verification.at)]
        )
    return {
        "heading": _("Signatures"),
        "columns": [_("Meaning"), _("Signed by"), _("When")],
        "rows": rows,
    }
