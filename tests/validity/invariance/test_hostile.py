"""Permutation tests, releases and waves of frames that real surveys contain."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator

import pandas as pd
import pytest

import trustmeasure as tm
from tests.hostile import FRAMES
from trustmeasure.errors import TrustMeasureError

NAMES = [name for name in FRAMES if name != "two_items"]


@contextlib.contextmanager
def only_own_errors() -> Iterator[None]:
    """Let the package's errors pass, and turn every other warning into a failure."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", tm.TrustMeasureWarning)
        with contextlib.suppress(TrustMeasureError):
            yield


def grouped(name: str) -> tuple[str, pd.DataFrame]:
    frame = FRAMES[name]()
    model = "f =~ " + " + ".join(frame.columns)
    frame["g"] = (["x", "y"] * len(frame))[: len(frame)]
    return model, frame


@pytest.mark.parametrize("name", NAMES)
def test_permutations(name: str) -> None:
    model, frame = grouped(name)
    with only_own_errors():
        steps = tm.invariance(model, frame, group="g", steps=["configural", "metric"])
        tests = tm.permutation_invariance(steps, n=5, seed=1, progress=False)
        assert tests.frame["p_value"].between(0, 1).all()
        str(tests)


@pytest.mark.parametrize("name", ["ten_rows", "scattered_gaps", "negative", "huge"])
def test_permutations_one_at_a_time(name: str) -> None:
    model, frame = grouped(name)
    with only_own_errors():
        steps = tm.invariance(model, frame, group="g", steps=["configural"], missing="fiml")
        str(tm.permutation_invariance(steps, n=2, seed=1, progress=False))


@pytest.mark.parametrize("name", NAMES)
def test_sequential_releases(name: str) -> None:
    model, frame = grouped(name)
    with only_own_errors():
        steps = tm.invariance(model, frame, group="g", steps=["configural", "metric", "scalar"])
        done = tm.release_sequentially(steps, "scalar", alpha=0.9, correction="none", keep=0, most=2)
        assert done.reason
        str(done)


@pytest.mark.parametrize("name", NAMES)
def test_waves(name: str) -> None:
    frame = FRAMES[name]()
    items = list(frame.columns)
    both = frame.add_suffix("_1").join(frame[::-1].reset_index(drop=True).add_suffix("_2"))
    with only_own_errors():
        waves = {"one": "{item}_1", "two": "{item}_2"}
        found = tm.longitudinal_invariance("f =~ " + " + ".join(items), both, waves=waves)
        assert found.frame["chisq"].notna().any()
        str(tm.latent_means(found))


def test_groups_in_which_an_item_never_varies_or_nobody_is() -> None:
    model, frame = grouped("ten_rows")
    frame["g"] = pd.Categorical(frame["g"], categories=["x", "y", "nobody"])
    frame.loc[frame["g"] == "y", "a"] = 3.0
    with pytest.raises(TrustMeasureError, match=r"y.*a|a.*y"):
        tm.invariance(model, frame, group="g")
