"""Method text and limitations: every sentence is true of the run, and none is there that is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from tests.reporting.findings_for_tests import findings, fitted, responses
from tests.study.surveys import MODEL, survey
from trustmeasure.instruments import load_instrument
from trustmeasure.reliability_analysis import reliability
from trustmeasure.reporting import Failure, Findings
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.sections.limitations import limitations
from trustmeasure.reporting.sections.method import section as method
from trustmeasure.reporting.words import Words
from trustmeasure.responses import read_responses


def text(found: Findings) -> str:
    """Return the whole method text."""
    return "\n".join(block.text for block in method(Context(found, Words(found.language))).blocks[1:])  # type: ignore[union-attr]


def limits(found: Findings) -> str:
    return "\n".join(limitations(Context(found, Words(found.language))))


def test_the_text_says_what_was_done() -> None:
    said = text(findings())
    version = load_instrument("satisfaction").version
    for sentence in (
        "Answers of 160 respondents were read.",
        "No respondent was excluded.",
        "Of the answers to the 7 items, 0.3% were missing.",
        f"Respondents answered 7 items: Customer satisfaction (version {version}, 4 items) and Repurchase",
        "On 7 items the answers were given on a scale with 7 points, from 1 = Strongly disagree to 7 =",
        "Construct scores are means of the answers given and need answers to at least 50% of",
        "Cronbach's alpha (Cronbach, 1951) with 95% confidence intervals",
        "Its covariances come from all respondents who answered both items.",
        "with the correlated constructs satisfaction and repurchase intention, measured by 7 variables",
        "The structural model then explained repurchase intention by directed paths.",
        "Both models were fitted to the 157 respondents with an answer to every variable of the model; 3",
        "normal-theory maximum likelihood",
        "One loading of each construct was fixed to 1.",
        "95% Wald intervals",
        "Indirect effects were defined as products of paths",
        "trustmeasure 0.1.0 (Python 3.11.0 and NumPy 2.0.0)",
    ):
        assert sentence in said
    for word in ("simulated", "second-order", "reverse-worded", "excluded:", "bootstrap", "random"):
        assert word not in said


def test_without_models_nothing_is_said_of_models() -> None:
    said = text(Findings(responses=responses()))
    for word in ("Models", "likelihood", "CFI", "alpha", "omega", "scores", "trustmeasure"):
        assert word not in said


def test_without_definitions_nothing_is_said_of_indirect_effects() -> None:
    model = MODEL.replace("double := 2*b", "")
    answers = responses()
    said = text(Findings(responses=answers, structural=fitted(model, answers)))
    assert "directed paths" in said
    assert "Indirect effects" not in said
    assert "confirmatory factor model" not in said
    assert "The structural model was fitted to the 157 respondents" in said


def test_unit_variances_are_said_instead_of_marker_loadings() -> None:
    answers = responses()
    said = text(Findings(responses=answers, structural=fitted(MODEL, answers, std_lv=True)))
    assert "variance of each construct was fixed to 1." in said
    assert "One loading" not in said


def test_complete_answers_are_said_to_be_complete() -> None:
    answers = responses(survey())
    said = text(Findings(responses=answers, structural=fitted(MODEL, answers)))
    assert "No answer to the 7 items was missing." in said
    assert "fitted to all 160 respondents; none of them had a missing answer" in said
    assert "listwise" not in said + limits(Findings(responses=answers, structural=fitted(MODEL, answers)))


def test_exclusions_are_said_with_reason_and_count() -> None:
    answers = responses(survey())
    left = answers.subset(answers.data.index >= 10, "no consent")
    left = left.subset(left.data["sat_1"] > 1, "lowest answer")
    said = text(Findings(responses=left))
    n = len(left.excluded) - 10
    assert f"Of these, {10 + n} were excluded: no consent (n = 10) and lowest answer (n = {n});" in said


def test_listwise_alpha_and_other_scores_are_said() -> None:
    answers = responses()
    found = Findings(
        responses=answers,
        reliability=reliability(answers, 0.9, missing="listwise"),
        reliability_ci=0.9,
        reliability_missing="listwise",
        scores=answers.scores("sum", 2),
        score_method="sum",
        min_valid=2,
    )
    said = text(found)
    assert "Only respondents who answered all items of a scale were used" in said
    assert "with 90% confidence intervals" in said
    assert "sums of the answers, prorated for missing ones, and need answers to at least 2 of" in said


def test_models_with_different_rows_are_told_apart() -> None:
    answers = responses()
    small = fitted("repurchase_intention =~ rep_1 + rep_2 + rep_3", answers)
    found = Findings(responses=answers, measurement=small, structural=fitted(MODEL, answers))
    said = text(found)
    assert "The measurement model was fitted to all 160 respondents" in said
    assert "The structural model was fitted to the 157 respondents" in said


def test_the_chinese_text_says_the_same_figures() -> None:
    said = text(replace(findings(), language="zh"))
    for part in ("160 名受访者", "0.3% 缺失", "157 名受访者", "3 名（1.9%）", "顾客满意度", "极大似然"):
        assert part in said
    assert ". " not in said.replace("et al. ", "").split("软件")[0].replace("vs. ", "")


def test_limitations_are_facts_of_the_run() -> None:
    said = limits(findings())
    assert "3 of 160 respondents (1.9%) were left out of the models" in said
    assert "scales with 7 points were treated as continuous" in said
    assert "Each respondent is in the data once." in said
    assert "common method variance" in said
    assert "Respondents differ in city." in said
    assert "The instruments satisfaction and repurchase have the status" in said
    assert "simulated" not in said
    assert "computed" not in said


def test_simulated_answers_and_failed_stages_are_limitations() -> None:
    found = Findings(responses=responses(simulated=True), failures=(Failure("structural", "too few rows"),))
    said = limits(found)
    assert said.startswith("The answers are simulated.")
    assert "could be computed: Structural model." in said
    assert "treated as continuous" not in said


def test_an_observed_outcome_is_no_self_report() -> None:
    data = survey().assign(bought=lambda d: (d["rep_1"] > 4).astype(int))
    answers = responses(data)
    model = MODEL.replace("double := 2*b", "bought ~ repurchase_intention")
    said = limits(Findings(responses=answers, structural=fitted(model, answers)))
    assert "common method variance" not in said
    assert "Each respondent is in the data once." in said


def test_respondents_who_come_twice_are_not_said_to_come_once() -> None:
    data = pd.concat([survey(), survey(seed=4)], ignore_index=True)
    answers = responses(data, duplicates="keep")
    said = limits(Findings(responses=answers, structural=fitted(MODEL, answers)))
    assert "is in the data once" not in said
    assert "The direction of the paths is an assumption" in said


def test_without_ids_nothing_is_said_of_how_often_a_respondent_comes() -> None:
    answers = responses(survey().drop(columns="respondent_id"))
    said = limits(Findings(responses=answers, structural=fitted(MODEL, answers)))
    assert "is in the data once" not in said
    assert "The direction of the paths is an assumption" in said


def test_respondents_with_one_answer_throughout_are_counted_before_items_are_turned() -> None:
    rng = np.random.default_rng(2)
    ids = [f"cog_{part}_{i}" for part in ("com", "int", "rel") for i in (1, 2, 3, 4)]
    data = pd.DataFrame(rng.integers(1, 8, size=(40, 12)), columns=ids)
    data.loc[[4, 7]] = 6
    data.loc[7, "cog_com_2"] = 99
    data.loc[9] = 8 - 2
    data.loc[9, "cog_rel_4"] = 2  # the same only after turning: an attentive respondent
    said = limits(Findings(responses=read_responses(data, "cognitive-trust")))
    assert "2 respondents gave the same answer to every item" in said


def test_few_items_with_the_same_answer_are_nothing_remarkable() -> None:
    assert "same answer" not in limits(findings())


def test_remedies_against_method_bias_are_said_when_there_are_some() -> None:
    told = replace(findings(), remedies=("anonymous answers", "outcomes a week later"))
    assert "the design had these remedies: anonymous answers and outcomes a week later." in text(told)
    assert "研究设计采取了以下措施：anonymous answers" in text(replace(told, language="zh"))
    assert "remedies" not in text(findings())
