"""Power, bias and coverage by simulation: draw samples from a population and fit a model to each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import at_least, in_range, one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.copula import Marginal
from trustmeasure.sem.draw_causes import SINGULAR, UNFINISHED
from trustmeasure.sem.draws import BATCH, DrawProblem, Draws, Fitted, Fitter
from trustmeasure.sem.inference import defined_values, inverse_information, labelled
from trustmeasure.sem.monte_carlo_fits import FittedRows, Holes, Shape
from trustmeasure.sem.monte_carlo_frame import study_frame
from trustmeasure.sem.options import ESTIMATORS, Options
from trustmeasure.sem.ordinal.monte_carlo import Drawn, ordinal_study
from trustmeasure.sem.parameters import DELTA, ParameterTable
from trustmeasure.sem.population import Population
from trustmeasure.sem.power import truth
from trustmeasure.sem.resampling import Normal, run_chunks
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.simulate import Cuts, Each, refuse_shapes, standard_rows

Array = npt.NDArray[np.float64]

CHUNK = 100
"""Replications that come from one random stream; part of what a seed means."""


@dataclass(frozen=True, slots=True)
class Study:
    """One Monte Carlo study.

    Attributes
    ----------
    table : ParameterTable
        The model that is fitted.
    fitter : Fitter
        How samples are fitted; starts at the population's values.
    populations : tuple of Population, length G
        What is drawn from.
    n : int
        Rows in each group.
    seed : int
        Root of the random streams.
    shape : Shape or None
        How the observed variables are distributed; None for normal ones.
    """

    table: ParameterTable
    fitter: Fitter
    populations: tuple[Population, ...]
    n: int
    seed: int
    shape: Shape | None

    def sample(self, chunk: int, b: int) -> Draws:
        """Return the samples of a chunk."""
        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(chunk,)))
        found = [self._moments(rng, part, b) for part in self.populations]
        sizes = np.full((b, len(found)), float(self.n))
        return Draws(sizes, tuple(f[1] for f in found), tuple(f[0] for f in found))

    def _moments(self, rng: np.random.Generator, part: Population, b: int) -> tuple[Array, Array]:
        if self.shape is None:
            return Normal(self.n, part.mean, np.asarray(np.linalg.cholesky(part.cov))).moments(rng, b)
        sd = np.sqrt(np.diag(part.cov))
        p = sd.size
        unit = standard_rows(rng, b * self.n, part, *self.shape).reshape(b, self.n, p)
        mean = unit.mean(axis=1)
        gaps = unit - mean[:, None, :]
        cov = np.swapaxes(gaps, 1, 2) @ gaps / self.n
        return part.mean + mean * sd, cov * np.outer(sd, sd)

    def chunk(self, number: int, b: int) -> tuple[Fitted, Array]:
        """Draw and fit a chunk; return the solutions and their standard errors (b, q + definitions)."""
        draws = self.sample(number, b)
        found = self.fitter.fit(draws)
        errors = np.full((b, found.theta.shape[1] + len(self.table.definitions)), np.nan)
        solved = np.flatnonzero(found.cause != SINGULAR)
        solved = solved[found.cause[solved] != UNFINISHED]
        for at in range(0, solved.size, BATCH):
            rows = solved[at : at + BATCH]
            errors[rows] = self._errors(found.theta[rows], draws.some(rows))
        return found, errors

    def _errors(self, theta: Array, draws: Draws) -> Array:
        problem = DrawProblem.of(self.fitter.rams, draws)
        curvature = problem.point(theta, np.arange(len(theta))).curvature
        limits = Limits.of(self.table)
        inverses = _tied(limits, curvature, theta) if limits else _inverses(curvature)
        cov = 2.0 * inverses / draws.n_obs.sum(axis=1)[:, None, None]
        own = np.sqrt(np.maximum(np.einsum("bqq->bq", cov), 0.0))
        slopes = defined_slopes(self.table, theta)
        defined = np.sqrt(np.maximum(np.einsum("brq,bqs,brs->br", slopes, cov, slopes), 0.0))
        return np.concatenate([own, defined], axis=1)


def _tied(limits: Limits, curvature: Array, theta: Array) -> Array:
    """Return the inverses of information matrices (b, q, q) under constraints, NaN where there are none."""
    none = np.full(curvature.shape[1:], np.nan)
    pairs = zip(curvature, theta, strict=True)
    found = [inverse_information(matrix, limits.restrictions(own)) for matrix, own in pairs]
    return np.stack([none if x is None else x for x in found])


def _inverses(curvature: Array) -> Array:
    """Return the inverses of information matrices (b, q, q), generalised ones where there are no others."""
    scale = np.sqrt(np.maximum(np.einsum("bqq->bq", curvature), 1e-300))
    unit = curvature / (scale[:, :, None] * scale[:, None, :])
    try:
        np.linalg.cholesky(unit - 1e-10 * np.eye(scale.shape[1]))
        inverse = np.linalg.inv(unit)
    except np.linalg.LinAlgError:
        inverse = np.linalg.pinv(unit, hermitian=True)
    return np.asarray(inverse / (scale[:, :, None] * scale[:, None, :]))


def defined_slopes(table: ParameterTable, theta: Array) -> Array:
    """Return the derivatives of the `:=` lines at parameters (b, q), shape (b, r, q), by the complex step."""
    slopes = np.zeros((len(theta), len(table.definitions), theta.shape[1]))
    used = {p.free - 1 for p in table.parameters if p.label and p.free} if table.definitions else set()
    for j in used:
        moved = theta.astype(complex)
        moved[:, j] += 1e-30j
        values = defined_values(table, labelled(table, moved))
        for r, value in enumerate(values):
            slopes[:, r, j] = np.imag(np.broadcast_to(value, len(theta))) / 1e-30
    return slopes


def power_monte_carlo(
    model: str | ParameterTable | SemResult,
    n: int | Sequence[int],
    *,
    seed: int,
    replications: int = 1000,
    analysis: str | ParameterTable | None = None,
    values: Mapping[str, float] | None = None,
    distribution: str = "normal",
    skew: Each | None = None,
    kurtosis: Each | None = None,
    marginals: Mapping[str, Marginal] | None = None,
    missing: Each | None = None,
    missing_by: str | Mapping[str, str] | None = None,
    missing_slope: float = 1.0,
    estimator: str | None = None,
    cuts: Cuts | None = None,
    ordered: bool = False,
    parameterization: str = DELTA,
    alpha: float = 0.05,
    groups: int = 1,
    workers: int | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Return power, bias and coverage of every parameter by simulation.

    Parameters
    ----------
    model : str, ParameterTable or SemResult
        The population, as in `simulate`: numbers and `start()` are its values.
    n : int or sequence of int
        Rows (in each group); several sizes are studied one after the other.
    seed : int
        The same seed gives the same samples, whatever the number of workers.
    replications : int
        Samples.
    analysis : str or ParameterTable, optional
        The model that is fitted. Without it `model` itself, in which what has a number is fixed and what has
        a `start()` is free.
    values : mapping of str to float, optional
        Population values that go before those in `model`.
    distribution, skew, kurtosis, marginals, missing, missing_by, missing_slope
        As in `simulate`. Samples with missing values are fitted by full information maximum likelihood, those
        of ordinal variables pair by pair (`missing="pairwise"`).
    estimator : str, optional
        As in `fit_sem`: "ML" unless given, or "WLSMV" with ordinal variables. Samples are fitted in batches
        for "ML" without missing values, otherwise one at a time, which takes longer.
    cuts : sequence or mapping of str to sequence, optional
        Cut points in standard deviations, as in `simulate`, which make variables ordinal; or write thresholds
        into the model.
    ordered : bool
        Answers in categories are fitted as ordinal. This version does not fit them as numbers: say True with
        `cuts`; thresholds in the model imply it.
    parameterization : {"delta", "theta"}
        For ordinal variables, of a population in a text and of the model that is fitted.
    alpha : float
        Significance level of the test that a parameter is 0, and 1 minus the level of the intervals.
    groups : int
        Number of groups.
    workers : int, optional
        Processes that share the work; without it joblib's own setting, or 1.
    progress : bool
        Show progress when the work takes longer than two seconds.

    Returns
    -------
    DataFrame
        One row a size and free parameter or definition: parameter population n mean bias sd se_mean coverage
        power power_low power_high alpha replications failed inadmissible. `power_low` and `power_high` are 95
        % limits for what the number of replications leaves open (Wilson 1927, Journal of the American
        Statistical Association 22(158), 209-212). Samples without a solution count as failed and nowhere
        else; inadmissible solutions count.

    Notes
    -----
    Standard errors are those of `fit_sem`. Normal samples are drawn by their means and
    covariances alone (Bartlett's decomposition of the Wishart distribution), so that n costs nothing.

    Examples
    --------
    >>> model = "f =~ start(0.8)*a + start(0.7)*b + start(0.9)*c; f ~ start(0.3)*x"
    >>> frame = power_monte_carlo(model, 200, seed=1, replications=200)
    >>> bool(frame.set_index("parameter").loc["f~x", "power"] > 0.5)
    True
    """
    in_range("alpha", alpha, 0.0, 1.0)
    at_least("replications", replications, 1)
    refuse_shapes(distribution, skew, kurtosis, marginals)
    if estimator is not None:
        one_of("estimator", estimator, list(ESTIMATORS))
    if cuts is not None and not ordered:
        raise ArgumentError(
            "cuts make answers in categories, which this study fits as ordinal: say ordered=True. To fit "
            "them as numbers, draw samples with simulate(..., cuts=...) and fit each."
        )
    shape = Shape(distribution, skew, kurtosis, marginals)
    if missing is None and missing_by is not None:
        raise ArgumentError("missing_by goes with missing=..., the share of missing values.")
    holes = None if missing is None else Holes(missing, missing_by, missing_slope)
    drawn, parts = Drawn(model, values, groups, cuts, parameterization), []
    for size in [n] if isinstance(n, int | np.integer) else n:
        study: Study | FittedRows
        if ordered or drawn.ordinal:
            study, true = ordinal_study(drawn, int(size), seed, analysis, shape, holes, estimator)
        else:
            study, true = _study(model, int(size), seed, analysis, values, shape, groups, holes, estimator)
        found, errors = _run(study, replications, workers, progress)
        parts.append(study_frame(study.table, study.n, true, found, errors, alpha))
    return pd.concat(parts, ignore_index=True)


