"""What a bootstrap found: every draw, and standard errors and limits from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.draw_causes import (
    BEYOND,
    CAUSES,
    EMPTY,
    FAILED,
    INDEFINITE,
    NEGATIVE,
    SINGULAR,
    UNFINISHED,
    USABLE,
    Codes,
)
from trustmeasure.sem.intervals import KINDS, acceleration_of, limits, mean_and_spread
from trustmeasure.sem.ordinal.resampling import OrdinalPlan
from trustmeasure.sem.refits import Refits
from trustmeasure.sem.resampling import Plan
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.row_values import RowValues
from trustmeasure.sem.tables import z_and_p

Array = npt.NDArray[np.float64]

SCALES = {"estimate": "", "std_lv": "std_lv_", "std_all": "std_all_"}
"""Values that limits are given for, and how the names of their columns begin."""


@dataclass(frozen=True)
class Bootstrap:
    """Draws of a bootstrap.

    Attributes
    ----------
    result : SemResult
        The fit that was resampled.
    kind : {"nonparametric", "parametric", "bollen-stine"}
        How the samples were made.
    seed : int
        What the draws can be made from again.
    asked : int
        Draws that were asked for; there are fewer in a partial record.
    theta : array, shape (n, k)
        Free parameters of each draw, those of exogenous observed variables last; NaN where there was no
        solution.
    chisq : array, shape (n,)
        Chi-square of each draw.
    cause : array of int8, shape (n,)
        What is the matter with each draw, a key of `trustmeasure.sem.draw_causes.CAUSES`.
    cluster : str or None
        Column of the clusters that were drawn whole.
    plan : Plan, Refits or OrdinalPlan
        The work, for what is computed later.
    """

    result: SemResult
    kind: str
    seed: int
    asked: int
    theta: Array
    chisq: Array
    cause: Codes
    cluster: str | None
    plan: Plan | Refits | OrdinalPlan = field(repr=False)

    @property
    def n(self) -> int:
        """Draws made."""
        return len(self.cause)

    @property
    def partial(self) -> bool:
        """Whether the work was interrupted before all draws were made."""
        return self.n < self.asked

    @property
    def draws(self) -> Array:
        """Free parameters of each draw, shape (n, q), named by `result.model.free_names`."""
        return self.theta[:, : self.result.theta.size]

    @property
    def solved(self) -> npt.NDArray[np.bool_]:
        """Which draws have estimates, inadmissible ones included, shape (n,)."""
        return np.asarray(~np.isin(self.cause, FAILED))

    @property
    def failures(self) -> pd.Series:
        """Draws without estimates, counted by cause."""
        causes = (SINGULAR, UNFINISHED, EMPTY) if self.result.model.ordered else (SINGULAR, UNFINISHED)
        return self._counts(causes, "failures")

    @property
    def inadmissible(self) -> pd.Series:
        """Draws with an impossible value, counted by cause (the first that holds, in this order)."""
        return self._counts((NEGATIVE, BEYOND, INDEFINITE), "inadmissible")

    @property
    def p_value(self) -> float:
        """Share of draws whose chi-square is at least the sample's; the test of the model.

        Raises
        ------
        ArgumentError
            For nonparametric draws, which are not made under the model.
        """
        if self.kind == "nonparametric":
            raise ArgumentError(
                'Nonparametric draws do not test the model. Ask for kind="bollen-stine" or "parametric".'
            )
        found = self.chisq[self.solved]
        return float(np.mean(found >= self.result.fit_measures["chisq"])) if found.size else float("nan")

    def parameters(
        self, kind: str = "percentile", *, ci: float = 0.95, inadmissible: bool = True
    ) -> pd.DataFrame:
        """Return estimates with bootstrap standard errors and limits.

        Parameters
        ----------
        kind : {"percentile", "bc", "bca", "normal"}
            Kind of the limits: percentile, bias-corrected, bias-corrected and accelerated (Efron 1987; the
            acceleration needs one more fit for each row or cluster), or normal with the bias taken off.
        ci : float
            Confidence level.
        inadmissible : bool
            Let draws with impossible values count, such as negative variances. They are part of the
            sampling distribution of the estimator; draws without a solution never count.

        Returns
        -------
        DataFrame
            One row a parameter or definition: lhs op rhs group label, estimate, bias, se, ci_lower, ci_upper,
            and the same with `std_lv_` and `std_all_` before them for standardised values, which are
            bootstrapped too. Moments of exogenous observed variables (`fixed_x`) are given, not estimated:
            their standard errors are 0, as in `fit_sem`.

        Raises
        ------
        ArgumentError
            For an unknown kind, "bca" of draws from a model, or fewer than two draws that count.
        """
        one_of("kind", kind, KINDS)
        in_range("ci", ci, 0.0, 1.0)
        chosen = self.solved if inadmissible else self.cause == USABLE
        self.require(kind, chosen)
        frame = self.result.parameters[["lhs", "op", "rhs", "group", "label"]].copy()
        for scale, prefix in SCALES.items():
            columns = self._columns(scale, kind, ci, chosen)
            for name, values in columns.items():
                frame[name if name == scale else prefix + name] = values
        return frame

    def columns(self, ci: float, scale: str = "estimate") -> dict[str, Array]:
        """Return standard errors, percentile limits, z and p of one of `SCALES` for a frame of parameters."""
        self.require("percentile")
        found = self._columns(scale, "percentile", ci, self.solved)
        z, p_value = z_and_p(np.asarray(found[scale]), np.asarray(found["se"]))
        kept = {name: np.asarray(found[name]) for name in ("se", "ci_lower", "ci_upper")}
        return {**kept, "z": z, "p_value": p_value}

    def require(self, kind: str, chosen: npt.NDArray[np.bool_] | None = None) -> None:
        """Raise unless there are draws enough, of a kind that allows limits of this kind."""
        count = int((self.solved if chosen is None else chosen).sum())
        if kind == "bca" and self.kind != "nonparametric":
            raise ArgumentError('kind="bca" needs nonparametric draws.')
        if count < 2:
            raise ArgumentError(f"Only {count} of {self.n} draws count; limits need at least two.")

    @cached_property
    def left_out(self) -> tuple[Array, ...]:
        """Parameters without one row (or cluster) each, in each group, shape (units, k); one fit for each."""
        return tuple(self.plan.jackknife())

    def _columns(
        self, scale: str, kind: str, ci: float, chosen: npt.NDArray[np.bool_]
    ) -> dict[str, Array | pd.Series]:
        estimate = self.result.parameters[scale].to_numpy(dtype=float)
        draws = np.array(getattr(self._values, scale)[chosen])
        given = np.array([row.exogenous for row in self.result.model.parameters], dtype=bool)
        # What the model takes as given has no sampling error, although it differs from draw to draw.
        draws[:, np.flatnonzero(given)] = estimate[: given.size][given]
        speed = self._acceleration[scale] if kind == "bca" else np.zeros(estimate.size)
        mean, se = mean_and_spread(draws)
        low, high = limits(draws, estimate, ci, kind, speed)
        return {scale: estimate, "bias": mean - estimate, "se": se, "ci_lower": low, "ci_upper": high}

    @cached_property
    def _values(self) -> RowValues:
        return RowValues.of(self.plan.table, self.plan.rams, self.theta)

    @cached_property
    def _acceleration(self) -> dict[str, Array]:
        left_out = [RowValues.of(self.plan.table, self.plan.rams, theta) for theta in self.left_out]
        return {scale: acceleration_of([getattr(v, scale) for v in left_out]) for scale in SCALES}

    def _counts(self, codes: tuple[int, ...], name: str) -> pd.Series:
        found = [int((self.cause == code).sum()) for code in codes]
        return pd.Series(found, index=[CAUSES[code] for code in codes], name=name, dtype="int64")

    def _head(self) -> str:
        part = f" of {self.asked} asked for (interrupted: partial)" if self.partial else ""
        lost, odd = int(self.failures.sum()), int(self.inadmissible.sum())
        counts = f"{lost} failed, {odd} inadmissible"
        return f"Bootstrap, {self.kind}: {self.n} draws{part}, {counts}, seed {self.seed}"

    def _causes(self) -> str:
        counts = pd.concat([self.failures, self.inadmissible])
        return "; ".join(f"{cause}: {count}" for cause, count in counts.items() if count)

    def __repr__(self) -> str:
        causes = self._causes()
        return f"<{self._head()}{'; ' + causes if causes else ''}>"

    def _repr_html_(self) -> str:
        from trustmeasure.display import Summary, Table

        parts: list[Table | str] = [self._head() + "."]
        parts += [self._causes() + "."] if self._causes() else []
        if self.solved.sum() > 1:
            shown = self.parameters()
            parts.append(
                Table("Percentile limits, 95 %", shown[[c for c in shown if "std_lv" not in str(c)]])
            )
        return Summary("Bootstrap", parts)._repr_html_()
