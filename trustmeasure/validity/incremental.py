"""Incremental validity: what scores say of an outcome beyond what is known already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc, fdtrc

from trustmeasure.check import at_least, in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.sem.intervals import limits
from trustmeasure.sem.resampled_rows import draw_units
from trustmeasure.threads import one_thread
from trustmeasure.validity.logit import SEPARATED, Logistic, logistic, resampled_mcfadden
from trustmeasure.validity.scores import Scores, scores_of

Array = npt.NDArray[np.float64]

KINDS = ("auto", "linear", "logistic")
CHUNK = 100
"""Draws that come from one random stream; part of what a seed means."""
COLUMNS = (
    *("step", "added", "n_predictors", "r_squared", "adjusted_r_squared", "tjur", "delta_r_squared"),
    *("delta_ci_lower", "delta_ci_upper", "delta_tjur", "statistic", "df_1", "df_2", "p_value", "note"),
)
LABELS = {
    "n_predictors": "predictors",
    "r_squared": "R²",
    "adjusted_r_squared": "adjusted R²",
    "tjur": "Tjur R²",
    "delta_r_squared": "ΔR²",
    "delta_ci_lower": "lower",
    "delta_ci_upper": "upper",
    "delta_tjur": "ΔTjur",
    "df_1": "df 1",
    "df_2": "df 2",
    "p_value": "p",
}
DEPENDENT = "The predictors depend on each other linearly or do not vary, so that the step cannot be judged."


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class IncrementalValidity:
    """A hierarchical regression, step by step.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a step: step, added (names), n_predictors, r_squared (logistic: McFadden's),
        adjusted_r_squared (linear), tjur (logistic), delta_r_squared with bootstrap limits delta_ci_lower and
        delta_ci_upper, delta_tjur, statistic (F of the change; logistic: chi-square of the likelihood ratio),
        df_1, df_2 (none for chi-square), p_value, note. The first step is held against no predictors.
    outcome : str
        Its name.
    kind : {"linear", "logistic"}
        Kind of regression.
    n_obs, n_dropped : int
        People who have all variables, on whom every step rests, and the others.
    ci : float
        Level of the interval.
    n_bootstrap, seed : int
        Draws, and what they can be made from again.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame
    outcome: str
    kind: str
    n_obs: int
    n_dropped: int
    ci: float
    n_bootstrap: int
    seed: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the table with notes, to be shown as text or HTML."""
        linear = self.kind == "linear"
        drop = ["tjur", "delta_tjur"] if linear else ["adjusted_r_squared", "df_2"]
        shown = self.frame.drop(columns=[*drop, "note"])
        named = {**LABELS, "statistic": "F" if linear else "chi-square"}
        if not linear:
            named |= {"r_squared": "McFadden R²", "delta_r_squared": "ΔMcFadden"}
        said = (
            f"Outcome {self.outcome}, {self.kind} regression, {self.n_obs} people ({self.n_dropped} left "
            f"out). {100 * self.ci:g} % percentile limits of the change from {self.n_bootstrap} draws. A "
            "share explained cannot fall in a sample, so that its limits lie above 0 even when nothing is "
            "added."
        )
        own = [str(note) for note in dict.fromkeys(self.frame["note"]) if note]
        table = Table("Steps", shown, (said, *own, *self.notes), labels=named)
        return Summary("Incremental validity", [table])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def incremental_validity(
    data: Any,
    outcome: Any,
    steps: Mapping[str, Sequence[str]] | Sequence[Sequence[str] | str],
    *,
    constructs: Any = None,
    kind: str = "auto",
    n_bootstrap: int = 1000,
    seed: int | None = None,
    ci: float = 0.95,
) -> IncrementalValidity:
    r"""Return what each step of predictors adds to the explanation of an outcome.

    Parameters
    ----------
    data : Responses, mapping of frames, or frame
        As for `criterion_validity`.
    outcome : str or array of length n
        What is explained: a column, a score, or a value a row.
    steps : mapping or sequence
        Name of a step -> the predictors that it adds; or one sequence of names a step, what is known already
        first. Predictors are scores or columns of numbers.
    constructs : sequence of str or mapping, optional
        Constructs to score; for a frame all names in `steps` are taken for columns.
    kind : {"auto", "linear", "logistic"}
        "auto": logistic when the outcome has two values.
    n_bootstrap, seed : int
        Draws of people for the interval of the change (0 for none), and what they are made from.
    ci : float
        Level of the interval.

    Returns
    -------
    IncrementalValidity
        `.frame`, `.summary()`. Every step rests on the people who have all variables.

    Raises
    ------
    ArgumentError, DataError
        If a column is missing or holds text, a name comes twice, or too few people have all variables.

    Notes
    -----
    Linear: ``F = (R2 - R2_before) / k / ((1 - R2) / (n - p - 1))`` for k predictors added to make p.
    Logistic: likelihood ratio, McFadden's R squared ``1 - LL / LL_0``, and Tjur's coefficient of
    discrimination (2009, The American Statistician 63(4), 366-372). Checked against: R 4.2.2, `lm`, `glm`,
    `anova`, `tests/reference/validity`.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> people = tm.simulate("bought ~ .3*satisfied + .4*trust\ntrust ~~ .4*satisfied", 300, seed=1)
    >>> found = tm.incremental_validity(people, "bought", [["satisfied"], ["trust"]], seed=1)
    >>> found.frame[["r_squared", "delta_r_squared"]].round(2).values.tolist()
    [[0.15, 0.15], [0.26, 0.11]]
    """
    in_range("ci", ci, 0.0, 1.0)
    one_of("kind", kind, KINDS)
    at_least("n_bootstrap", n_bootstrap, 0)
    chosen = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else at_least("seed", seed, 0)
    named = _named(steps)
    scores = _scores(data, constructs, named)
    y, x, dropped = _complete(scores, outcome, named)
    name = outcome if isinstance(outcome, str) else "outcome"
    logical = _is_logistic(kind, y, name)
    ends = np.cumsum([0, *(len(columns) for columns in named.values())])
    y = (y == y.max()).astype(float) if logical else y
    rows = _logistic_steps(y, x, ends, named) if logical else _linear_steps(y, x, ends, named)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    draws = _draws(y, x, ends, n_bootstrap, chosen, logical=logical)
    if n_bootstrap:
        both = limits(draws, frame["delta_r_squared"].to_numpy(dtype=float), ci, "percentile")
        frame["delta_ci_lower"], frame["delta_ci_upper"] = both
    lost = int(np.isnan(draws).any(axis=1).sum())
    notes = [f"In {lost} of {n_bootstrap} draws a step has no solution; they do not count."] if lost else []
    which = "logistic" if logical else "linear"
    settings = (ci, n_bootstrap, chosen, (*scores.notes, *notes))
    return IncrementalValidity(frame, name, which, len(y), dropped, *settings)


def _named(steps: Any) -> dict[str, list[str]]:
    if isinstance(steps, str) or not np.iterable(steps):
        raise ArgumentError(f"steps is {steps!r}. Give what each step adds, such as [['age'], ['trust']].")
    given = steps if isinstance(steps, Mapping) else {f"{i}": own for i, own in enumerate(steps, start=1)}
    found = {str(k): [own] if isinstance(own, str) else [str(x) for x in own] for k, own in given.items()}
    every = [name for own in found.values() for name in own]
    twice = [name for name in dict.fromkeys(every) if every.count(name) > 1]
    if not found or not all(found.values()) or twice:
        what = f"'{twice[0]}' comes twice" if twice else "a step without predictors"
        raise ArgumentError(f"steps: {what}. Give what each step adds, such as [['age'], ['trust', 'care']].")
    return found


def _scores(data: Any, constructs: Any, named: Mapping[str, Sequence[str]]) -> Scores:
    mapped = isinstance(data, Mapping) and any(isinstance(value, pd.DataFrame) for value in data.values())
    if constructs is None and not hasattr(data, "instruments") and not mapped:
        constructs = [name for own in named.values() for name in own]
    return scores_of(data, constructs)


def _complete(scores: Scores, outcome: Any, named: Mapping[str, Sequence[str]]) -> tuple[Array, Array, int]:
    y = scores.numbers(outcome, "outcome").to_numpy(dtype=float)
    names = [name for own in named.values() for name in own]
    x = np.column_stack([scores.numbers(name, "predictor").to_numpy(dtype=float) for name in names])
    whole = np.isfinite(y) & np.isfinite(x).all(axis=1)
    n = int(whole.sum())
    if n < len(names) + 2:
        raise DataError(
            f"{n} people have all variables, and {len(names)} predictors need {len(names) + 2} or more. "
            "Leave out predictors, or those with many gaps."
        )
    y, x = y[whole], x[whole]
    if not np.ptp(y) > 0:
        raise DataError("The outcome is the same for all people who have all variables: nothing to explain.")
    centred = x - x.mean(axis=0)
    spread = np.sqrt((centred**2).mean(axis=0))
    flat = spread <= 1e-12 * np.abs(x).max(axis=0)
    return y, centred / np.where(flat, 1.0, spread) * ~flat, int(whole.size - n)


def _is_logistic(kind: str, y: Array, name: str) -> bool:
    values = np.unique(y).size
    if kind == "logistic" and values != 2:
        raise DataError(f"kind='logistic' needs an outcome with two values; '{name}' has {values}.")
    return kind == "logistic" or (kind == "auto" and values == 2)


def _step(name: str, added: Sequence[str], size: int) -> dict[str, Any]:
    return {"step": name, "added": ", ".join(added), "n_predictors": size, "note": ""}


def _linear_steps(
    y: Array, x: Array, ends: Array, named: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    n, rows, before = len(y), [], 0.0
    shares = _shares(np.ones((1, n)), y, x, ends)[0]
    for (name, added), share, p, k in zip(named.items(), shares, ends[1:], np.diff(ends), strict=True):
        row = _step(name, added, int(p))
        df_2 = n - int(p) - 1
        if np.isnan(share):
            row |= {"note": DEPENDENT}
        else:
            rest = (1.0 - share) / df_2 if df_2 > 0 else np.nan
            f = (share - before) / int(k) / rest if rest > 1e-15 else np.nan
            row |= {"r_squared": share, "delta_r_squared": share - before, "df_1": int(k), "df_2": df_2}
            row |= {"adjusted_r_squared": 1.0 - rest * (n - 1), "statistic": f}
            row |= {"p_value": float(fdtrc(int(k), df_2, max(f, 0.0))) if np.isfinite(f) else np.nan}
        before = share
        rows.append(row)
    return rows


def _shares(counts: Array, y: Array, x: Array, ends: Array) -> Array:
    """Return the share explained at each step in samples, shape (b, steps); NaN where predictors depend."""
    z = np.column_stack([x, y - y.mean()])
    q = z.shape[1]
    products = (z[:, :, None] * z[:, None, :]).reshape(len(z), q * q)
    size = counts.sum(axis=1)
    mean = counts @ z / size[:, None]
    cov = (counts @ products / size[:, None]).reshape(-1, q, q) - mean[:, :, None] * mean[:, None, :]
    found = np.full((len(counts), len(ends) - 1), np.nan)
    variances = np.einsum("bii->bi", cov)
    sd = np.sqrt(np.where(variances > 1e-14, variances, np.nan))
    corr = cov / (sd[:, :, None] * sd[:, None, :])
    for step, p in enumerate(ends[1:]):
        own = corr[:, :p, :p]
        good = np.flatnonzero(np.isfinite(corr[:, :p, :p]).all(axis=(1, 2)) & np.isfinite(sd[:, -1]))
        good = good[np.linalg.eigvalsh(own[good])[:, 0] > 1e-10] if good.size else good
        r = corr[good, :p, -1]
        slopes = np.linalg.solve(own[good], r[..., None])[..., 0]
        found[good, step] = (slopes * r).sum(axis=1)
    return found


def _logistic_steps(
    y: Array, x: Array, ends: Array, named: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    before: tuple[float, float, float] | None = (0.0, 0.0, _null(y))
    for (name, added), p, k in zip(named.items(), ends[1:], np.diff(ends), strict=True):
        row = _step(name, added, int(p))
        independent = np.isfinite(_shares(np.ones((1, len(y))), y, x[:, :p], np.array([0, p]))).all()
        fit: Logistic | None = logistic(x[:, :p], y) if independent else None
        if fit is None:
            row |= {"note": SEPARATED if independent else DEPENDENT}
            before = None
        else:
            now = (fit.mcfadden, fit.tjur(y), fit.log_likelihood)
            row |= {"r_squared": now[0], "tjur": now[1]} | _change(before, now, int(k))
            before = now
        rows.append(row)
    return rows


def _null(y: Array) -> float:
    share = float(y.mean())
    return float(len(y) * (share * np.log(share) + (1 - share) * np.log1p(-share)))


def _change(
    before: tuple[float, float, float] | None, now: tuple[float, float, float], k: int
) -> dict[str, float]:
    if before is None:
        return {}
    chisq = max(2.0 * (now[2] - before[2]), 0.0)
    return {
        **{"delta_r_squared": now[0] - before[0], "delta_tjur": now[1] - before[1]},
        **{"statistic": chisq, "df_1": k, "p_value": float(chdtrc(k, chisq))},
    }


@one_thread
def _draws(y: Array, x: Array, ends: Array, n: int, seed: int, *, logical: bool) -> Array:
    """Return the change at each step in draws of people, shape (n, steps)."""
    found = [np.zeros((0, len(ends) - 1))]
    for at in range(0, n, CHUNK):
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(at // CHUNK,)))
        counts = draw_units(rng, len(y), min(CHUNK, n - at)).astype(float)
        if logical:
            shares = np.stack([resampled_mcfadden(x[:, :p], y, counts) for p in ends[1:]], axis=1)
        else:
            shares = _shares(counts, y, x, ends)
        found.append(np.diff(shares, axis=1, prepend=0.0))
    return np.concatenate(found)
