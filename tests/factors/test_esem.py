"""Exploratory structural equation models against lavaan (tests/reference/factors/esem.R)."""

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples import holzinger39

import trustmeasure as tm
from tests.factors.reference_values import array, cases, matching, same_loadings
from trustmeasure.errors import ArgumentError, DataError, ModelSyntaxError
from trustmeasure.factors import esem_fit
from trustmeasure.factors.esem_errors import conditions, full_of
from trustmeasure.factors.esem_text import split_text

CASES = cases("esem")
ITEMS = [f"x{i}" for i in range(1, 10)]
DATA = pd.DataFrame(holzinger39.get_data())[ITEMS]
SCALED = (DATA - DATA.mean()) / DATA.std(ddof=0)
ONE = f'efa("b")*f1 + efa("b")*f2 + efa("b")*f3 =~ {" + ".join(ITEMS)}'
STRUCTURE = """
    efa("b")*f1 + efa("b")*f2 =~ x1 + x2 + x3 + x4 + x5 + x6
    g =~ x7 + x8 + x9
    g ~ f1 + f2
"""


@pytest.mark.parametrize("rotation", ["oblimin", "geomin"])
def test_loadings_and_errors_of_lavaan(rotation, monkeypatch):
    # lavaan's errors of the same kind take the standard deviations as known.

    def known(*given: Any) -> Any:
        return dataclasses.replace(full_of(*given), standardized=False)

    monkeypatch.setattr(esem_fit, "full_of", known)
    found, theirs = tm.esem(ONE, SCALED, rotation=rotation), CASES[rotation]
    same_loadings(found.loadings["b"], theirs["loadings"], atol=2e-6)
    columns, _ = matching(found.loadings["b"], theirs["loadings"])
    np.testing.assert_allclose(found.errors["b"].to_numpy()[:, columns], array(theirs["se"]), rtol=2e-5)
    assert found.fit_measures["chisq"] == pytest.approx(theirs["chisq"], rel=1e-8)
    assert found.fit_measures["df"] == theirs["df"]


def test_structure_of_lavaan():
    found, theirs = tm.esem(STRUCTURE, DATA), CASES["structure"]
    assert found.fit_measures["chisq"] == pytest.approx(theirs["chisq"], rel=1e-8)
    assert found.fit_measures["df"] == theirs["df"]
    names = {"f1": "f2", "f2": "f1"}  # ours come by what they explain
    own = {(r.lhs, r.op, r.rhs): r for r in found.parameters.itertuples()}
    for row in theirs["parameters"]:
        lhs, rhs = (names.get(row[side], row[side]) for side in ("lhs", "rhs"))
        mine = own.get((lhs, row["op"], rhs)) or own[rhs, row["op"], lhs]
        assert mine.estimate == pytest.approx(row["est"], abs=5e-6)
        assert mine.se == pytest.approx(row["se"], rel=0.12, abs=1e-9)
        if row["op"] == "~":  # numerical derivatives there
            assert mine.se == pytest.approx(row["se"], rel=0.005)


@pytest.mark.parametrize("rotation", ["oblimin", "geomin", "varimax", "bifactor"])
def test_fit_and_loadings_are_those_of_efa(rotation):
    found, efa = tm.esem(ONE, DATA, rotation=rotation), tm.efa(DATA, 3, extraction="ml", rotation=rotation)
    assert found.fit_measures["chisq"] == pytest.approx(len(DATA) * efa.fit["objective"], rel=1e-7)
    same_loadings(found.loadings["b"], efa.loadings, atol=1e-6)
    np.testing.assert_allclose(np.diag(found.phi["b"]), 1.0)


def test_the_conditions_hold_at_the_solution():
    for rotation in ("oblimin", "varimax"):
        found = tm.esem(ONE, DATA, rotation=rotation)
        plans = esem_fit.plan_of(rotation, {})
        blocks = [esem_fit._turnable(found.sem, found.blocks[0], plans)]
        full = full_of(found.sem, blocks)
        np.testing.assert_allclose(conditions(full, blocks, full.x[None])[0], 0.0, atol=1e-6)


def test_errors_do_not_depend_on_what_is_held():
    one, other = (
        tm.esem(ONE, DATA, rotation="oblimin"),
        tm.esem(ONE, DATA[ITEMS[::-1]] * 3.0, rotation="oblimin"),
    )
    columns, _ = matching(other.loadings["b"], one.loadings["b"])
    np.testing.assert_allclose(other.errors["b"].to_numpy()[:, columns], one.errors["b"], rtol=1e-4)


