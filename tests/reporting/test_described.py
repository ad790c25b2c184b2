"""The report has words for what was done, or refuses."""

from __future__ import annotations

import pandas as pd
import pytest

from trustmeasure.errors import ArgumentError
from trustmeasure.reporting import Findings
from trustmeasure.responses import Responses, load_sample
from trustmeasure.sem import fit_sem

MODEL = "satisfaction =~ sat_1 + sat_2 + sat_3 + sat_4"


@pytest.fixture(scope="module")
def responses() -> Responses:
    return load_sample("trust-survey")


@pytest.fixture(scope="module")
def answers(responses: Responses) -> pd.DataFrame:
    return responses.data.dropna(subset=["sat_1", "sat_2", "sat_3", "sat_4"])


@pytest.mark.parametrize(
    "options", [{"estimator": "MLR"}, {"estimator": "MLM"}, {"missing": "fiml"}, {"group": "language"}]
)
def test_what_has_no_words_yet_is_refused(
    responses: Responses, answers: pd.DataFrame, options: dict[str, str]
) -> None:
    fit = fit_sem(MODEL, answers, **options)
    with pytest.raises(ArgumentError, match="The report describes models fitted by estimator='ML'"):
        Findings(responses=responses, structural=fit)


def test_maximum_likelihood_is_described(responses: Responses, answers: pd.DataFrame) -> None:
    assert Findings(responses=responses, structural=fit_sem(MODEL, answers)).has("structural")
