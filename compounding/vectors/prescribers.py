"""Worked calculations about a prescriber's numbers, evaluated by topic."""

from __future__ import annotations

from compounding.errors import Refusal
from compounding.prescriber_numbers import (
    check_dea,
    check_npi,
    dea_check_digit,
    dea_letter_matches,
    dea_sum,
    npi_check_digit,
)
from compounding.vectors.inputs import Answers, VectorInputs


def npi_check_digit_of(inputs: VectorInputs) -> Answers:
    first_nine = inputs.digits("first_nine")
    digit = npi_check_digit(first_nine)
    return {"check_digit": digit, "npi": f"{first_nine}{digit}"}


def npi_validate(inputs: VectorInputs) -> Answers:
    npi = inputs.digits("npi")
    try:
        check_npi(npi)
    except Refusal as refusal:
        return {"valid": False, **_expected_digit(npi), "reason": str(refusal)}
    return {"valid": True, **_expected_digit(npi)}


def _expected_digit(npi: str) -> Answers:
    try:
        return {"expected_check_digit": npi_check_digit(npi[:9])}
    except Refusal:
        return {}


def npi_blind_spot(inputs: VectorInputs) -> Answers:
    first = npi_check_digit(inputs.digits("first_nine_a"))
    second = npi_check_digit(inputs.digits("first_nine_b"))
    return {
        "check_digit_a": first,
        "check_digit_b": second,
        "luhn_distinguishes": first != second,
    }


def dea_check_digit_of(inputs: VectorInputs) -> Answers:
    six = inputs.digits("six")
    digit = dea_check_digit(six)
    return {"check_digit": digit, "dea": check_dea(f"{inputs.text('letters')}{six}{digit}")}


def dea_validate(inputs: VectorInputs) -> Answers:
    dea = inputs.text("dea")
    try:
        check_dea(dea)
    except Refusal as refusal:
        return {"valid": False, **_dea_sums(dea), "reason": str(refusal)}
    answers: Answers = {"valid": True, **_dea_sums(dea)}
    if "prescriber_last_name" in inputs:
        last_name = inputs.text("prescriber_last_name")
        answers["second_letter_matches"] = dea_letter_matches(dea, last_name=last_name)
    return answers


def _dea_sums(dea: str) -> Answers:
    try:
        return {"sum": dea_sum(dea[2:8]), "expected_check_digit": dea_check_digit(dea[2:8])}
    except Refusal:
        return {}
