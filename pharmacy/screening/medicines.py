"""The medicine list of one substance: what may be written, what it means, what it must not be taken for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from compounding.errors import Refusal
from pharmacy.screening.spelling import letters_mask

TOKEN: Final = re.compile(r"[a-z]+|[0-9]+(?:[.,][0-9]+)*|#")
_WRITTEN_IN_ONE: Final = re.compile(r"[A-Za-z]+[-#]?[0-9]+[A-Za-z]*|[0-9]+[A-Za-z]+")
_SHORTEST_GUESSED: Final = 5
_SHORTEST_JOINED: Final = 6


class MatchSeverity(StrEnum):
    """What a medicine on the list means for the order."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    COUNSEL = "counsel"
    INFO = "info"


class WaitKind(StrEnum):
    """Which wait after the last use a medicine asks for."""

    NONE = ""
    SHORT = "short"
    LONG = "long"
    SPECIALIST = "specialist"


class BrokenMedicineList(Refusal):
    """The list of medicines contradicts itself."""


@dataclass(frozen=True, slots=True)
class MedicineEntry:
    """One medicine that matters to the substance."""

    id: str
    name: str
    medicine_class: str
    severity: MatchSeverity
    wait: WaitKind
    note: str
    us_market: bool
    rxcui: str | None
    unii: str | None
    atc: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """One way of writing an entry, as words, and how sure it makes us."""

    words: tuple[str, ...]
    entry_id: str
    certain: bool
    question: str = ""
    """What to ask when not certain."""
    in_one: bool = False
    """Written without a space ("T3"): with a space between, it is something else."""
    unless_followed_by: frozenset[str] = frozenset()
    long_acting: bool = False
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GuessTarget:
    """A name that a misspelled word may have meant."""

    word: str
    mask: int
    entry_id: str


@dataclass(frozen=True, slots=True)
class WordTag:
    """Words beside a medicine that tell more about it ("cough syrup", "daily")."""

    tag: str
    entries: frozenset[str]
    words: tuple[str, ...]
    """Each between spaces, to be found in a line of words."""


@dataclass(frozen=True, slots=True)
class OwnProduct:
    """The patient's own medicine of this substance, which is no duplicate."""

    entry_id: str
    names: frozenset[tuple[str, ...]]
    cues: tuple[tuple[str, ...], ...]
    most_mg: Decimal
    question: str


@dataclass(frozen=True, slots=True)
class MedicineDictionary:
    """Everything that `match_medicines` compares a text with."""

    version: str
    entries: Mapping[str, MedicineEntry]
    by_first_word: Mapping[str, tuple[Name, ...]]
    """Longest first."""
    joined: Mapping[str, Name]
    """Single long names, to find them when split in two ("oxy contin")."""
    guesses: Mapping[str, tuple[GuessTarget, ...]]
    """By first letter."""
    never_guess: frozenset[str]
    """Real names of other medicines: an exact hit here outranks any guess."""
    own: OwnProduct
    long_acting_words: tuple[str, ...]
    """Each between spaces."""
    word_tags: tuple[WordTag, ...]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words, numbers and # signs of a name, in lower case."""
    return tuple(TOKEN.findall(text.lower()))


def _between_spaces(text: str) -> str:
    return f" {' '.join(words_of(text))} "


def read_dictionary(data: Mapping[str, Any]) -> MedicineDictionary:
    """Return the dictionary held in a medicine list. Raises BrokenMedicineList when it contradicts itself."""
    entries = {each["id"]: _entry(each) for each in data["entries"]}
    own = _own_product(data["own_product"])
    names = _listed_names(data["entries"], entries)
    names += _cue_names(data["cues"]) + _ambiguous_names(data["ambiguous"])
    named = {each.entry_id for each in names} | {own.entry_id}
    if missing := named - entries.keys():
        raise BrokenMedicineList(
            f"The medicine list names entries it does not hold: {sorted(missing)}."
        )
    return MedicineDictionary(
        version=data["version"],
        entries=entries,
        by_first_word=_index(names),
        joined=_joined(names),
        guesses=_guess_targets(data["entries"]),
        never_guess=frozenset(word for each in data["near_names"] for word in words_of(each)),
        own=own,
        long_acting_words=tuple(_between_spaces(each) for each in data["long_acting_words"]),
        word_tags=tuple(_word_tag(each) for each in data["word_tags"]),
    )


