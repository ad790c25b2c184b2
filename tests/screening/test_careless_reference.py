"""Indices of careless answering against R, row by row (tests/reference/screening/careless.R)."""

import numpy as np
import pytest

from tests.screening.reference_data import REVERSED, SCALES, given, numbers, turned, values
from trustmeasure.screening import (
    duplicate_rows,
    even_odd_consistency,
    long_string,
    mahalanobis_distance,
    psychometric_synonyms,
    response_variability,
    screen,
)

FOUND = values("careless")
INDICES = (
    "long_string", "average_string", "irv", "synonyms", "antonyms", "person_total", "mahalanobis",
    "mahalanobis_p", "duplicates", "max_match",
)  # fmt: skip
TOLERANCE = {"max_match": 1e-6}  # shares are counted in single precision
EM = 1e-8  # both sides iterate their moments of incomplete rows


def screened(name):
    case = FOUND[name]
    limits = {"synonyms": case["high"], "antonyms": case["low"]}
    if name == "gaps":
        return screen(given("gaps"), **limits)
    return screen(turned(), scales=SCALES, reverse=REVERSED, codes=(1, 5), **limits)


def check(found, wanted, index, name="survey"):
    tolerance = TOLERANCE.get(index, EM if name == "gaps" and index.startswith("maha") else 1e-11)
    np.testing.assert_allclose(found, numbers(wanted), rtol=tolerance, atol=tolerance, err_msg=index)


@pytest.mark.parametrize("name", ["survey", "gaps"])
def test_every_index_of_every_person(name):
    persons = screened(name).persons
    for index in INDICES:
        check(persons[index], FOUND[name][index], index, name)


def test_even_odd_consistency_of_turned_answers():
    check(screened("survey").persons["even_odd"], FOUND["survey"]["even_odd"], "even_odd")
    check(even_odd_consistency(turned(), scales=SCALES), FOUND["survey"]["even_odd"], "even_odd")


@pytest.mark.parametrize("name", ["survey", "gaps"])
def test_the_number_of_pairs(name):
    kinds = screened(name).pairs["kind"].value_counts()
    assert kinds["synonyms"] == FOUND[name]["n_synonyms"] > 3
    assert kinds["antonyms"] == FOUND[name]["n_antonyms"] > 3


def test_the_functions_give_what_the_screening_gives():
    case, how = FOUND["survey"], {"reverse": REVERSED, "codes": (1, 5)}
    check(long_string(turned(), **how)["average_string"], case["average_string"], "average_string")
    check(response_variability(turned(), **how), case["irv"], "irv")
    check(psychometric_synonyms(turned(), critical=0.4, **how).values, case["synonyms"], "synonyms")
    opposed = psychometric_synonyms(turned(), critical=0.4, antonyms=True, **how)
    check(opposed.values, case["antonyms"], "antonyms")
    check(mahalanobis_distance(turned())["mahalanobis"], case["mahalanobis"], "mahalanobis")
    check(duplicate_rows(turned())["max_match"], case["max_match"], "max_match")
