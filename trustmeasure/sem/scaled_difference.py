r"""Chi-square difference tests of nested models: plain, and scaled for data that are not normal.

With T the difference of the unscaled chi-squares, d that of the degrees of freedom, M1 the larger and M0 the
restricted model, and c their scaling factors:

- Satorra & Bentler (2001, Psychometrika 66(4), 507-514): `T / c_d` with ``c_d = (d0 c0 - d1 c1) / d``, which
  can be negative.
- Satorra & Bentler (2010, Psychometrika 75(2), 243-248): the same with c1 of the larger model at the solution
  of the restricted one, which keeps `c_d` positive for expected information.
- Satorra (2000, in Heijmans, Pollock & Satorra, Innovations in multivariate statistical analysis, 233-247):
  with A the restrictions that make M0 of M1, P the information and B the meat of M1's sandwich, the
  eigenvalues of ``W = (A P^-1 A')^-1 A P^-1 B P^-1 A'``: scaled by their mean, shifted besides (Asparouhov &
  Muthen 2010), or with fractional degrees of freedom (Satterthwaite).

Nothing larger than q x q is made but the Jacobian of the moments. Checked against: `lavTestLRT` of lavaan
0.6-14, `tests/reference/sem_compare`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.sem import indices as ix
from trustmeasure.sem.adjusted import gammas_of, misfit
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.discrepancy.weights import Weight
from trustmeasure.sem.fiml_robust import incomplete_information, incomplete_meat
from trustmeasure.sem.inference import inverse_information, null_basis
from trustmeasure.sem.moment_slopes import moment_slopes
from trustmeasure.sem.options import ADJUSTED, SHIFTED, YB
from trustmeasure.sem.restrictions import exact_directions, moment_directions, open_directions
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.robust import information_of, meat, traces
from trustmeasure.sem.split import Sample

Array = npt.NDArray[np.float64]

METHODS = ("standard", "satorra-bentler-2001", "satorra-bentler-2010", "satorra-2000")
RESTRICTIONS = ("delta", "exact")
_ROBUST_LEAST_SQUARES = {"ULS": "'ULSM' or 'ULSMV'", "DWLS": "'WLSM' or 'WLSMV'"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two fits, one nested in the other.

    Attributes
    ----------
    restricted, larger : SemResult
        The fits.
    at : array, shape (q,)
        Parameters with which the larger model implies what the restricted one implies.
    names : tuple of two str
        What the restricted and the larger model are called in messages.
    """

    restricted: SemResult
    larger: SemResult
    at: Array
    names: tuple[str, str]

    @property
    def chisq(self) -> float:
        """Difference of the unscaled chi-squares."""
        return float(self.restricted.fit_measures["chisq"] - self.larger.fit_measures["chisq"])

    @property
    def df(self) -> int:
        """Difference of the degrees of freedom."""
        return self.restricted.df - self.larger.df


@dataclass(frozen=True, slots=True)
class DifferenceTest:
    """A test of the restrictions that make one model of another.

    Attributes
    ----------
    method : str
        One of `METHODS`.
    chisq : float
        The statistic; NaN when it does not exist.
    df : float
        Its degrees of freedom, a fraction for mean-and-variance adjustment.
    scaling_factor : float
        What the unscaled difference was divided by; NaN for a plain difference.
    shift : float
        What was added then; NaN without.
    spread : float
        Expected value of the unscaled difference under the restricted model, by degree of freedom (1 for
        normal data).
    note : str
        What a reader should know, or an empty text.
    tested : bool
        Whether the statistic follows a chi-square distribution where the restrictions hold.
    """

    method: str
    chisq: float
    df: float
    scaling_factor: float = ix.NAN
    shift: float = ix.NAN
    spread: float = 1.0
    note: str = ""
    tested: bool = True

    @property
    def p_value(self) -> float:
        """Upper tail probability of the statistic; NaN when it does not exist."""
        return p_value(self.chisq, self.df) if self.tested and np.isfinite(self.chisq) else ix.NAN


def default_method(result: SemResult) -> str:
    """Return the method that goes with an estimator, as in lavaan."""
    if result.test is None:
        return "standard"
    return "satorra-2000" if _adjusted(result) else "satorra-bentler-2001"


def _adjusted(result: SemResult) -> bool:
    """Return whether a fit's own test is adjusted in mean and variance."""
    return result.options.test in {SHIFTED, ADJUSTED}


