"""The harness of the benchmarks: agreement, turns, ratios, table. No R is needed here."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import cases, data, lavaan, machine, timing
from benchmarks.__main__ import main
from benchmarks.answers import DRAWN, STOPPED, Answer, Gap, compare
from benchmarks.memory import Use
from benchmarks.ours import Ours, relation
from benchmarks.second import Semopy
from benchmarks.sides import Here, PeerError, python
from benchmarks.table import difference, page, seconds, times
from trustmeasure.sem import parse_model

HOLZINGER = next(case for case in cases.CASES if case.name == "holzinger")
AGREED = Gap(1e-5, 2e-6, 3e-7)


def row(case: cases.Case = HOLZINGER, peer: float = 0.2, own: float = 0.01, **changes: Any) -> timing.Row:
    given = {
        "lavaan": [[peer * 2, peer, peer], [peer * 3] * 3, [peer]],
        "trustmeasure": [[own * 4, own, own], [own], [own * 9]],
    }
    return replace(timing.Row(case, given, AGREED), **changes)


class FakeLavaan:
    """Answers with our own numbers, moved as the test says."""

    def __init__(self, moved: float) -> None:
        self.moved = moved
        self.turns = 0
        self.others = 0

    def prepare(self, case: cases.Case, path: Path) -> None:
        self.own = Ours(case, path)

    def turn(self, seconds: float) -> list[float]:
        self.turns += 1
        return [0.6, 0.5, 0.5] if seconds else [0.5]

    def run_other(self) -> float:
        self.others += 1
        self.moved = 0.05
        return 9.0

    def answer(self) -> Answer:
        self.own.run()
        found = self.own.answer()
        estimate = {k: x + self.moved * found.unit[k] for k, x in found.estimate.items()}
        return replace(found, estimate=estimate)


def sides(peer: FakeLavaan) -> timing.Sides:
    return timing.Sides(Here(Ours), peer, Here(Semopy))


@pytest.fixture(autouse=True)
def short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "TURN", 0.01)


def test_differences_are_measured_in_standard_errors() -> None:
    one = Answer({"a": 1.0, "b": 2.0}, {"a": 0.1, "b": 0.0}, {"chisq": 10.0, "srmr": 0.03})
    other = Answer({"a": 1.05, "b": 2.0}, {"a": 0.2, "b": 0.0}, {"chisq": 11.0, "srmr": 0.04})
    gap = compare(one, other)
    assert gap.estimate == pytest.approx(0.05 / 0.2)
    assert gap.unit == pytest.approx(0.5)
    assert gap.measure == pytest.approx(1.0 / 11.0)


def test_a_number_that_one_side_lacks_is_no_agreement() -> None:
    one = Answer({"a": 1.0}, {"a": 0.1})
    assert compare(one, Answer({"a": 1.0, "b": 1.0}, {"a": 0.1, "b": 0.1})).estimate == math.inf
    assert compare(one, Answer({"a": math.nan}, {"a": 0.1})).estimate == math.inf
    assert not Gap(0.0, math.inf, 0.0).within(DRAWN)
    assert not Gap(math.nan, 0.0, 0.0).within(STOPPED)
    assert AGREED.within(STOPPED)


def test_covariances_have_one_name() -> None:
    assert relation("b", "~~", "a", 2) == relation("a", "~~", "b", 2) == "a~~b.2"
    assert relation("b", "~", "a", 1) == "b~a.1"
    assert relation("indirect", ":=", "a*b", 0) == "indirect"


def test_sides_run_in_turn() -> None:
    order: list[FakeLavaan] = []

    class Noted(FakeLavaan):
        def turn(self, seconds: float) -> list[float]:
            order.append(self)
            return [seconds, float(len(order))]

    one, other = Noted(0.0), Noted(0.0)
    found = timing.in_turn({"x": one, "y": other}, 2)
    assert order == [one, other] * 2
    assert found == {"x": [[0.01, 1.0], [0.01, 3.0]], "y": [[0.01, 2.0], [0.01, 4.0]]}


def test_a_turn_has_at_least_one_call_and_as_many_as_there_is_time_for(tmp_path: Path) -> None:
    side = Here(Ours)
    with pytest.raises(PeerError, match="No case is prepared"):
        side.turn(0.0)
    side.prepare(HOLZINGER, data.write("holzinger", tmp_path))
    assert len(side.turn(0.0)) == 1
    calls = side.turn(0.1)
    assert len(calls) > 1
    assert sum(calls[:-1]) < 0.1


def test_ratio_is_that_of_the_medians() -> None:
    assert row().ratio == pytest.approx(20.0)
    assert row().ratio_of_first == pytest.approx(10.0)
    assert row(seconds={}).ratio is None
    assert row(seconds={}).ratio_of_first is None


def test_a_package_answers_from_a_process_of_its_own(tmp_path: Path) -> None:
    path, here, there = data.write("holzinger", tmp_path), Here(Ours), python("trustmeasure")
    try:
        for side in (here, there):
            side.prepare(HOLZINGER, path)
            assert len(side.turn(0.0)) == 1
        assert compare(here.answer(), there.answer()) == Gap(0.0, 0.0, 0.0)
        with pytest.raises(PeerError, match="trustmeasure: FileNotFoundError"):
            there.prepare(HOLZINGER, tmp_path / "none.csv")
    finally:
        there.close()


def test_a_case_is_timed_after_both_sides_agree(tmp_path: Path) -> None:
    peer = FakeLavaan(moved=1e-4)
    found = timing.measure(HOLZINGER, data.write("holzinger", tmp_path), sides(peer), 2)
    assert found.agrees
    assert {side: len(runs) for side, runs in found.seconds.items()} == {
        "trustmeasure": 2,
        "lavaan": 2,
        "semopy": 2,
    }
    assert (found.median("lavaan"), found.first("lavaan")) == (0.5, 0.6)
    assert found.gap.estimate == pytest.approx(1e-4, rel=1e-6)


def test_a_long_case_runs_once_in_lavaan(tmp_path: Path) -> None:
    peer = FakeLavaan(moved=0.0)
    case = replace(HOLZINGER, long=True, semopy="")
    found = timing.measure(case, data.write("holzinger", tmp_path), sides(peer), 3)
    assert peer.turns == 1
    assert found.seconds["lavaan"] == [[0.5]]
    assert len(found.seconds["trustmeasure"]) == 3


def test_lavaan_makes_fewer_draws_and_is_timed_for_all(tmp_path: Path) -> None:
    case = replace(HOLZINGER, draws=100, peer_draws=20, long=True, semopy="", goal=50.0)
    found = timing.measure(case, data.write("holzinger", tmp_path), sides(FakeLavaan(0.0)), 2)
    assert found.seconds["lavaan"] == [[pytest.approx(0.5 * 5)]]
    assert "| 2.50 s (from 20 draws) |" in page([found], [], {}, {}, openblas=True)


def test_a_further_function_is_run_once_and_compared(tmp_path: Path) -> None:
    case, peer = replace(HOLZINGER, other="psych::polychoric", semopy=""), FakeLavaan(0.0)
    found = timing.measure(case, data.write("holzinger", tmp_path), sides(peer), 2)
    assert peer.others == 1
    assert len(found.seconds["lavaan"]) == 2
    text = page([found], [], {}, {}, openblas=True)
    assert "psych::polychoric took 9.00 s (once); largest difference from ours 5.0e-02." in text
    assert cases.packages(["polychoric", "wlsmv", "ordinal-invariance"]) == ["psych", "semTools"]
    assert cases.packages(["wlsmv"]) == []


def test_correlations_are_compared_as_they_are(tmp_path: Path) -> None:
    case = next(c for c in cases.CASES if c.name == "polychoric")
    frame = data.five_categories()[["cog1", "cog2", "aff1"]]
    path = tmp_path / "three.csv"
    frame.to_csv(path, index=False)
    ours = Ours(case, path)
    ours.run()
    found = ours.answer()
    assert set(found.estimate) == {"cog1~~cog2.1", "aff1~~cog1.1", "aff1~~cog2.1"}
    assert set(found.unit.values()) == {1.0}
    assert found.estimate["cog1~~cog2.1"] == pytest.approx(frame.corr().loc["cog1", "cog2"], abs=0.1)


def test_a_wrong_answer_has_no_time(tmp_path: Path) -> None:
    path = data.write("holzinger", tmp_path)
    found = timing.measure(HOLZINGER, path, sides(FakeLavaan(moved=0.1)), 2)
    assert not found.agrees
    assert found.ratio is None
    text = page([found], [], {}, {}, openblas=True)
    assert "answers differ" in text
    assert "500 ms" not in text


def test_semopy_estimates_what_we_do(tmp_path: Path) -> None:
    path = data.write("holzinger", tmp_path)
    ours, peer = Ours(HOLZINGER, path), Semopy(HOLZINGER, path)
    ours.run()
    table = peer.inspected()
    loading = table[(table.lval == "x2") & (table.rval == "visual")]["Estimate"].iloc[0]
    assert loading == pytest.approx(ours.answer().estimate["visual=~x2.1"], abs=1e-2)


def test_page_shows_ratios_goals_and_machine() -> None:
    case = replace(HOLZINGER, goal=20.0)
    about = {"machine": "a machine", "command": "make bench"}
    use = Use("million", "trustmeasure", 1.9, 400.0, 525.0, 250.0, 12.5)
    text = page([row(case, 0.3), row(case, 0.1)], [use], {"lavaan": 0.26}, about, openblas=True)
    cells = [[c.strip() for c in line.split("|")[1:-1]] for line in text.splitlines() if "CFA" in line]
    assert cells[0][1:6] == ["300 ms", "–", "10.0 ms", "30.0", "20 (met)"]
    assert cells[0][6:9] == ["600 ms", "40.0 ms", "15.0"]
    assert cells[1][5] == "20 (**missed**)"
    assert "| 400 MB | 525 MB | 1.50 | 12.5000 |" in text
    assert "- machine: a machine" in text
    assert "lavaan 260 ms" in text
    assert "NOT LINKED" not in text


def test_page_says_loudly_when_r_has_the_reference_blas() -> None:
    assert "NOT LINKED TO OPENBLAS" in page([row()], [], {}, {}, openblas=False)
    assert machine.on_openblas({"blas": "/usr/lib/openblas-pthread/libblas.so.3", "lapack": ""})
    assert not machine.on_openblas({"blas": "/usr/lib/blas/libblas.so.3", "lapack": "/usr/lib/liblapack.so"})


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (0.00821, "8.21 ms"),
        (0.0446, "44.6 ms"),
        (0.5, "500 ms"),
        (1.9, "1.90 s"),
        (117.0, "117 s"),
        (None, "–"),
    ],
)
def test_times_have_three_digits(given: float | None, shown: str) -> None:
    assert seconds(given) == shown


def test_ratios_and_differences_are_short() -> None:
    assert (times(3.14159), times(152.7), times(None)) == ("3.1", "153", "–")
    assert difference(AGREED) == "1.0e-05, 2.0e-06"


def test_cases_are_chosen_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert cases.chosen([]) == cases.names()
    assert cases.chosen(["fiml", "trust-ml"]) == ["trust-ml", "fiml"]
    assert main(["--cases", "trust-m"]) == 2
    assert "There is no case trust-m. Cases: holzinger, trust-ml" in capsys.readouterr().err


def test_missing_r_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(lavaan.shutil, "which", lambda _: None)
    assert main(["--cases", "holzinger"]) == 2
    assert "apt-get install r-base-core r-cran-lavaan" in capsys.readouterr().err


@pytest.mark.parametrize("case", cases.CASES, ids=lambda case: case.name)
def test_every_case_has_a_model_of_its_data(case: cases.Case) -> None:
    columns = set(data.DATASETS[case.data]().columns)
    n_groups = 3 if "group" in case.options else 1
    table = parse_model(case.model, n_groups=n_groups)
    assert set(table.observed) <= columns
    assert case.goal is None or case.goal >= 20


def test_the_data_are_those_of_the_table() -> None:
    trust = parse_model(next(c.model for c in cases.CASES if c.name == "trust-ml"))
    assert (len(trust.observed), len(trust.latent), len(trust.definitions)) == (31, 8, 9)
    gaps = data.with_gaps()
    assert float(gaps.isna().to_numpy().mean()) == pytest.approx(0.10, abs=0.01)
    assert data.n_patterns(gaps) > 500
    five = data.five_categories()
    assert set(five.to_numpy().ravel()) == {1, 2, 3, 4, 5}
    assert five.nunique().eq(5).all()
    groups = data.five_categories_three_groups()
    assert groups.groupby("part").nunique().eq(5).all(axis=None)
    assert data.three_groups()["part"].value_counts().tolist() == [200, 200, 200]


def test_many_rows_come_back_as_written(tmp_path: Path) -> None:
    path = data.write_many(tmp_path, 5_000, block=1_500)
    frame = data.read_many(path)
    assert frame.shape == (5_000, 31)
    assert path.stat().st_size == 5_000 * 31 * 8
    survey = data.trust()
    assert np.abs(frame.corr().to_numpy() - survey.corr().to_numpy()).max() < 0.08
    assert np.abs(frame.mean() - survey.mean()).max() < 0.1