def test_errors_are_the_spread_over_samples():
    rng = np.random.default_rng(1)
    pattern = np.array([[0.8, 0.0], [0.7, 0.1], [0.6, 0.0], [0.0, 0.7], [0.1, 0.8], [0.0, 0.6]])
    text = 'efa("b")*f + efa("b")*g =~ a + b + c + d + e + h'
    sigma = pattern @ np.array([[1, 0.3], [0.3, 1]]) @ pattern.T
    np.fill_diagonal(sigma, 1.0)
    drawn = [
        tm.esem(text, pd.DataFrame(rng.multivariate_normal(np.zeros(6), sigma, 400), columns=list("abcdeh")),
                rotation="oblimin", starts=3)
        for _ in range(25)
    ]  # fmt: skip
    first = drawn[0].loadings["b"].to_numpy()
    values = []
    for found in drawn:
        columns, signs = matching(found.loadings["b"], first)
        values.append(found.loadings["b"].to_numpy()[:, columns] * signs)
    spread = np.std(values, axis=0, ddof=1)
    said = np.mean([found.errors["b"].to_numpy().mean() for found in drawn])
    assert said == pytest.approx(spread.mean(), rel=0.2)


def test_target_keeps_names():
    wanted = np.where(np.kron(np.eye(3), np.ones((3, 1))) > 0, np.nan, 0.0)
    found = tm.esem(ONE, DATA, rotation="target", target={"b": wanted})
    assert found.loadings["b"].abs().idxmax(axis=1).tolist()[:8] == ["f1"] * 3 + ["f2"] * 3 + ["f3"] * 2


def test_two_blocks():
    text = """
        efa("a")*f1 + efa("a")*f2 =~ x1 + x2 + x3 + x4 + x5 + x6
        efa("b")*g =~ x7 + x8 + x9
        g ~ f1 + f2
    """
    found = tm.esem(text, DATA)
    assert found.fit_measures["chisq"] == pytest.approx(CASES["structure"]["chisq"], rel=1e-7)
    assert list(found.loadings) == ["a", "b"]
    assert "Paths" in str(found)


def test_ordinal_items():
    answers = np.clip(np.round(SCALED + 3), 1, 5)
    found = tm.esem(STRUCTURE, answers, ordered=True)
    assert found.sem.options.estimator == "WLSMV"
    assert np.isfinite(found.errors["b"].to_numpy()).all()
    assert found.loadings["b"].abs().max().max() < 1.0


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("f =~ x1 + x2 + x3", ArgumentError, "no exploratory block"),
        ('efa("b")*f1 + efa("c")*f2 =~ x1 + x2 + x3 + x4 + x5', ArgumentError, "several blocks"),
        ('efa("b")*f1 =~ x1 + x2 + x3\nefa("b")*f2 =~ x1 + x2 + x3', ArgumentError, "two statements"),
        ('efa("b")*f1 + efa("b")*f1 =~ x1 + x2 + x3', ArgumentError, "twice"),
        ('efa(b)*f1 =~ x1 + x2 + x3', ModelSyntaxError, "not understood"),
        ('efa("b")*f1 + efa("b")*f2 =~ x1 + x2 + x3 + x4 + x5 + nothere', DataError, "nothere"),
        (STRUCTURE.replace("g ~ f1 + f2", "g ~ f1"), ArgumentError, "cannot be rotated freely"),
    ],
)  # fmt: skip
def test_what_is_refused(text, error, said):
    with pytest.raises(error, match=said):
        tm.esem(text, DATA)


def test_options_that_are_refused():
    with pytest.raises(ArgumentError, match="no criterion small"):
        tm.esem(ONE, DATA, rotation="promax")
    with pytest.raises(ArgumentError, match="needs a target for block 'b'"):
        tm.esem(ONE, DATA, rotation="target")
    with pytest.raises(ArgumentError, match="no groups"):
        tm.esem(ONE, DATA, group="school")


def test_text_is_split():
    blocks, rest = split_text(
        'efa("b")*f1 +\n  efa("b")*f2 =~ x1 + x2 +\n x3 + x4 + x5 # comment\ng ~ f1 + f2'
    )
    assert blocks[0].factors == ("f1", "f2")
    assert blocks[0].items == ("x1", "x2", "x3", "x4", "x5")
    assert rest == "g ~ f1 + f2"