def difference_test(
    pair: Pair, method: str | None = None, *, restrictions: str = "delta", shifted: bool = True
) -> DifferenceTest:
    """Test a restricted model against the larger one that it is nested in.

    Parameters
    ----------
    pair : Pair
        The models.
    method : str, optional
        One of `METHODS`; the estimator's own by default.
    restrictions : {"delta", "exact"}
        For satorra-2000: A from the moments' derivatives, or from the parameters.
    shifted : bool
        For satorra-2000: scaled and shifted; otherwise scaled only, or with fractional degrees of freedom
        for estimators whose own test is adjusted in mean and variance.
    """
    chosen = method or default_method(pair.larger)
    if chosen == "standard":
        return _plain(pair)
    _refuse_unscaled(pair, chosen)
    if chosen == "satorra-2000":
        return _satorra(pair, restrictions, shifted=shifted)
    return _satorra_bentler(pair, chosen)


def rmsea_of_difference(pair: Pair, test: DifferenceTest) -> tuple[float, float, float]:
    """Return RMSEA of the difference with its 90 % interval (Browne & Du Toit 1992).

    ``sqrt(max(T - c d, 0) / (d n))`` with c = 1 for normal data, and the limits of the scaled statistic times
    `sqrt(c)`: for the differences what robust RMSEA is for a single model.
    """
    if not (np.isfinite(test.chisq) and test.spread > 0):
        return ix.NAN, ix.NAN, ix.NAN
    size, c = pair.larger.size / len(pair.larger.groups), test.spread
    own = pair.chisq / c
    low, high = ix.rmsea_interval(max(own, 0.0), pair.df, size)
    root = float(np.sqrt(c))
    return root * ix.rmsea(own, pair.df, size), root * low, root * high


def _plain(pair: Pair) -> DifferenceTest:
    """Return the difference of the unscaled chi-squares; no test where its distribution is not known."""
    kind, df = pair.larger.options.discrepancy, float(pair.df)
    if kind not in _ROBUST_LEAST_SQUARES:
        return DifferenceTest("standard", pair.chisq, df)
    note = (
        f"Chi-squares of {kind} do not follow a chi-square distribution, nor do their differences. Fit with "
        f"estimator={_ROBUST_LEAST_SQUARES[kind]} for a test."
    )
    return DifferenceTest("standard", pair.chisq, df, spread=ix.NAN, note=note, tested=False)


def _refuse_unscaled(pair: Pair, method: str) -> None:
    options = pair.larger.options
    if pair.larger.test is None:
        robust = _ROBUST_LEAST_SQUARES.get(options.discrepancy, "'MLM' or 'MLR'")
        raise ArgumentError(
            f"method='{method}' scales by robust tests, and the models were fitted with "
            f"estimator='{options.estimator}' and test='{options.test}'. Fit them with estimator={robust}, "
            "or use method='standard'."
        )
    if method != "satorra-2000" and _adjusted(pair.larger):
        raise ArgumentError(
            f"method='{method}' needs tests scaled by their mean; those of '{options.estimator}' are "
            "adjusted in mean and variance. Use method='satorra-2000', or fit with test='satorra-bentler'."
        )


def _satorra_bentler(pair: Pair, method: str) -> DifferenceTest:
    c0, c1 = _factor(pair.restricted), _factor(pair.larger)
    if method == "satorra-bentler-2010" and pair.larger.df:
        c1 = _factor_at(pair.larger, pair.at)
    factor = (pair.restricted.df * c0 - pair.larger.df * c1) / pair.df
    if factor > 0:
        return DifferenceTest(method, pair.chisq / factor, float(pair.df), factor, spread=factor)
    return DifferenceTest(
        method, ix.NAN, float(pair.df), factor, spread=ix.NAN, note=_not_positive(pair, method, factor)
    )


def _not_positive(pair: Pair, method: str, factor: float) -> str:
    other = "satorra-bentler-2010" if method == "satorra-bentler-2001" else "satorra-2000"
    how = f"is not positive ({factor:.3g})" if np.isfinite(factor) else "cannot be computed"
    return (
        f"The scaling factor of '{pair.names[0]}' against '{pair.names[1]}' {how}, so there is no test of "
        f"this difference. Use method='{other}'."
    )


def _factor(result: SemResult) -> float:
    return result.test.factor if result.test is not None and result.df else 0.0


def _factor_at(result: SemResult, theta: Array) -> float:
    """Return the scaling factor of a model at other parameters than its estimates; NaN when singular."""
    rams, options = [g.ram for g in result.groups], result.options
    restrictions = Limits.of(result.model).restrictions(theta)
    if options.least_squares:
        weights, gammas, shares = _weights(result)
        spread = misfit(rams, theta, weights, gammas, shares, restrictions)
        return ix.NAN if spread is None else spread.trace / result.df
    found = traces(
        result.model,
        rams,
        _sample(result),
        theta,
        "MLR" if options.test == YB else "MLM",
        information=options.information,
        restrictions=restrictions,
    )
    return (found.saturated - found.model) / result.df


