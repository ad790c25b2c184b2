"""Direct, indirect and total effects along all directed paths of a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.arrows import Arrows
from trustmeasure.sem.bootstrap_result import Bootstrap
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.matrices import Ram, fill, total_effects
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.standardize import scales
from trustmeasure.sem.tables import z_and_p
from trustmeasure.sem.uncertainty import Uncertainty

Array = npt.NDArray[np.float64]

COLUMNS = (
    *("source", "target", "kind", "path", "group"),
    *("estimate", "se", "z", "p_value", "ci_lower", "ci_upper"),
    *("std_all", "std_all_se", "std_all_ci_lower", "std_all_ci_upper"),
)
MOST_PATHS = 10_000


@dataclass(frozen=True, slots=True)
class _Effect:
    """One effect: its ends and, for a direct or specific one, the variables on its way."""

    kind: str
    source: int
    target: int
    way: tuple[int, ...] = ()


def effects(
    result: SemResult,
    *,
    source: str | Sequence[str] | None = None,
    target: str | Sequence[str] | None = None,
    loadings: bool = False,
    specific: bool | None = None,
    ci: float | None = None,
    interval: str | None = None,
    bootstrap: Bootstrap | None = None,
    n: int = 20_000,
    seed: int | None = None,
) -> pd.DataFrame:
    r"""Return direct, indirect and total effects along all directed paths, with standard errors and limits.

    Parameters
    ----------
    result : SemResult
        A fit.
    source, target : str or sequence of str, optional
        Only effects of, or on, these variables.
    loadings : bool
        Follow loadings too, so that indicators are reached; otherwise regressions only.
    specific : bool or None
        List each single path of an indirect effect. None: wherever the paths do not run in circles.
    ci : float, optional
        Confidence level of the intervals; that of the fit unless given.
    interval : {"delta", "monte_carlo", "percentile", "bc", "bca", "normal"}, optional
        How standard errors and limits are found: by the delta method; from the normal distribution of the
        estimates; or from bootstrap draws, as in `Bootstrap.parameters`. Unless given: "percentile" with
        `bootstrap`, "delta" without.
    bootstrap : Bootstrap, optional
        Draws of this fit, from `bootstrap`. Draws with impossible values count, those without a solution do
        not.
    n, seed : int
        Draws of a "monte_carlo" interval, and what they are made from.

    Returns
    -------
    DataFrame
        source target kind path group estimate se z p_value ci_lower ci_upper std_all std_all_se
        std_all_ci_lower std_all_ci_upper, with kind "direct", "indirect" (all longer ways together),
        "specific" (one way, see `path`) or "total". Standardised effects have errors and limits of their own,
        found in the same way; `z` and `p_value` divide the estimate by its standard error. Where paths are
        left out, `frame.attrs["notes"]` says why.

    Raises
    ------
    ArgumentError
        For an unknown variable; for specific paths of a model with circles, which has infinitely many; for a
        circle that grows without end; for more than 10,000 paths; for an interval without its draws or seed.

    Notes
    -----
    Total effects are ``(I - A)^-1 - I`` (Bollen 1987, Sociological Methodology 17, 37-69) and a specific
    effect is the product of its coefficients. Delta method: Sobel (1982, Sociological Methodology 13,
    290-312), with exact derivatives. Monte Carlo: MacKinnon, Lockwood & Williams (2004, Multivariate
    Behavioral Research 39(1), 99-128). Bootstrap: Efron (1987). Products are skewed in small samples, which
    the delta method does not see. Checked against: defined parameters in lavaan 0.6-14 and semTools 0.5-6,
    `tests/reference/sem_inspect` and `tests/reference/sem_resample`.

    Examples
    --------
    >>> import pandas as pd
    >>> from trustmeasure.sem import fit_sem
    >>> names = ["x", "m", "y"]
    >>> cov = pd.DataFrame([[1.5, 0.5, 0.4], [0.5, 1.0, 0.6], [0.4, 0.6, 1.0]], names, names)
    >>> fit = fit_sem("m ~ x \n y ~ m + x", sample_cov=cov, n_obs=200)
    >>> found = effects(fit, source="x", target="y")
    >>> found[["kind", "path"]].agg(" ".join, axis=1).str.strip().tolist()
    ['direct x -> y', 'indirect', 'specific x -> m -> y', 'total']
    """
    level = result.ci if ci is None else in_range("ci", ci, 0.0, 1.0)
    by = Uncertainty.of(result, interval, level, bootstrap=bootstrap, n=n, seed=seed)
    sources, targets = (_chosen(x, y, result) for x, y in (("source", source), ("target", target)))
    parts, notes = [], []
    for group in result.groups:
        arrows = Arrows.of(result.model, group.number, group.ram.variables, loadings=loadings)
        single, note = _follows(arrows, group, specific)
        notes += [note] if note else []
        wanted = list(islice(_effects(arrows, sources, targets, single), MOST_PATHS + 1))
        if len(wanted) > MOST_PATHS:
            raise ArgumentError(
                f"There are more than {MOST_PATHS:,} effects. Say source and target, or specific=False."
            )
        parts.append(_frame(by, group, arrows, wanted))
    frame = pd.concat(parts, ignore_index=True)
    frame.attrs["notes"] = tuple(notes)
    return frame


def _chosen(name: str, given: str | Sequence[str] | None, result: SemResult) -> tuple[str, ...]:
    known = (*result.model.observed, *result.model.latent)
    if given is None:
        return known
    return tuple(one_of(name, x, known) for x in ([given] if isinstance(given, str) else given))


def _follows(arrows: Arrows, group: GroupResult, specific: bool | None) -> tuple[bool, str]:
    """Return whether single paths are listed, and why not; raise when they cannot be or nothing can."""
    circle = arrows.circle()
    if not circle:
        return specific is not False, ""
    shown = " -> ".join(arrows.variables[i] for i in circle)
    if specific:
        raise ArgumentError(
            f"Paths run in a circle ({shown}), so an effect has infinitely many of them. Direct, indirect "
            "and total effects remain: say specific=None."
        )
    largest = float(np.abs(np.linalg.eigvals(_arrow_matrix(arrows, group.ram, group.theta[None])[0])).max())
    if largest >= 1:
        raise ArgumentError(
            f"The circle {shown} grows without end (largest eigenvalue of A: {largest:.3f}, which must be "
            "below 1), so there are no total effects."
        )
    return False, f"Specific paths are left out: paths run in a circle ({shown})."


def _effects(
    arrows: Arrows, sources: Sequence[str], targets: Sequence[str], single: bool
) -> Iterator[_Effect]:
    longer = arrows.longer
    for i, j in ((i, j) for i in range(len(arrows.variables)) for j in range(len(arrows.variables))):
        if i == j or not arrows.reach[j, i]:
            continue
        if arrows.variables[i] not in sources or arrows.variables[j] not in targets:
            continue
        if arrows.direct[j, i]:
            yield _Effect("direct", i, j, (i, j))
        if longer[j, i]:
            yield _Effect("indirect", i, j)
        if longer[j, i] and single:
            yield from (_Effect("specific", i, j, way) for way in arrows.ways(i, j) if len(way) > 2)
        yield _Effect("total", i, j)


def _arrow_matrix(arrows: Arrows, ram: Ram, theta: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the coefficients of the arrows, shape (b, v, v)."""
    return np.asarray(fill(ram, theta)[0] * arrows.direct)


