from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.hostile import FRAMES, likert
from trustmeasure.errors import ArgumentError, DataError, TrustMeasureError
from trustmeasure.factors.correlations import KINDS, MISSING, correlations_of


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("missing", MISSING)
@pytest.mark.parametrize("name", FRAMES)
def test_hostile_frames_give_a_matrix_or_a_named_error(name: str, kind: str, missing: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = correlations_of(FRAMES[name](), correlation=kind, missing=missing)
        except TrustMeasureError:
            return
    assert np.isfinite(found.corr).all()
    assert np.all(np.diag(found.corr) == 1.0)


def test_a_constant_item_is_named() -> None:
    with pytest.raises(DataError, match=r"to 'c'.*: c\. .*leave such items out"):
        correlations_of(FRAMES["constant_item"]())


def test_pearson_correlations_are_those_of_pandas() -> None:
    frame = FRAMES["scattered_gaps"]()
    found = correlations_of(frame)
    assert np.allclose(found.corr, frame.corr(), atol=1e-14)
    assert found.least_pair == int((frame.notna().T.astype(int) @ frame.notna().astype(int)).min().min())
    assert f"{found.n_complete} of them complete" in found.notes[0]
    complete = correlations_of(frame, missing="listwise")
    assert np.allclose(complete.corr, frame.dropna().corr(), atol=1e-14)
    assert complete.n_obs == len(frame.dropna())


def test_polychoric_correlations_are_those_of_the_engine() -> None:
    frame = likert()
    expected = tm.polychoric(frame).correlations
    assert np.allclose(correlations_of(frame, correlation="polychoric").corr, expected, atol=1e-12)


def test_spearman_and_fiml() -> None:
    frame = FRAMES["scattered_gaps"]()
    assert np.allclose(
        correlations_of(likert(), correlation="spearman").corr, likert().corr("spearman"), atol=1e-12
    )
    assert np.allclose(
        correlations_of(frame, correlation="spearman").corr, frame.corr("spearman"), atol=1e-12
    )
    assert np.allclose(correlations_of(frame, missing="fiml").corr, tm.saturated_moments(frame).corr)


def test_a_matrix_is_known_as_one() -> None:
    corr = likert().corr()
    found = correlations_of(corr)
    assert (found.missing, found.n_obs, found.values) == ("given", None, None)
    with pytest.raises(ArgumentError, match="n_obs="):
        found.require_n("Bartlett's test")
    assert np.allclose(correlations_of(likert().cov(), n_obs=120).corr, corr)
    with pytest.raises(ArgumentError, match="Leave n_obs out"):
        correlations_of(likert(), n_obs=120)


@pytest.mark.parametrize(
    ("change", "message"),
    [((0, 1, 0.2), "not symmetric"), ((0, 0, -1.0), "no variance"), ((2, 2, np.nan), "no number in row 3")],
)
def test_a_matrix_that_is_none_is_refused(change: tuple[int, int, float], message: str) -> None:
    values = likert().corr().to_numpy(copy=True)
    values[change[:2]] = change[2]
    with pytest.raises(DataError, match=message):
        correlations_of(pd.DataFrame(values), n_obs=100)


def test_an_indefinite_matrix_is_smoothed_only_on_request() -> None:
    corr = pd.DataFrame([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]], columns=list("abc"))
    found = correlations_of(corr, n_obs=100)
    assert not found.positive_definite
    assert "indefinite" in found.notes[-1]
    with pytest.raises(DataError, match=r"smooth=True"):
        found.require_inverse("KMO")
    smooth = correlations_of(corr, n_obs=100, smooth=True)
    assert smooth.positive_definite
    assert "no correlation moved by more than 0.4" in smooth.notes[-1]


def test_copies_of_an_item_are_named() -> None:
    with pytest.raises(DataError, match="'a' and 'b' say the same"):
        correlations_of(FRAMES["perfect"]()).require_inverse("KMO")


def test_responses_and_scales() -> None:
    responses = tm.load_sample("trust-survey")
    found = correlations_of(responses)
    assert found.names == responses.item_ids
    scales = {c: responses.items(c) for c in ("competence", "satisfaction")}
    assert len(correlations_of(scales).names) == sum(frame.shape[1] for frame in scales.values())
    with pytest.raises(DataError, match="More than one item is called"):
        correlations_of({"x": responses.items("competence"), "y": responses.items("competence")})
