"""One minimisation from a good start: gradients alone, by an information matrix that is looked at seldom.

What the information is at the start serves all steps (see `last_stretch`) as long as each cuts the Newton
decrement to a tenth; where one does not, the information is looked at again. Most fits need one look. A start
that is far from the minimum, or a step that does not descend, is left to `optimize.minimise`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.discrepancy import Groups, MaximumLikelihood
from trustmeasure.sem.discrepancy.base import Sloped
from trustmeasure.sem.inference import PLAINLY
from trustmeasure.sem.last_stretch import InverseHessian, Reached, last_stretch
from trustmeasure.sem.parameters import ParameterTable

Array = npt.NDArray[np.float64]
ONE = np.zeros(1, dtype=np.intp)

MOST_LOOKS = 4
FAR = 0.1
"""Decrement at a look above which no step is taken from there."""
NEAR = 1e-2
"""Decrement below which the information is not looked at again."""


@dataclass(frozen=True, slots=True)
class Look:
    """A discrepancy at one parameter vector.

    Attributes
    ----------
    at : Reached
        Parameters, value and gradient.
    inverse : InverseHessian
        Inverse of the expected second derivatives.
    """

    at: Reached
    inverse: InverseHessian

    @property
    def regular(self) -> bool:
        """Whether the information leaves no doubt that it is regular, so that the model is identified."""
        return self.inverse.trace * PLAINLY < 1.0

    @classmethod
    def of(cls, discrepancy: Sloped, theta: Array, steps: int = 0) -> Look | None:
        """Look at parameters (q,), where Sigma is positive definite; None if the information is singular."""
        point = discrepancy.point(theta[None], ONE)
        inverse = InverseHessian.of(point.curvature[0])
        if inverse is None:
            return None
        at = Reached(theta, float(point.value[0]), point.gradient[0], 10.0 * FAR, steps, False)
        return cls(at, inverse)


def first_look(table: ParameterTable, discrepancy: Groups, start: Array) -> Look | None:
    """Look at the start of a fit by maximum likelihood to complete rows; None for others.

    Constraints need other steps, and an ill-conditioned Sigma leaves too few digits to judge the information.
    """
    for part in discrepancy.parts:
        if not (isinstance(part, MaximumLikelihood) and part.well_conditioned(start)):
            return None
    return None if Limits.of(table) else Look.of(discrepancy, start)


def descend(discrepancy: Sloped, first: Look, *, tolerance: float, slack: float) -> Reached | None:
    """Return the minimum, or None when the way to it is not straight.

    Parameters
    ----------
    discrepancy : Discrepancy
        What is made smallest.
    first : Look
        The start.
    tolerance : float
        Bound on the Newton decrement.
    slack : float
        By how much a value may rise because of rounding.
    """
    look: Look | None = first
    for _ in range(MOST_LOOKS):
        if look is None:
            return None
        end = last_stretch(discrepancy, 0, look.at, look.inverse, tolerance=tolerance, slack=slack, near=NEAR)
        if end.converged:
            return end
        if end.steps == look.at.steps:
            return None
        look = Look.of(discrepancy, end.theta, end.steps)
    return None
