"""Permutation test of measurement invariance (Jorgensen, Kite, Chen & Short 2018)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import at_least, in_range
from trustmeasure.display import Summary, Table, p_value as readable
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.draw_causes import CAUSES, FAILED
from trustmeasure.sem.resampling import run_chunks
from trustmeasure.validity.invariance.permuted import MEASURES, Batches, Permuted, Step
from trustmeasure.validity.invariance.permuted_refits import PermutedRefits
from trustmeasure.validity.invariance.record import Invariance
from trustmeasure.validity.invariance.releases import equal_at

Array = npt.NDArray[np.float64]

WORSE = np.array([1.0, -1.0, 1.0, 1.0])
"""Sign with which a larger value of each of `MEASURES` means worse fit."""
_LABELS = {
    "p_value": "p",
    "p_chisq": "p (chi-square)",
    "p_permutation": "p (permutation)",
    "p_adjusted": "p adjusted",
    "chisq": "chi-square",
}


@dataclass(frozen=True, slots=True)
class PermutationInvariance:
    """How far invariance is from what equal groups show by chance.

    Attributes
    ----------
    frame : DataFrame
        One row a step and measure: step against measure observed p_value critical mean sd. `observed` is the
        change of the measure against the step `against` (of the chi-square too, unscaled), or the measure
        itself where there is none; `critical` the value that permutations pass with probability `alpha`;
        `mean` and `sd` those of the permutations.
    relations : DataFrame
        One row a relation that a step makes equal: step relation chisq df p_chisq p_permutation p_adjusted.
        `chisq` is its score test, `p_adjusted` compares it with the largest one of each permutation.
    draws : DataFrame
        The measures of each permutation that was used: a column for each step and measure ("metric:cfi").
    failures : Series
        How many permutations gave no solution, by cause.
    asked : int
        Permutations asked for.
    seed : int
        What they were made from.
    alpha : float
        Level of `critical`.
    notes : tuple of str
        What a reader should know.
    """

    frame: pd.DataFrame
    relations: pd.DataFrame
    draws: pd.DataFrame = field(repr=False)
    failures: pd.Series
    asked: int
    seed: int
    alpha: float
    notes: tuple[str, ...]

    @property
    def n(self) -> int:
        """Permutations that were used."""
        return len(self.draws)

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the tests for reading."""
        tests = Table(
            f"Fit against {self.n} permutations of the groups", self.frame, labels=_LABELS, decimals=4
        )
        parts: list[Table | str] = [tests]
        if len(self.relations):
            shown = self.relations.astype({"df": int})
            for name in ("p_chisq", "p_permutation", "p_adjusted"):
                shown[name] = [readable(float(x)) for x in self.relations[name]]
            parts.append(Table("Relations", shown, labels=_LABELS))
        return Summary("Permutation test of invariance", [*parts, *self.notes])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def permutation_invariance(
    found: Invariance,
    n: int = 1000,
    *,
    seed: int | None = None,
    steps: Sequence[str] | None = None,
    relations: bool = True,
    alpha: float = 0.05,
    workers: int | None = None,
    progress: bool = True,
) -> PermutationInvariance:
    r"""Test invariance without cut-offs: fit all steps to data whose group labels were permuted.

    Parameters
    ----------
    found : Invariance
        A sequence.
    n : int
        Permutations.
    seed : int, optional
        The same seed gives the same permutations, whatever the number of workers. Without it one is drawn,
        and kept in the record.
    steps : sequence of str, optional
        The steps to fit; without it all that were fitted.
    relations : bool
        Test each relation, too, which takes most of the time of a large model.
    alpha : float
        Level of the critical values.
    workers : int, optional
        How many share the work; without it joblib's own setting, or all processors.
    progress : bool
        Show progress when the work takes longer than two seconds.

    Returns
    -------
    PermutationInvariance
        p-values of changes of fit and of each relation, critical values, permutations.

    Raises
    ------
    ArgumentError
        For data in clusters, steps that have no solution, or if no permutation can be fitted.

    Notes
    -----
    Jorgensen, Kite, Chen & Short (2018, Psychological Methods 23(4), 708-728). Where groups are alike, labels
    can be exchanged, so the changes of fit of permuted data show what chance does to the very model, sample
    size and distribution at hand. ``p = (1 + k) / (1 + n)`` with k of n permutations at least as bad as the
    data (Phipson & Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9(1)). The
    first step is tested by its own fit: whether the model fits each group as well as groups at random. The p
    of a relation that counts all of a step compares with the largest score of each permutation (Westfall &
    Young 1993). Exchangeable labels mean groups that are alike in everything; a small p of a later step can
    come from other differences, such as those of residual variances. Complete rows and maximum likelihood
    are fitted in batches, by plain indices also for robust estimators; everything else one at a time.
    Checked against: `permuteMeasEq` of semTools 0.5-6 in distribution, `tests/reference/invariance`.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from trustmeasure.validity.invariance import invariance
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(400, 1)) + rng.normal(size=(400, 4)), columns=list("abcd"))
    >>> answers["language"] = ["en", "zh"] * 200
    >>> answers.loc[answers["language"] == "zh", "c"] += 0.8
    >>> steps = invariance("f =~ a + b + c + d", answers, group="language", steps=["metric", "scalar"])
    >>> tests = permutation_invariance(steps, n=99, seed=1)
    >>> tests.relations.set_index("relation")["p_adjusted"]["c~1"]
    0.01
    """
    at_least("n", n, 1)
    in_range("alpha", alpha, 0.0, 1.0)
    chosen = list(found.fits) if steps is None else [_fitted(found, name) for name in steps]
    root = int(np.random.default_rng().integers(2**63)) if seed is None else at_least("seed", seed, 0)
    wanted = tuple(_step(found, name, relations) for name in chosen)
    plan = _plan(found, wanted, root)
    sizes = [(at // plan.size, min(plan.size, n - at)) for at in range(0, n, plan.size)]
    made, _ = run_chunks(plan.chunk, sizes, workers=workers, progress=progress, what="Permutations")
    if not made:
        raise ArgumentError("The work was interrupted before the first permutations were done.")
    return _record(found, wanted, plan.observed(), Permuted.joined(made), n, root, alpha, _notes(found, plan))


def _fitted(found: Invariance, name: str) -> str:
    found.fit(name)
    return name


def _step(found: Invariance, name: str, relations: bool) -> Step:
    model = found.model(name)
    return Step(name, model.model, model.df, equal_at(found.plan, name) if relations else ())


def _plan(found: Invariance, steps: tuple[Step, ...], seed: int) -> Batches | PermutedRefits:
    """Return how permutations are fitted: in batches where covariances say all, one at a time otherwise."""
    plan = found.plan
    designs = [m.design for m in plan.sample.moments]
    if any(d is not None and d.n_clusters is not None for d in designs):
        raise ArgumentError("Rows in clusters cannot be exchanged between groups. Leave cluster out.")
    if not plan.group:
        raise ArgumentError("Waves are answers of the same people; only labels of groups can be permuted.")
    weighted = any(d is not None for d in designs)
    if plan.categories or plan.missing != "listwise" or plan.options.least_squares or weighted:
        ending = "_scaled" if found.frame["cfi_scaled"].notna().any() else ""
        return PermutedRefits.of(plan, steps, found.fits, ending, seed)
    return Batches.of(steps, plan.sample, seed)


def _record(
    found: Invariance,
    steps: tuple[Step, ...],
    own: Permuted,
    made: Permuted,
    asked: int,
    seed: int,
    alpha: float,
    notes: tuple[str, ...],
) -> PermutationInvariance:
    failed = np.asarray(np.isin(made.cause, FAILED).any(axis=1))
    used = np.asarray(~failed & np.isfinite(made.measures).all(axis=(1, 2)))
    if not used.any():
        raise ArgumentError(
            "No permutation has a solution at all steps. Leave out the steps that need most, or merge groups."
        )
    names = [step.name for step in steps]
    against = _against(found, names)
    rows: list[dict[str, object]] = []
    columns: dict[str, Array] = {}
    for s, name in enumerate(names):
        other = names.index(against[name]) if against[name] else None
        before = np.zeros_like(made.measures[used, s]) if other is None else made.measures[used, other]
        first = np.zeros(len(MEASURES)) if other is None else own.measures[0, other]
        draws, value = made.measures[used, s] - before, own.measures[0, s] - first
        columns |= {f"{name}:{measure}": draws[:, m] for m, measure in enumerate(MEASURES)}
        rows += [
            {"step": name, "against": against[name], "measure": measure}
            | among(float(value[m]), draws[:, m], float(WORSE[m]), alpha)
            for m, measure in enumerate(MEASURES)
        ]
    counts = [int((made.cause == code).any(axis=1).sum()) for code in FAILED]
    return PermutationInvariance(
        frame=pd.DataFrame(rows),
        relations=_relations(steps, own, made, used),
        draws=pd.DataFrame(columns),
        failures=pd.Series(counts, index=[CAUSES[code] for code in FAILED], name="permutations"),
        asked=asked,
        seed=seed,
        alpha=alpha,
        notes=(*notes, *_counted(asked, int(used.sum()), len(used))),
    )


def _against(found: Invariance, names: Sequence[str]) -> dict[str, str]:
    """Return the nearest of the chosen steps that each is a restriction of."""
    return {
        name: next((other for other in reversed(found.model(name).nested) if other in names), "")
        for name in names
    }


def among(observed: float, draws: Array, worse: float, alpha: float) -> dict[str, object]:
    """Return a value with its p-value among permutations; `worse` is the sign of worse fit."""
    beyond = int((worse * draws >= worse * observed - 1e-12 * max(abs(observed), 1.0)).sum())
    return {
        "observed": observed,
        "p_value": (1 + beyond) / (1 + draws.size) if np.isfinite(observed) else np.nan,
        "critical": worse * float(np.quantile(worse * draws, 1 - alpha)),
        "mean": float(draws.mean()),
        "sd": float(draws.std(ddof=1)) if draws.size > 1 else np.nan,
    }


def _relations(
    steps: tuple[Step, ...], own: Permuted, made: Permuted, used: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    parts = []
    n_groups = max((row.group for step in steps for row in step.table.parameters), default=1)
    for s, step in enumerate(steps):
        values, draws = own.scores[s][0], made.scores[s][used]
        if not values.size:
            continue
        with np.errstate(invalid="ignore"):
            largest = np.max(np.nan_to_num(draws, nan=-np.inf), axis=1)
            alone = (1 + (draws >= values).sum(axis=0)) / (1 + len(draws))
            together = (1 + (largest[:, None] >= values).sum(axis=0)) / (1 + len(draws))
        known, df = np.isfinite(values), float(n_groups - 1)
        parts.append(
            pd.DataFrame(
                {
                    "step": step.name,
                    "relation": step.relations,
                    "chisq": values,
                    "df": df,
                    "p_chisq": [p_value(float(x), df) for x in values],
                    "p_permutation": np.where(known, alone, np.nan),
                    "p_adjusted": np.where(known, together, np.nan),
                }
            )
        )
    names = ["step", "relation", "chisq", "df", "p_chisq", "p_permutation", "p_adjusted"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def _counted(asked: int, used: int, made: int) -> tuple[str, ...]:
    found = []
    if made < asked:
        found.append(f"Interrupted: {made} of {asked} permutations were made.")
    if used < made:
        found.append(f"{made - used} of {made} permutations have no solution at some step and are left out.")
    return tuple(found)


def _notes(found: Invariance, plan: Batches | PermutedRefits) -> tuple[str, ...]:
    if isinstance(plan, Batches) and found.frame["cfi_scaled"].notna().any():
        return ("Changes are those of the plain indices: permutations bring their own distribution.",)
    if isinstance(plan, PermutedRefits) and plan.ending:
        return ("CFI and RMSEA are the scaled ones.",)
    return ()
