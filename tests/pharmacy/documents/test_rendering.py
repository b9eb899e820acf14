"""Papers as PDF: the same bytes every time, our own type and files only, accessible, and nothing cut off a label."""

import hashlib
import io
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import page
import pytest
from pypdf import PdfReader
from weasyprint import HTML

from pharmacy.documents.contexts.parts import Context
from pharmacy.documents.label_sizes import LabelTooSmall
from pharmacy.documents.models import DocumentKind
from pharmacy.documents.own_files import ADDRESS, NotOneOfOurFiles, OwnFiles, own_path
from pharmacy.documents.rendering import NotInOurType, render_pdf
from pharmacy.documents.symbols import ContainerCode, read_container_code
from pharmacy.workflow.demonstration import Bench
from script.processes import ROOT
from tests.factories.papers import (
    LONG_NAME,
    Said,
    html_texts,
    page_of,
    page_texts,
    pictures_of,
    said_for,
    squeezed,
    symbols_in,
    words_off_the_paper,
)

pytestmark = pytest.mark.django_db

KINDS = (
    DocumentKind.CONTAINER_LABEL,
    DocumentKind.COMPOUNDING_RECORD,
    DocumentKind.LEAFLET,
)
LABEL = DocumentKind.CONTAINER_LABEL
NINE_STEPS = (
    "Take one 0.5 mg capsule by mouth at bedtime for 7 days"
    + "".join(
        f", then {count} 0.5 mg capsules for 7 days"
        for count in ("two", "three", "four", "five", "six", "seven", "eight", "nine")
    )
    + ". May take in the morning if sleep is poor."
)


@pytest.fixture(scope="module")
def capsules(bench: Bench) -> Said:
    return said_for(bench, "capsules")


@pytest.fixture(scope="module")
def drops(bench: Bench) -> Said:
    return said_for(bench, "drops")


@pytest.fixture(scope="module")
def pdfs(capsules: Said, drops: Said) -> dict[tuple[str, str], bytes]:
    """Every paper of both orders, rendered once."""
    return {
        (name, kind): render_pdf(kind, said.contexts[kind])
        for name, said in (("capsules", capsules), ("drops", drops))
        for kind in KINDS
    }


@pytest.fixture(params=[(name, kind) for name in ("capsules", "drops") for kind in KINDS], ids=str)
def paper(
    request: pytest.FixtureRequest,
    capsules: Said,
    drops: Said,
    pdfs: dict[tuple[str, str], bytes],
) -> tuple[str, Context, bytes]:
    """One paper: its kind, what it says, its PDF."""
    name, kind = request.param
    said = {"capsules": capsules, "drops": drops}[name]
    return kind, said.contexts[kind], pdfs[name, kind]


# --- the same, always -------------------------------------------------------------------------------------------------

_RENDER_ELSEWHERE = """
import hashlib, json, sys
import django
django.setup()
from pharmacy.documents.rendering import render_pdf
for kind, context in json.load(sys.stdin):
    print(hashlib.sha256(render_pdf(kind, context)).hexdigest())
"""