def _study(
    model: str | ParameterTable | SemResult,
    n: int,
    seed: int,
    analysis: str | ParameterTable | None,
    values: Mapping[str, float] | None,
    shape: Shape,
    groups: int,
    holes: Holes | None = None,
    estimator: str | None = None,
) -> tuple[Study | FittedRows, SemResult]:
    true, parts = truth(model, analysis, values, groups, means=True if holes else None)
    if n <= len(true.model.observed):
        raise ArgumentError(
            f"n={n}: a covariance matrix of {len(true.model.observed)} variables needs more rows."
        )
    sample = Draws(
        np.full((1, groups), float(n)),
        tuple(part.cov[None] for part in parts),
        tuple(part.mean[None] for part in parts),
    )
    fitter = Fitter.of([g.ram for g in true.groups], true.theta, sample, true.model)
    if holes is not None or estimator not in {None, "ML"}:
        options = Options.of(estimator or "ML")
        return FittedRows(true.model, tuple(parts), n, seed, shape, holes, options), true
    return Study(
        true.model, fitter, tuple(parts), n, seed, None if shape.distribution == "normal" else shape
    ), true


def _run(
    study: Study | FittedRows, replications: int, workers: int | None, progress: bool
) -> tuple[Fitted, Array]:
    sizes = [(at // CHUNK, min(CHUNK, replications - at)) for at in range(0, replications, CHUNK)]
    parts, whole = run_chunks(study.chunk, sizes, workers=workers, progress=progress, what="Monte Carlo")
    if not whole:
        raise KeyboardInterrupt
    found = Fitted(
        np.concatenate([part[0].theta for part in parts]),
        np.concatenate([part[0].chisq for part in parts]),
        np.concatenate([part[0].cause for part in parts]),
    )
    return found, np.concatenate([part[1] for part in parts])


def _truth_of(model: Any, options: dict[str, Any]) -> SemResult:
    """Return the model that is fitted, at the population's values."""
    values, groups = options.get("values"), options.get("groups", 1)
    how = options.get("parameterization", DELTA)
    drawn = Drawn(model, values, groups, options.get("cuts"), how)
    if drawn.ordinal:
        return drawn.truth(options.get("analysis"), options.get("estimator"))[0]
    return truth(model, options.get("analysis"), values, groups)[0]


def power_of(model: Any, parameter: str, options: dict[str, Any]) -> tuple[Callable[[int], float], int]:
    """Return the Monte Carlo power of one parameter as a function of n, and the least n to try."""
    from trustmeasure.sem.power import parameter_number

    if "seed" not in options:
        raise ArgumentError('method="monte_carlo" needs a seed.')
    true = _truth_of(model, options)
    names: Sequence[str] = [d.name for d in true.model.definitions]
    row = (
        true.model.n_free + names.index(parameter)
        if parameter in names
        else parameter_number(true.model, parameter)
    )

    def at(n: int) -> float:
        return float(power_monte_carlo(model, n, **options)["power"].iloc[row])

    return at, max(2 * len(true.model.observed), 20)
