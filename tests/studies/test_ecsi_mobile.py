"""The study of mobile phone customers: on the real answers where they are, and always on simulated ones.

The real answers are not part of the repository: TRUSTMEASURE_ECSI_DATA names their file, or they lie in
shared/data/ecsi-mobile beside the checkout. Where they are missing, that test does not exist.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trustmeasure.errors import TrustMeasureWarning
from trustmeasure.study import StudyResult, read_study, run_study

STUDY = Path(__file__).parent / "ecsi-mobile" / "study.toml"
CHECKOUT = Path(__file__).resolve().parents[2]
PLACE = CHECKOUT.parent / "shared" / "data" / "ecsi-mobile" / "ecsi-mobile.csv"
REAL = Path(os.environ.get("TRUSTMEASURE_ECSI_DATA", PLACE))

CONSTRUCTS = ["image", "expectation", "quality", "value", "satisfaction", "complaints", "loyalty"]
PATHS = {
    "expectation": {"image": 0.7},
    "quality": {"expectation": 0.8},
    "value": {"expectation": 0.1, "quality": 0.6},
    "satisfaction": {"image": 0.3, "expectation": 0.1, "quality": 0.4, "value": 0.2},
    "complaints": {"satisfaction": 0.6},
    "loyalty": {"image": 0.1, "satisfaction": 0.6, "complaints": 0.1},
}


def simulated(n: int = 900, seed: int = 12) -> pd.DataFrame:
    """Return answers from 1 to 10 with the columns of the survey, from a known model."""
    rng = np.random.default_rng(seed)
    latent = {"image": rng.normal(size=n)}
    for outcome, predictors in PATHS.items():
        explained = sum(weight * latent[name] for name, weight in predictors.items())
        latent[outcome] = explained + 0.5 * rng.normal(size=n)
    study = read_study(STUDY)
    columns = {}
    for item in study.instruments[0].items:
        answer = 6.5 + 1.5 * latent[item.construct] + 0.9 * rng.normal(size=n)
        columns[item.id.upper()] = np.clip(np.round(answer), 1, 10).astype(int)
    return pd.DataFrame(columns)


def run(data: object, out: Path) -> StudyResult:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return run_study(STUDY, out, data=data, progress=False)


def test_the_study_file_names_all_items_and_paths() -> None:
    study = read_study(STUDY)
    assert [construct.id for construct in study.instruments[0].constructs] == CONSTRUCTS
    assert len(study.instruments[0].items) == 24
    scale = study.instruments[0].scale_of("imag1")
    assert (scale.minimum, scale.maximum) == (1, 10)


@pytest.fixture(scope="module")
def on_simulated_answers(tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    folder = tmp_path_factory.mktemp("ecsi")
    file = folder / "mobi.csv"
    simulated().to_csv(file, index=False)
    return run(file, folder / "out")


def test_the_study_runs_to_a_report(on_simulated_answers: StudyResult) -> None:
    result = on_simulated_answers
    assert result.complete
    assert result.headline["n_used"] == 900
    page = result.report.read_text(encoding="utf-8")
    assert "Image, satisfaction and loyalty of mobile phone customers" in page
    assert page.count("<svg") == 4
    assert "Complaint handling" in page


def test_the_paths_of_the_simulation_are_found(on_simulated_answers: StudyResult) -> None:
    fit = on_simulated_answers.structural
    assert fit is not None
    assert fit.fit_measures["rmsea"] < 0.05
    rows = fit.parameters[fit.parameters["op"] == "~"]
    for row in rows.itertuples():
        assert row.ci_lower - 0.1 < PATHS[str(row.lhs)][str(row.rhs)] < row.ci_upper + 0.1, (row.lhs, row.rhs)


if REAL.is_file():

    def test_the_real_answers_run_to_a_report(tmp_path: Path) -> None:
        """Figures as lavaan 0.6-14 gives them for the same model and the same 250 rows."""
        result = run(REAL, tmp_path / "out")
        assert result.complete
        assert result.headline["n_used"] == 250
        assert result.structural is not None
        fit = result.structural.fit_measures
        assert fit["chisq"] == pytest.approx(575.571, abs=1e-3)
        assert fit["df"] == 241
        assert fit["cfi"] == pytest.approx(0.877, abs=5e-4)
        assert fit["rmsea"] == pytest.approx(0.075, abs=5e-4)
        assert result.structural.r_squared["complaints"] == pytest.approx(0.3504839, abs=1e-6)
        alpha = result.reliability
        assert alpha is not None
        assert alpha.set_index("construct")["n_items"].to_dict()["quality"] == 7
        page = result.report.read_text(encoding="utf-8")
        assert "Standardised paths above 1" in page