def test_another_process_renders_the_same_bytes(
    capsules: Said, drops: Said, pdfs: dict[tuple[str, str], bytes]
) -> None:
    papers = [(kind, capsules.contexts[kind]) for kind in KINDS]
    papers.append((DocumentKind.LEAFLET, drops.leaflet))
    other = subprocess.run(
        [sys.executable, "-c", _RENDER_ELSEWHERE],
        input=json.dumps(papers),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    here = [pdfs["capsules", kind] for kind in KINDS] + [pdfs["drops", DocumentKind.LEAFLET]]
    assert other.stdout.split() == [hashlib.sha256(pdf).hexdigest() for pdf in here]


def test_what_the_database_gives_back_renders_the_same_bytes(
    drops: Said, pdfs: dict[tuple[str, str], bytes]
) -> None:
    """JSON may come back with its keys in another order."""
    turned = json.loads(json.dumps(drops.leaflet, sort_keys=True))
    assert render_pdf(DocumentKind.LEAFLET, turned) == pdfs["drops", DocumentKind.LEAFLET]


def test_other_words_are_other_bytes(capsules: Said, pdfs: dict[tuple[str, str], bytes]) -> None:
    other = {**capsules.label, "patient": "Grace Okonkwa"}
    assert render_pdf(LABEL, other) != pdfs["capsules", LABEL]


# --- who can read it --------------------------------------------------------------------------------------------------


def test_every_paper_keeps_the_rules_of_pdf_ua(paper: tuple[str, Context, bytes]) -> None:
    report = page.validate_pdf_bytes(paper[2], profile="ua1")
    assert report.is_compliant, [(each.rule_id, each.message) for each in report.failures]
    assert report.rules.total > 100


def test_the_rules_of_pdf_ua_can_be_broken(capsules: Said) -> None:
    """Without tags the validator objects: the test above can fail."""
    untagged = HTML(string="<html lang=en><title>x</title><p>x").write_pdf()
    assert not page.validate_pdf_bytes(untagged, profile="ua1").is_compliant


def test_every_paper_says_its_title_and_language(paper: tuple[str, Context, bytes]) -> None:
    _kind, context, pdf = paper
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == context["title"]
    assert str(reader.root_object["/Lang"]) == "en"
    assert set(reader.metadata) <= {"/Title", "/Producer", "/Creator"}
    for word in ("Naltrexone", "LDN", context.get("patient", "Okonkwo")):
        assert word not in str(reader.metadata)


def test_page_and_paper_say_the_same(paper: tuple[str, Context, bytes]) -> None:
    kind, context, pdf = paper
    on_paper = squeezed(" ".join(page_texts(pdf)))
    on_page = html_texts(page_of(kind, context))
    for text in on_page:
        assert squeezed(text) in on_paper, text
    words_on_page = squeezed(" ".join(on_page))
    without_numbering = re.sub(r"Page \d+ of \d+", " ", " ".join(page_texts(pdf)))
    for word in without_numbering.split():
        marker = word == "•" or re.fullmatch(r"\d\.", word)
        assert marker or word in words_on_page, word


def test_pictures_say_in_words_what_they_show(drops: Said) -> None:
    html = page_of(DocumentKind.LEAFLET, drops.leaflet)
    assert html.count("<svg") == html.count("<title") == html.count("<desc") == 2
    assert "<desc" in page_of(DocumentKind.COMPOUNDING_RECORD, drops.batch)


def test_the_leaflet_is_set_in_12_points_and_up(
    pdfs: dict[tuple[str, str], bytes], drops: Said
) -> None:
    """All but the wallet card, which must fit a wallet, and the labels inside pictures, which the table repeats."""
    small = " ".join(
        text for text, size in sizes(pdfs["drops", DocumentKind.LEAFLET]) if size < 11.99
    )
    card = " ".join(
        text for item in drops.leaflet["blocks"]["wallet_card"]["items"] for text in item["texts"]
    )
    heading = drops.leaflet["blocks"]["wallet_card"]["heading"]
    pictures = "0123456789. mgLNovDecJan()•"
    for word in small.split():
        assert word in f"{heading} {card}" or all(letter in pictures for letter in word), word


def test_nothing_runs_off_the_paper(paper: tuple[str, Context, bytes], tmp_path: Path) -> None:
    margin = 3 if paper[0] == LABEL else 12
    assert words_off_the_paper(paper[2], tmp_path, margin=margin) == []


@pytest.mark.parametrize("name", ["capsules", "drops"])
def test_a_leaflet_has_two_sides_for_the_patient_and_then_the_prescribers(
    name: str, pdfs: dict[tuple[str, str], bytes]
) -> None:
    texts = page_texts(pdfs[name, DocumentKind.LEAFLET])
    assert len(texts) == 4
    assert [number for number, text in enumerate(texts, 1) if "For your prescriber" in text] == [3]
    assert "Tonight, and every night" in texts[0][:400]
    assert "I take low-dose naltrexone" in texts[1]


def test_a_long_plan_takes_more_sides_and_loses_nothing(capsules: Said) -> None:
    plan = capsules.leaflet["plan"]
    rows = [[f"{day} January", f"{day} January", "one capsule", "1.5 mg"] for day in range(1, 32)]
    longer = {**capsules.leaflet, "plan": {**plan, "rows": rows}}
    texts = page_texts(render_pdf(DocumentKind.LEAFLET, longer))
    assert len(texts) > 4
    everything = squeezed(" ".join(texts))
    for text in html_texts(page_of(DocumentKind.LEAFLET, longer)):
        assert squeezed(text) in everything, text


def sizes(pdf: bytes) -> list[tuple[str, float]]:
    """Every piece of text with its size in points."""
    found: list[tuple[str, float]] = []

    def note(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if text.strip():
            found.append((text, abs(size * tm[3] * cm[3])))

    for each in PdfReader(io.BytesIO(pdf)).pages:
        each.extract_text(visitor_text=note)
    return found


# --- our own files, our own type --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "http://127.0.0.1/",
        "https://example.org/font.woff2",
        "ftp://example.org/x",
        "data:text/css,body{}",
        f"{ADDRESS}web/base.css",
        f"{ADDRESS}documents/../../pharmacy/settings.py",
        f"{ADDRESS}documents/%2e%2e/%2e%2e/manage.py",
        f"{ADDRESS}documents/nothing.css",
        f"{ADDRESS}documents",
        f"{ADDRESS}/etc/passwd",
        f"{ADDRESS}documents//etc/passwd",
    ],
)
def test_no_other_file_is_served(url: str) -> None:
    assert own_path(url) is None
    with pytest.raises(NotOneOfOurFiles):
        OwnFiles().fetch(url)


