"""The facts on label, leaflet and compounding record, for a titration of capsules and for drops."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from compounding import wording
from pharmacy.batches.models import BatchLine, CompoundingRecord
from pharmacy.batches.states import BatchState
from pharmacy.documents.contexts.label import label_context
from pharmacy.documents.contexts.parts import Context, context_digest
from pharmacy.documents.contexts.record import CalculatorsDisagree, record_context
from pharmacy.documents.models import DocumentKind
from pharmacy.formulations.models import Substance
from pharmacy.leaflets.models import LeafletEdition, Study
from pharmacy.leaflets.queries import NoApprovedEdition
from pharmacy.orders.models import TimeOfDay
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import fresh, made
from tests.factories.papers import DAY, Said, html_texts, page_of, said_for, said_of

pytestmark = pytest.mark.django_db

KINDS = (DocumentKind.CONTAINER_LABEL, DocumentKind.LEAFLET, DocumentKind.COMPOUNDING_RECORD)


@pytest.fixture(scope="module")
def capsules(bench: Bench) -> Said:
    return said_for(bench, "capsules")


@pytest.fixture(scope="module")
def drops(bench: Bench) -> Said:
    return said_for(bench, "drops")


@pytest.fixture(params=["capsules", "drops"])
def either(request: pytest.FixtureRequest, capsules: Said, drops: Said) -> Said:
    return capsules if request.param == "capsules" else drops


def strings(context: Any) -> Iterator[str]:
    """Every text in a context."""
    if isinstance(context, str):
        yield context
    elif isinstance(context, dict):
        for part in context.values():
            yield from strings(part)
    elif isinstance(context, list | tuple):
        for part in context:
            yield from strings(part)


def all_words(context: Context) -> str:
    """All texts of a context in one."""
    return " ".join(strings(context))


# --- the container label ----------------------------------------------------------------------------------------------


def test_the_label_of_capsules(capsules: Said) -> None:
    label = capsules.label
    assert label["patient"] == "Grace Okonkwo"
    assert label["medicine"] == "Naltrexone HCl 1.5 mg capsules"
    assert label["directions"] == (
        "Take one 1.5 mg capsule by mouth at bedtime for 14 days, then two 1.5 mg capsules for 14 days, "
        "then three 1.5 mg capsules for 28 days."
    )
    assert label["first_direction"] == (
        "Take one 1.5 mg capsule by mouth at bedtime until 5 December. Then follow your dated plan."
    )
    assert label["rx"] == f"Rx {capsules.order.number}"
    assert label["use_by"] == "Do not use after 20 May 2027"
    facts = [fact.replace("\N{NO-BREAK SPACE}", " ") for fact in label["facts"]]
    lot = capsules.record.number
    assert facts == [
        "126 capsules",
        "by mouth",
        "Lily Chen, MD",
        "filled 22 November 2026",
        f"lot {lot}",
    ]
    assert label["notes"][-2:] == [
        "Each capsule: naltrexone hydrochloride 1.5 mg, microcrystalline cellulose, hypromellose capsule.",
        "Compounded for this patient.",
    ]
    assert label["containers"] == [""]
    assert label["code"] == f"(91){capsules.order.number}-1(92){lot}"


def test_the_label_of_drops_says_milligrams_and_millilitres(drops: Said) -> None:
    label = drops.label
    assert label["medicine"] == "Naltrexone HCl 1 mg/mL drops"
    assert label["directions"].startswith(
        "Place 0.5 mg (0.5 mL) under the tongue at bedtime for 14 days, then 1 mg (1 mL)"
    )
    assert label["facts"][:2] == ["30 mL", "under the tongue"]
    assert label["notes"][0] == "Keep in the refrigerator, 2 °C to 8 °C, away from light."
    assert label["use_by"] == "Do not use after 26 December 2026"


def test_two_bottles_get_a_label_each(drops: Said) -> None:
    line = drops.order.lines.get()
    type(line).objects.filter(pk=line.pk).update(quantity=2)
    assert said_of(drops.order, drops.record).label["containers"] == [
        "Bottle 1 of 2",
        "Bottle 2 of 2",
    ]


def test_the_opioid_warning_comes_from_the_rules_of_the_substance(capsules: Said) -> None:
    assert capsules.label["warnings"] == ["Do not take with any opioid."]
    Substance.objects.update(rule_set="")
    line = fresh(capsules.order).lines.get()
    record = CompoundingRecord.objects.get(pk=capsules.record.pk)
    label = label_context(line=line, record=record, start_on=DAY, filled_on=DAY)
    assert label["warnings"] == []


def test_the_code_tells_nothing_about_the_patient_or_the_medicine(either: Said) -> None:
    code = either.label["code"].lower()
    for word in ("naltrexone", "ldn", *either.label["patient"].lower().split()):
        assert word not in code


def test_no_title_tells_more_than_the_number(either: Said) -> None:
    for context in either.contexts.values():
        title = context["title"].lower()
        for word in (
            "naltrexone",
            "opioid",
            "fibromyalgia",
            *either.label["patient"].lower().split(),
        ):
            assert word not in title


# --- the leaflet ------------------------------------------------------------------------------------------------------


def test_the_leaflet_says_first_what_to_do_tonight(capsules: Said, drops: Said) -> None:
    assert capsules.leaflet["plan"]["today"] == {
        "when": "Tonight, and every night until 5 December",
        "what": "Take one 1.5 mg capsule by mouth at bedtime",
    }
    assert drops.leaflet["plan"]["today"] == {
        "when": "Tonight, and every night until 5 December",
        "what": "Place 0.5 mg (0.5 mL) under the tongue at bedtime",
    }


def test_the_plan_of_capsules_is_dated(capsules: Said) -> None:
    plan = capsules.leaflet["plan"]
    assert plan["columns"] == ["From", "To", "At bedtime", "Dose"]
    assert plan["rows"] == [
        ["22 November", "5 December", "one capsule", "1.5 mg"],
        ["6 December", "19 December", "two capsules", "3 mg"],
        ["20 December", "16 January", "three capsules", "4.5 mg"],
    ]
    assert plan["staircase"]["description"] == (
        "1.5 mg from 22 November to 5 December, then 3 mg from 6 December to 19 December, "
        "then 4.5 mg from 20 December to 16 January."
    )


def test_the_plan_of_drops_is_a_drop_table(drops: Said) -> None:
    plan = drops.leaflet["plan"]
    assert plan["columns"] == ["From", "To", "At bedtime"]
    assert [row[2] for row in plan["rows"]] == [
        "0.5 mg (0.5 mL, 13 drops)",
        "1 mg (1 mL, 25 drops)",
    ]
    assert plan["measuring"] == (
        "13 drops hold 0.52 mg, 25 drops hold 1 mg. The oral syringe is more exact than drops."
    )


def test_the_syringe_stands_at_the_mark(capsules: Said, drops: Said) -> None:
    assert capsules.leaflet["syringe"] is None
    syringe = drops.leaflet["syringe"]
    assert syringe["title"] == "Fill the syringe to 0.5 mL for 0.5 mg"
    halfway = next(mark["x"] for mark in syringe["marks"] if mark["text"] == "1")
    assert float(syringe["end"]) == pytest.approx((30 + float(halfway)) / 2, abs=0.1)


@pytest.mark.parametrize(
    ("starts_in", "time_of_day", "when"),
    [
        (0, TimeOfDay.BEDTIME, "Tonight, and every night until 5 December"),
        (2, TimeOfDay.BEDTIME, "From 24 November, every night until 7 December"),
        (0, TimeOfDay.MORNING, "From 22 November, every morning until 5 December"),
    ],
)
def test_tonight_is_said_only_of_tonight(
    capsules: Said, starts_in: int, time_of_day: TimeOfDay, when: str
) -> None:
    order = fresh(capsules.order)
    order.prescription.time_of_day = time_of_day
    said = said_of(order, capsules.record, start_on=DAY + timedelta(days=starts_in))
    assert said.leaflet["plan"]["today"]["when"] == when


def test_what_is_in_it_names_everything_and_the_lot(capsules: Said, drops: Said) -> None:
    def contents(said: Said) -> list[str]:
        return [
            text for item in said.leaflet["blocks"]["contents"]["items"] for text in item["texts"]
        ]

    assert contents(capsules) == [
        "Each capsule holds 1.5 mg of naltrexone hydrochloride.",
        "Also in it: microcrystalline cellulose, hypromellose capsule.",
        f"Made without lactose, gelatin, dyes and flavors. Lot {capsules.record.number}.",
    ]
    assert contents(drops)[:2] == [
        "Each mL holds 1 mg of naltrexone hydrochloride.",
        "Also in it: ascorbic acid, sodium benzoate, glycerin, purified water.",
    ]


def test_what_is_in_it_does_not_claim_the_absence_of_what_is_there(capsules: Said) -> None:
    line = BatchLine.objects.filter(record=capsules.record, role="filler").get()
    type(line.ingredient).objects.filter(pk=line.ingredient_id).update(contains=["lactose"])
    said = said_of(fresh(capsules.order), CompoundingRecord.objects.get(pk=capsules.record.pk))
    assert "Made without gelatin, dyes and flavors." in all_words(said.leaflet)


def test_every_gap_is_filled_and_the_numbers_come_from_the_policies(either: Said) -> None:
    said = all_words(either.leaflet["blocks"])
    assert "{" not in said
    assert "You need 10 days without opioids before your first dose." in said
    assert "you need 14 days." in said
    assert "Most people stop it 3 days before." in said
    assert "half the dose for 7 days" in said
    assert "on day 7 and 28" in said
    assert "(212) 555-0100" in said


def test_the_card_names_the_highest_dose_of_the_plan(capsules: Said) -> None:
    card = all_words(capsules.leaflet["blocks"]["wallet_card"])
    assert "Dose up to 4.5 mg a day" in card


def test_each_form_has_its_own_instructions(capsules: Said, drops: Said) -> None:
    assert "how_to_take_drops" not in capsules.leaflet["blocks"]
    assert "how_to_take_capsules" not in drops.leaflet["blocks"]
    assert "how_to_take_capsules" in capsules.leaflet["areas"]["front"][0]


def test_every_block_stands_in_one_place(either: Said) -> None:
    areas = either.leaflet["areas"]
    placed = [slot for area in areas.values() for column in area for slot in column]
    alone = {"title", "opioid_stop_box", "prescriber_evidence"}
    assert len(placed) == len(set(placed))
    assert set(placed) | alone == set(either.leaflet["blocks"])


def test_the_foot_says_which_edition_who_approved_it_and_when(capsules: Said) -> None:
    edition = LeafletEdition.objects.get(state="approved")
    assert edition.approved_by is not None
    assert capsules.leaflet["foot"]["edition"] == (
        f"Edition 1, approved 23 October 2026 by {edition.approved_by.signed_name}"
    )


def test_without_an_approved_edition_there_is_no_leaflet(capsules: Said) -> None:
    LeafletEdition.objects.update(state="retired")
    with pytest.raises(NoApprovedEdition, match="A pharmacist approves one first"):
        said_of(capsules.order, capsules.record)


def test_only_studies_that_were_read_are_shown_and_null_ones_beside_the_others(
    capsules: Said,
) -> None:
    rows = capsules.leaflet["evidence"]["rows"]
    outcomes = {row[0]: row[2] for row in rows}
    assert outcomes["Due Bruun 2024"] == "no effect"
    assert outcomes["Vatvani 2024"] == "with an effect"
    Study.objects.filter(code="vatvani-2024").update(read_by=None, read_at=None)
    again = said_of(fresh(capsules.order), capsules.record).leaflet["evidence"]["rows"]
    assert "Vatvani 2024" not in {row[0] for row in again}
    assert "Due Bruun 2024" in {row[0] for row in again}


def test_a_prescription_without_a_known_condition_gets_no_sentence_about_one(
    capsules: Said,
) -> None:
    order = fresh(capsules.order)
    order.prescription.condition = None
    leaflet = said_of(order, capsules.record).leaflet
    assert leaflet["evidence"] is None
    assert "prescriber_evidence" not in leaflet["blocks"]
    assert "ibromyalgia" not in all_words(leaflet)


# --- the compounding record -------------------------------------------------------------------------------------------


def test_the_record_holds_what_usp_795_asks(capsules: Said) -> None:
    paper, record = capsules.batch, capsules.record
    facts = dict(paper["facts"])
    assert paper["name"] == "Naltrexone HCl 1.5 mg capsules"
    assert paper["lot"] == f"Lot {record.number}"
    assert facts["Master formulation record"].startswith(
        "Naltrexone hydrochloride capsules (ldn-capsules), version 1, approved"
    )
    assert facts["Prepared"] == "22 November 2026, 10:00"
    assert facts["Quantity"] == "130 capsules, for 126 wanted"
    assert facts["Beyond-use date"] == "20 May 2027"
    assert facts["Storage"].startswith("At room temperature")
    assert facts["Description, as seen"] == record.formula.physical_description
    assert facts["For prescriptions"] == f"{capsules.order.number} (126)"
    assert [row[0] for row in paper["yield"]["rows"]] == [
        "Planned",
        "Usable",
        "Used for tests",
        "Waste",
        "Not accounted for",
        "Yield",
    ]
    assert paper["beyond_use"]["because"].startswith("USP <795> allows 180 days")


def test_every_component_has_its_lot_its_limits_and_who_weighed_it(capsules: Said) -> None:
    active, filler, shells = capsules.batch["components"]["rows"]
    assert active[0].startswith("Naltrexone hydrochloride")
    assert active[1].startswith("Cedar Fine Chemicals, NX-2201, expires ")
    assert "assay 99.6%, anhydrous, solvent-free, water 0.8%, certificate CFC-NX-2201" in active[1]
    assert active[2:5] == ["197.36 mg", "193.42 to 201.3 mg", "197.36 mg"]
    assert active[5].startswith("Analytical balance A1, Taylor Nguyen, CPhT, 22 November 2026, ")
    assert filler[2] == "19,351.98 mg"
    assert shells[2:5] == ["130", "130", "130"]
    assert shells[5].startswith("by volume or count")


def test_limits_are_rounded_inward(either: Said) -> None:
    for line, row in zip(
        BatchLine.objects.filter(record=either.record).order_by("position"),
        either.batch["components"]["rows"],
        strict=True,
    ):
        figures = [float(figure) for figure in re.findall(r"[0-9.]+", row[3].replace(",", ""))]
        assert max(figures) <= float(line.highest)
        if not line.fills_up:
            assert min(figures) >= float(line.lowest)


def test_what_is_filled_up_says_so(drops: Said) -> None:
    (water,) = [row for row in drops.batch["components"]["rows"] if "water" in row[0]]
    assert water[2].startswith("q.s. ad, about ")
    assert water[3].startswith("up to ")


def test_every_line_of_working_and_both_calculators_are_there(either: Said) -> None:
    sheet = either.record.worksheet
    arithmetic = either.batch["arithmetic"]
    assert [row[1] for row in arithmetic["rows"]] == [
        step["expression"] for step in sheet["working"]
    ]
    rows = arithmetic["agreement"]["rows"]
    assert len(rows) == len(sheet["agreement"])
    assert all(first == second for _figure, first, second in rows)
    assert not any(":" in figure and "_" in figure for figure, _first, _second in rows)


def test_a_worksheet_whose_calculators_disagree_is_never_printed(capsules: Said) -> None:
    record = CompoundingRecord.objects.get(pk=capsules.record.pk)
    worksheet = record.worksheet
    worksheet["agreement"][0]["second"] = "131"
    unsaved = replace_worksheet(record, worksheet)
    with pytest.raises(CalculatorsDisagree, match="130 and 131"):
        record_context(unsaved.number)


def replace_worksheet(record: CompoundingRecord, worksheet: dict[str, Any]) -> CompoundingRecord:
    """A copy of the batch with another worksheet: the batch itself cannot be changed."""
    record.pk, record.number, record.worksheet = None, "B-2026-9999", worksheet
    record.state, record.verified_by, record.released_at = BatchState.CHECKED, None, None
    record.save(force_insert=True)
    return record


def test_quality_checks_stand_with_readings_and_verdict(capsules: Said, drops: Said) -> None:
    fill = next(
        c for c in capsules.batch["checks"]["done"] if c["heading"].startswith("Fill weight")
    )
    assert fill["verdict"] == "passed"
    assert len(fill["rows"]) == 10
    assert fill["said"][0].endswith("of theoretical: within its limit.")
    headings = [check["heading"] for check in drops.batch["checks"]["done"]]
    assert {"Volume", "Appearance", "Container and closure"} == set(headings)


def test_the_limits_compete_and_the_earliest_wins(drops: Said) -> None:
    limits = drops.batch["beyond_use"]["limits"]
    assert [bar["wins"] for bar in limits["bars"]] == [True] + [False] * (len(limits["bars"]) - 1)
    widths = [float(bar["width"]) for bar in limits["bars"]]
    assert widths == sorted(widths)
    assert limits["reasons"][0]["date"] == "26 December 2026"
    assert limits["description"].count(";") == len(limits["bars"]) - 1


def test_signatures_carry_their_meaning(capsules: Said) -> None:
    rows = capsules.batch["signatures"]["rows"]
    assert [row[0] for row in rows[:2]] == ["Planned", "Compounded"]
    assert "I release this batch" in rows[2][0]
    assert rows[2][1] == "Lena Brandt, PharmD"
    assert capsules.batch["status"] == {"word": "Released", "released": True, "reason": ""}


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (BatchState.PLANNED, "Not released: planned"),
        (BatchState.WEIGHING, "Not released: being weighed"),
        (BatchState.CHECKED, "Not released: checked"),
        (BatchState.REJECTED, "Not released: rejected"),
        (BatchState.RECALLED, "Not released: recalled"),
    ],
)
def test_a_record_that_is_not_released_says_so(bench: Bench, state: BatchState, word: str) -> None:
    _order, record = made(bench, key=f"state-{state}")
    fields: dict[str, Any] = {"state": state}
    if state == BatchState.REJECTED:
        fields["reject_reason"] = "Powder on the outside"
    if state == BatchState.RECALLED:
        fields |= {"verified_by": bench.verifier.user_id, "released_at": record.compounded_at}
    CompoundingRecord.objects.filter(pk=record.pk).update(**fields)
    paper = record_context(record.number)
    assert paper["status"]["word"] == word
    assert word in html_texts(page_of(DocumentKind.COMPOUNDING_RECORD, paper))[2]
    assert paper["status"]["reason"] == fields.get("reject_reason", "")


# --- all of them ------------------------------------------------------------------------------------------------------

FORBIDDEN = {
    "a point without a zero before it": r"(?<![\d.])\.\d",
    "a zero at the end of a decimal": r"\d\.\d*0(?![\d.])",
    "a unit that touches its number": r"\d(?:mg|mL|mcg)\b",
    "an exponent": r"\d[eE][+-]\d",
    "a short form of microgram": r"\bmcg\b|µg|μg",
    "two numerals side by side": r"\b\d+ \d+(?:\.\d+)? (?:mg|mL)\b",
}


@pytest.mark.parametrize("kind", KINDS)
def test_no_number_is_written_in_a_way_that_is_misread(either: Said, kind: str) -> None:
    for text in html_texts(page_of(kind, either.contexts[kind])):
        for what, pattern in FORBIDDEN.items():
            assert not re.search(pattern, text), f"{what}: {text}"


def test_a_dose_in_millilitres_or_drops_never_stands_without_its_milligrams(drops: Said) -> None:
    container = {"30 mL"}
    for kind in (DocumentKind.CONTAINER_LABEL, DocumentKind.LEAFLET):
        for text in html_texts(page_of(kind, drops.contexts[kind])):
            if re.search(r"\d mL|\d drops", text) and not any(part in text for part in container):
                assert " mg" in text, text


def test_every_number_goes_through_wording(
    capsules: Said, drops: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, grouped = wording.number, wording.grouped

    def marked_in_groups(value: Decimal | int) -> str:
        with monkeypatch.context() as plain:
            plain.setattr(wording, "number", number)
            return f"‹{grouped(value)}›"

    monkeypatch.setattr(wording, "number", lambda value: f"‹{number(value)}›")
    monkeypatch.setattr(wording, "grouped", marked_in_groups)
    for said in (capsules, drops):
        again = said_of(fresh(said.order), CompoundingRecord.objects.get(pk=said.record.pk))
        made_here = [
            *again.label["facts"][:1],
            again.label["medicine"],
            *again.leaflet["plan"]["rows"],
            again.leaflet["plan"]["measuring"],
            *(row[2:5] for row in again.batch["components"]["rows"]),
            *(row[1:] for row in again.batch["arithmetic"]["agreement"]["rows"]),
            *again.batch["yield"]["rows"],
        ]
        for text in strings(made_here):
            bare = re.sub(r"‹[^›]*›", "", text)
            assert not re.search(r"\d+(?:\.\d+)? ?(?:mg|mL|drops|capsules|%)", bare), text
            assert not re.search(r"\d\.\d", bare), text


def test_the_same_facts_give_the_same_digest_and_others_another(capsules: Said) -> None:
    again = said_of(fresh(capsules.order), capsules.record)
    assert context_digest(again.label) == context_digest(capsules.label)
    later = said_of(fresh(capsules.order), capsules.record, start_on=date(2026, 11, 30))
    assert context_digest(later.leaflet) != context_digest(capsules.leaflet)


def test_the_language_of_a_paper_is_not_that_of_whoever_prints_it(
    capsules: Said, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "de"
    again = said_of(fresh(capsules.order), capsules.record)
    assert again.contexts == capsules.contexts


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_needs_no_style_or_script_of_its_own(either: Said, kind: str) -> None:
    html = page_of(kind, either.contexts[kind])
    assert " style=" not in html
    assert "<script" not in html
    assert not re.search(r"\son\w+=", html)


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_text_never_markup(capsules: Said, kind: str) -> None:
    context = {**capsules.contexts[kind], "patient": "<b>O'Neil</b>", "name": "<i>x</i>"}
    html = page_of(kind, context)
    assert "<b>O" not in html
    assert "<i>x" not in html
