"""One aligned factor laid out in frames: groups, parameters, items, minima."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.validity.invariance.aligned import Aligned, ItemTest, explained
from trustmeasure.validity.invariance.simplicity import Simplicity

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Factor:
    """What was found for one factor, to be laid out in frames."""

    latent: str
    items: tuple[str, ...]
    labels: tuple[str, ...]
    n_obs: Array
    problem: Simplicity
    solved: Aligned
    tests: list[list[ItemTest]]
    starts: int
    ci: float

    def frames(self) -> tuple[pd.DataFrame, ...]:
        """Return the frames of groups, parameters, items and minima."""
        return self._groups(), self._parameters(), self._items(), self._minima()

    def _limits(self, value: Array, se: Array) -> tuple[Array, Array]:
        half = normal_quantile(0.5 + self.ci / 2) * se
        return value - half, value + half

    def _groups(self) -> pd.DataFrame:
        mean, sd = self.solved.mean, self.solved.sd
        mean_se, sd_se, _, _ = self.solved.errors()
        variance_se = 2 * sd * sd_se
        low, high = self._limits(mean, mean_se)
        least, most = self._limits(sd**2, variance_se)
        columns = {
            "latent": self.latent, "group": list(self.labels), "n_obs": self.n_obs,
            "mean": mean, "mean_se": mean_se, "mean_ci_lower": low, "mean_ci_upper": high,
            "sd": sd, "variance": sd**2, "variance_se": variance_se,
            "variance_ci_lower": least, "variance_ci_upper": most,
        }  # fmt: skip
        return pd.DataFrame(columns)

    def _sides(self) -> list[tuple[str, Array, Array, Array]]:
        _, _, loading_se, intercept_se = self.solved.errors()
        return [
            ("loading", self.problem.loading, self.solved.loading, loading_se),
            ("intercept", self.problem.intercept, self.solved.intercept, intercept_se),
        ]

    def _parameters(self) -> pd.DataFrame:
        parts = []
        for (what, before, value, se), tests in zip(self._sides(), self.tests, strict=True):
            low, high = self._limits(value, se)
            for i, (item, test) in enumerate(zip(self.items, tests, strict=True)):
                columns = {
                    "latent": self.latent, "item": item, "parameter": what, "group": list(self.labels),
                    "configural": before[:, i], "estimate": value[:, i], "se": se[:, i],
                    "ci_lower": low[:, i], "ci_upper": high[:, i],
                    "invariant": test.invariant, "p_value": test.p_value,
                }  # fmt: skip
                parts.append(pd.DataFrame(columns))
        return pd.concat(parts, ignore_index=True)

    def _items(self) -> pd.DataFrame:
        total = self.solved.by_loading.sum() + self.solved.by_intercept.sum()
        rows = []
        for k, (what, before, _, _) in enumerate(self._sides()):
            share = (self.solved.by_loading, self.solved.by_intercept)[k] / total
            for i, item in enumerate(self.items):
                test, own = self.tests[k][i], self.tests[0][i].average
                predicted = self.solved.sd * own if k == 0 else test.average + self.solved.mean * own
                known = np.isfinite(test.p_value).all()
                differ = [g for g, same in zip(self.labels, test.invariant, strict=True) if not same]
                rows.append(
                    {
                        "latent": self.latent,
                        "item": item,
                        "parameter": what,
                        "average": test.average,
                        "n_invariant": float(test.invariant.sum()) if known else np.nan,
                        "noninvariant": ", ".join(differ) if known else "",
                        "r_squared": explained(before[:, i], predicted),
                        "contribution": float(share[i]),
                    }
                )
        return pd.DataFrame(rows)

    def _minima(self) -> pd.DataFrame:
        values, best = self.solved.minima.values, self.solved.minima.value
        near = values <= best + 1e-6 * abs(best)
        other = values[~near]
        row = {
            "latent": self.latent, "value": best, "starts": float(self.starts),
            "at_best": float(near.sum()), "next_value": float(other[0]) if other.size else np.nan,
            "gradient": self.solved.minima.gradient,
        }  # fmt: skip
        return pd.DataFrame([row])

    def notes(self, method: str) -> list[str]:
        """Return what a reader should know of the factor."""
        found = []
        if self.solved.flat:
            why = (
                " FREE alignment needs parameters that differ: use method='fixed'."
                if method == "free"
                else ""
            )
            found.append(
                f"{self.latent}: the simplicity function is flat, so there are no standard errors.{why}"
            )
        if len(self.items) < 3:
            found.append(f"{self.latent} has {len(self.items)} items: too few to tell which of them differs.")
        return found
