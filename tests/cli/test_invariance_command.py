"""`trustmeasure invariance`: what it shows, what it writes, how it refuses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.running import run
from tests.validity.invariance.cases import THREE, sectors


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    model, data = tmp_path / "model.txt", tmp_path / "answers.csv"
    model.write_text(THREE, encoding="utf-8")
    sectors().to_csv(data, index=False)
    return model, data


def test_steps_are_shown_and_tables_written(files: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "tables"
    options = ["--suggest", "--means", "--effects", "--alignment", "--permutations", "20", "--seed", "1"]
    ran = run("invariance", *files, "--group", "sector", "--raw", *options, "-o", out)
    assert ran.code == 0, ran.err
    for title in (
        "Measurement invariance",
        "Score tests",
        "Permutation test",
        "Latent mean",
        "Alignment",
        "dMACS",
    ):
        assert title in ran.out
    names = {path.stem for path in out.glob("*.csv")}
    assert names == {
        *("steps", "criteria", "releases", "expected-changes", "permutations", "permuted-relations"),
        *("latent-means", "aligned-means", "aligned-items", "aligned-parameters", "item-effects"),
    }
    steps = pd.read_csv(out / "steps.csv")
    assert steps["step"].tolist() == ["configural", "metric", "scalar", "strict"]


def test_steps_and_partial_invariance_are_asked_for(files: tuple[Path, Path]) -> None:
    ran = run(
        *("invariance", *files, "--group", "sector", "--raw", "--steps", "configural,metric+scalar"),
        *("--partial", "f =~ a2,a2 ~ 1", "--partial", "b1 ~ 1", "--estimator", "MLR"),
    )
    assert ran.code == 0, ran.err
    assert "metric+scalar" in ran.out
    assert "left free all the same: f=~a2, a2~1, b1~1" in ran.out.replace(
        "a2~1, b1~1, f=~a2", "f=~a2, a2~1, b1~1"
    )
    assert "Satorra & Bentler" in ran.out


def test_mistakes_are_one_line(files: tuple[Path, Path]) -> None:
    assert "'sectr' is not a column" in run("invariance", *files, "--raw", "--group", "sectr").error
    wrong = run("invariance", *files, "--raw", "--group", "sector", "--steps", "metrics")
    assert "Did you mean 'metric'" in wrong.error
