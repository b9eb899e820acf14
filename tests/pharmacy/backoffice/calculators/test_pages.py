"""What every calculator's page does alike: empty, refused, asked while somebody types, junk in every field."""

from datetime import timedelta
from itertools import cycle

import pytest
import time_machine
from django.db import connection
from django.forms import BooleanField
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compounding.working import WorkingStep
from pharmacy.audit.models import AuditEvent
from pharmacy.backoffice.calculators.families import CALCULATORS, FAMILIES
from pharmacy.backoffice.calculators.fields import read_words
from pharmacy.workflow.demonstration import Bench
from tests.compounding.evaluator import NoArithmetic, proved
from tests.factories.job import AT
from tests.pharmacy.backoffice.calculators.sheet import example, opened, read

KEYS = list(CALCULATORS)
TYPING = {"HX-Request": "true"}
MOST_QUERIES = 11
NASTY = (
    "abc",
    "1,5 mg",
    "1e3",
    "-1 mg",
    "0",
    "0 mg",
    "NaN",
    "Infinity",
    "9" * 400,
    "4.5 furlongs",
    "4.5",
    ".5 mg",
    "١٢ mg",
    "1_000",
    "\x00",
    "<script>alert(1)</script>",
    "'; drop table patients; --",
    "999999999999999 mg",
    "0.000001 mg",
    "999999999999999",
    "999999999999999 mg/mL",
    "999999999999 mL",
    "99.999999",
    "2100-12-31",
    "a; 1 mg; 1 mg\n" * 61,
    "1 mg for 3660 days\n" * 60,
    "999999999 mg for 1 days",
    "1 in 999999999999999\n" * 20,
    "x; 9999999999999 g; 1",
    " ".join(["0.001"] * 60),
    "\N{ZERO WIDTH SPACE}",
    ";;;;\n;;;",
)

NONSENSE = (
    "1,5",
    "1e3",
    "-1",
    "NaN",
    "Infinity",
    "9" * 400,
    "4.5 furlongs",
    "abc",
    "١٢",
    "４.５ mg",
    "<b>1</b>",
)
"""What no number, amount, day, table or choice can be."""
DOUBTFUL = (
    "",
    "0",
    "0 mg",
    "4.5",
    "999999999999999",
    "999999999999999 mg",
    "0.000000000000001",
    "4.5 mg; 4.5 mg",
    "\x00",
)
"""What one field may take and another may not: no field breaks on it."""


@pytest.mark.parametrize("key", KEYS)
def test_an_empty_page_asks_and_offers_an_example(key: str, technician: Client) -> None:
    answer = opened(technician, key)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" not in page
    assert "Look at an example" in page
    assert "No patient data goes in here" in page


@pytest.mark.parametrize("key", KEYS)
def test_the_example_is_answered(key: str, technician: Client) -> None:
    before = AuditEvent.objects.count()
    address = f"{reverse('admin:calculator', args=[key])}?{CALCULATORS[key][1].example_query}"
    with CaptureQueriesContext(connection) as queries:
        answer = technician.get(address)
    # Who asks, and the pharmacy's own figures: nothing grows with what is typed.
    assert len(queries) <= MOST_QUERIES, [query["sql"] for query in queries]
    sheet = read(answer)
    assert answer.status_code == 200
    assert sheet.headline
    assert sheet.working or sheet.rows
    assert AuditEvent.objects.count() == before
    assert [line for line in sheet.working if not _comes_out(line)] == []


def _comes_out(line: str) -> bool:
    """Whether the arithmetic on the page gives the result on the page; what is said in words does."""
    expression, _equals, result = line.rpartition(" = ")
    try:
        return proved(WorkingStep("", expression, result))
    except NoArithmetic:
        return True


def test_every_calculator_stands_in_the_list(technician: Client) -> None:
    page = technician.get(reverse("admin:calculators")).content.decode()
    assert all(reverse("admin:calculator", args=[key]) in page for key in KEYS)
    assert len(KEYS) == sum(len(family.calculators) for family in FAMILIES)


