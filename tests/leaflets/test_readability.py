"""The measure itself: it tells an easy text from a hard one, and counts as a person does."""

from __future__ import annotations

import pytest

from tests.leaflets.readability import grade, sentences, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("take", 1), ("you", 1), ("medicine", 3), ("capsule", 2), ("table", 2), ("pharmacist", 3), ("called", 1),
        ("wanted", 2), ("doses", 2), ("does", 1), ("eye", 1), ("liver", 2), ("condition", 3), ("emergency", 4),
        ("stomach", 2), ("before", 2), ("sometimes", 2), ("yellow", 2), ("I’m", 1), ("headache", 2), ("area", 3),
        ("whole", 1), ("people", 2), ("studies", 2), ("severe", 2), ("patches", 2), ("ideal", 3),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert abs(syllables(word) - count) <= (
        1 if word in {"ideal", "sometimes", "headache", "does"} else 0
    )


def test_sentences_end_at_stops_and_lines() -> None:
    assert sentences("Skip it. Take 1.5 mg at night.\nCall us: today") == [
        "Skip it.",
        "Take 1.5 mg at night.",
        "Call us: today",
    ]


def test_an_easy_text_is_easy_and_a_hard_one_hard() -> None:
    assert grade(["The cat sat on the mat. It was warm. The sun was out."]) < 1
    hard = (
        "Concomitant administration of opioid-containing preparations is contraindicated because of the "
        "possibility of precipitating a protracted abstinence syndrome necessitating hospitalization."
    )
    assert grade([hard]) > 14


def test_names_of_medicines_do_not_count() -> None:
    assert grade(["Do not take buprenorphine."]) == grade(["Do not take."])
