"""A twice-computed worksheet as an answer: what to weigh, its limits, errors of the dose, working, agreement."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from compounding.arithmetic import round_down, round_up
from compounding.weighable import BalanceTooCoarse, NotWeighable
from compounding.worksheet import DoseError, LineUnit, Role, Worksheet, WorksheetLine
from pharmacy.backoffice import pictures
from pharmacy.backoffice.agreement import agreement_of
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, Picture, Table, mg, ml, num, pct
from pharmacy.backoffice.calculators.defaults import Policy, Source, balance_figure
from pharmacy.backoffice.calculators.potency import CERTIFICATE_BLAME
from pharmacy.backoffice.calculators.registry import Blame, CalculatorForm
from pharmacy.backoffice.plan_panel import Fact

_LIMIT_PLACES = 3


class BenchForm(CalculatorForm):
    """What every worksheet asks of the balance."""

    headings = {"minimum": gettext_lazy("Balance")}

    minimum = fields.mass(gettext_lazy("Least that the balance may weigh"))
    tolerance = fields.percent(gettext_lazy("Tolerance of a weighing, %"))
    weigh_to = fields.mass(gettext_lazy("The balance is read to"))
    balance = fields.mass(
        gettext_lazy("Uncertainty of the balance"),
        gettext_lazy("For the error of the dose."),
        required=False,
    )


class StockTriturateForm(BenchForm):
    """What a worksheet asks of the triturate that its active comes as."""

    triturate = fields.percent(
        gettext_lazy("Strength of the triturate, % w/w"),
        gettext_lazy("As labeled; its potency was corrected when it was made."),
    )
    error = fields.percent(
        gettext_lazy("Its error at worst, %"),
        gettext_lazy("As its own worksheet says."),
        required=False,
    )
    mixing = fields.percent(gettext_lazy("Spread of a part of it, %"), required=False)


BENCH_DEFAULTS: dict[str, Source] = {
    "tolerance": Policy("weighing_tolerance_pct"),
    "weigh_to": balance_figure("readability_mg"),
    "balance": balance_figure("readability_mg"),
}
BENCH_EXAMPLE = {
    "minimum": "120 mg",
    "weigh_to": "0.1 mg",
    "balance": "0.1 mg",
}
BLAME: Blame = {
    **CERTIFICATE_BLAME,
    BalanceTooCoarse: "weigh_to",
    NotWeighable: "minimum",
}


def sheet_answer(sheet: Worksheet, *, headline: str, under: str) -> Answer:
    """Return everything a worksheet says."""
    return Answer(
        headline=headline,
        under=under,
        facts=_facts(sheet),
        tables=[
            table
            for table in (_lines(sheet), _drops(sheet), _blending(sheet), errors_table(sheet))
            if table.rows
        ],
        working=sheet.working,
        findings=sheet.findings,
        picture=_picture(sheet),
        agreement=agreement_of(sheet),
    )


def _facts(sheet: Worksheet) -> list[Fact]:
    figures = (
        (_("Capsules, overage included"), sheet.batch_units and num(sheet.batch_units)),
        (_("Volume of the batch"), sheet.batch_volume_ml and ml(sheet.batch_volume_ml)),
        (_("Mass of the batch"), sheet.batch_mg and mg(sheet.batch_mg)),
        (_("Fill of one capsule"), sheet.theoretical_fill_mg and mg(sheet.theoretical_fill_mg)),
        (
            _("Weight of one capsule"),
            sheet.theoretical_gross_mg and mg(sheet.theoretical_gross_mg),
        ),
        (_("Drops in a mL"), sheet.drops_per_ml and num(sheet.drops_per_ml, 2)),
        (_("In each drop"), sheet.mg_per_drop and mg(sheet.mg_per_drop, 4)),
        (_("Vehicle, about"), sheet.vehicle_estimate_ml and ml(sheet.vehicle_estimate_ml)),
    )
    factors = [
        Fact(_("Potency factor, %(name)s") % {"name": each.name}, num(each.factor))
        for each in sheet.potency_factors
    ]
    return [*(Fact(label, value) for label, value in figures if value), *factors]


def _lines(sheet: Worksheet) -> Table:
    return Table(
        _("What goes in"),
        (_("Ingredient"), _("To weigh or measure"), _("Allowed")),
        tuple((line.name, _amount(line), _allowed(line)) for line in sheet.lines),
    )


def _amount(line: WorksheetLine) -> str:
    if line.unit is LineUnit.EACH:
        return wording.grouped(line.amount)
    amount = f"{wording.grouped(line.amount)} {line.unit.value}"
    return _("q.s. ad %(amount)s") % {"amount": amount} if line.qs_ad else amount


def _allowed(line: WorksheetLine) -> str:
    """The limits rounded inward, so that none is wider than the worksheet's."""
    if line.unit is LineUnit.EACH or line.qs_ad:
        return "–"
    low = wording.grouped(round_up(line.low, _LIMIT_PLACES))
    high = wording.grouped(round_down(line.high, _LIMIT_PLACES))
    said = {"low": low, "high": high, "unit": line.unit.value}
    return _("%(low)s to %(high)s %(unit)s") % said


def _drops(sheet: Worksheet) -> Table:
    return Table(
        _("Doses"),
        (_("Dose"), _("Volume"), _("Drops"), _("Delivered"), _("Off by")),
        tuple(
            (
                wording.mass(row.dose_mg),
                ml(row.volume_ml),
                "–" if row.drops is None else num(row.drops),
                "–" if row.delivered_mg is None else mg(row.delivered_mg),
                "–" if row.error_pct is None else wording.signed_percent(row.error_pct),
            )
            for row in sheet.drop_table
        ),
    )


def _blending(sheet: Worksheet) -> Table:
    return Table(
        _("Mix by geometric dilution"),
        (_("Step"), _("Add, about"), _("Mixture then")),
        tuple((num(step.number), mg(step.add_mg), mg(step.mixture_mg)) for step in sheet.blending),
    )


def errors_table(sheet: Worksheet) -> Table:
    """Return how far each dose may lie from its label, at worst and as expected, and what from."""
    return Table(
        _("How far a dose may lie from its label"),
        (_("Dose"), _("Expected"), _("At worst"), _("From")),
        tuple(_error_row(each) for each in sheet.dose_errors),
    )


def _error_row(each: DoseError) -> tuple[str, ...]:
    dose = each.name if each.dose_mg is None else wording.mass(each.dose_mg)
    low = wording.signed_percent(each.worst_low_pct, 2)
    high = wording.signed_percent(each.worst_high_pct, 2)
    return (
        f"{dose} {each.method}",
        f"±{pct(each.expected_pct)}",
        _("%(low)s to %(high)s") % {"low": low, "high": high},
        ", ".join(f"{share.name} ±{pct(share.limit_pct)}" for share in each.sources),
    )


def _picture(sheet: Worksheet) -> Picture | None:
    if sheet.utilisation_pct is None:
        return None
    return Picture("admin/pictures/capsule.svg", pictures.capsule_fill(sheet.utilisation_pct))


def named(sheet: Worksheet, role: Role) -> str:
    """Return what is weighed in this role: "197.4 mg of naltrexone hydrochloride"; nothing if there is none."""
    return _(" and ").join(
        _("%(amount)s of %(name)s") % {"amount": _amount(line), "name": line.name}
        for line in sheet.lines
        if line.role is role
    )
