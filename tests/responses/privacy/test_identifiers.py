"""Columns that tell who somebody is: found by name and by look, and what is done with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import trustmeasure as tm
from tests.responses.forms import answers_to, whole_form
from trustmeasure.errors import ArgumentError, ResponseError
from trustmeasure.responses import read_responses
from trustmeasure.responses.privacy.identifiers import masked, plain_name
from trustmeasure.responses.privacy.keys import read_key
from trustmeasure.responses.privacy.kinds import KINDS, is_address, is_card_number, is_resident_number

FORM = whole_form()
PEOPLE = {
    "contact": ["ann@acme.example", "bo@acme.example", "c.d@x.org", "e@f.cn"],
    "mobil": ["13812345678", "+86 139 1234 5678", "15900001111", "17712345678"],
    "foreign": ["+49 30 1234567", "+1 (212) 555-0100", "+44 20 7946 0958", "+33 1 23 45 67 89"],
    "card": ["4111111111111111", "5500000000000004", "340000000000009", "6011000000000004"],
    "who": ["11010519491231002X", "440524188001010014", "11010519491231002X", "440524188001010014"],
    "from": ["192.168.0.1", "10.0.0.7", "2001:db8::1", "8.8.8.8"],
    "where": ["31.2304,121.4737", "39.9042, 116.4074", "22.5431,114.0579", "30.5728,104.0668"],
}
KEY = "k" * 40


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tm.make_key(tmp_path / "elsewhere" / "survey.key")


def answers(**columns: object) -> pd.DataFrame:
    return answers_to(FORM, rows=4).assign(**columns)


def test_the_look_of_cells_shows_identifiers_without_a_name() -> None:
    found = tm.find_identifiers(pd.DataFrame(PEOPLE))
    assert dict(zip(found["column"], found["kind"], strict=True)) == {
        "contact": "e-mail address",
        "mobil": "phone number",
        "foreign": "phone number",
        "card": "bank card number",
        "who": "identity number",
        "from": "IP address",
        "where": "place",
    }
    assert (found["share"] == 1).all()


@pytest.mark.parametrize(
    ("column", "cells", "kind"),
    [
        ("RecipientEmail", ["a@b.cn", None], "e-mail address"),
        ("12、您的姓名：", ["王芳", "李伟"], "name of a person"),
        ("来自IP", ["1.2.3.4(上海)", "5.6.7.8"], "IP address"),
        ("LocationLatitude", [31.2304, 39.9042], "place"),
        ("微信号", ["wxid_88aa", "wxid_77bb"], "account of a messenger"),
        ("设备ID", ["A1B2C3D4", "E5F6G7H8"], "device"),
        ("home_address", ["1 High Street", "2 Low Road"], "postal address"),
        ("ＰＨＯＮＥ", ["0041 44 668 18 00", "044 668 1800"], "phone number"),
        ("First Name", ["Ann", "Bo"], "name of a person"),
        ("What is your name?", ["Ann", "Bo"], "name of a person"),
        ("Phone number (optional)", ["0151 2345678", "030 1234567"], "phone number"),
        ("Please enter your e-mail address *", ["ann at acme", "bo@acme"], "e-mail address"),
        ("3、请填写您的姓名（选填）", ["王芳", "李伟"], "name of a person"),
        ("请问您的手机号码是多少？", ["138 0000 000", "139 0000 000"], "phone number"),
    ],
)
def test_the_name_of_a_column_shows_identifiers(column: str, cells: list[object], kind: str) -> None:
    found = tm.find_identifiers(pd.DataFrame({column: cells}))
    assert found[["kind", "by"]].values.tolist() == [[kind, "name"]]


@pytest.mark.parametrize(
    "column",
    [
        {"phone": [1, 2]},
        {"brand_name": ["Acme", "Best"]},
        {"What is your favourite brand name?": ["Acme", "Best"]},
        {"Your phone": ["iPhone", "Pixel"]},
        {"您的年龄是？": ["18", "25"]},
        {"order_number": ["001-1234567-8", "0012-345678"]},
        {"when": ["0900-1030", "2026-01-31 09:15:00"]},
        {"sector": ["finance", "retail"]},
        {"spend": [12345678901.5, 3.0]},
        {"when": ["2026-01-31T09:15:00", "09:15:00"]},
        {"stamp": [1706692500000, 1706692500001]},
        {"address": [None, None]},
        {"mail": [1, 0]},
        {"version": ["1.2.0", "1.10.1"]},
        {"made": pd.to_datetime(["2026-01-31", "2026-02-01"])},
        {"yes": [True, False]},
        {"order": ["sat_1 sat_2", "sat_2 sat_1"]},
    ],
)
def test_other_columns_are_left_alone(column: dict[str, object]) -> None:
    assert tm.find_identifiers(pd.DataFrame(column)).empty


def test_numbers_that_check_themselves() -> None:
    assert is_resident_number("440524188001010014")
    assert is_resident_number("11010519491231002x")
    assert not is_resident_number("440524188001010015")
    assert not is_resident_number("440524188013010014")
    assert not is_card_number("0000000000000000")
    assert not is_address("1.2.3")


@given(st.integers(10**16, 10**17 - 1))
def test_one_of_eleven_ends_makes_a_resident_number(body: int) -> None:
    ends = [end for end in "0123456789X" if is_resident_number(f"{body}{end}")]
    month, day = int(str(body)[10:12]), int(str(body)[12:14])
    assert len(ends) == int(1 <= month <= 12 and 1 <= day <= 31)


@given(st.integers(10**12, 10**18))
def test_one_of_ten_ends_makes_a_card_number(body: int) -> None:
    ends = [end for end in range(10) if is_card_number(f"{body}{end}")]
    assert len(ends) <= 1 or len(set(str(body))) == 1


def test_identifiers_inside_texts_are_masked() -> None:
    assert masked("mail a.b@c.de or 13812345678, id 11010519491231002X") == (
        "mail [e-mail address] or [phone number], id [identity number]"
    )
    assert masked("see 192.168.0.1.") == "see [IP address]."
    assert masked("Ring 010-88886666 or 0151 23456789.") == "Ring [phone number] or [phone number]."
    assert masked("5 of 7") == "5 of 7"
    assert masked(np.nan) is np.nan


def test_left_out_and_said_so_when_nothing_is_asked() -> None:
    responses = read_responses(answers(email=PEOPLE["contact"], tel=PEOPLE["mobil"]), manifest=FORM)
    assert not {"email", "tel"} & {*responses.data, *responses.raw}
    assert any("email, tel" in note and "Left out" in note for note in responses.notes)
    assert responses.mapping.set_index("column").loc["email", ["how", "holds"]].tolist() == [
        "left out",
        "e-mail address",
    ]


@pytest.mark.parametrize("column", ["contact", "mobil", "foreign", "card", "who", "from", "where"])
def test_no_direct_identifier_passes_silently(column: str) -> None:
    responses = read_responses(answers(x=PEOPLE[column]), manifest=FORM)
    assert "x" not in responses.data
    assert any("Left out" in note and "x" in note for note in responses.notes)
    with pytest.raises(ResponseError, match="tell who somebody is: 'x'"):
        read_responses(answers(x=PEOPLE[column]), manifest=FORM, identifiers="refuse")
    kept = read_responses(answers(x=PEOPLE[column]), manifest=FORM, identifiers="keep")
    assert kept.data["x"].tolist() == PEOPLE[column]
    assert any("Kept as you asked" in note for note in kept.notes)


def test_ids_that_are_phone_numbers_need_a_word(key: Path) -> None:
    frame = answers(respondent_id=PEOPLE["mobil"])
    with pytest.raises(ResponseError, match=r"identifiers=\{'respondent_id': 'hash'\}"):
        read_responses(frame, manifest=FORM)
    hashed = read_responses(frame, manifest=FORM, identifiers={"respondent_id": "hash"}, key=key)
    assert hashed.respondents.str.fullmatch(r"[a-z2-7]{20}").all()
    assert hashed.raw["respondent_id"].tolist() == hashed.data["respondent_id"].tolist()
    again = tm.pseudonyms(PEOPLE["mobil"], key=key)
    assert again.tolist() == hashed.respondents.tolist()


def test_ordinary_ids_pass_without_a_word() -> None:
    responses = read_responses(answers(respondent_id=["r-1", "r-2", "r-3", "r-4"]), manifest=FORM)
    assert responses.respondents.tolist() == ["r-1", "r-2", "r-3", "r-4"]


def test_free_text_is_masked() -> None:
    frame = answers().assign(remarks=["call 13812345678", "fine", "ok", "good"])
    responses = read_responses(frame, manifest=FORM)
    assert responses.free_text["remarks"].tolist() == ["call [phone number]", "fine", "ok", "good"]
    assert any("Masked inside texts" in note for note in responses.notes)


def test_a_policy_for_a_column_that_does_not_exist_is_told() -> None:
    with pytest.raises(ResponseError, match=r"identifiers names 'emial'.*Did you mean 'email'"):
        read_responses(answers(email="x"), manifest=FORM, identifiers={"emial": "drop"})
    with pytest.raises(ResponseError, match="identifiers='hide' is not known"):
        read_responses(answers(), manifest=FORM, identifiers="hide")


def test_keys_are_private_long_and_not_with_the_data(tmp_path: Path, key: Path) -> None:
    assert key.stat().st_mode & 0o077 == 0
    with pytest.raises(ArgumentError, match="exists already"):
        tm.make_key(key)
    short = tmp_path / "short.key"
    short.write_text("secret")
    with pytest.raises(ArgumentError, match="fewer than 32") as told:
        tm.pseudonyms(["a"], key=short)
    assert "secret" not in str(told.value)
    (tmp_path / "data").mkdir()
    answers(email=PEOPLE["contact"]).to_csv(tmp_path / "data" / "a.csv", index=False)
    near = tm.make_key(tmp_path / "data" / "keys" / "near.key")
    with pytest.raises(ArgumentError, match="lies in the folder of the data"):
        read_responses(tmp_path / "data" / "a.csv", manifest=FORM, identifiers="hash", key=near)
    with pytest.raises(ArgumentError, match="no key file"):
        tm.pseudonyms(["a"], key=tmp_path / "none.key")


def test_the_key_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRUSTMEASURE_KEY", raising=False)
    with pytest.raises(ArgumentError, match="A key is needed"):
        tm.pseudonyms(["a"])
    monkeypatch.setenv("TRUSTMEASURE_KEY", KEY)
    assert tm.pseudonyms(["a"])[0] == tm.pseudonyms([" a "])[0]
    assert KEY not in repr(read_key(None))


def test_another_key_gives_other_pseudonyms(tmp_path: Path) -> None:
    one, two = tm.make_key(tmp_path / "1.key"), tm.make_key(tmp_path / "2.key")
    values = pd.Series([17, 17.0, "17", None, "  "], index=list("abcde"))
    first = tm.pseudonyms(values, key=one)
    assert first["a"] == first["b"] == first["c"]
    assert first[["d", "e"]].isna().all()
    assert first["a"] != tm.pseudonyms(values, key=two)["a"]


def test_names_of_kinds_are_in_the_form_that_is_compared() -> None:
    assert all(plain_name(name) == name for kind in KINDS for name in kind.names)
