"""All that can be said about common method bias of one survey, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from trustmeasure.criteria.describe import describe
from trustmeasure.display import Summary, Table
from trustmeasure.errors import TrustMeasureError
from trustmeasure.validity.common_method.collinearity import full_collinearity_vif
from trustmeasure.validity.common_method.marker import MarkerCfa, marker_cfa
from trustmeasure.validity.common_method.method_factor import MethodFactor, latent_method_factor
from trustmeasure.validity.common_method.partialling import (
    PartialCorrelations,
    marker_correlation,
    social_desirability,
)
from trustmeasure.validity.common_method.plans import refuse_reserved
from trustmeasure.validity.common_method.single_factor import HarmanTest, harman

STATISTICS_ONLY = (
    "Statistics after the fact cannot remove common method bias. What counts most is how the answers were "
    "collected: other sources or times for outcomes, anonymity, clear items, mixed scale formats "
    "(Podsakoff et al. 2003)."
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MethodBias:
    """What several ways of looking for common method bias found.

    Attributes
    ----------
    harman : HarmanTest or None
        Single-factor test.
    vif : pandas.DataFrame
        Full-collinearity variance inflation factors; empty when they could not be computed.
    method_factor : MethodFactor or None
        Unmeasured latent method factor.
    marker : MarkerCfa or None
        Confirmatory marker technique.
    marker_correlations : PartialCorrelations or None
        Correlational marker technique.
    social_desirability : PartialCorrelations or None
        Correlations without social desirability.
    overview : pandas.DataFrame
        One row a finding: technique, quantity, value, said (what it is about).
    remedies : tuple of str
        What was done about method bias when the answers were collected, as told.
    notes : tuple of str
        What could not be computed, and why.
    """

    harman: HarmanTest | None
    vif: pd.DataFrame
    method_factor: MethodFactor | None
    marker: MarkerCfa | None
    marker_correlations: PartialCorrelations | None
    social_desirability: PartialCorrelations | None
    overview: pd.DataFrame
    remedies: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the overview."""
        return self.overview.copy()

    def summary(self) -> Summary:
        """Return the overview, the collinearity of each construct, and what was done beforehand."""
        parts: list[Table | str] = [Table("Findings", self.overview)]
        if len(self.vif):
            largest = describe("full_collinearity_vif", float(self.vif["vif"].max()))
            parts.append(Table("Full collinearity", self.vif, largest.sentences))
        done = "; ".join(self.remedies) or "none was told"
        return Summary(
            "Common method bias",
            [*parts, f"Remedies in the design: {done}.", STATISTICS_ONLY, *self.notes],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def method_bias(
    data: Any,
    constructs: Any = None,
    *,
    marker: str | None = None,
    desirability: str | None = None,
    remedies: tuple[str, ...] | list[str] = (),
    **options: Any,
) -> MethodBias:
    """Look for common method bias in every way that the data allow.

    Harman's single factor, full collinearity and an unmeasured latent method factor need nothing but the
    answers; a marker construct or a scale of social desirability, which must have been asked, adds the marker
    techniques or partial correlations. What cannot be computed is a note. The marker and the scale of
    desirability are left out of the other analyses.

    Parameters
    ----------
    data : Responses, frame, or mapping of name to frame of items
        Answers, one row a person.
    constructs : mapping of name to columns, or list of names, optional
        What belongs together, for a frame; of responses or a mapping the constructs to keep.
    marker : str, optional
        The construct that has nothing to do with the others in theory.
    desirability : str, optional
        The construct that measures social desirability.
    remedies : sequence of str
        What was done about method bias when the answers were collected, for the record.
    **options
        Given on to `fit_sem`: `estimator`, `missing`, `cluster`, `weights`, ...

    Returns
    -------
    MethodBias
        Each part as its own record, `.overview`, `.summary()`.

    Raises
    ------
    ArgumentError
        For an option that is not offered.

    See Also
    --------
    harman, full_collinearity_vif, latent_method_factor, marker_cfa, marker_correlation, social_desirability

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> items = np.repeat(rng.normal(size=(300, 3)), 3, axis=1) + rng.normal(size=(300, 9))
    >>> frame = pd.DataFrame(items, columns=[f"{f}{i}" for f in "abc" for i in (1, 2, 3)])
    >>> found = method_bias(frame, {f: [f"{f}{i}" for i in (1, 2, 3)] for f in "abc"}, remedies=["anonymous"])
    >>> found.harman.share < 0.5, bool(found.vif["vif"].max() < 1.2)
    (True, True)
    """
    refuse_reserved(options)
    notes: list[str] = []

    def tried(name: str, function: Any, *args: Any, **how: Any) -> Any:
        try:
            return function(*args, **how)
        except TrustMeasureError as problem:
            notes.append(f"{name}: {problem}")
            return None

    own = _without(data, constructs, (marker, desirability), notes)
    found_vif = tried("Full collinearity", full_collinearity_vif, *own)
    missing = {} if "missing" not in options else {"model_missing": options["missing"]}
    rest = {name: value for name, value in options.items() if name != "missing"}
    single = tried("Harman's single factor", harman, *own, **missing, **rest)
    factor = tried("Latent method factor", latent_method_factor, *_as_model(*own), **options)
    whole = _without(data, constructs, (desirability,), notes)
    marked = tried("Marker technique", marker_cfa, *whole, marker=marker, **options) if marker else None
    partial = tried("Marker correlation", marker_correlation, *whole, marker=marker) if marker else None
    wished = _without(data, constructs, (marker,), notes)
    desired = (
        tried("Social desirability", social_desirability, *wished, scale=desirability)
        if desirability
        else None
    )
    vif = pd.DataFrame() if found_vif is None else found_vif
    overview = _overview(single, vif, factor, marked, partial, desired)
    told = tuple(str(remedy) for remedy in remedies)
    return MethodBias(
        single, vif, factor, marked, partial, desired, overview, told, tuple(dict.fromkeys(notes))
    )


def _as_model(data: Any, constructs: Any) -> tuple[Any, Any]:
    return (data, None) if constructs is None else (constructs, data)


def _without(data: Any, constructs: Any, names: tuple[str | None, ...], notes: list[str]) -> tuple[Any, Any]:
    """Return data and constructs without some constructs; unchanged where none of them is there."""
    from trustmeasure.validity.blocks import blocks_of

    gone = {name for name in names if name is not None}
    if not gone:
        return data, constructs
    if isinstance(constructs, dict):
        return data, {name: items for name, items in constructs.items() if name not in gone}
    try:
        known = blocks_of(data, constructs).names
    except TrustMeasureError as problem:
        notes.append(str(problem))
        return data, constructs
    return data, [name for name in known if name not in gone]


def _overview(
    single: HarmanTest | None,
    vif: pd.DataFrame,
    factor: MethodFactor | None,
    marked: MarkerCfa | None,
    partial: PartialCorrelations | None,
    desired: PartialCorrelations | None,
) -> pd.DataFrame:
    rows: list[tuple[str, str, float, str]] = []
    if single is not None:
        rows.append(
            ("Harman", "share", single.share, "variance that one unrotated factor takes; weak evidence")
        )
    if len(vif):
        rows.append(
            (
                "full collinearity",
                "largest vif",
                float(vif["vif"].max()),
                "how well the others predict a construct",
            )
        )
    if factor is not None:
        rows.append(
            ("latent method factor", "share", factor.method_share, "indicators' variance that it takes")
        )
        moved = float(factor.loadings["change"].abs().max())
        rows.append(("latent method factor", "largest change", moved, "of a standardised loading"))
    if marked is not None:
        test = marked.tests.iloc[0]
        rows.append(
            ("marker (CFA)", "p value", float(test["p_value"]), "of method loadings on all indicators")
        )
        rows.append(
            ("marker (CFA)", "share", marked.method_share, "indicators' variance that the marker takes")
        )
    for name, one in (("marker (correlations)", partial), ("social desirability", desired)):
        if one is not None:
            share = float(one.table["changed"].mean())
            rows.append((name, "share of pairs", share, "whose sign or significance changes"))
    return pd.DataFrame(rows, columns=["technique", "quantity", "value", "said"])