REFUSALS = [
    ("powder-to-weigh", {"dose": "4.5"}, "dose", "4.5 of what? Add the unit, as in 4.5 mg."),
    ("powder-to-weigh", {"dose": "4,5 mg"}, "dose", "without commas"),
    ("powder-to-weigh", {"water": ""}, "basis", "needs the water content"),
    (
        "powder-to-weigh",
        {"strength_mw": "377.86", "supplied_mw": "413.89"},
        "supplied_mw",
        "would take it out a second time",
    ),
    ("minimum-weighable", {"error": "0"}, "error", "must be more than 0"),
    ("usp-41", {"readings": "100 101"}, "readings", "at least 10 weighings"),
    ("solid-aliquot", {"aliquot": "1 mg"}, "aliquot", "less than the 120 mg"),
    ("liquid-aliquot", {"solubility": "1 mg/mL"}, "solubility", "more than the 1 mg/mL"),
    ("stock-triturate", {"strength": "99.9", "assay": "90"}, "strength", "Make it weaker"),
    ("capsules-from-triturate", {"dose": "4.5 mg"}, "strength", "use a stronger triturate"),
    ("capsule-worksheet", {"units": "30"}, "minimum", "no less than 120 mg"),
    ("capsule-worksheet", {"weigh_to": "30 mg"}, "weigh_to", "no step of 30 mg lies between"),
    ("capsule-worksheet", {"tolerance": "0"}, "tolerance", "must be more than 0"),
    ("capsule-worksheet", {"dose": "250 mg"}, "size", "choose a larger size"),
    ("capsule-size", {"fill": "2 g"}, "sizes", "fits none of the sizes"),
    ("liquid-worksheet", {"fill_volume": "29 mL"}, "fill_volume", "less than the 30 mL"),
    ("vehicle", {"batch": "40 mL"}, "batch", "of a batch of 40 mL"),
    ("dropper", {"volume": "4 mL"}, "volume", "either a volume, or a mass and a density"),
    ("dose", {"dose": "0.01 mg"}, "dose", "make a weaker preparation"),
    ("dose", {"dose": "", "volume": ""}, "dose", "Fill in “Dose” or “Volume”."),
    ("dose", {"volume": "1 mL"}, "volume", "not both"),
    ("powder-to-weigh", {"supplied_mw": "413.89"}, "strength_mw", "type all or none"),
    ("capsules-from-triturate", {"density": ""}, "density", "type all or none"),
    ("liquid-worksheet", {"drops": ""}, "drops", "type all or none"),
    ("alligation", {"target": "12"}, "target", "no mixture of the two"),
    ("dilute", {"target": "6 mg/mL"}, "target", "cannot be diluted"),
    ("scale", {"lines": "drug; lots"}, "lines", "Line 1: “lots” is not an amount"),
    ("scale", {"lines": "drug"}, "lines", "Line 1: “drug” is not complete. One a line: name;"),
    ("fill-weights", {"weights": "48 199"}, "weights", "no more than an empty shell"),
    ("usp-2091-intact", {"weights": "200"}, "weights", "The test weighs 20 capsules"),
    ("acceptance-value", {"k": "2.0"}, "contents", "For 10 units k is 2.4, not 2."),
    ("acceptance-value", {"mean": "99"}, "mean", "not both"),
    ("acceptance-value", {"contents": ""}, "contents", "Fill in “Contents of single units” or"),
    (
        "acceptance-value",
        {"contents": "", "mean": "99", "sd": "2", "lowest": "90", "highest": "101"},
        "l2",
        "for the single units",
    ),
    ("yield", {"usable": "104"}, "theoretical", "107 are accounted for"),
    ("beyond-use-date", {"components": "filler; 2026-10-31"}, "components", "could be used until"),
    ("beyond-use-date", {"prepared_on": "2026-02-30"}, "prepared_on", "no calendar has"),
    ("titration-capsules", {"strengths": "1 mg"}, "strengths", "capsules of 0.5 mg would make it"),
    ("step-back", {"event_day": "57"}, "event_day", "is not in a plan"),
    ("cost", {"lines": "drug; 1 g; 2/mg"}, "lines", "Use one unit"),
    ("identifiers", {"ndc": "0409397703"}, "ndc", "with its hyphens"),
    ("error-budget", {"sources": "weighing"}, "sources", "Line 1: “weighing” is not complete."),
]


@pytest.mark.parametrize(
    ("key", "changed", "field", "why"), REFUSALS, ids=lambda part: str(part)[:30]
)
def test_a_refusal_says_why_and_where(
    key: str, changed: dict[str, str], field: str, why: str, technician: Client
) -> None:
    typed = example(key, **changed)
    answer = opened(technician, key, typed)
    sheet = read(answer)
    assert answer.status_code == 422
    assert "There is a problem" in sheet.text
    assert why in sheet.beside(field)
    summary = sheet.text.split('id="error-summary"')[1].split("</div>")[0]
    assert why in summary
    assert not sheet.headline
    # Nothing that was typed is lost.
    name, value = next(iter(changed.items()))
    assert value in sheet.text.split(f'name="{name}"')[1][:800]


def test_what_is_typed_is_never_read_as_markup(technician: Client) -> None:
    page = opened(technician, "capsule-worksheet", example("capsule-worksheet", name="<b>x</b>"))
    assert b"<b>x</b>" not in page.content
    assert b"&lt;b&gt;x&lt;/b&gt;" in page.content


def test_the_ways_out_stand_with_their_errors(technician: Client) -> None:
    sheet = read(opened(technician, "capsule-worksheet", example("capsule-worksheet", units="30")))
    assert "What would help, and the error to expect" in sheet.text
    assert any("triturate" in label.lower() for label in sheet.facts)
    # Said once, and not again in the narrow column beside the field.
    assert sheet.text.lower().count("make at least 80 capsules") == 1


