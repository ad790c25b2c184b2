"""Running a study: what is written, what is recorded, and what happens when a part cannot be computed."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.study.surveys import MODEL, survey, write_study
from trustmeasure.errors import ResponseError, StudyError, TrustMeasureWarning
from trustmeasure.reliability_analysis import reliability
from trustmeasure.sem import fit_sem
from trustmeasure.study import StudyResult, read_study, run_study


def run(study: Any, out: Path, **options: Any) -> StudyResult:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return run_study(study, out, progress=False, **options)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    folder = tmp_path_factory.mktemp("study")
    data = survey()
    data.loc[:9, "consent"] = 0
    data.loc[[20, 21, 22], "sat_2"] = np.nan
    data.loc[30, "rep_1"] = 99
    responses = 'exclude = [{ column = "consent", equals = 0, reason = "no consent" }]'
    return run(write_study(folder, data, responses=responses), folder / "out")


def record(result: StudyResult) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((result.folder / "study.json").read_text(encoding="utf-8"))
    return loaded


def test_the_folder_holds_what_the_result_names(finished: StudyResult) -> None:
    there = {path for path in finished.folder.rglob("*") if path.is_file()}
    assert there == set(finished.files)
    assert finished.report in there
    assert record(finished)["files"] == [p.relative_to(finished.folder).as_posix() for p in finished.files]


def test_the_results_are_those_of_the_public_functions(finished: StudyResult) -> None:
    fit = fit_sem_quietly(MODEL, finished.responses)
    assert finished.structural is not None
    pd.testing.assert_frame_equal(finished.structural.parameters, fit.parameters)
    assert finished.reliability is not None
    pd.testing.assert_frame_equal(finished.reliability, reliability(finished.responses))


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        ('estimator = "MLR"\nmissing = "fiml"', {"estimator": "MLR", "missing": "fiml"}),
        ('estimator = "WLSMV"\nmissing = "pairwise"', {"ordered": True, "missing": "pairwise"}),
    ],
)
def test_the_model_is_estimated_as_the_study_says(tmp_path: Path, keys: str, options: dict[str, Any]) -> None:
    data = survey()
    data.loc[[20, 21, 22], "sat_2"] = np.nan
    result = run(write_study(tmp_path, data, model_keys=keys), tmp_path / "out")
    fit = fit_sem_quietly(MODEL, result.responses, **options)
    assert result.structural is not None
    pd.testing.assert_frame_equal(result.structural.parameters, fit.parameters)
    assert result.structural.n_obs == 160
    written = record(result)["models"]["structural"]
    assert (written["estimator"], written["missing"]) == (fit.estimator, fit.missing)


def fit_sem_quietly(model: str, data: Any, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return fit_sem(model, data, **options)


def test_the_csv_tables_are_unrounded(finished: StudyResult) -> None:
    assert finished.structural is not None
    table = pd.read_csv(finished.folder / "tables" / "structural-parameters.csv")
    np.testing.assert_allclose(
        table["estimate"], finished.structural.parameters["estimate"], rtol=1e-15, atol=1e-15
    )
    fit = pd.read_csv(finished.folder / "tables" / "structural-fit.csv").set_index("measure")["value"]
    assert fit["cfi"] == pytest.approx(finished.structural.fit_measures["cfi"], rel=1e-15)


def test_the_scores_table_has_a_row_for_each_respondent(finished: StudyResult) -> None:
    scores = pd.read_csv(finished.folder / "tables" / "scores.csv")
    assert scores.columns.tolist() == ["respondent_id", "satisfaction", "repurchase_intention"]
    assert len(scores) == 150
    expected = finished.responses.items("satisfaction").mean(axis=1)
    np.testing.assert_allclose(scores["satisfaction"], expected)


def test_the_record_traces_everything_back(finished: StudyResult) -> None:
    told = record(finished)
    study = finished.study.file
    assert study is not None
    assert told["study"]["sha256"] == hashlib.sha256(study.read_bytes()).hexdigest()
    answers = study.parent / "answers.csv"
    assert told["data"] == {
        "source": "answers.csv",
        "sha256": hashlib.sha256(answers.read_bytes()).hexdigest(),
    }
    assert told["n"] == {
        "read": 160, "excluded": 10, "used": 150, "complete": 146, "measurement": 146, "structural": 146
    }  # fmt: skip
    assert told["exclusions"] == [{"reason": "no consent", "n": 10}]
    assert {row["reason"]: row["answers"] for row in told["missing"]} == {"empty": 3, "no-answer": 1}
    assert told["seed"] == 1
    assert told["simulated"] is False
    assert {"trustmeasure", "python", "numpy", "scipy", "pandas"} <= set(told["versions"])
    assert [one["id"] for one in told["instruments"]] == ["satisfaction", "repurchase"]
    assert told["models"]["structural"]["n_dropped"] == 4
    assert told["models"]["measurement"]["text"] == (
        "satisfaction =~ sat_1 + sat_2 + sat_3 + sat_4\nrepurchase_intention =~ rep_1 + rep_2 + rep_3\n"
    )
    assert any("(listwise)" in message for message in told["warnings"])
    assert told["headline"]["structural_cfi"] == pytest.approx(finished.headline["structural_cfi"])


def test_headline_figures_name_sample_reliability_fit_and_explained_variance(finished: StudyResult) -> None:
    figures, fit = finished.headline, finished.structural
    assert fit is not None
    assert (figures["n_read"], figures["n_used"]) == (160, 150)
    assert figures["structural_rmsea"] == fit.fit_measures["rmsea"]
    assert figures["r_squared_repurchase_intention"] == fit.r_squared["repurchase_intention"]
    assert 0 < figures["alpha_min"] <= figures["alpha_max"] < 1


def test_warnings_come_once_after_everything_is_written(tmp_path: Path) -> None:
    data = survey()
    data.loc[3, "sat_1"] = np.nan
    with pytest.warns(TrustMeasureWarning, match="listwise") as caught:
        result = run_study(write_study(tmp_path, data), tmp_path / "out", progress=False)
    assert len([one for one in caught if "listwise" in str(one.message)]) == 1
    assert result.report.is_file()


def test_running_twice_gives_the_same_tables(tmp_path: Path) -> None:
    file = write_study(tmp_path)
    first, second = run(file, tmp_path / "a"), run(file, tmp_path / "b")
    for one, other in zip(first.files, second.files, strict=True):
        if one.suffix == ".csv":
            assert one.read_bytes() == other.read_bytes()


def test_running_again_replaces_the_earlier_run(tmp_path: Path) -> None:
    file = write_study(tmp_path)
    run(file, tmp_path / "out")
    write_study(tmp_path, report="tables = false")
    result = run(file, tmp_path / "out")
    assert sorted(path.name for path in result.folder.iterdir()) == ["report.html", "study.json"]


def test_other_data_take_the_place_of_those_in_the_file(tmp_path: Path) -> None:
    file = write_study(tmp_path)
    other = tmp_path / "other.csv"
    survey(90, seed=9).to_csv(other, index=False)
    assert run(file, tmp_path / "a", data=other).headline["n_used"] == 90
    assert run(file, tmp_path / "b", data=survey(80)).headline["n_used"] == 80


def test_the_path_in_the_file_need_not_exist_when_data_are_given(tmp_path: Path) -> None:
    file = write_study(tmp_path)
    (tmp_path / "answers.csv").unlink()
    with pytest.raises(ResponseError, match="File not found"):
        run(file, tmp_path / "out")
    assert run(file, tmp_path / "out", data=survey()).complete


def test_a_study_made_in_python_runs_too(tmp_path: Path) -> None:
    study = read_study(write_study(tmp_path))
    assert run(study, tmp_path / "out").report.is_file()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.drop(columns="sat_3"), "sat_3"),
        (lambda d: d.assign(sat_1=d["sat_1"].astype(str).where(d.index != 4, "often")), "often"),
        (lambda d: d.assign(sat_1=d["sat_1"].where(d.index != 4, 8)), "8 is out of range"),
        (lambda d: d.assign(respondent_id="p1"), "respondent id 'p1' comes in rows"),
    ],
)
def test_answers_that_do_not_fit_leave_nothing_behind(tmp_path: Path, change: Any, said: str) -> None:
    file = write_study(tmp_path, change(survey()))
    with pytest.raises(ResponseError, match=said):
        run(file, tmp_path / "out")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["answers.csv", "study.toml"]


def test_a_model_with_an_unknown_item_is_refused_with_the_nearest(tmp_path: Path) -> None:
    file = write_study(tmp_path, model="satisfaction =~ sat_1 + sat_2 + sat_5x")
    with pytest.raises(
        StudyError, match=r"study.toml: model: the variable 'sat_5x' .* Did you mean 'sat_\d'"
    ):
        run(file, tmp_path / "out")


FAILING = {
    "constant item": (lambda d: d.assign(sat_1=4), "sat_1"),
    "item without answers": (lambda d: d.assign(sat_1=np.nan), "sat_1"),
    "too few rows": (lambda d: d.head(5), "5"),
}


@pytest.mark.parametrize(("change", "said"), FAILING.values(), ids=FAILING.keys())
def test_a_model_that_cannot_be_fitted_is_reported_and_the_rest_goes_on(
    tmp_path: Path, change: Any, said: str
) -> None:
    result = run(write_study(tmp_path, change(survey())), tmp_path / "out")
    assert not result.complete
    assert {failure.stage for failure in result.failures} == {"measurement", "structural"}
    assert all(said in failure.message for failure in result.failures)
    assert result.structural is None
    assert result.reliability is not None
    assert len(record(result)["failures"]) == 2
    page = result.report.read_text(encoding="utf-8")
    assert "could not be computed" in page
    assert "In the structural model" not in page
    assert not (result.folder / "tables" / "structural-fit.csv").exists()


def test_a_study_without_paths_has_a_measurement_model_only(tmp_path: Path) -> None:
    result = run(
        write_study(tmp_path, model="satisfaction =~ sat_1 + sat_2 + sat_3 + sat_4"), tmp_path / "out"
    )
    assert result.complete
    assert result.structural is None
    assert result.measurement is not None
    assert 'id="structural"' not in result.report.read_text(encoding="utf-8")


def test_a_path_model_without_constructs_has_a_structural_model_only(tmp_path: Path) -> None:
    result = run(write_study(tmp_path, model="rep_1 ~ sat_1 + sat_2"), tmp_path / "out")
    assert result.measurement is None
    assert result.structural is not None
    assert 'id="measurement"' not in result.report.read_text(encoding="utf-8")


def test_chinese_column_names_and_values_go_the_whole_way(tmp_path: Path) -> None:
    data = survey().rename(columns={"sat_1": "满意度一", "city": "城市"})
    responses = 'columns = { "满意度一" = "sat_1" }\nexclude = [{ column = "城市", equals = "Köln" }]'
    result = run(write_study(tmp_path, data, responses=responses), tmp_path / "out")
    assert result.headline["n_used"] == 80
    assert "城市 = Köln" in result.report.read_text(encoding="utf-8")


def test_stages_are_told_on_standard_error_only_when_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_study(tmp_path)
    run_study(file, tmp_path / "a", progress=False)
    assert capsys.readouterr() == ("", "")
    run_study(file, tmp_path / "b")
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split()[0] for line in err.splitlines()] == [f"{i}/6" for i in range(1, 7)]
    assert "160 respondents" in err


def test_the_sample_is_simulated_and_the_report_says_so(tmp_path: Path) -> None:
    text = '[instruments]\nuse = ["satisfaction"]\n[responses]\nsample = "trust-survey"\n'
    text += "[report]\nplots = false\n"
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    result = run(tmp_path / "study.toml", tmp_path / "out")
    assert result.responses.simulated
    assert record(result)["simulated"] is True
    assert '<p class="banner">SIMULATED DATA</p>' in result.report.read_text(encoding="utf-8")


def test_an_unknown_sample_names_those_that_exist(tmp_path: Path) -> None:
    text = '[instruments]\nuse = ["satisfaction"]\n[responses]\nsample = "trust"\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"there is no sample 'trust'\. Allowed: trust-survey"):
        run(tmp_path / "study.toml", tmp_path / "out")


def test_a_result_shows_its_headline_figures(finished: StudyResult) -> None:
    assert "Small study" in str(finished)
    assert "structural_cfi" in finished._repr_html_()
