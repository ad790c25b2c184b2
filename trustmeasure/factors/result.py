"""What an exploratory factor analysis found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.factors.correlations import Correlations
from trustmeasure.factors.extraction import Extraction
from trustmeasure.factors.fit import complexities, determinacies, explained, residuals
from trustmeasure.factors.rotation import Rotation
from trustmeasure.frames import Array

EXTRACTIONS = {"minres": "minimum residuals", "ml": "maximum likelihood", "pa": "principal axes"}
FIT = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr", "bic")
FIT_LABELS = {"rmsea_ci_lower": "lower", "rmsea_ci_upper": "upper"}
COUNTS = ("df", "null_df")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class EfaResult:
    """An exploratory factor analysis of p items with m factors.

    Attributes
    ----------
    n_factors : int
        Number of factors, m.
    correlations : Correlations
        What was analysed: names, matrix, people.
    extraction : Extraction
        Unrotated factors, uniquenesses, convergence.
    rotation : Rotation
        Rotated factors and local minima.
    fit : pandas.Series
        objective (ML discrepancy), chisq, df, pvalue, cfi, tli, rmsea, rmsea_ci_lower, rmsea_ci_upper (90 %),
        bic, null_chisq, null_df, srmr, rmsr, fit_off; NaN for what does not exist.
    notes : tuple of str
        What a reader must know: Heywood cases, local minima, what the test rests on.
    """

    n_factors: int
    correlations: Correlations
    extraction: Extraction
    rotation: Rotation
    fit: pd.Series[float]
    notes: tuple[str, ...] = ()

    @property
    def loadings(self) -> pd.DataFrame:
        """Pattern loadings, shape (p, m)."""
        return self.rotation.loadings

    @property
    def phi(self) -> pd.DataFrame:
        """Correlations of the factors, shape (m, m)."""
        return self.rotation.phi

    @property
    def structure(self) -> pd.DataFrame:
        """Correlations of items with factors, shape (p, m)."""
        return self.rotation.structure

    @property
    def communalities(self) -> pd.Series[float]:
        """What the factors explain of each item, length p."""
        return pd.Series(self.extraction.communalities, index=self.loadings.index, name="communality")

    @property
    def uniquenesses(self) -> pd.Series[float]:
        """What they leave, length p."""
        return pd.Series(self.extraction.uniquenesses, index=self.loadings.index, name="uniqueness")

    @property
    def complexity(self) -> pd.Series[float]:
        """Hofmann's index, length p: how many factors an item takes."""
        return pd.Series(complexities(self._pattern), index=self.loadings.index, name="complexity")

    @property
    def heywood(self) -> tuple[str, ...]:
        """Items whose unique variance is at its bound, or negative."""
        marked = zip(self.correlations.names, self.extraction.heywood, strict=True)
        return tuple(name for name, at in marked if at)

    @property
    def residuals(self) -> pd.DataFrame:
        """Correlations minus reproduced ones, shape (p, p), zeros in the diagonal."""
        names = list(self.correlations.names)
        return pd.DataFrame(residuals(self.correlations.corr, self.extraction), names, names)

    @property
    def variance(self) -> pd.DataFrame:
        """One row a factor: variance explained, its share of all, cumulative, of the common; determinacy."""
        sizes = explained(self._pattern, self.phi.to_numpy(dtype=float))
        shares = sizes / len(self._pattern)
        known = determinacies(self.correlations.corr, self.structure.to_numpy(dtype=float))
        return pd.DataFrame(
            {
                "factor": list(self.loadings.columns),
                "ss_loadings": sizes,
                "proportion": shares,
                "cumulative": np.cumsum(shares),
                "common": sizes / sizes.sum() if sizes.sum() > 0 else np.full_like(sizes, np.nan),
                "determinacy": known,
            }
        )

    @property
    def _pattern(self) -> Array:
        return self.loadings.to_numpy(dtype=float)

    def local_minima(self) -> pd.DataFrame:
        """Return one row a minimum of the rotation: criterion, how often reached, distance from the best."""
        return self.rotation.local_minima()

    def to_frame(self) -> pd.DataFrame:
        """Return one row an item: item, loadings, communality, uniqueness, complexity."""
        frame = self.loadings.copy()
        frame.insert(0, "item", list(self.correlations.names))
        for column in (self.communalities, self.uniquenesses, self.complexity):
            frame[str(column.name)] = column.to_numpy()
        return frame.reset_index(drop=True)

    def sorted_items(self) -> list[int]:
        """Return positions of the items by factor and, within it, by the size of their highest loading."""
        size = np.abs(self._pattern)
        return [int(i) for i in np.lexsort((-size.max(axis=1), size.argmax(axis=1)))]

    def summary(self, *, sort: bool = True, hide_below: float = 0.3) -> Summary:
        """Return loadings, factors and fit, to be shown as text or HTML.

        Parameters
        ----------
        sort : bool
            Whether items are put together by the factor that they load highest on.
        hide_below : float
            Loadings that are smaller than this in size are left blank; an item's highest is bold (in HTML).
        """
        parts: list[Table | str] = [
            self._loading_table(sort, hide_below),
            Table("Factors", self.variance),
        ]
        if self.n_factors > 1 and not np.allclose(self.phi, np.eye(self.n_factors)):
            parts.append(Table("Correlations of the factors", self.phi.rename_axis("factor")))
        shown = self.fit[list(FIT)].to_frame().T.astype({"df": int})
        parts.append(Table("Fit", shown, self.notes, labels=FIT_LABELS))
        return Summary(f"Exploratory factor analysis with {_count(self.n_factors)}", parts)

    def _loading_table(self, sort: bool, hide_below: float) -> Table:
        frame, size = self.to_frame(), np.abs(self._pattern)
        highest = size.argmax(axis=1)
        names = list(self.loadings.columns)
        frame[names] = frame[names].where(size >= hide_below)
        order = self.sorted_items() if sort else list(range(len(frame)))
        bold = frozenset((row, 1 + int(highest[i])) for row, i in enumerate(order))
        how = f"{EXTRACTIONS[self.extraction.method]}, rotation {self.rotation.method}"
        hidden = f"Loadings below {hide_below:g} in size are blank." if hide_below > 0 else ""
        notes = (f"Extraction by {how}.", *((hidden,) if hidden else ()))
        return Table("Loadings", frame.iloc[order], notes, bold=bold)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def _count(m: int) -> str:
    return "1 factor" if m == 1 else f"{m} factors"