def _values(arrows: Arrows, ram: Ram, wanted: Sequence[_Effect], theta: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the effects at parameters of shape (b, q), shape (b, r)."""
    a = _arrow_matrix(arrows, ram, theta)
    total = np.asarray(total_effects(a))

    def one(effect: _Effect) -> npt.NDArray[Any]:
        i, j = effect.source, effect.target
        if effect.way:
            steps = zip(effect.way[1:], effect.way[:-1], strict=True)
            return np.asarray(np.prod([a[:, to, start] for to, start in steps], axis=0))
        return np.asarray(total[:, j, i] - (a[:, j, i] if effect.kind == "indirect" else 0.0))

    return np.stack([one(e) for e in wanted], axis=1) if wanted else np.zeros((len(theta), 0), theta.dtype)


def _standardised(
    arrows: Arrows, ram: Ram, wanted: Sequence[_Effect], theta: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    """Return the effects in standard deviations, shape (b, r)."""
    sd = scales(ram, theta, latent_only=False).total
    ends = np.array([(e.source, e.target) for e in wanted], dtype=np.intp).reshape(-1, 2)
    return np.asarray(_values(arrows, ram, wanted, theta) * sd[:, ends[:, 0]] / sd[:, ends[:, 1]])


def _frame(by: Uncertainty, group: GroupResult, arrows: Arrows, wanted: Sequence[_Effect]) -> pd.DataFrame:
    names, at = arrows.variables, group.number - 1
    texts = {
        "source": [names[e.source] for e in wanted],
        "target": [names[e.target] for e in wanted],
        "kind": [e.kind for e in wanted],
        "path": [" -> ".join(names[i] for i in e.way) for e in wanted],
    }
    frame = pd.DataFrame({name: pd.Series(x, dtype=str) for name, x in texts.items()})
    frame["group"] = np.full(len(wanted), group.number)

    def plain(rams: Sequence[Ram], theta: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return _values(arrows, rams[at], wanted, theta)

    def standardised(rams: Sequence[Ram], theta: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return _standardised(arrows, rams[at], wanted, theta)

    for scale, before, function in (("estimate", "", plain), ("std_all", "std_all_", standardised)):
        value = function([g.ram for g in by.result.groups], by.result.theta[None])[0]
        spread = by.of_function(function, value)
        frame[scale] = value
        frame[f"{before}se"] = spread.se
        frame[f"{before}ci_lower"], frame[f"{before}ci_upper"] = spread.lower, spread.upper
    frame["z"], frame["p_value"] = z_and_p(frame["estimate"].to_numpy(), frame["se"].to_numpy())
    return frame[list(COLUMNS)]