def _entry(data: Mapping[str, Any]) -> MedicineEntry:
    return MedicineEntry(
        id=data["id"],
        name=data["name"],
        medicine_class=data["class"],
        severity=MatchSeverity(data["severity"]),
        wait=WaitKind(data["wait"]),
        note=data["note"],
        us_market=data["us_market"],
        rxcui=data["rxcui"],
        unii=data["unii"],
        atc=tuple(data["atc"]),
    )


def _own_product(data: Mapping[str, Any]) -> OwnProduct:
    return OwnProduct(
        entry_id=data["entry"],
        names=frozenset(words_of(each) for each in data["names"]),
        cues=tuple(words_of(each) for each in data["cues"]),
        most_mg=Decimal(data["most_mg"]),
        question=data["question"],
    )


def _word_tag(data: Mapping[str, Any]) -> WordTag:
    return WordTag(
        data["tag"], frozenset(data["entries"]), tuple(map(_between_spaces, data["words"]))
    )


def _listed_names(
    data: list[Mapping[str, Any]], entries: Mapping[str, MedicineEntry]
) -> list[Name]:
    names: list[Name] = []
    for each in data:
        entry = entries[each["id"]]
        for written in [*each["names"], *each["misspellings"]]:
            names.append(_name(written, each, certain=True, question=""))
        for written in each["street_names"]:
            question = each.get("question") or f"Does “{written}” mean {entry.name}?"
            names.append(_name(written, each, certain=False, question=question))
    return names


def _name(written: str, entry: Mapping[str, Any], *, certain: bool, question: str) -> Name:
    words = words_of(written)
    return Name(
        words=words,
        entry_id=entry["id"],
        certain=certain,
        question=question,
        in_one=bool(_WRITTEN_IN_ONE.fullmatch(written)),
        long_acting=_is_among(words, entry["long_acting_names"]),
        tags=frozenset(tag for tag, names in entry["tags"].items() if _is_among(words, names)),
    )


def _is_among(words: tuple[str, ...], names: list[str]) -> bool:
    return any(words == words_of(each) for each in names)


def _cue_names(cues: list[Mapping[str, Any]]) -> list[Name]:
    """The phrases whose second half makes the difference ("Tylenol" and "#3")."""
    return [
        Name(words=words_of(f"{first} {then}"), entry_id=cue["entry"], certain=True)
        for cue in cues
        for first in cue["after"]
        for then in cue["then"]
    ]


def _ambiguous_names(data: list[Mapping[str, Any]]) -> list[Name]:
    return [
        Name(
            words=words_of(written),
            entry_id=each["entry"],
            certain=False,
            question=each["question"],
            in_one=bool(_WRITTEN_IN_ONE.fullmatch(written)),
            unless_followed_by=frozenset(each["unless_followed_by"]),
        )
        for each in data
        for written in each["names"]
    ]


def _index(names: list[Name]) -> dict[str, tuple[Name, ...]]:
    found: dict[str, list[Name]] = {}
    for name in names:
        found.setdefault(name.words[0], []).append(name)
    # Longest first; of two equally long ones the certain one.
    return {
        first: tuple(sorted(each, key=lambda name: (-len(name.words), not name.certain)))
        for first, each in found.items()
    }


def _joined(names: list[Name]) -> dict[str, Name]:
    return {
        name.words[0]: name
        for name in names
        if name.certain and len(name.words) == 1 and len(name.words[0]) >= _SHORTEST_JOINED
    }


def _guess_targets(data: list[Mapping[str, Any]]) -> dict[str, tuple[GuessTarget, ...]]:
    """The generic names and main brands. Never the listed misspellings: they reach other medicines' names."""
    found: dict[str, list[GuessTarget]] = {}
    for each in data:
        for written in dict.fromkeys([*each["names"][:1], *each["main_brands"]]):
            words = words_of(written)
            if len(words) == 1 and len(words[0]) >= _SHORTEST_GUESSED:
                target = GuessTarget(words[0], letters_mask(words[0]), each["id"])
                found.setdefault(words[0][0], []).append(target)
    return {first: tuple(targets) for first, targets in found.items()}
