"""Participant codes, and the waves joined by them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import trustmeasure as tm
from tests.responses.forms import answers_to, whole_form
from trustmeasure.errors import ArgumentError, ResponseError
from trustmeasure.questionnaires.composing.waves import LINK_PATTERN
from trustmeasure.responses import read_responses
from trustmeasure.responses.links import ALPHABET, SIGNS, check_sign, is_link_code, plain_code

SIGN = st.sampled_from(ALPHABET)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tm.make_key(tmp_path / "keys" / "survey.key")


@given(st.lists(SIGN, min_size=SIGNS, max_size=SIGNS).map("".join), st.integers(0, SIGNS), SIGN)
def test_the_check_sign_finds_every_wrong_sign(signs: str, place: int, other: str) -> None:
    code = signs + check_sign(signs)
    wrong = code[:place] + other + code[place + 1 :]
    assert is_link_code(code)
    assert is_link_code(wrong) == (wrong == code)


@given(st.lists(SIGN, min_size=SIGNS, max_size=SIGNS).map("".join), st.integers(0, SIGNS - 2))
def test_the_check_sign_finds_signs_that_changed_places(signs: str, place: int) -> None:
    code = signs + check_sign(signs)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_link_code(swapped) == (swapped == code)


def test_no_sign_looks_like_another() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 23
    assert not set("B8S5Z2IL1O0UG6") - {"G"} & set(ALPHABET)


def test_codes_are_the_same_in_every_wave_and_fit_the_form(key: Path, tmp_path: Path) -> None:
    ids = [f"C-{i}" for i in range(2000)]
    first = tm.link_codes(ids, key=key)
    again = tm.link_codes(list(reversed(ids)), key=key).iloc[::-1]
    assert first["link_id"].tolist() == again["link_id"].tolist()
    assert first["link_id"].is_unique
    assert all(re.fullmatch(LINK_PATTERN, code) and is_link_code(code) for code in first["link_id"])
    other = tm.link_codes(ids, key=tm.make_key(tmp_path / "other.key"))
    assert not set(first["link_id"]) & set(other["link_id"])


def test_the_list_is_written_for_its_owner_alone(key: Path, tmp_path: Path) -> None:
    path = tmp_path / "list" / "codes.csv"
    made = tm.link_codes(["C-1", "=1+1"], key=key, address="https://x.example/?c={code}&l=en", path=path)
    assert path.stat().st_mode & 0o077 == 0
    read = pd.read_csv(path)
    assert read["link"].tolist() == [f"https://x.example/?c={code}&l=en" for code in made["link_id"]]
    assert read["customer_id"].tolist() == ["C-1", "'=1+1"]


@pytest.mark.parametrize(
    ("ids", "options", "message"),
    [
        ([], {}, "ids is empty"),
        (["a", None], {}, "number 2 is empty"),
        (["a", 17, "17"], {}, "'17' comes twice"),
        (["a"], {"address": "https://x.example"}, r"must hold \{code\} once"),
    ],
)
def test_mistakes_in_lists_are_told(key: Path, ids: list, options: dict, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        tm.link_codes(ids, key=key, **options)


def waves() -> dict[str, pd.DataFrame]:
    before = pd.DataFrame(
        {
            "link_id": ["k-1", "k-2", "k-3", "k-4", "k-4", None, "k-7"],
            "gender": [1, 2, 1, 1, 1, 1, 2],
            "age_group": [3, 3, 4, 2, 2, 1, 2],
            "sat_1": [1, 2, 3, 4, 5, 6, 7],
        }
    )
    later = pd.DataFrame(
        {
            "link_id": [" K 1 ", "k2", "K-3", "k-4", "k-8", "", "k-7"],
            "gender": [1, 1, 1, 1, 2, 2, np.nan],
            "age_group": [4, 3, 3, 2, 5, 1, 2],
            "sat_1": [2, 3, 4, 5, 6, 7, 1],
        }
    )
    return {"right-before": before, "later": later}


def test_people_are_matched_and_doubts_are_reported() -> None:
    joined = tm.join_waves(waves())
    report = joined.report.set_index("code")
    assert report["status"].to_dict() == {
        "K1": "in every wave",
        "K2": "same code, other person?",
        "K3": "same code, other person?",
        "K4": "code comes twice in a wave",
        "K7": "in every wave",
        "K8": "not in every wave",
    }
    assert report.loc["K2", "detail"] == "gender changed"
    assert report.loc["K3", "detail"] == "age_group fell"
    assert report.loc["K8", "detail"] == "not in right-before"
    assert joined.without_code == {"right-before": 1, "later": 1}
    assert joined.left_out == 1
    assert "K4" not in joined.wide.index
    assert joined.wide.loc["K1", ["sat_1_right_before", "sat_1_later"]].tolist() == [1, 2]
    assert np.isnan(joined.wide.loc["K8", "sat_1_right_before"])
    assert joined.long.loc[joined.long["person"] == "K1", "wave"].tolist() == ["right-before", "later"]
    assert len(joined.long) == 2 * 4 + 1
    assert "K1" not in str(joined)
    assert "in every wave" in str(joined)


def test_only_the_matched_and_the_plausible_may_be_kept() -> None:
    assert tm.join_waves(waves(), keep="matched").wide.index.tolist() == ["K1", "K2", "K3", "K7"]
    careful = tm.join_waves(waves(), keep="matched", implausible="leave out")
    assert careful.wide.index.tolist() == ["K1", "K7"]
    assert tm.join_waves(waves(), constant=[], rising=[]).counts["in every wave"] == 4


def test_codes_with_typing_errors_are_reported(key: Path) -> None:
    codes = tm.link_codes([f"C-{i}" for i in range(10)], key=key)["link_id"].tolist()
    wrong = plain_code(codes[0])
    wrong = ("A" if wrong[0] != "A" else "C") + wrong[1:]
    one = pd.DataFrame({"link_id": codes, "x": range(10)})
    two = pd.DataFrame({"link_id": [wrong, *codes[1:]], "x": range(10)})
    joined = tm.join_waves({"a": one, "b": two})
    assert joined.report.set_index("code").loc[wrong, "status"] == "no valid code"
    assert wrong not in joined.wide.index
    assert joined.counts["in every wave"] == 9


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        ({"a": {"link_id": ["x"]}}, {}, "two or more"),
        ({"a": {"link_id": ["x1"]}, "b": {"link_id": ["y2"]}}, {}, "Nobody is in more than one wave"),
        ({"a": {"link": ["x1"]}, "b": {"link_id": ["x1"]}}, {}, "The wave 'a' has no column 'link_id'"),
        (
            {"a": {"link_id": ["x1"]}, "b": {"link_id": ["x1"]}},
            {"constant": ["gendre"]},
            "no column 'gendre'",
        ),
        ({"a-b": {"link_id": ["x1"]}, "a b": {"link_id": ["x1"]}}, {}, "hyphens and blanks only"),
        ({"a": {"link_id": ["x1"]}, "b": {"link_id": ["x1"]}}, {"keep": "some"}, "keep='some'"),
    ],
)
def test_mistakes_in_waves_are_told(given: dict, options: dict, message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        tm.join_waves({wave: pd.DataFrame(columns) for wave, columns in given.items()}, **options)


def test_the_wide_form_is_what_longitudinal_invariance_takes() -> None:
    rng = np.random.default_rng(3)
    trust = rng.normal(size=(300, 1))
    frames = {}
    for shift, wave in enumerate(("before", "right-after")):
        answers = trust + 0.4 * shift + 0.6 * rng.normal(size=(300, 3))
        frames[wave] = pd.DataFrame(answers, columns=list("abc")).assign(
            link_id=[f"K-{i}" for i in range(300)]
        )
    joined = tm.join_waves(frames)
    found = tm.longitudinal_invariance(
        "f =~ a + b + c", joined.wide, waves=joined.patterns, steps=["configural", "metric"]
    )
    assert found.frame["step"].tolist() == ["configural", "metric"]


def test_responses_of_two_waves_are_joined() -> None:
    form = whole_form()
    one = read_responses(answers_to(form, seed=1), manifest=form)
    two = read_responses(answers_to(form, seed=2), manifest=form)
    joined = tm.join_waves({"first": one, "second": two})
    assert len(joined.wide) == 30
    pd.testing.assert_series_equal(
        joined.wide["cog_rel_4_second"].reset_index(drop=True), two.data["cog_rel_4"], check_names=False
    )
