"""What every command does when all is well."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cli.running import run
from tests.study.surveys import MODEL, survey, write_study
from trustmeasure.files import shipped
from trustmeasure.reliability_analysis import cronbach_alpha
from trustmeasure.responses import read_responses
from trustmeasure.sem import fit_sem

COMMANDS = {
    (): ["demo", "questionnaire", "score", "reliability", "fit", "instruments", "models", "study"],
    ("demo",): ["trustmeasure demo -o my-demo"],
    ("instruments",): ["list", "show", "expert-form", "content-validity"],
    ("instruments", "list"): ["trustmeasure instruments list"],
    ("instruments", "show"): ["trustmeasure instruments show cognitive-trust"],
    ("instruments", "expert-form"): ["trustmeasure instruments expert-form satisfaction -o form.xlsx"],
    ("instruments", "content-validity"): ["trustmeasure instruments content-validity forms/"],
    ("questionnaire",): ["trustmeasure questionnaire satisfaction loyalty -o survey.html"],
    ("score",): ["trustmeasure score answers.csv -i satisfaction,loyalty -o scores.csv"],
    ("reliability",): ["trustmeasure reliability answers.csv -i cognitive-trust"],
    ("fit",): ["trustmeasure fit trust-outcomes answers.csv"],
    ("study",): ["run", "new"],
    ("study", "run"): ["trustmeasure study run study.toml -o report"],
    ("study", "new"): ["trustmeasure study new wave-2.toml"],
}


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.csv"
    survey().to_csv(file, index=False)
    return file


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "root")
def test_help_explains_and_gives_examples(command: tuple[str, ...]) -> None:
    ran = run(*command, "--help")
    assert (ran.code, ran.err) == (0, "")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    for expected in COMMANDS[command]:
        assert any(line.startswith(expected) for line in lines), ran.out
    assert "Example" in ran.out or command in {("instruments",), ("study",)}


@pytest.mark.parametrize("command", [(), ("instruments",), ("study",)], ids=["root", "instruments", "study"])
def test_a_command_group_alone_shows_its_help(command: tuple[str, ...]) -> None:
    ran, helped = run(*command), run(*command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.rstrip() == helped.out.rstrip()


def test_the_version_is_that_of_the_package() -> None:
    from trustmeasure import __version__

    assert run("--version").out == f"trustmeasure {__version__}\n"


def test_instruments_are_listed_and_shown() -> None:
    listed = run("instruments", "list").out
    assert "cognitive-trust" in listed
    assert "Customer satisfaction" in listed
    shown = run("instruments", "show", "satisfaction").out
    assert "sat_1" in shown
    assert "顾客满意度" in shown


@pytest.mark.parametrize("ending", ["docx", "html"])
def test_a_questionnaire_is_written_with_its_manifest(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"survey.{ending}"
    ran = run("questionnaire", "satisfaction", "loyalty", "--lang", "zh,en", "-o", file, "--brand", "Acme")
    assert ran.code == 0, ran.err
    assert "10 questions, about 2 minutes, zh, en" in ran.out
    assert file.stat().st_size > 1000
    manifest = json.loads((tmp_path / f"survey.{ending}.manifest.json").read_text(encoding="utf-8"))
    assert manifest


def test_scores_are_written_or_shown(answers: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    ran = run("score", answers, "-i", "satisfaction,repurchase", "-o", out)
    assert (ran.code, ran.err) == (0, "")
    assert "160 respondents, 2 constructs" in ran.out
    written = pd.read_csv(out)
    expected = survey()[[f"sat_{i}" for i in (1, 2, 3, 4)]].mean(axis=1)
    np.testing.assert_allclose(written["satisfaction"], expected, rtol=1e-15)
    assert run("score", answers, "-i", "satisfaction", "-i", "repurchase").out == out.read_text(
        encoding="utf-8"
    )


def test_columns_with_other_names_are_named(answers: Path) -> None:
    survey().rename(columns={"sat_1": "问题 一"}).to_csv(answers, index=False)
    ran = run("score", answers, "-i", "satisfaction", "--columns", "问题 一=sat_1")
    assert ran.code == 0, ran.err


def test_reliability_is_shown_and_written_unrounded(answers: Path, tmp_path: Path) -> None:
    out = tmp_path / "reliability.csv"
    ran = run("reliability", answers, "-i", "satisfaction", "-o", out)
    assert ran.code == 0, ran.err
    alpha = cronbach_alpha(survey()[[f"sat_{i}" for i in (1, 2, 3, 4)]]).alpha
    assert f"{alpha:.3f}" in ran.out
    assert pd.read_csv(out).loc[0, "alpha"] == pytest.approx(alpha, rel=1e-15)


def test_a_model_file_is_fitted(answers: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.txt"
    model.write_text(MODEL, encoding="utf-8")
    ran = run("fit", model, answers, "-i", "satisfaction,repurchase", "-o", tmp_path / "tables")
    assert ran.code == 0, ran.err
    result = fit_sem(MODEL, survey())
    assert f"{result.fit_measures.chisq:.3f}" in ran.out
    written = pd.read_csv(tmp_path / "tables" / "parameters.csv")
    np.testing.assert_allclose(written["estimate"], result.parameters["estimate"], rtol=1e-12)
    assert {path.name for path in (tmp_path / "tables").iterdir()} == {
        "parameters.csv",
        "fit.csv",
        "r-squared.csv",
        "implied-covariances.csv",
        "residual-correlations.csv",
    }


def test_items_of_shipped_instruments_are_read_as_answers_unless_told_otherwise(
    answers: Path, tmp_path: Path
) -> None:
    data = survey()
    data.loc[0, "sat_1"] = 99
    data.to_csv(answers, index=False)
    model = tmp_path / "model.txt"
    model.write_text("satisfaction =~ sat_1 + sat_2 + sat_3 + sat_4", encoding="utf-8")
    as_answers, as_numbers = run("fit", model, answers), run("fit", model, answers, "--raw")
    assert "read as answers to satisfaction, repurchase" in as_answers.err
    assert "159 rows (1 rows left out" in as_answers.out
    assert "160 rows," in as_numbers.out
    assert as_numbers.err == ""


def test_numbers_without_an_instrument_are_taken_as_they_are(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=80)
    data = pd.DataFrame({"x": x, "y": x + rng.normal(size=80)})
    data.to_csv(tmp_path / "numbers.csv", index=False)
    (tmp_path / "m.txt").write_text("y ~ x", encoding="utf-8")
    ran = run("fit", tmp_path / "m.txt", tmp_path / "numbers.csv")
    assert (ran.code, ran.err) == (0, "")
    assert f"{np.polyfit(data['x'], data['y'], 1)[0]:.3f}" in ran.out


def test_groups_weights_and_estimators_of_the_engine(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    f = rng.normal(size=400)
    data = pd.DataFrame({name: f + rng.normal(size=400) for name in ("a", "b", "c", "d")})
    data["wave"] = np.where(np.arange(400) < 180, "first", "second")
    data["w"] = rng.uniform(0.5, 2.0, 400)
    data.to_csv(tmp_path / "numbers.csv", index=False)
    (tmp_path / "m.txt").write_text("f =~ a + b + c + d", encoding="utf-8")
    files = ("fit", tmp_path / "m.txt", tmp_path / "numbers.csv", "--raw")
    ran = run(*files, "--group", "wave", "--group-equal", "loadings,intercepts", "-o", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "1 = first (180 rows), 2 = second (220 rows)" in ran.out
    assert set(pd.read_csv(tmp_path / "out" / "r-squared.csv")["group"]) == {"first", "second"}
    ran = run(*files, "--weights", "w", "--estimator", "MLR")
    assert "Weighted rows: effective sample size" in ran.out
    assert "Estimator WLSMV" in run(*files, "--estimator", "WLSMV").out


def test_a_named_model_takes_its_instruments(answers: Path) -> None:
    ran = run("fit", "measurement", answers, "-i", "satisfaction,repurchase")
    assert ran.code == 0, ran.err
    assert "repurchase_intention" in ran.out


def test_a_named_model_fits_the_sample() -> None:
    ran = run("fit", "trust-outcomes", shipped("samples") / "trust-survey.csv")
    assert ran.code == 0, ran.err
    sample = read_responses(shipped("samples") / "trust-survey.csv")
    needed = sample.data.filter(regex="^(cog|aff|str|sat|loy|rep)_").notna().all(axis=1).sum()
    assert f"{needed} rows" in ran.out
    warned = [line for line in ran.err.splitlines() if line.startswith("trustmeasure: warning: ")]
    assert len(warned) == 1


def test_a_new_study_runs_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Next: trustmeasure study run study.toml" in run("study", "new").out
    text = (tmp_path / "study.toml").read_text(encoding="utf-8")
    text = text.replace('plots = ["items", "correlations", "loadings", "path-diagram"]', "plots = false")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    ran = run("study", "run", "study.toml", "-o", "report")
    assert ran.code == 0, ran.err
    assert (tmp_path / "report" / "report.html").is_file()
    assert "(SIMULATED DATA)" in ran.out
    assert ran.out.splitlines()[-2] == f"Report: {Path('report') / 'report.html'}"


def test_a_study_runs_on_other_data(tmp_path: Path) -> None:
    file = write_study(tmp_path)
    survey(77).to_csv(tmp_path / "wave-2.csv", index=False)
    ran = run("study", "run", file, "-o", tmp_path / "out", "--data", tmp_path / "wave-2.csv", "--quiet")
    assert (ran.code, ran.err) == (0, "")
    assert "77 used of 77 read" in ran.out


def test_a_study_of_which_a_part_fails_ends_with_1(tmp_path: Path) -> None:
    file = write_study(tmp_path, survey().assign(sat_1=4))
    ran = run("study", "run", file, "-o", tmp_path / "out", "-q")
    assert ran.code == 1
    assert "Not computed: structural: " in ran.out
    assert (tmp_path / "out" / "report.html").is_file()


def test_the_demo_writes_report_and_tables(tmp_path: Path) -> None:
    ran = run("demo", "-o", tmp_path / "demo", "--language", "zh")
    assert ran.code == 0, ran.err
    page = (tmp_path / "demo" / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert 'lang="zh-CN"' in page
    assert len(list((tmp_path / "demo" / "tables").glob("*.csv"))) >= 12
    assert "CFI" in ran.out


def test_a_format_that_refuses_leaves_the_others_to_be_written(tmp_path: Path) -> None:
    settings = tmp_path / "survey.toml"
    assert run("questionnaire", "--new", settings).code == 0
    ran = run("questionnaire", settings, "-o", tmp_path / "a.google.gs", "-o", tmp_path / "a.docx")
    assert ran.code == 1
    assert "Not written: Google Forms cannot" in ran.err
    assert (tmp_path / "a.docx").exists()
    assert not (tmp_path / "a.google.gs").exists()


def test_a_questionnaire_file_is_given_alone(tmp_path: Path) -> None:
    settings = tmp_path / "survey.toml"
    assert run("questionnaire", "--new", settings).code == 0
    assert "exists already" in run("questionnaire", "--new", settings).error
    assert "leave out --checks" in run("questionnaire", settings, "--checks", "1", "-o", "x.docx").error
    assert "Give it alone" in run("questionnaire", settings, "satisfaction", "-o", "x.docx").error
    assert "Where to? Name a file" in run("questionnaire", settings).error


def test_every_option_of_a_questionnaire_arrives(tmp_path: Path) -> None:
    file = tmp_path / "survey.codebook.csv"
    ran = run(
        *(
            "questionnaire",
            "cognitive-trust",
            "satisfaction",
            "-o",
            file,
            "--form",
            "short",
            "--order",
            "random",
        ),
        *(
            "--seed",
            "5",
            "--checks",
            "1",
            "--consent",
            "--behaviour",
            "customer_now",
            "--link",
            "--wave",
            "one",
        ),
        *("--demographics", "age_group,gender", "--sector", "finance", "--lang", "zh"),
    )
    assert ran.code == 0, ran.err
    manifest = json.loads((tmp_path / "survey.codebook.csv.manifest.json").read_text(encoding="utf-8"))
    about = manifest["questionnaire"]
    assert (about["wave"], about["sector"], about["seed"], about["order"]) == ("one", "finance", 5, "random")
    ids = [column["id"] for column in manifest["columns"].values()]
    assert ids[:3] == ["consent", "link_id", "customer_now"]
    assert ids[-2:] == ["age_group", "gender"]
    assert "check_1" in ids
    assert {source["form"] for source in manifest["instruments"]} == {"short"}


def test_questions_and_formats_are_listed() -> None:
    assert "age_group" in run("questions").out
    assert "limesurvey" in run("formats").out


def test_the_package_can_be_run_as_a_module() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "trustmeasure", "questionnaire", "no-such"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "trustmeasure: error: There is no instrument 'no-such'" in ran.stderr
