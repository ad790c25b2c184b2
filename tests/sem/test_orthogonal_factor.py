"""A factor that is uncorrelated with all others and whose equal loadings are best at zero."""

import numpy as np
import pytest

import trustmeasure as tm

TRUTH = "f =~ .7*a1 + .7*a2 + .7*a3 + .7*a4\ng =~ .7*b1 + .7*b2 + .7*b3\nf ~~ -.4*g"
PLAIN = "f =~ a1 + a2 + a3 + a4\ng =~ b1 + b2 + b3"
WITH = PLAIN + "\nm =~ " + " + ".join(f"e*{x}" for x in ("a1", "a2", "a3", "a4", "b1", "b2", "b3"))


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_no_loading_at_all_is_a_minimum(seed):
    rows = tm.simulate(TRUTH, 400, seed=seed)
    found = tm.fit_sem(WITH + "\nf ~~ 0*m\ng ~~ 0*m", rows, std_lv=True)
    plain = tm.fit_sem(PLAIN, rows, std_lv=True)
    assert found.converged
    at = next(p.free for p in found.model.parameters if p.label == "e") - 1
    assert abs(found.theta[at]) < 1e-6
    assert found.discrepancy == pytest.approx(plain.discrepancy, rel=1e-9)
    assert np.abs(found.gradient).max() < 1e-6
