"""Answers to older and newer versions of an instrument."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tests.questionnaires.examples import SCALES, changed, instrument
from tests.responses.forms import answers_to, in_words
from trustmeasure.errors import ResponseError
from trustmeasure.instruments import Change, Instrument, Item, ResponseScale, ScalePoint
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.responses import read_responses
from trustmeasure.responses.manifest import manifest_of_questionnaire
from trustmeasure.responses.versions import compare_versions, numbers_of

OLD = changed(instrument(), version="1.0.0")
FIVE = ResponseScale(
    "agree",
    tuple(ScalePoint(code, {"en": f"Step {code}", "zh": f"第{code}级"}) for code in range(1, 6)),
    SCALES["agree"].missing,
)


def newer(kind: str, version: str = "1.1.0", **changes: object) -> Instrument:
    """Return the instrument one version on, with a change of `first_2`."""
    change = Change(version, "Said otherwise.", kind)
    items = tuple(replace(i, changes=(change,)) if i.id == "first_2" else i for i in OLD.items)
    return changed(OLD, version=version, items=items, **changes)


def old_answers(seed: int = 1) -> tuple[Questionnaire, pd.DataFrame]:
    form = Questionnaire.compose(OLD, brand="Acme")
    return form, answers_to(form, rows=20, seed=seed)


@pytest.mark.parametrize("kind", ["typo", "wording"])
def test_changes_of_wording_are_joined_with_a_note(kind: str) -> None:
    form, answers = old_answers()
    responses = read_responses(answers, newer(kind), manifest=form)
    assert responses.versions == {"first": "1.0.0"}
    assert responses.item_ids == ("first_1", "first_2", "first_3", "first_4")
    assert any(
        "wording of first_2 was changed without changing its meaning" in note for note in responses.notes
    )


@pytest.mark.parametrize("kind", ["meaning", "scale"])
def test_changes_of_meaning_are_refused_separate_or_dropped(kind: str) -> None:
    form, answers = old_answers()
    with pytest.raises(ResponseError, match=rf"the {kind} of 'first_2' was changed in version 1\.1\.0: Said"):
        read_responses(answers, newer(kind), manifest=form)
    apart = read_responses(answers, newer(kind), manifest=form, versions="separate")
    assert apart.item_ids == ("first_1", "first_3", "first_4")
    assert apart.data["first_2@1.0.0"].notna().any()
    assert apart.labels("first_2@1.0.0")[1] == "Disagree"
    assert any("columns of their own" in note for note in apart.notes)
    without = read_responses(answers, newer(kind), manifest=form, versions="drop")
    assert not [name for name in without.data if name.startswith("first_2")]
    assert any("left out" in note for note in without.notes)


def test_answers_on_the_old_scale_are_coded_by_the_old_scale() -> None:
    form, answers = old_answers()
    installed = newer("scale", response_scales={"agree": FIVE})
    words = in_words(answers, form, "zh")
    every = tuple(
        replace(item, changes=(Change("1.1.0", "Five steps.", "scale"),)) for item in installed.items
    )
    installed = changed(installed, items=every)
    apart = read_responses(words, installed, manifest=form, versions="separate", require="any")
    expected = read_responses(answers, OLD, manifest=form)
    assert apart.data["first_1@1.0.0"].tolist() == pytest.approx(
        expected.data["first_1"].tolist(), nan_ok=True
    )


def test_a_scale_that_differs_without_a_recorded_change_is_refused() -> None:
    form, answers = old_answers()
    installed = changed(OLD, response_scales={"agree": FIVE})
    with pytest.raises(ResponseError, match="have other codes than the instrument"):
        read_responses(answers, installed, manifest=form)


def test_an_item_added_later_may_be_missing() -> None:
    form, answers = old_answers()
    added = Item(
        "first_5", "first", "agree", {"en": "New.", "zh": "新。"}, changes=(Change("1.1.0", "New.", "added"),)
    )
    block = replace(OLD.blocks[0], items=(*OLD.blocks[0].items, "first_5"))
    construct = replace(OLD.constructs[0], items=(*OLD.constructs[0].items, "first_5"))
    installed = changed(
        OLD, version="1.1.0", items=(*OLD.items, added), blocks=(block,), constructs=(construct,)
    )
    for given in ({"manifest": form}, {"instrument_version": "1.0.0"}):
        responses = read_responses(answers, installed, **given)
        assert "first_5" not in responses.data
        assert any("first_5 did not exist then" in note for note in responses.notes)
    with pytest.raises(ResponseError, match="'first_5'"):
        read_responses(answers, installed, manifest=None)


def retired() -> Instrument:
    gone = replace(OLD.items[3], status="retired", changes=(Change("1.1.0", "Gone.", "retired"),))
    block = replace(OLD.blocks[0], items=OLD.blocks[0].items[:3])
    construct = replace(OLD.constructs[0], items=OLD.constructs[0].items[:3])
    return changed(
        OLD, version="1.1.0", items=OLD.items[:3], retired=(gone,), blocks=(block,), constructs=(construct,)
    )


def test_a_retired_item_is_kept_aside() -> None:
    form, answers = old_answers()
    responses = read_responses(answers, retired(), manifest=form)
    assert responses.item_ids == ("first_1", "first_2", "first_3")
    assert "first_4" not in responses.data
    assert responses.aside["first_4"].notna().any()
    assert len(responses.subset(responses.data.index < 5, "few").aside) == 5
    without = read_responses(answers, retired(), instrument_version="1.0.0")
    assert without.aside["first_4"].tolist() == answers["first_4"].tolist()


def test_a_newer_version_than_the_installed_one_is_refused() -> None:
    form = Questionnaire.compose(newer("typo", "2.0.0"))
    with pytest.raises(
        ResponseError, match=r"version 2\.0\.0 of the instrument 'first', but version 1\.0\.0"
    ):
        read_responses(answers_to(form), OLD, manifest=form)


def test_versions_are_compared_as_numbers() -> None:
    installed = newer("meaning", "1.10.0")
    assert compare_versions(installed, "1.10.0").notes == ()
    with pytest.raises(ResponseError, match="meaning"):
        compare_versions(installed, "1.9.0")
    assert numbers_of("1.10.0") > numbers_of("1.9.9")


def test_an_older_version_without_changes_says_so() -> None:
    form, answers = old_answers()
    responses = read_responses(answers, changed(OLD, version="1.3.0"), manifest=form)
    assert any("nothing that was asked has changed" in note for note in responses.notes)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"instrument_version": "1.0"}, "is no version"),
        ({"instrument_version": {"second": "1.0.0"}}, "names 'second'"),
        ({"versions": "mix"}, "versions='mix' is not known"),
    ],
)
def test_mistakes_are_told(given: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_responses(old_answers()[1], OLD, **given)


def test_the_manifest_is_not_contradicted() -> None:
    form, answers = old_answers()
    with pytest.raises(ResponseError, match=r"instrument_version says 1\.1\.0 .* the manifest says 1\.0\.0"):
        read_responses(answers, newer("typo"), manifest=form, instrument_version="1.1.0")


def test_a_manifest_of_items_that_do_not_exist_is_refused() -> None:
    form, answers = old_answers()
    other = manifest_of_questionnaire(form)
    few = changed(OLD, items=OLD.items[:3], blocks=(replace(OLD.blocks[0], items=OLD.blocks[0].items[:3]),))
    with pytest.raises(
        ResponseError, match="names the item 'first_4', which the instrument 'first' does not have"
    ):
        read_responses(answers, few, manifest=other)