def test_a_link_out_of_the_folder_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "out.css").symlink_to("/etc/passwd")
    monkeypatch.setattr("pharmacy.documents.own_files.STATIC", tmp_path)
    assert own_path(f"{ADDRESS}documents/out.css") is None


@pytest.mark.parametrize(
    "inside",
    [
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="http://127.0.0.1:9/x.png" alt="x">',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        '<style>@import url("file:///etc/passwd");</style>',
        '<p style="background: url(http://127.0.0.1:9/x)">x</p>',
    ],
)
def test_a_paper_that_asks_for_another_file_is_not_printed(inside: str) -> None:
    html = f"<html lang=en><title>x</title><body>{inside}"
    with pytest.raises(NotOneOfOurFiles):
        HTML(string=html, base_url=ADDRESS, url_fetcher=OwnFiles()).write_pdf()


def test_our_own_files_are_served() -> None:
    for name in ("documents/label.css", "fonts/print.css", "documents/fonts/NotoSans-Bold.ttf"):
        served = OwnFiles().fetch(ADDRESS + name)
        assert served.read() == (ROOT / "static" / name).read_bytes()


def test_papers_are_set_in_our_own_type_only(paper: tuple[str, Context, bytes]) -> None:
    fonts = {
        name.split("+")[1]
        for each in PdfReader(io.BytesIO(paper[2])).pages
        for name in each._get_fonts()[0]
    }
    assert fonts
    assert all(font.startswith(("Atkinson-Hyperlegible", "Noto-Sans")) for font in fonts), fonts


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Ánh", "Łukasz Žižek-Őry", "Ирина Ковальчук", "Zoë D’Arcy"]
)
def test_names_of_many_languages_are_printed_and_read_back(capsules: Said, name: str) -> None:
    pdf = render_pdf(LABEL, {**capsules.label, "patient": name})
    assert squeezed(name) in squeezed(page_texts(pdf)[0]).replace("\N{ZERO WIDTH SPACE}", "")
    assert page.is_pdf_compliant_bytes(pdf, profile="ua1")


def test_a_letter_that_would_come_out_as_a_box_is_refused(capsules: Said) -> None:
    with pytest.raises(NotInOurType, match="U\\+5F35"):
        render_pdf(LABEL, {**capsules.label, "patient": "張"})


# --- the label --------------------------------------------------------------------------------------------------------


def labels(context: Context) -> list[str]:
    return page_texts(render_pdf(LABEL, context))


