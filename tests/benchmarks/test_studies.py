"""The studies of robustness and coverage, in small. No R is needed here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from benchmarks.coverage import ordinal as ordinal_study, report as coverage_report, study
from benchmarks.coverage.__main__ import main as coverage
from benchmarks.number_of_factors import __main__ as number_study
from benchmarks.number_of_factors.study import Design
from benchmarks.robustness import report
from benchmarks.robustness.designs import DESIGNS, Problem, problems
from benchmarks.robustness.report import Both
from benchmarks.robustness.sides import Outcome, ours
from trustmeasure.sem import fit_sem, simulate

FAILED = float("nan")


def both(own: Outcome, peer: Outcome, name: str = "weak-00") -> Both:
    problem = next(problems(1))
    return Both(Problem(name, problem.frame, problem.model), own, peer)


def test_problems_are_the_same_every_time() -> None:
    first, again = list(problems(1)), {p.name: p for p in problems(2)}
    assert [p.name for p in first] == [f"{name}-00" for name in DESIGNS]
    assert len(again) == 2 * len(DESIGNS)
    for problem in first:
        assert problem.frame.equals(again[problem.name].frame)
        assert 30 <= len(problem.frame) <= 270


def test_a_problem_is_fitted_and_its_failure_told() -> None:
    problem = next(p for p in problems(1) if p.name == "crossed-00")
    found = ours(problem)
    assert found.converged
    assert found.minimum == pytest.approx(fit_sem(problem.model, problem.frame).discrepancy, abs=1e-12)
    failed = ours(Problem("few", problem.frame.head(5), problem.model))
    assert not failed.converged
    assert "too few" in failed.said


def test_report_tells_worse_minima_and_lost_solutions() -> None:
    good = both(Outcome(True, 0.5), Outcome(True, 0.5 + 1e-9))
    bad = both(Outcome(True, 0.5), Outcome(True, 0.4), "pairs-01")
    lost = both(
        Outcome(False, FAILED, "No convergence. The cause: no idea."), Outcome(True, 0.4), "groups-02"
    )
    mute = both(Outcome(False, FAILED, "Something happened."), Outcome(False, FAILED), "paths-03")
    assert report.holds([good])
    assert not report.holds([good, bad])
    assert not report.holds([good, lost])
    assert not report.holds([good, mute])
    text = report.page([good, bad, lost, mute], {"lavaan": "0.6"}, 1)
    assert "pairs-01: F = 0.50000000 here, 0.40000000 in lavaan" in text
    assert "groups-02: solved by lavaan alone. No convergence. The cause: no idea." in text
    assert "paths-03: solved by neither. Something happened." in text
    assert "names no cause: 1" in text
    assert "trustmeasure 2 of 4 (50.0 %), lavaan 3 of 4 (75.0 %)" in text


def test_the_truths_are_those_of_the_population() -> None:
    frame = simulate(study.POPULATION, 200_000, seed=1)
    found = fit_sem(study.ANALYSIS, frame).parameters
    keys = found["lhs"].where(found["op"] == ":=", found["lhs"] + found["op"] + found["rhs"])
    named = dict(zip(keys, found["estimate"], strict=True))
    assert {k: named[k] for k in study.TRUTH} == pytest.approx(dict(study.TRUTH), abs=0.02)


@pytest.mark.parametrize(("method", "data"), study.PAIRS)
def test_intervals_of_every_method_are_counted(
    method: str, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study, "DRAWS", 50)
    found = study.run(method, data, 3)
    assert found.hits.shape == (3, len(study.TRUTH))
    assert found.failed == 0
    assert found.hits.mean() > 0.5


def test_coverage_page_marks_what_is_out_of_bounds() -> None:
    hits = np.ones((200, len(study.TRUTH)), dtype=bool)
    hits[:10] = False
    assert coverage_report.holds([study.Covered("ML", "normal", hits, 0)])
    hits[:, 0] = True
    wrong = study.Covered("ML", "normal", hits, 2)
    assert not coverage_report.holds([wrong])
    text = coverage_report.page([wrong], 200, {})
    assert "| f=~m2 | 0.8 | **100.0 %** |" in text
    assert "| f=~m3 | 0.9 | 95.0 % |" in text
    assert "| sets without a solution |  | 2 |" in text


def test_coverage_runs_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "DRAWS", 50)
    out = tmp_path / "RESULTS.md"
    assert coverage(["--sets", "2", "--workers", "1", "--out", str(out)]) in {0, 1}
    assert "2 data sets of 400 rows" in out.read_text(encoding="utf-8")


LAVAAN = {"weak-09": 0.1124313, "weak-14": 0.005068165}
"""Twice lavaan 0.6-14's `fmin` of problems whose marker hardly measures its factor."""


@pytest.mark.parametrize("name", LAVAAN)
def test_a_marker_that_hardly_measures_does_not_hide_the_minimum(name: str) -> None:
    found = ours(next(p for p in problems(int(name[-2:]) + 1) if p.name == name))
    assert found.converged
    assert found.minimum == pytest.approx(LAVAAN[name], abs=1e-7)


@pytest.mark.parametrize("data", ordinal_study.CUTS)
def test_ordinal_study_recovers_what_it_is_made_from(data: str) -> None:
    found = ordinal_study.run("WLSMV", data, 12)
    assert found.failed == 0
    assert found.hits.shape == (12, len(ordinal_study.truth(data)))
    assert found.hits.mean() > 0.85
    # Twelve means of 400 rows: five standard errors.
    bound = 5.0 * found.errors.mean(axis=0) / np.sqrt(12)
    assert (np.abs(found.bias) < bound).all()


def test_ordinal_responses_have_the_variance_that_thresholds_are_written_for() -> None:
    truth = ordinal_study.truth("symmetric")
    rows = pd.concat([ordinal_study.answers("symmetric", seed) for seed in range(50)])
    for category, cut in enumerate(ordinal_study.CUTS["symmetric"], start=1):
        for item in ordinal_study.LOADINGS:
            assert (rows[item] <= category).mean() == pytest.approx(norm.cdf(cut), abs=0.015)
    assert (rows["again"] == 0).mean() == pytest.approx(norm.cdf(truth["again|t1"]), abs=0.015)


def test_ordinal_study_runs_from_the_command_line(tmp_path: Path) -> None:
    out = tmp_path / "ORDINAL.md"
    assert ordinal_study.main(["--sets", "2", "--workers", "1", "--out", str(out)]) in {0, 1}
    text = out.read_text(encoding="utf-8")
    assert "2 data sets of 400" in text
    assert "## ULSMV, skewed answers" in text


def test_the_study_of_the_number_of_factors_in_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    design = Design(factors=2, loading=0.7, correlation=0.3, n=200)
    answers = design.draw(np.random.default_rng(1))
    assert answers.shape == (200, 10)
    assert sorted(np.unique(answers)) == [1, 2, 3, 4, 5]
    monkeypatch.setattr(number_study, "DESIGNS", (design,))
    assert number_study.main(["--replications", "3", "--out", str(tmp_path / "page.md")]) == 0
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "| 2 | 0.7 | 0.3 | 200 | 100 | 100 | 100 |" in " ".join(text.split())
