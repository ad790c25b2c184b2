"""semopy on the same model."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger, linear
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import fit_sem, second_opinion

CASES = {
    "factors": (HS_MODEL, holzinger),
    "structure": (PD_MODEL, democracy),
    "paths": ("m ~ a*x + z\ny ~ b*m + x\nab := a*b", lambda: linear(3)),
    "equal": ("f =~ NA*x1 + l*x2 + l*x3 + x4\nf ~~ 1*f", holzinger),
    "second order": (HS_MODEL + "\ng =~ visual + textual + speed", holzinger),
    "orthogonal": (HS_MODEL + "\nvisual ~~ 0*textual + 0*speed", holzinger),
}


@pytest.mark.parametrize("case", CASES)
def test_both_engines_agree_within_semopys_precision(case: str) -> None:
    text, data = CASES[case]
    opinion = second_opinion(fit_sem(text, data()))
    assert 0 < opinion.largest_difference < 0.05
    assert (opinion.parameters.se_difference.abs() < 0.02 * opinion.parameters.se + 1e-3).all()
    chisq = opinion.fit_measures.set_index("measure").loc["chisq"]
    assert chisq["semopy"] == pytest.approx(chisq["trustmeasure"], abs=0.02)


def test_engine_semopy_gives_a_result_of_the_same_form() -> None:
    ours, theirs = fit_sem(PD_MODEL, democracy()), fit_sem(PD_MODEL, democracy(), engine="semopy")
    assert theirs.engine == "semopy"
    assert list(theirs.parameters.columns) == list(ours.parameters.columns)
    np.testing.assert_allclose(theirs.parameters.estimate, ours.parameters.estimate, atol=0.02)
    assert theirs.discrepancy >= ours.discrepancy
    assert "semopy" in theirs.versions
    assert "by semopy" in str(theirs.summary())


def test_what_semopy_cannot_do_is_refused() -> None:
    with pytest.raises(ArgumentError, match="means"):
        fit_sem(HS_MODEL, holzinger(), meanstructure=True, engine="semopy")
    with pytest.raises(ArgumentError, match="our own engine"):
        second_opinion(fit_sem(HS_MODEL, holzinger(), engine="semopy"))


def test_names_in_any_script_reach_semopy() -> None:
    data = linear(2).rename(columns={"x": "信任", "y": "复购"})
    assert second_opinion(fit_sem("复购 ~ 信任 + m", data)).largest_difference < 0.05


def test_it_shows_itself() -> None:
    opinion = second_opinion(fit_sem(HS_MODEL, holzinger()))
    assert "semopy" in repr(opinion)
    assert "<table" in opinion._repr_html_()