def _satorra(pair: Pair, restrictions: str, *, shifted: bool) -> DifferenceTest:
    ratio = _ratio(pair, restrictions)
    m = float(pair.df)
    if ratio is None:
        note = (
            f"The restrictions that make '{pair.names[0]}' of '{pair.names[1]}' cannot be told apart at the "
            "solution, so there is no test of this difference by satorra-2000."
        )
        return DifferenceTest("satorra-2000", ix.NAN, m, spread=ix.NAN, note=note)
    first, second = float(np.trace(ratio)), float(np.trace(ratio @ ratio))
    spread = first / m
    if shifted:
        factor = float(np.sqrt(second / m))
        shift = m - first / factor
        return DifferenceTest("satorra-2000", pair.chisq / factor + shift, m, factor, shift, spread)
    if _adjusted(pair.larger):
        factor, df = second / first, first**2 / second
        return DifferenceTest("satorra-2000", pair.chisq / factor, df, factor, spread=spread)
    return DifferenceTest("satorra-2000", pair.chisq / spread, m, spread, spread=spread)


def _ratio(pair: Pair, restrictions: str) -> Array | None:
    """Return W, shape (d, d), or None when the restrictions are not d in number."""
    larger = pair.larger
    directions = moment_directions if restrictions == "delta" else exact_directions
    basis = open_directions(larger)
    a = null_basis((basis.T @ directions(pair.restricted, larger)).T).T @ basis.T
    bread, middle = _sandwich(larger)
    inverse = inverse_information(bread, larger.restrictions)
    if len(a) != pair.df or inverse is None:
        return None
    half = a @ inverse
    return np.asarray(np.linalg.solve(half @ a.T, half @ middle @ half.T))


def _sandwich(result: SemResult) -> tuple[Array, Array]:
    """Return information and meat of one row, shape (q, q), at the estimates."""
    sample = _sample(result)
    rams, theta = [g.ram for g in result.groups], result.theta
    if result.missing == "fiml":
        samples = sample.moments
        return incomplete_information(rams, samples, theta), incomplete_meat(rams, samples, theta)
    if result.options.least_squares:
        return _least_squares(result)
    x = [result.model.observed.index(name) for name in result.model.exogenous]
    second = information_of(rams, sample, theta, observed=result.options.information == "observed")
    return second, meat(rams, sample, theta, x, observed=False)


def _least_squares(result: SemResult) -> tuple[Array, Array]:
    """Return `D'WD` and `D'W Gamma W D`, D the derivatives of the moments and W their weights."""
    bread = middle = np.zeros((result.theta.size,) * 2)
    weights, gammas, shares = _weights(result)
    for group, weight, gamma, share in zip(result.groups, weights, gammas, shares, strict=True):
        slopes = moment_slopes(group.ram, result.theta)
        pulled = weight.times(slopes)
        bread = bread + share * slopes.T @ pulled
        middle = middle + share * pulled.T @ gamma @ pulled
    return bread, middle


def _weights(result: SemResult) -> tuple[list[Weight], list[Array], list[float]]:
    """Return the weights of the groups' moments, their covariance matrices, and the groups' shares."""
    weights = [g.weight for g in result.groups if g.weight is not None]
    shares = [g.moments.size / result.n_obs for g in result.groups]
    return weights, gammas_of(result.model, _sample(result)), shares


def _sample(result: SemResult) -> Sample:
    assert result.sample is not None  # noqa: S101  # robust fits keep their rows
    return result.sample


def described(method: str, tests: Sequence[DifferenceTest]) -> str:
    """Return a sentence on how the differences were tested, or an empty text for plain ones."""
    if method == "standard":
        return ""
    ways = {
        "satorra-bentler-2001": "scaled by Satorra & Bentler (2001)",
        "satorra-bentler-2010": "scaled by Satorra & Bentler (2010)",
        "satorra-2000": "adjusted by Satorra (2000)",
    }
    how = ways[method]
    if any(np.isfinite(t.shift) for t in tests):
        how = "scaled and shifted by Satorra (2000) and Asparouhov & Muthen (2010)"
    elif any(t.df != round(t.df) for t in tests):
        how = "adjusted in mean and variance by Satorra (2000), with fractional degrees of freedom"
    return f"Differences are {how}. They are made of the unscaled chi-squares, which the table shows."
