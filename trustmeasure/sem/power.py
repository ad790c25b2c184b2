"""Power and sample size: by RMSEA, for one parameter by its non-centrality, and by Monte Carlo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtri, chndtr, chndtrix

from trustmeasure.check import in_range, one_of, suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.moments import SampleMoments
from trustmeasure.sem.fit import fit_sample
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.population import Population, names_thresholds, populations, table_of
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.split import Sample

Array = npt.NDArray[np.float64]

METHODS = ("satorra_saris", "monte_carlo", "rmsea")
POPULATION_ROWS = 10_000
"""Rows that a population's moments are said to rest on; the discrepancy does not depend on it."""


def power_rmsea(
    df: int | Sequence[int],
    n: int | Sequence[int],
    rmsea0: float | Sequence[float] = 0.05,
    rmseaa: float | Sequence[float] = 0.08,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Return the power of a test of fit whose hypotheses are values of RMSEA.

    Parameters
    ----------
    df : int or sequence of int
        Degrees of freedom of the model.
    n : int or sequence of int
        Rows.
    rmsea0 : float or sequence of float
        RMSEA under the null hypothesis: 0 for exact fit, 0.05 for close fit.
    rmseaa : float or sequence of float
        RMSEA that is true. Above `rmsea0` the test is one of close fit, below it one of not-close fit.
    alpha : float
        Significance level.

    Returns
    -------
    DataFrame
        One row a combination (sequences of one length go together): df n rmsea0 rmseaa alpha power.

    Raises
    ------
    ArgumentError
        For values that cannot be.

    Notes
    -----
    MacCallum, Browne & Sugawara (1996, Psychological Methods 1(2), 130-149), with the non-centrality
    ``(n - 1) df RMSEA^2`` as there. Checked against: semTools 0.5-6, `tests/reference/sem_resample`.

    Examples
    --------
    >>> round(float(power_rmsea(df=24, n=200)["power"].iloc[0]), 3)
    0.51
    """
    in_range("alpha", alpha, 0.0, 1.0)
    parts = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (df, n, rmsea0, rmseaa)))
    freedom, size, null, true = (np.atleast_1d(x) for x in parts)
    if (freedom < 1).any() or (size < 2).any() or (null < 0).any() or (true < 0).any():
        raise ArgumentError("df must be at least 1, n at least 2, and RMSEA not negative.")
    if (null == true).any():
        raise ArgumentError("rmsea0 and rmseaa are equal: there is nothing to tell apart.")
    columns = {"df": freedom.astype(int), "n": size.astype(int), "rmsea0": null, "rmseaa": true}
    return pd.DataFrame(columns).assign(alpha=alpha, power=_rmsea_power(freedom, size, null, true, alpha))


def _rmsea_power(df: Array, n: Array, null: Array, true: Array, alpha: float) -> Array:
    ncp0, ncpa = (n - 1) * df * null**2, (n - 1) * df * true**2
    above = true > null
    critical = _quantile(np.where(above, 1 - alpha, alpha), df, ncp0)
    below = _cumulative(critical, df, ncpa)
    return np.where(above, 1.0 - below, below)


def _cumulative(x: Array, df: Array, ncp: Array) -> Array:
    return np.asarray(chndtr(x, df, ncp))


def _quantile(probability: Array, df: Array, ncp: Array) -> Array:
    central = chdtri(df, 1.0 - probability)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(ncp > 0, chndtrix(probability, df, ncp), central))


def power_satorra_saris(
    model: str | ParameterTable | SemResult,
    n: int | Sequence[int],
    parameter: str,
    *,
    null: float = 0.0,
    analysis: str | ParameterTable | None = None,
    values: Mapping[str, float] | None = None,
    alpha: float = 0.05,
    groups: int = 1,
) -> pd.DataFrame:
    """Return the power of the chi-square difference test of one parameter.

    Parameters
    ----------
    model : str, ParameterTable or SemResult
        The population, as in `simulate`: numbers and `start()` are its values.
    n : int or sequence of int
        Rows (in each group).
    parameter : str
        Label or relation that is tested, such as "b" or "y ~ x".
    null : float
        Its value under the null hypothesis.
    analysis : str or ParameterTable, optional
        The model that will be fitted. Without it `model` itself, in which what has a number is fixed and what
        has a `start()` is free.
    values : mapping of str to float, optional
        Population values that go before those in `model`.
    alpha : float
        Significance level.
    groups : int
        Number of groups.

    Returns
    -------
    DataFrame
        One row a size: parameter population null n ncp alpha power.

    Raises
    ------
    ArgumentError
        If the model has no such parameter, or it is not free.

    Notes
    -----
    Satorra & Saris (1985, Psychometrika 50(1), 83-90): the model with the parameter fixed is fitted to the
    population's moments, and n times its discrepancy is the non-centrality of the test. Checked against:
    semTools 0.5-6, `tests/reference/sem_resample`.

    Examples
    --------
    >>> model = "f =~ start(0.8)*a + start(0.7)*b + start(0.9)*c; f ~ start(0.3)*x"
    >>> frame = power_satorra_saris(model, [100, 200], "f ~ x")
    >>> bool(frame["power"].is_monotonic_increasing)
    True
    """
    in_range("alpha", alpha, 0.0, 1.0)
    if names_thresholds(model):
        raise ArgumentError(
            "The model has ordinal variables, whose test is not n times a discrepancy. Use "
            'power_monte_carlo, or required_n with method="monte_carlo".'
        )
    whole, parts = truth(model, analysis, values, groups)
    number = parameter_number(whole.model, parameter)
    fixed = _fit(_with_fixed(whole.model, number, null), parts)
    sizes = np.atleast_1d(np.asarray(n, dtype=int))
    ncp = sizes * groups * max(fixed.discrepancy - whole.discrepancy, 0.0)
    power = 1.0 - _cumulative(np.full(sizes.shape, float(chdtri(1, alpha))), np.ones(sizes.shape), ncp)
    columns = {"parameter": parameter, "population": float(whole.theta[number]), "null": null}
    return pd.DataFrame({**columns, "n": sizes, "ncp": ncp, "alpha": alpha, "power": power})


def truth(
    model: str | ParameterTable | SemResult,
    analysis: str | ParameterTable | None,
    values: Mapping[str, float] | None,
    groups: int,
    *,
    means: bool | None = None,
) -> tuple[SemResult, list[Population]]:
    """Return the model to be fitted, at the values that the population gives it, and the population.

    `means` asks for a mean structure, which a parsed model must have already.
    """
    labels = [""] if groups == 1 else [str(g + 1) for g in range(groups)]
    parts = populations(model, labels, values)
    fitted = analysis if analysis is not None else model
    table = table_of(fitted, labels, meanstructure=means)
    if means and not table.meanstructure:
        raise ArgumentError("Missing values need a model with means: parse it with meanstructure=True.")
    names = parts[0].names
    order = [names.index(name) for name in table.observed if name in names]
    if len(order) < len(table.observed):
        lost = [name for name in table.observed if name not in names]
        raise ArgumentError(f"analysis: the population has no variable {', '.join(lost)}.")
    own = [
        Population(part.label, table.observed, part.mean[order], part.cov[np.ix_(order, order)])
        for part in parts
    ]
    return _fit(table, own), own


def _fit(table: ParameterTable, parts: Sequence[Population]) -> SemResult:
    rows = POPULATION_ROWS
    moments = [SampleMoments(part.names, part.cov, part.mean, rows, source="covariance") for part in parts]
    return fit_sample(table, Sample(tuple(part.label for part in parts), tuple(moments)))


def parameter_number(table: ParameterTable, parameter: str) -> int:
    """Return the number (from 0) of a free parameter, given its label or relation."""
    wanted = "".join(parameter.split())
    known: dict[str, int] = {}
    for row in table.parameters:
        for name in (row.label, row.name, f"{row.rhs}{row.op}{row.lhs}" if row.op == "~~" else ""):
            if name:
                known.setdefault(
                    name if row.group == 1 or name == row.label else f"{name}.g{row.group}", row.free
                )
    if wanted not in known:
        raise ArgumentError(f"The model has no parameter '{parameter}'. {suggestion(wanted, list(known))}")
    if not known[wanted]:
        raise ArgumentError(
            f"'{parameter}' is fixed in the model that will be fitted. Write its value as start(...), or "
            "give that model as analysis."
        )
    return known[wanted] - 1


def _with_fixed(table: ParameterTable, number: int, value: float) -> ParameterTable:
    """Return the table with one free parameter (from 0) fixed."""
    rows = []
    for row in table.parameters:
        if row.free == number + 1:
            rows.append(row._replace(free=0, value=value))
        else:
            rows.append(row._replace(free=row.free - (row.free > number + 1)))
    return replace(table, parameters=tuple(rows))


def required_n(
    model: str | ParameterTable | SemResult | None = None,
    parameter: str | None = None,
    *,
    method: str = "satorra_saris",
    power: float = 0.8,
    most: int = 1_000_000,
    **options: Any,
) -> pd.DataFrame:
    """Search the least number of rows that gives a test the power asked for.

    Parameters
    ----------
    model : str, ParameterTable or SemResult
        The population, as in `simulate`; not for "rmsea".
    parameter : str
        Label or relation that is tested; not for "rmsea".
    method : {"satorra_saris", "monte_carlo", "rmsea"}
        Which function tells the power: `power_satorra_saris`, `power_monte_carlo` or `power_rmsea`.
    power : float
        Power asked for, between 0 and 1.
    most : int
        Where the search ends.
    **options
        Other arguments of that function: `df`, `rmsea0`, `rmseaa`, `alpha`, `null`, `analysis`, `values`,
        `seed`, `replications`, ...

    Returns
    -------
    DataFrame
        One row: method parameter wanted n power. A Monte Carlo search ends when n is known to one percent.

    Raises
    ------
    ArgumentError
        If an argument is missing, or `most` rows do not suffice.

    Examples
    --------
    >>> int(required_n(method="rmsea", df=24)["n"].iloc[0])
    375
    """
    one_of("method", method, METHODS)
    in_range("power", power, 0.0, 1.0)
    if method != "rmsea" and (model is None or parameter is None):
        raise ArgumentError(f'method="{method}" needs a model and a parameter.')
    if method == "rmsea" and "df" not in options:
        raise ArgumentError('method="rmsea" needs df.')
    at, start, grain = _power_at(model, parameter, method, options)
    found, reached = _search(at, power, start, most, grain)
    return pd.DataFrame(
        {"method": [method], "parameter": [parameter], "wanted": [power], "n": [found], "power": [reached]}
    )


def _power_at(
    model: Any, parameter: str | None, method: str, options: dict[str, Any]
) -> tuple[Callable[[int], float], int, float]:
    """Return the power as a function of n, where to start, and how exact the search need be."""
    if method == "rmsea":
        return lambda n: float(power_rmsea(n=n, **options)["power"].iloc[0]), 5, 0.0
    if method == "satorra_saris":
        # The non-centrality is proportional to n: two fits serve all sizes.
        frame = power_satorra_saris(model, 1, str(parameter), **options)
        level, unit = float(chdtri(1, frame["alpha"].iloc[0])), float(frame["ncp"].iloc[0])
        return lambda n: 1.0 - float(chndtr(level, 1, n * unit)), 5, 0.0
    from trustmeasure.sem.monte_carlo import power_of

    study, start = power_of(model, str(parameter), options)
    return study, start, 0.01


def _search(
    at: Callable[[int], float], wanted: float, start: int, most: int, grain: float
) -> tuple[int, float]:
    """Double n until the power suffices, then halve the interval."""
    low, high, reached = start - 1, start, at(start)
    while reached < wanted:
        if high >= most:
            raise ArgumentError(f"{most} rows give a power of {reached:.3f} only; {wanted} was asked for.")
        low, high = high, min(2 * high, most)
        reached = at(high)
    while high - low > max(1, int(grain * high)):
        middle = (low + high) // 2
        power = at(middle)
        low, high, reached = (low, middle, power) if power >= wanted else (middle, high, reached)
    return high, reached