def test_an_almost_full_capsule_may_go_without_its_filler(technician: Client) -> None:
    full = {"dose": "199 mg", "assay": "100", "basis": "as_is", "units": "130", "overage": "0"}
    sheet = read(opened(technician, "capsule-worksheet", example("capsule-worksheet", **full)))
    assert "97.5 mg of microcrystalline cellulose" in sheet.beside("minimum")
    assert [way.split(":")[0] for way in sheet.facts] == [
        "Leave the filler out",
        "Take a capsule of 0.301 mL or more, packed as closely, which takes 120 mg of filler in the batch",
        "Make at least 160 capsules",
    ]
    without = example("capsule-worksheet", **full, filler="", filler_pack="")
    sheet = read(opened(technician, "capsule-worksheet", without))
    assert sheet.headline == "Weigh 25,870 mg of naltrexone hydrochloride"
    assert "for 130 capsules of 199 mg" in sheet.under
    half = example("capsule-worksheet", filler="")
    assert "type all or none" in read(opened(technician, "capsule-worksheet", half)).beside(
        "filler"
    )


def test_while_somebody_types_only_the_answer_is_sent(technician: Client) -> None:
    address = reverse("admin:calculator", args=["salt"])
    answer = technician.get(address, example("salt"), headers=TYPING)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert "4.0658 mg" in page
    assert 'id="said"' in page
    refused = technician.get(address, example("salt", amount="4"), headers=TYPING)
    assert refused.status_code == 200
    assert "4 of what?" in read(refused).beside("amount")
    # What nobody has typed yet is not held against them.
    begun = technician.get(address, {"amount": "4.5 mg"}, headers=TYPING)
    assert read(begun).beside("to_mw") == ""
    assert "Still to fill in:" in begun.content.decode()


def test_nothing_is_kept_by_the_browser(technician: Client) -> None:
    assert "no-store" in opened(technician, "salt", example("salt"))["Cache-Control"]


@pytest.mark.parametrize("who", ["nobody", "prescriber"])
def test_outsiders_are_sent_to_the_sign_in(who: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(who)
    for typed in ({}, example("salt")):
        answer = client.get(reverse("admin:calculator", args=["salt"]), typed, headers=TYPING)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/?next=")


def test_there_is_nothing_to_send(technician: Client) -> None:
    address = reverse("admin:calculator", args=["salt"])
    assert technician.post(address, example("salt")).status_code == 405
    assert technician.get(reverse("admin:calculator", args=["no-such"])).status_code == 404


def test_the_pharmacys_figures_stand_ready_with_their_source(technician: Client) -> None:
    page = read(opened(technician, "minimum-weighable")).text
    assert 'name="error" value="5"' in page
    assert "Policy: 5 percent. Minimum weighable quantity" in page
    assert "Analytical balance A1: 0.5 mg." in page


def test_a_figure_that_nobody_has_approved_is_asked_for(technician: Client) -> None:
    before_any_policy = example("beyond-use-date", day_count="day1", ceiling="180")
    with time_machine.travel(AT - timedelta(days=60), tick=False):
        sheet = read(opened(technician, "beyond-use-date", before_any_policy))
    assert "No approved policy" in sheet.beside("kind")


@pytest.mark.parametrize("key", KEYS)
def test_junk_is_refused_and_never_breaks(key: str, technician: Client) -> None:
    calculator = CALCULATORS[key][1]
    address = reverse("admin:calculator", args=[key])
    names = list(calculator.form.base_fields)
    # All fields at once, by the page.
    for junk in NASTY[::8]:
        typed = dict.fromkeys(names, junk)
        answer = technician.get(address, typed, headers=TYPING)
        assert answer.status_code == 200, junk
        assert not read(answer).headline, junk
    # One field among right ones, by the page, each with other junk.
    other = cycle(NASTY)
    for name in names:
        answer = technician.get(address, example(key, **{name: next(other)}), headers=TYPING)
        assert answer.status_code == 200


def _with(key: str, name: str, typed: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(example(key, **{name: typed}))
    return data


@pytest.mark.parametrize("key", KEYS)
def test_nonsense_is_refused_beside_its_field_and_kept(key: str, bench: Bench, db: None) -> None:
    calculator = CALCULATORS[key][1]
    defaults = calculator.form_for(None).defaults
    for name, field in calculator.form.base_fields.items():
        if isinstance(field, BooleanField) or getattr(field, "read", None) is read_words:
            continue
        for nonsense in NONSENSE:
            form = calculator.form(_with(key, name, nonsense), defaults=defaults)
            assert calculator.answer(form) is None, (name, nonsense)
            assert all(str(why).strip() for why in form.errors[name]), (name, nonsense)
            assert form[name].value() == nonsense


@pytest.mark.parametrize("key", KEYS)
def test_what_may_be_read_is_answered_or_refused(key: str, bench: Bench, db: None) -> None:
    calculator = CALCULATORS[key][1]
    defaults = calculator.form_for(None).defaults
    for name in calculator.form.base_fields:
        for typed in DOUBTFUL:
            form = calculator.form(_with(key, name, typed), defaults=defaults)
            answer = calculator.answer(form)
            assert (answer is None) == bool(form.errors), (name, typed)
            assert answer is None or answer.headline, (name, typed)
