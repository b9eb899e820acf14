"""`manage.py check_vectors FILE`."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

import compounding

_VECTORS = Path(compounding.__file__).parent.parent / "tests" / "compounding" / "vectors.json"


def _run(file: Path) -> tuple[int, list[str]]:
    """Return the exit status and the lines printed."""
    out = StringIO()
    try:
        call_command("check_vectors", str(file), stdout=out)
    except SystemExit as left:
        return int(str(left.code)), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def _file(folder: Path, content: Any) -> Path:
    file = folder / "vectors.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def _mwq(vector_id: str, expected: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": vector_id,
        "topic": "minimum_weighable_quantity",
        "inputs": {"sensitivity_requirement_mg": "6", "max_error_pct": "5"},
        "expected": expected,
        "rounding": "exact",
    }


def test_all_worked_calculations_pass() -> None:
    assert _run(_VECTORS) == (0, ["115 passed, 0 failed"])


def test_more_worked_calculations_pass() -> None:
    assert _run(_VECTORS.with_name("more_vectors.json")) == (0, ["319 passed, 0 failed"])


def test_a_mismatch_is_named_and_fails_the_command(tmp_path: Path) -> None:
    vectors = [_mwq("W-01", {"mwq_mg": "120"}), _mwq("W-02", {"mwq_mg": "121"})]
    assert _run(_file(tmp_path, vectors)) == (
        1,
        ["W-02: expected mwq_mg=121, got 120", "1 passed, 1 failed"],
    )


def test_prescribers_numbers_are_among_the_topics(tmp_path: Path) -> None:
    vector = {
        "id": "ID-03",
        "topic": "npi_validate",
        "inputs": {"npi": "1234567890"},
        "expected": {"valid": True},
    }
    assert _run(_file(tmp_path, [vector])) == (
        1,
        ["ID-03: expected valid=True, got False", "0 passed, 1 failed"],
    )


def test_plain_numbers_in_the_file_never_become_binary(tmp_path: Path) -> None:
    text = json.dumps([_mwq("W-01", {"mwq_mg": "120"})]).replace('"6"', "6.0").replace('"5"', "5")
    assert _run(_file(tmp_path, text)) == (0, ["1 passed, 0 failed"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("not json", "is not JSON"),
        ('[{"id": 1e99999999999999999999}]', "is not JSON that can be read"),
        ("[" * 100_000, "is nested too deeply to be read"),
        ('{"vectors": {}}', "holds no list of vectors"),
        ("[]", "holds no list of vectors"),
        ("{}", "holds no list of vectors"),
        ('["x"]', "holds something that is not a vector"),
    ],
)
def test_a_file_without_vectors_is_an_error(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        _run(_file(tmp_path, content))


def test_a_file_in_another_encoding_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "vectors.json"
    file.write_bytes(b"\xff\xfe[")
    with pytest.raises(CommandError, match="is not JSON that can be read"):
        _run(file)


def test_the_vectors_may_stand_under_their_name(tmp_path: Path) -> None:
    vectors = {"vectors": [_mwq("W-01", {"mwq_mg": "120"})]}
    assert _run(_file(tmp_path, vectors)) == (0, ["1 passed, 0 failed"])
    file = _file(tmp_path, vectors)
    file.write_text("\ufeff" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert _run(file) == (0, ["1 passed, 0 failed"])


_ODD: list[Any] = [None, True, 5, "x", [], {}, [[]], {"a": {}}, "9" * 400, "1e9", "\ud800"]


@pytest.mark.parametrize("part", ["id", "topic", "inputs", "expected", "rounding"])
def test_whatever_a_vector_holds_it_is_counted_and_never_stops_the_command(
    tmp_path: Path, part: str
) -> None:
    vectors = [{**_mwq("W-01", {"mwq_mg": "120"}), part: odd} for odd in _ODD]
    status, lines = _run(_file(tmp_path, vectors))
    passed, failed = int(lines[-1].split()[0]), int(lines[-1].split()[2])
    assert passed + failed == len(_ODD)
    assert status == (1 if failed else 0)


def test_odd_numbers_are_mismatches_and_no_tracebacks(tmp_path: Path) -> None:
    numbers = ["NaN", "Infinity", "-Infinity", "1e400", "1e-400", "1e999999", "9" * 400, "0", "-1"]
    text = json.dumps([_mwq("W", {"mwq_mg": "120"}) for _ in numbers])
    for number in numbers:
        text = text.replace('"6"', number, 1)
    assert _run(_file(tmp_path, text))[1][-1] == f"0 passed, {len(numbers)} failed"
    text = json.dumps([_mwq("W", {"mwq_mg": "120"}) for _ in numbers])
    for number in numbers:
        text = text.replace('"120"', number, 1)
    assert _run(_file(tmp_path, text))[1][-1] == f"0 passed, {len(numbers)} failed"


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file or directory"):
        _run(tmp_path / "nothing.json")
