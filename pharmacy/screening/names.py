"""Free-text medicine matching: which listed medicines a patient's own words name, or may name.

The order of certainty, each step outranking the next:
  1 cue phrases ("Tylenol #3") and names, aliases, brands and listed misspellings, word for word, longest first;
  2 names of other real medicines, which stop any guessing ("trazodone" is never "tramadol");
  3 a guess at a misspelling of six letters or more, which asks and never blocks.
A match that is denied, past or an allergy is still a match, with the patient's own line beside it.
No match clears nobody.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pharmacy.screening.conditions import Answers, answer_values
from pharmacy.screening.medicines import (
    TOKEN,
    GuessTarget,
    MatchSeverity,
    MedicineDictionary,
    Name,
    WaitKind,
)
from pharmacy.screening.spelling import letters_mask, slips
from pharmacy.screening.substances import ScreenedSubstance

_GAP: Final = re.compile(r"(?!.*(?:\.\s|;|\n\s*\n))[^0-9A-Za-z;]{0,4}", re.DOTALL)
_IN_ONE_GAP: Final = re.compile(r"[-#]?")
_SPLIT_GAP: Final = re.compile(r" |-\n?")
_LINE_END: Final = re.compile(r"[\n;]")
_ITEM_END: Final = re.compile(r"[\n;]|,(?![0-9]{3}\b)|\.\s|\.$")
_DOSE: Final = re.compile(
    r"([0-9]+(?:[.,][0-9]+)*)(?![0-9])"
    r"(?:\s*(mg|milligrams?|mcg|ug|µg|micrograms?)\b|(?!\s*(?:cap|tab|pill|time|x\b|day|ml|%)))",
    re.IGNORECASE,
)
_SHORTEST_MISSPELLED: Final = 6
_TWO_SLIPS_FROM: Final = 9
_LONGEST_LINE: Final = 120
_WORDS_AROUND: Final = 12
_SAME_SOUND: Final = (("c", "k"), ("k", "c"), ("ph", "f"), ("f", "ph"))

_ALLERGY: Final = re.compile(r" (?:allerg(?:ic|y|ies)|intoleran(?:t|ce)|reaction) ")
_PAST_BEFORE: Final = re.compile(
    r" (?:stopped|stopping|quit|discontinued|d c|previously|formerly|former|past|used to|history of|off|no longer) "
)
_PAST_AFTER: Final = re.compile(
    r" (?:stopped|quit|discontinued|d c|previously|in the past|(?:months?|years?) ago|last year|(?:19|20)\d\d) "
)
_NEGATED: Final = re.compile(
    r" (?:no|not|never|none|without|don t|dont|doesn t|didn t|den(?:y|ies)|zero)(?: \w+){0,2} $"
)


class Certainty(StrEnum):
    """How sure a match is."""

    EXACT = "exact"
    ASK = "ask"


class Said(StrEnum):
    """In which sense the medicine was mentioned."""

    PLAIN = "plain"
    NEGATED = "negated"
    PAST = "past"
    ALLERGY = "allergy"


@dataclass(frozen=True, slots=True)
class MedicineMatch:
    """One medicine found in a text, with the words that gave it away."""

    entry_id: str
    name: str
    matched_text: str
    phrase: str
    certainty: Certainty
    medicine_class: str
    severity: MatchSeverity
    wait: WaitKind
    question: str
    said: Said
    tags: frozenset[str]
    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A text read once: as typed, in plain letters, in words, and where its items and lines end."""

    written: str
    plain: str
    tokens: list[_Token]
    item_ends: list[int]
    line_ends: list[int]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A name found at tokens first..last."""

    name: Name
    first: int
    last: int


def match_medicines(
    text: str, dictionary: MedicineDictionary, *, source: str = ""
) -> tuple[MedicineMatch, ...]:
    """Return the listed medicines that a text names (EXACT) or may name (ASK), in the order they stand in it.

    `source` is carried through, so that a finding can say which answer it comes from. The same name written
    twice in the same sense comes back once.
    """
    read = _read(text)
    found: dict[tuple[str, str, Said], MedicineMatch] = {}
    for hit in _hits(read.tokens, read.plain, dictionary):
        match = _described(hit, read, dictionary, source)
        if match is not None:
            found.setdefault((match.entry_id, match.matched_text.lower(), match.said), match)
    return tuple(found.values())


def match_answers(answers: Answers, substance: ScreenedSubstance) -> tuple[MedicineMatch, ...]:
    """Return the medicines named in every free-text answer, each with the question it comes from."""
    return tuple(
        match
        for question in substance.rules.medicine_texts
        for match in match_medicines(
            "\n".join(answer_values(answers, question)), substance.medicines, source=question
        )
    )


def _read(text: str) -> _Text:
    plain = _plain(text)
    return _Text(
        written=text,
        plain=plain,
        tokens=[_Token(each.group(), each.start(), each.end()) for each in TOKEN.finditer(plain)],
        item_ends=[each.start() for each in _ITEM_END.finditer(plain)],
        line_ends=[each.start() for each in _LINE_END.finditer(plain)],
    )


def _plain(text: str) -> str:
    """The text in lower case without accents, one character for each: positions stay true."""
    if text.isascii():
        return text.lower()
    return "".join(_plain_letter(each) for each in text)


def _plain_letter(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    base = unicodedata.normalize("NFKD", letter)[0].lower()
    return base if len(base) == 1 else letter


def _hits(tokens: list[_Token], plain: str, dictionary: MedicineDictionary) -> Iterator[_Hit]:
    at = 0
    while at < len(tokens):
        hit = _listed(tokens, at, plain, dictionary)
        if hit is None or not hit.name.certain:
            hit = _split_in_two(tokens, at, plain, dictionary) or hit
        hit = hit or _guess(tokens[at].text, at, dictionary)
        if hit is not None:
            yield hit
        at = hit.last + 1 if hit is not None else at + 1


def _listed(
    tokens: list[_Token], at: int, plain: str, dictionary: MedicineDictionary
) -> _Hit | None:
    for name in dictionary.by_first_word.get(tokens[at].text, ()):
        if _stands_at(name, tokens, at, plain):
            return _Hit(name, at, at + len(name.words) - 1)
    word = tokens[at].text
    singular = dictionary.joined.get(word[:-1]) if word.endswith("s") else None
    return _Hit(singular, at, at) if singular is not None else None


def _stands_at(name: Name, tokens: list[_Token], at: int, plain: str) -> bool:
    last = at + len(name.words) - 1
    if last >= len(tokens):
        return False
    if any(tokens[at + step].text != word for step, word in enumerate(name.words)):
        return False
    gap = _IN_ONE_GAP if name.in_one else _GAP
    for i in range(at, last):
        between = plain[tokens[i].end : tokens[i + 1].start]
        if not gap.fullmatch(between) and (tokens[i].text, between) != ("no", ". "):
            return False
    following = tokens[last + 1].text if last + 1 < len(tokens) else ""
    return following not in name.unless_followed_by


def _split_in_two(
    tokens: list[_Token], at: int, plain: str, dictionary: MedicineDictionary
) -> _Hit | None:
    """A long name written as two ("oxy contin", "hydro-codone")."""
    if at + 1 >= len(tokens) or not _SPLIT_GAP.fullmatch(
        plain[tokens[at].end : tokens[at + 1].start]
    ):
        return None
    if len(tokens[at].text) < 2 or len(tokens[at + 1].text) < 2:
        return None
    name = dictionary.joined.get(tokens[at].text + tokens[at + 1].text)
    return _Hit(name, at, at + 1) if name is not None else None


def _guess(word: str, at: int, dictionary: MedicineDictionary) -> _Hit | None:
    """A probable misspelling of a generic or main brand. It asks; it never blocks."""
    if len(word) < _SHORTEST_MISSPELLED or not word.isalpha() or word in dictionary.never_guess:
        return None
    target = _closest(word, dictionary)
    if target is None:
        return None
    entry = dictionary.entries[target.entry_id]
    meant = (
        entry.name if target.word == entry.name else f"{target.word.capitalize()} ({entry.name})"
    )
    return _Hit(
        Name((word,), target.entry_id, certain=False, question=f"Did you mean {meant}?"), at, at
    )


def _closest(word: str, dictionary: MedicineDictionary) -> GuessTarget | None:
    at_most = 2 if len(word) >= _TWO_SLIPS_FROM else 1
    best: tuple[int, GuessTarget] | None = None
    for written in _same_sound(word):
        mask = letters_mask(written)
        for target in dictionary.guesses.get(written[0], ()):
            if (mask ^ target.mask).bit_count() > 2 * at_most:
                continue
            apart = slips(written, target.word, at_most)
            if apart is not None and (best is None or apart < best[0]):
                best = (apart, target)
    return best[1] if best is not None else None


def _same_sound(word: str) -> Iterator[str]:
    """The word, and how else its beginning may be written ("kodeine", "phentanyl")."""
    yield word
    for spoken, written in _SAME_SOUND:
        if word.startswith(spoken):
            yield written + word[len(spoken) :]


def _described(
    hit: _Hit, read: _Text, dictionary: MedicineDictionary, source: str
) -> MedicineMatch | None:
    """The match with everything around it; None when it is the patient's own medicine of this substance."""
    start, end = read.tokens[hit.first].start, read.tokens[hit.last].end
    item_start, item_end = _bounds(read.item_ends, start, end, len(read.plain))
    entry = dictionary.entries[hit.name.entry_id]
    name: Name | None = hit.name
    if hit.name.words in dictionary.own.names:
        name = _own_product_name(
            hit.name, read.plain[item_start:start], read.plain[end:item_end], dictionary
        )
    if name is None:
        return None
    before, after = _words_around(read.tokens, hit, item_start, item_end)
    beside = f"{before}{' '.join(hit.name.words)}{after}"
    return MedicineMatch(
        entry_id=entry.id,
        name=entry.name,
        matched_text=read.written[start:end],
        phrase=_shortened(read, start, end),
        certainty=Certainty.EXACT if name.certain else Certainty.ASK,
        medicine_class=entry.medicine_class,
        severity=entry.severity,
        wait=_wait(entry.wait, name, beside, dictionary),
        question=name.question,
        said=_said(before, after),
        tags=name.tags | _tags_beside(entry.id, beside, dictionary),
        source=source,
        start=start,
        end=end,
    )


