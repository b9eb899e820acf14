"""How hard a text is to read: the Flesch-Kincaid grade and the length of its sentences.

Grade = 0.39 x words per sentence + 11.8 x syllables per word - 15.59 (Kincaid and others, 1975). Names of medicines are
left out of the count: a patient has to know them, and no other word would do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_VOWELS: Final = re.compile(r"[aeiouy]+")
_WORD: Final = re.compile(r"[A-Za-zÀ-ž]+(?:['’][A-Za-z]+)?")
_SENTENCE_END: Final = re.compile(r"(?<=[.?!:])\s+(?=[“\"A-Z0-9{])|\n+")
_SOUNDED: Final = {
    "naive": 2,
    "science": 2,
    "being": 2,
    "diet": 2,
    "area": 3,
    "idea": 3,
    "liar": 2,
    "doing": 2,
}

NAMES: Final = frozenset(
    word
    for line in (
        "ldn naltrexone naloxone nalmefene narcan codeine tramadol hydrocodone oxycodone morphine fentanyl butrans",
        "belbuca methadone suboxone sublocade vivitrol buprenorphine norco percocet kratom tianeptine zaza imodium",
        "lomotil levothyroxine synthroid cytomel methotrexate humira zoloft contrave samidorphan neptune fda",
    )
    for word in line.split()
)


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line break ends one as well."""
    return [each.strip() for each in _SENTENCE_END.split(text) if _WORD.search(each)]


def words(text: str) -> list[str]:
    """The words of a text, without numbers."""
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """How many syllables a word has, by its vowels; at least one."""
    plain = re.sub(r"['’]", "", word.lower())
    if plain in _SOUNDED:
        return _SOUNDED[plain]
    count = len(_VOWELS.findall(plain))
    if re.search(r"[^aeiouyl]e$|[^aeiouy]es$|[^aeiouytd]ed$", plain) and not re.search(
        r"(?:[sxz]|ch|sh|c|g)es$", plain
    ):
        count -= 1
    if re.search(r"[^aeiou]le$", plain) is None and plain.endswith("le"):
        count -= 1
    count += len(re.findall(r"ia(?!l)|io(?!u|n)|eo(?!p)|uou", plain))
    return max(count, 1)


def grade(texts: Iterable[str]) -> float:
    """The Flesch-Kincaid grade of all the texts together."""
    said = [sentence for text in texts for sentence in sentences(text)]
    counted = [[word for word in words(each) if word.lower() not in NAMES] for each in said]
    counted = [each for each in counted if each]
    all_words = [word for each in counted for word in each]
    if not all_words:
        return 0.0
    heard = sum(syllables(word) for word in all_words)
    return 0.39 * len(all_words) / len(counted) + 11.8 * heard / len(all_words) - 15.59
