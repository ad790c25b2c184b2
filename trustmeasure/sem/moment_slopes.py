"""Derivatives of what a model implies for the sample, whichever statistics describe it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.matrices import Ram, jacobian
from trustmeasure.sem.ordinal.statistics import slopes_at

Array = npt.NDArray[np.float64]


def moment_slopes(ram: Ram, theta: Array) -> Array:
    """Return the derivatives of the implied moments, or of the statistics of ordinal data, shape (m, q).

    Parameters
    ----------
    ram : Ram
        The model.
    theta : array, shape (q,)
        Parameters.
    """
    return jacobian(ram, theta) if ram.ordinal is None else slopes_at(ram, theta[None])[1][0]
