"""HTMT and HTMT2 of every pair of constructs, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import at_least, in_range, one_of
from trustmeasure.errors import DataError
from trustmeasure.sem.intervals import acceleration_of, limits, mean_and_spread
from trustmeasure.sem.resampling import run_chunks
from trustmeasure.threads import one_thread
from trustmeasure.validity.blocks import Blocks, blocks_of
from trustmeasure.validity.correlation_draws import (
    CHUNK,
    Correlated,
    PearsonRows,
    PolychoricRows,
    drawn,
)
from trustmeasure.validity.ratio_table import ENDS, KINDS, HeterotraitRatios
from trustmeasure.validity.ratios import Averages, htmt2_of, htmt_of

Array = npt.NDArray[np.float64]

CORRELATIONS = ("pearson", "polychoric")
INTERVALS = ("percentile", "bc", "bca")
MISSING = ("pairwise", "listwise")
LEAST_DRAWS = 20
"""With fewer draws than this there is no interval."""


def htmt(
    data: Any,
    constructs: Any = None,
    *,
    correlation: str = "pearson",
    absolute: bool = True,
    missing: str = "pairwise",
    ci: float = 0.95,
    interval: str = "percentile",
    n_bootstrap: int = 1000,
    seed: int | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> HeterotraitRatios:
    r"""Return HTMT and HTMT2 of every pair of constructs, with bootstrap intervals.

    HTMT is the mean correlation of items of two constructs, divided by the geometric mean of the mean
    correlations of items within each of them: an estimate of the correlation of the constructs that rests on
    items of equal loadings. HTMT2 takes geometric means throughout and lets loadings differ. Values near 1
    say that the items do not tell the constructs apart.

    Parameters
    ----------
    data : Responses, frame, or mapping of frames
        Answers with their instruments (dimensions of higher-order constructs, reflective ones only); a frame
        with `constructs`; or a mapping from the name of a construct to a frame of its items.
    constructs : mapping, or sequence of str, optional
        Name of a construct -> its columns; of responses, the constructs to take.
    correlation : {"pearson", "polychoric"}
        Of the codes as numbers, or of what continuous answers may lie underneath.
    absolute : bool
        Average absolute values of correlations, as semTools does; False: signs count, as in the first paper,
        and HTMT2 is NaN where a correlation is negative.
    missing : {"pairwise", "listwise"}
        Each correlation from all people who answered both items, or only people who answered every item.
    ci : float
        Level of the two-sided intervals and of the one-sided upper limit.
    interval : {"percentile", "bc", "bca"}
        Kind of bootstrap interval; "bca" needs a jackknife besides.
    n_bootstrap : int
        Draws; 0 for none.
    seed : int, optional
        The same seed gives the same draws, whatever the number of workers; one is chosen and kept otherwise.
    workers : int, optional
        Threads that share the work.
    progress : bool
        Show progress when the work takes longer than two seconds.

    Returns
    -------
    HeterotraitRatios
        `.frame` with a row a pair, `.matrix(kind)`, `.criteria()`, `.summary()`.

    Raises
    ------
    ArgumentError
        If fewer than two constructs are there, or an argument is not allowed.
    DataError
        If a column holds text, or ("polychoric") an item is no ordinal variable.

    Notes
    -----
    With correlations r of items i of construct A (k of them) and j of construct B,
    ``mean(r_ij) / sqrt(mean(r_ii') mean(r_jj'))`` (Henseler, Ringle & Sarstedt 2015); HTMT2 has geometric in
    place of arithmetic means (Roemer, Schuberth & Henseler 2021). An upper limit below 1 is the rule that the
    first paper derives; `.criteria()` names the others with their sources. A construct with one item has no
    correlation within, so that its ratios do not exist. Checked against: semTools 0.5-6, `htmt`,
    `tests/reference/validity`.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> answers = tm.simulate("a =~ .8*a1 + .7*a2 + .8*a3\nb =~ .7*b1 + .9*b2\na ~~ .5*b", 300, seed=1)
    >>> found = tm.htmt(answers, {"a": ["a1", "a2", "a3"], "b": ["b1", "b2"]}, seed=1)
    >>> found.frame[["htmt", "htmt_upper"]].round(2).values.tolist()
    [[0.59, 0.74]]
    """
    in_range("ci", ci, 0.0, 1.0)
    one_of("correlation", correlation, CORRELATIONS)
    one_of("interval", interval, INTERVALS)
    one_of("missing", missing, MISSING)
    at_least("n_bootstrap", n_bootstrap, 0)
    chosen = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else at_least("seed", seed, 0)
    blocks = blocks_of(data, constructs, least=2)
    rows = _rows(blocks, correlation, missing)
    work = _Work(rows, Averages.of(blocks.frame.shape[1], blocks.places()), absolute, chosen)
    whole = rows.whole()
    estimate = work.ratios(whole)[0]
    draws = work.draws(n_bootstrap, workers=workers, progress=progress)
    frame = _frame(blocks, estimate, draws, _Limits(work, ci, interval))
    frame["note"] = _pair_notes(blocks, work, whole[0], frame)
    complete = int(blocks.frame.notna().all(axis=1).sum())
    n_obs = complete if missing == "listwise" else int(blocks.frame.notna().any(axis=1).sum())
    notes = (*blocks.notes, *_notes(whole[0], draws, work, frame))
    settings = (correlation, absolute, missing, ci, interval, n_bootstrap, chosen)
    return HeterotraitRatios(frame, blocks.names, n_obs, complete, *settings, notes)


def _rows(blocks: Blocks, correlation: str, missing: str) -> Correlated:
    values = blocks.frame.to_numpy(dtype=float)
    if correlation == "polychoric":
        return PolychoricRows.of(values, list(blocks.frame.columns), missing)
    if missing == "listwise":
        values = values[np.isfinite(values).all(axis=1)]
    else:
        values = values[np.isfinite(values).any(axis=1)]
    if len(values) < 3:
        how = "complete rows" if missing == "listwise" else "rows with an answer"
        remedy = " Use missing='pairwise'." if missing == "listwise" else ""
        raise DataError(f"There are {len(values)} {how}: too few for correlations.{remedy}")
    return PearsonRows.of(values)


@dataclass(frozen=True, slots=True)
class _Work:
    """What a chunk of draws needs."""

    rows: Correlated
    averages: Averages
    absolute: bool
    seed: int

    def ratios(self, correlations: Array) -> Array:
        """Return HTMT, then HTMT2 of all pairs, shape (b, 2 pairs)."""
        found = [f(correlations, self.averages, absolute=self.absolute) for f in (htmt_of, htmt2_of)]
        return np.concatenate(found, axis=1)

    def chunk(self, number: int, b: int) -> Array:
        """Return the ratios of the draws of a chunk."""
        return self.ratios(drawn(self.rows, self.seed, number, b))

    def draws(self, n: int, *, workers: int | None, progress: bool) -> Array:
        """Return the ratios of n draws, shape (n, 2 pairs)."""
        sizes = [(at // CHUNK, min(CHUNK, n - at)) for at in range(0, n, CHUNK)]
        made, _ = run_chunks(self.chunk, sizes, workers=workers, progress=progress, what="Bootstrap")
        return np.concatenate(made) if made else np.zeros((0, 2 * len(self.averages.pairs)))

    @one_thread
    def acceleration(self) -> Array:
        """Return the acceleration of each ratio, from those without one row each."""
        found = np.concatenate([self.ratios(part) for part in self.rows.left_out()])
        none = np.isnan(found).all(axis=0)
        return np.where(none, 0.0, acceleration_of([np.where(none, 0.0, found)]))


@dataclass(frozen=True, slots=True)
class _Limits:
    """How limits are made of draws."""

    work: _Work
    ci: float
    interval: str

    def of(self, draws: Array, estimate: Array) -> Iterator[Array]:
        """Yield standard errors, lower, upper and one-sided upper limits, each of shape (2 pairs,)."""
        if len(draws) < LEAST_DRAWS:
            yield from np.full((4, estimate.size), np.nan)
            return
        few = np.isfinite(draws).sum(axis=0) < LEAST_DRAWS
        speed: Array | float = self.work.acceleration() if self.interval == "bca" else 0.0
        yield np.where(few | np.isnan(estimate), np.nan, mean_and_spread(draws)[1])
        both = limits(draws, estimate, self.ci, self.interval, speed)
        one_sided = limits(draws, estimate, 2.0 * self.ci - 1.0, self.interval, speed)[1]
        yield from (np.where(few, np.nan, part) for part in (*both, one_sided))


def _frame(blocks: Blocks, estimate: Array, draws: Array, how: _Limits) -> pd.DataFrame:
    pairs = how.work.averages.pairs
    columns: dict[str, Any] = {f"construct_{i + 1}": [blocks.names[k] for k in pairs[:, i]] for i in range(2)}
    numbers = [estimate, *how.of(draws, estimate)]
    for kind, at in zip(KINDS, (slice(0, len(pairs)), slice(len(pairs), None)), strict=True):
        columns |= {f"{kind}{end}": part[at] for end, part in zip(ENDS, numbers, strict=True)}
        columns[f"{kind}_draws"] = np.isfinite(draws[:, at]).sum(axis=0)
    return pd.DataFrame(columns)


def _pair_notes(blocks: Blocks, work: _Work, correlations: Array, frame: pd.DataFrame) -> list[str]:
    """Return why a ratio does not exist, pair by pair."""
    found = []
    for i, row in enumerate(frame.to_dict("records")):
        lost = [kind.upper() for kind in KINDS if np.isnan(row[kind])]
        reason = _reason(blocks, work, correlations, i) if lost else ""
        found.append(f"No {' and '.join(lost)}: {reason}" if lost else "")
    return found


def _reason(blocks: Blocks, work: _Work, correlations: Array, pair: int) -> str:
    own = [blocks.blocks[k] for k in work.averages.pairs[pair]]
    single = [block.name for block in own if len(block.items) == 1]
    if single:
        return f"{' and '.join(single)} has one item, so that there is no correlation within it."
    items = _without_correlation(blocks, [item for block in own for item in block.items], correlations)
    if items:
        return f"no correlation of {', '.join(items)}, which does not vary or has too few answers."
    return "a negative correlation. Turn items that are worded in reverse, or average absolute values."


def _without_correlation(blocks: Blocks, items: Sequence[str], correlations: Array) -> list[str]:
    names = list(blocks.frame.columns)
    row, col = np.tril_indices(len(names), -1)
    lost = np.isnan(correlations)
    asked = {names.index(item) for item in items}
    gaps = [{int(a), int(b)} for a, b in zip(row[lost], col[lost], strict=True) if {a, b} <= asked]
    often = {at: sum(at in gap for gap in gaps) for at in sorted(asked)}
    most = max(often.values(), default=0)
    return [names[at] for at, times in often.items() if times and times == most]


def _notes(correlations: Array, draws: Array, work: _Work, frame: pd.DataFrame) -> list[str]:
    used = (np.nan_to_num(work.averages.within) > 0).any(axis=1) | (work.averages.between > 0).any(axis=1)
    negative = int((correlations[used] < 0).sum())
    found = []
    if negative and work.absolute:
        found.append(f"{negative} correlations are negative; their absolute values are averaged.")
    exists = frame[list(KINDS)].notna().to_numpy()
    counted = frame[[f"{kind}_draws" for kind in KINDS]].to_numpy()
    fewest = int(counted[exists].min()) if exists.any() else len(draws)
    if len(draws) and fewest < len(draws):
        found.append(
            f"In {len(draws) - fewest} of {len(draws)} draws a ratio does not exist; they do not count."
        )
    return found
