"""A block of an edition as somebody types it: paragraphs, "- " before each line of a list, "1. " before each step."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_STEP = re.compile(r"\d+[.)] +")
_LIST = re.compile(r"[-*•] +")


def as_text(items: Sequence[Mapping[str, Any]]) -> str:
    """Return the items of a block as text, one empty line between them."""
    parts = []
    for item in items:
        if item["kind"] == "paragraph":
            parts.append(str(item["text"]))
        elif item["kind"] == "list":
            parts.append("\n".join(f"- {text}" for text in item["items"]))
        else:
            parts.append(
                "\n".join(f"{number}. {text}" for number, text in enumerate(item["items"], start=1))
            )
    return "\n\n".join(parts)


def as_items(text: str) -> list[dict[str, Any]]:
    """Return the items that a text stands for. Neighbouring lines of a list belong together; nothing is lost."""
    items: list[dict[str, Any]] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        for line in lines:
            _add(items, line, begins=line is lines[0])
    return items


def _add(items: list[dict[str, Any]], line: str, *, begins: bool) -> None:
    last = None if begins or not items else items[-1]
    for mark, kind in ((_STEP, "steps"), (_LIST, "list")):
        found = mark.match(line)
        if found is None:
            continue
        said = line[found.end() :]
        if last is not None and last["kind"] == kind:
            last["items"].append(said)
        else:
            items.append({"kind": kind, "items": [said]})
        return
    if last is not None and last["kind"] == "paragraph":
        last["text"] = f"{last['text']} {line}"
    else:
        items.append({"kind": "paragraph", "text": line})


def plain_edition(name: str) -> list[dict[str, Any]]:
    """Return the blocks to begin an edition with, for a medicine of which nothing is known here.

    They say how to reach us and how to keep it, from gaps that data fill, and claim nothing about the medicine.
    """
    said = {
        "title": (f"Your {name}", "We made this for {patient_name}, as {prescriber_name} ordered it."),
        "how_to_take_capsules": (
            "How to take it",
            "1. Follow the plan on this page and the label on the container.\n"
            "2. Ask us before you take it in any other way.",
        ),
        "how_to_take_drops": (
            "How to take it",
            "1. Follow the plan on this page and the label on the bottle.\n"
            "2. Measure each dose with the oral syringe.\n"
            "3. Ask us before you take it in any other way.",
        ),
        "missed_dose": (
            "If you miss a dose",
            "Do not take two doses at once. Call us if you are not sure what to do: {pharmacy_phone}.",
        ),
        "keeping_it": (
            "Keeping it",
            "{storage}\n\nDo not use it after {beyond_use_date}.\n\nKeep it where children cannot reach it.",
        ),
        "notice_call_today": (
            "Call us today",
            "Call us or your prescriber about anything that worries you: {pharmacy_phone}.",
        ),
        "notice_call_911": (
            "In an emergency",
            "Call {emergency_number}. If too much was taken, call the poison line: {poison_line}.",
        ),
        "report_side_effects": (
            "Side effects",
            "Tell us about them. You may also report them to the FDA: {fda_report_line}.",
        ),
    }  # fmt: skip
    return [
        {"slot": slot, "audience": "patient", "heading": heading, "items": as_items(text)}
        for slot, (heading, text) in said.items()
    ]