def _bounds(ends: list[int], start: int, end: int, length: int) -> tuple[int, int]:
    """Where the item or line around start..end begins and ends."""
    before, after = bisect_left(ends, start), bisect_left(ends, end)
    return (ends[before - 1] + 1 if before else 0, ends[after] if after < len(ends) else length)


def _words_around(
    tokens: list[_Token], hit: _Hit, item_start: int, item_end: int
) -> tuple[str, str]:
    """Up to twelve words on each side within the item, each word between spaces."""
    before = [
        each.text
        for each in tokens[max(0, hit.first - _WORDS_AROUND) : hit.first]
        if each.start >= item_start
    ]
    after = [
        each.text
        for each in tokens[hit.last + 1 : hit.last + 1 + _WORDS_AROUND]
        if each.start < item_end
    ]
    return " ".join(["", *before, ""]), " ".join(["", *after, ""])


def _shortened(read: _Text, start: int, end: int) -> str:
    """The patient's line around the match, at most 120 characters."""
    line_start, line_end = _bounds(read.line_ends, start, end, len(read.plain))
    if line_end - line_start > _LONGEST_LINE:
        line_start = max(line_start, start - _LONGEST_LINE // 2)
        line_end = min(line_end, line_start + _LONGEST_LINE)
    return " ".join(read.written[line_start:line_end].split())


def _own_product_name(
    name: Name, before: str, after: str, dictionary: MedicineDictionary
) -> Name | None:
    """The name as a duplicate, as a question, or None for the patient's own low dose.

    A stated dose decides; without one, a cue such as "LDN" does; with neither it is asked.
    """
    own = dictionary.own
    dose = _first_dose_mg(after)
    if dose is not None:
        return replace(name, certain=True, question="") if dose > own.most_mg else None
    words = TOKEN.findall(f"{before} {after}")
    if any(_contains(words, cue) for cue in own.cues):
        return None
    return replace(name, certain=False, question=own.question)


def _first_dose_mg(after: str) -> Decimal | None:
    """The first amount behind the name, in mg; None when there is none."""
    found = _DOSE.search(after)
    if found is None:
        return None
    digits = found.group(1)
    if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+", digits):
        digits = digits.replace(",", "")
    amount = (
        Decimal(digits.replace(",", ".")) if digits.count(".") + digits.count(",") <= 1 else None
    )
    if amount is None:
        return None
    unit = (found.group(2) or "mg").lower()
    return amount if unit.startswith(("mg", "milli")) else amount / 1000


def _contains(words: Sequence[str], phrase: tuple[str, ...]) -> bool:
    return f" {' '.join(phrase)} " in f" {' '.join(words)} "


def _wait(wait: WaitKind, name: Name, beside: str, dictionary: MedicineDictionary) -> WaitKind:
    """The entry's wait; the long one for a short-acting medicine in a long-acting form."""
    if wait is not WaitKind.SHORT:
        return wait
    long_acting = name.long_acting or any(each in beside for each in dictionary.long_acting_words)
    return WaitKind.LONG if long_acting else WaitKind.SHORT


def _tags_beside(entry_id: str, beside: str, dictionary: MedicineDictionary) -> frozenset[str]:
    return frozenset(
        each.tag
        for each in dictionary.word_tags
        if entry_id in each.entries and any(words in beside for words in each.words)
    )


def _said(before: str, after: str) -> Said:
    """Whether the words around deny it, put it in the past or name it as an allergy."""
    if _ALLERGY.search(before) or _ALLERGY.search(after):
        return Said.ALLERGY
    if _PAST_BEFORE.search(before) or _PAST_AFTER.search(after):
        return Said.PAST
    if _NEGATED.search(before):
        return Said.NEGATED
    return Said.PLAIN
