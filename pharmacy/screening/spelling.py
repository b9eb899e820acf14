"""How far two words are apart, counted in typing slips."""

from __future__ import annotations


def slips(one: str, other: str, at_most: int) -> int | None:
    """Insertions, deletions, replacements and swaps of neighbours between two words.

    Returns None when there are more than `at_most`. This is the restricted Damerau-Levenshtein distance
    (optimal string alignment).
    """
    if abs(len(one) - len(other)) > at_most:
        return None
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, against in enumerate(other, start=1):
            step = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                step = min(step, before[j - 2] + 1)
            row.append(step)
        if min(row) > at_most:
            return None
        before, last = last, row
    return last[-1] if last[-1] <= at_most else None


def letters_mask(word: str) -> int:
    """The set of letters a-z in a word, as bits: a cheap test before counting slips."""
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) - 97) if "a" <= letter <= "z" else 0
    return mask
