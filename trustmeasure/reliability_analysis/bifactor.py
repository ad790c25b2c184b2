"""Indices of a bifactor model: how much one general factor explains, and what specific factors add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array, numeric_columns, to_pandas
from trustmeasure.reliability_analysis.bifactor_formulas import NUMBERS, indices
from trustmeasure.reliability_analysis.bifactor_model import BifactorModel, tables_of
from trustmeasure.reliability_analysis.structure import require_continuous
from trustmeasure.sem import Bootstrap, SemResult
from trustmeasure.sem.uncertainty import Uncertainty

LABELS = {
    "n_items": "items",
    "omega_h": "omega h/hs",
    "omega_h_ci_lower": "lower",
    "omega_h_ci_upper": "upper",
    "relative": "relative omega",
    "ecv_within": "ECV within",
    "ecv": "ECV",
    "h": "H",
    "determinacy": "factor determinacy",
    "iecv": "I-ECV",
}
MEANING = (
    "omega: share of the variance of the sum of a factor's items that all factors explain; omega h (hs): "
    "that this "
    "factor alone explains; ECV: share of all common variance; ECV within: share of the common variance of "
    "its own "
    "items; H: reliability of the best weighted sum."
)

IMPOSSIBLE = "The model gives {} a variance below zero, so there is nothing that it explains of its items."


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class BifactorIndices:
    """Indices of a bifactor model.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a group and factor, the general one first: group, factor, n_items, omega, omega_h
        (hierarchical; of a specific factor omega hs), relative (omega_h / omega), ecv, ecv_within, h,
        determinacy, each with `_se`, `_ci_lower`, `_ci_upper`.
    scalars : pandas.DataFrame
        One row a group: group, omega_limit (omega hierarchical of endlessly many items like these) and its
        uncertainty, puc (share of correlations that only the general factor makes).
    items : pandas.DataFrame
        group, item, general, specific (standardised loadings), factor, iecv (share of the item's common
        variance that is general).
    general : str
        Name of the general factor.
    ci : float
        Level of the intervals.
    interval : str
        "delta", a kind of bootstrap interval, or "none" for a matrix of loadings.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    frame: pd.DataFrame
    scalars: pd.DataFrame
    items: pd.DataFrame
    general: str
    ci: float
    interval: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the indices of the factors."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return indices and items with notes, to be shown as text or HTML."""
        one = not self.frame["group"].astype(bool).any()
        shown = [f.drop(columns="group") if one else f for f in (self.frame, self.scalars, self.items)]
        names = [f"{n}{end}" for n in NUMBERS for end in ("_se", "_ci_lower", "_ci_upper")]
        hidden = [name for name in names if not name.startswith("omega_h_ci")]
        how = {"delta": "delta method", "none": "none for a matrix of loadings"}.get(
            self.interval, f"bootstrap ({self.interval})"
        )
        said = f"{100 * self.ci:g} % intervals: {how}. All are in `.frame`."
        return Summary(
            "Bifactor indices",
            [
                Table("Factors", shown[0].drop(columns=hidden), (said, MEANING), labels=LABELS),
                Table("Whole model", shown[1], self.notes),
                Table("Items", shown[2], labels=LABELS),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def bifactor_indices(
    data: SemResult | Any,
    general: str | None = None,
    *,
    standardized: bool = False,
    ci: float = 0.95,
    bootstrap: Bootstrap | None = None,
    interval: str | None = None,
) -> BifactorIndices:
    """Return omega hierarchical and the other indices of a bifactor model.

    In a bifactor model every item loads on one general factor and at most one specific factor, and all
    factors are uncorrelated. Whether a total score may be used, and whether sub-scores add anything, are then
    questions of how much variance each factor explains.

    Parameters
    ----------
    data : SemResult or frame
        A fitted bifactor model with continuous indicators (covariances of factors fixed to 0, such as ``g ~~
        0*one``); or a frame of standardised loadings, one row an item, the general factor in the first
        column.
    general : str, optional
        Name of the general factor; by default the one that all items load on.
    standardized : bool
        Whether omega is that of the sum of items brought to one variance (always so for a frame of loadings).
        The other indices rest on standardised loadings anyway.
    ci : float
        Level of the intervals, between 0 and 1.
    bootstrap : Bootstrap, optional
        Draws of the fit, for an interval without the symmetry of the delta method.
    interval : str, optional
        "delta"; with draws "percentile" (default), "bc", "bca" or "normal".

    Returns
    -------
    BifactorIndices
        `.frame` with a row a factor, `.scalars`, `.items`, `.summary()`.

    Raises
    ------
    ArgumentError
        If the fit has ordinal variables, or is no bifactor model: no factor with all items, an item with two
        specific factors, correlated factors.
    DataError
        If a frame of loadings holds text or gaps.

    References
    ----------
    Rodriguez, A., Reise, S. P., & Haviland, M. G. (2016). Evaluating bifactor models: Calculating and
    interpreting statistical indices. Psychological Methods, 21(2), 137-150.

    Zinbarg, R. E., Revelle, W., Yovel, I., & Li, W. (2005). Cronbach's alpha, Revelle's beta, and McDonald's
    omega_h: Their relations with each other and two alternative conceptualizations of reliability.
    Psychometrika, 70(1), 123-133.

    Hancock, G. R., & Mueller, R. O. (2001). Rethinking construct reliability within latent variable systems.
    In R. Cudeck, S. du Toit, & D. Soerbom (Eds.), Structural equation modeling: Present and future (pp.
    195-216). Lincolnwood, IL: Scientific Software International.

    Notes
    -----
    With standardised loadings g and s: omega_h = (sum g)^2 / V and omega = ((sum g)^2 + sum over factors of
    (sum s)^2) / V for the variance V of the sum; ECV = sum g^2 / (sum g^2 + sum s^2); H = 1 / (1 + 1 /
    sum(l^2 / (1 - l^2))); determinacy = sqrt(diag(L' R^-1 L)); puc = 1 - pairs within specific factors / all
    pairs. Checked against: semTools 0.5-6, `compRelSEM`, and lavaan 0.6-14 with the coefficients as defined
    parameters (tests/reference/reliability_models/models.R).

    Examples
    --------
    >>> import pandas as pd
    >>> loadings = pd.DataFrame({"g": [0.7] * 6, "one": [0.4] * 3 + [0] * 3, "two": [0] * 3 + [0.4] * 3})
    >>> found = bifactor_indices(loadings)
    >>> found.frame["omega_h"].round(3).tolist()
    [0.78, 0.209, 0.209]
    """
    in_range("ci", ci, 0.0, 1.0)
    if not isinstance(data, SemResult):
        return _of_loadings(data, ci)
    require_continuous(data, "ordinal_reliability, which gives omega hierarchical of ordinal bifactor models")
    by = Uncertainty.of(data, interval, ci, bootstrap=bootstrap)
    parts = [BifactorModel.of(number, group, data, general) for number, group in enumerate(data.groups)]
    found = [part.found(by, standardized=standardized) for part in parts]
    frames = [pd.concat(tables, ignore_index=True) for tables in zip(*found, strict=True)]
    return BifactorIndices(
        frames[0], frames[1], frames[2], parts[0].names[0], ci, by.interval, _notes(frames[0])
    )


def _of_loadings(data: Any, ci: float) -> BifactorIndices:
    frame = to_pandas(data, name="data")
    frame = numeric_columns(frame, list(frame.columns))
    if frame.shape[1] < 2 or len(frame) < 2 or frame.isna().to_numpy().any():
        raise ArgumentError(
            "Loadings need at least 2 items in rows, and a general and a specific factor in columns, without "
            "gaps."
        )
    lam: Array = frame.to_numpy(dtype=float)
    if ((lam[:, 1:] != 0).sum(axis=1) > 1).any() or ((lam**2).sum(axis=1) > 1.0).any():
        raise ArgumentError(
            "The loadings are not those of a bifactor model: an item has at most one specific loading (0 "
            "elsewhere), "
            "and squared loadings add up to at most 1."
        )
    cov = lam @ lam.T
    np.fill_diagonal(cov, 1.0)
    with np.errstate(all="ignore"):
        estimate = indices(lam[None], cov[None], lam[None], cov[None])[0]
    none = np.full_like(estimate, np.nan)
    names = tuple(str(name) for name in frame.columns)
    items = [str(name) for name in frame.index]
    tables = tables_of("", names, items, lam, np.stack([estimate, none, none, none]))
    return BifactorIndices(*tables, names[0], ci, "none", _notes(tables[0]))


def _notes(frame: pd.DataFrame) -> tuple[str, ...]:
    none = frame["omega_h"].isna()
    said = []
    if none.any():
        said.append(IMPOSSIBLE.format(", ".join(frame.loc[none, "factor"])))
    lost = frame.loc[frame["h"].isna() & ~none, "factor"].tolist()
    if lost:
        said.append(f"No H of {', '.join(lost)}: a loading is 1 or more.")
    return tuple(said)