def test_both_products_fit_one_label(pdfs: dict[tuple[str, str], bytes]) -> None:
    for name in ("capsules", "drops"):
        (only,) = PdfReader(io.BytesIO(pdfs[name, LABEL])).pages
        assert (float(only.mediabox.width), float(only.mediabox.height)) == (288, 144)


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_scanner_reads_the_printed_label(
    capsules: Said, pdfs: dict[tuple[str, str], bytes], tmp_path: Path, dpi: int
) -> None:
    (picture,) = pictures_of(pdfs["capsules", LABEL], tmp_path, dpi=dpi)
    (text,) = symbols_in(picture)
    assert read_container_code(text) == ContainerCode(
        order_number=capsules.order.number, line=1, lot=capsules.record.number
    )


def test_nothing_is_cut_whatever_the_length(capsules: Said) -> None:
    for patient in ("Jo Ray", LONG_NAME):
        for directions in (capsules.label["directions"], NINE_STEPS):
            context = {**capsules.label, "patient": patient, "directions": directions}
            texts = labels(context)
            everything = squeezed(" ".join(texts))
            for text in (
                patient,
                context["medicine"],
                directions,
                context["rx"],
                context["use_by"],
                *context["warnings"],
                *context["facts"],
                *context["notes"],
                *context["pharmacy"].values(),
            ):
                if text != context["pharmacy"]["after_hours_phone"]:
                    assert squeezed(text) in everything, text
            assert squeezed(patient) in squeezed(texts[0])
            assert squeezed(context["rx"]) in squeezed(texts[0])


def test_too_many_steps_go_onto_a_second_label_and_the_first_says_what_to_do_tonight(
    capsules: Said,
) -> None:
    first, second = labels({**capsules.label, "directions": NINE_STEPS})
    assert capsules.label["first_direction"] in first
    assert "Label 1 of 2" in first
    assert "Do not take with any opioid. Do not use after 20 May 2027" in first
    assert f"Your plan: {NINE_STEPS}" in second
    assert "Label 2 of 2" in second


def test_notes_move_to_the_second_label_before_the_directions_do(capsules: Said) -> None:
    notes = [*capsules.label["notes"], "Ask us before you take anything for a cold. " * 4]
    first, second = labels({**capsules.label, "notes": notes})
    assert capsules.label["directions"] in first
    assert "Compounded for this patient." in second


def test_what_fits_on_no_label_is_refused_by_name(capsules: Said) -> None:
    with pytest.raises(LabelTooSmall, match=re.escape(capsules.label["rx"])):
        render_pdf(LABEL, {**capsules.label, "directions": NINE_STEPS * 4})


def test_every_bottle_has_its_label(drops: Said) -> None:
    texts = labels({**drops.label, "containers": ["Bottle 1 of 2", "Bottle 2 of 2"]})
    assert "Bottle 1 of 2" in texts[0]
    assert sum("Bottle 2 of 2" in text for text in texts) == 1


# --- how long it takes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "seconds"), [(LABEL, 1.5), (DocumentKind.LEAFLET, 4)])
def test_rendering_is_quick(capsules: Said, kind: str, seconds: float) -> None:
    """Processor time of this process, so that a busy machine does not fail it. Twice and more what it takes."""
    render_pdf(kind, capsules.contexts[kind])
    before = time.process_time()
    render_pdf(kind, capsules.contexts[kind])
    assert time.process_time() - before < seconds


# --- out of the web process -------------------------------------------------------------------------------------------

_AS_THE_WEB_DOES = """
import sys
import django
django.setup()
import pharmacy.wsgi, pharmacy.urls
import pharmacy.workflow.print_papers, pharmacy.documents.pages, pharmacy.nudges
pharmacy.nudges.nudge("pharmacy.documents.tasks.render", document_id=0)
print([name for name in sys.modules if name.split(".")[0] in ("weasyprint", "pydyf", "plutoprint")])
"""


def test_the_web_process_never_loads_weasyprint(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "VAR_DIR": str(tmp_path), "SETTINGS_FILE": "/dev/null"}
    web = subprocess.run(
        [sys.executable, "-c", _AS_THE_WEB_DOES],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**env, "DJANGO_SETTINGS_MODULE": "pharmacy.settings"},
    )
    assert web.stdout.strip().splitlines()[-1] == "[]"
