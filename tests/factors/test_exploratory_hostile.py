"""Frames that real surveys contain: each is answered without a warning, or refused with a reason."""

import warnings

import numpy as np
import pytest

import trustmeasure as tm
from tests.hostile import FRAMES
from trustmeasure.errors import TrustMeasureError

CALLS = {
    "minres": lambda frame: tm.efa(frame, 2),
    "ml": lambda frame: tm.efa(frame, 1, extraction="ml", rotation="varimax"),
    "pa": lambda frame: tm.efa(frame, 2, extraction="pa", rotation="promax"),
    "polychoric": lambda frame: tm.efa(frame, 2, correlation="polychoric", rotation="geomin"),
    "listwise": lambda frame: tm.efa(frame, 2, missing="listwise", rotation="bifactor"),
    "schmid_leiman": lambda frame: tm.schmid_leiman(frame, 3),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", FRAMES)
def test_answered_or_refused(name, call):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = CALLS[call](FRAMES[name]())
        except TrustMeasureError as problem:
            assert len(str(problem)) > 30  # noqa: PT017 - the message is what is tested
            return
    assert np.isfinite(found.loadings.to_numpy()).all()
    assert str(found.summary())
    if call != "schmid_leiman":
        assert np.isfinite(found.local_minima().to_numpy()).all()
        scores = tm.efa_scores(found)
        assert len(scores) == found.correlations.n_obs


@pytest.mark.parametrize("name", FRAMES)
def test_models_are_fitted_or_refused(name):
    frame = FRAMES[name]()
    text = f'efa("b")*f1 + efa("b")*f2 =~ {" + ".join(frame.columns)}'
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = tm.esem(text, frame, starts=5)
        except TrustMeasureError as problem:
            assert len(str(problem)) > 30  # noqa: PT017 - the message is what is tested
            return
    assert np.isfinite(found.loadings["b"].to_numpy()).all()


def test_most_frames_are_answered():
    answered = 0
    for made in FRAMES.values():
        try:
            tm.efa(made(), 1)
        except TrustMeasureError:
            continue
        answered += 1
    assert answered >= 6
