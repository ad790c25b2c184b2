"""Models of the same data beside each other: difference tests, changes of fit, weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.comparable import is_nested, refuse_incomparable
from trustmeasure.sem.indices import rmsea
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]

CHANGING = ("cfi", "rmsea", "srmr", "aic", "bic")
COLUMNS = (
    *("model", "against", "npar", "chisq", "df"),
    *("chisq_difference", "df_difference", "p_value", "rmsea_difference"),
    *("cfi", "cfi_change", "rmsea", "rmsea_change", "srmr", "srmr_change"),
    *("aic", "aic_change", "aic_weight", "bic", "bic_change", "bic_weight"),
)
_SHOWN = ("model", "against", "chisq", "df", "chisq_difference", "df_difference", "p_value")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Models of the same data, the least restricted first.

    Attributes
    ----------
    frame : DataFrame
        One row a model. `against` names the model that the row is a restriction of, to which its difference
        test and its changes refer (empty where there is none): model against npar chisq df chisq_difference
        df_difference p_value rmsea_difference cfi cfi_change rmsea rmsea_change srmr srmr_change aic
        aic_change aic_weight bic bic_change bic_weight.
    notes : tuple of str
        Which models are not nested, so that no test is given.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the comparison in tables for reading."""
        fit = ["model", *COLUMNS[COLUMNS.index("cfi") :]]
        labels = {"chisq_difference": "Δ chi-square", "df_difference": "Δ df", "p_value": "p"}
        labels |= {f"{name}_change": f"Δ {name}" for name in CHANGING}
        tests = self.frame[list(_SHOWN)].copy()
        tests["df_difference"] = [int(x) if np.isfinite(x) else "" for x in self.frame["df_difference"]]
        return Summary(
            "Comparison of models",
            [
                Table("Difference tests", tests, labels=labels),
                Table("Fit and its changes", self.frame[fit], labels=labels),
                *self.notes,
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def compare(*results: SemResult, names: Sequence[str] | None = None) -> Comparison:
    r"""Compare models that were fitted to the same data.

    Parameters
    ----------
    *results : SemResult
        Two or more fits by maximum likelihood.
    names : sequence of str, optional
        A name for each, in the order given; "model 1", "model 2", ... otherwise.

    Returns
    -------
    Comparison
        Chi-square difference tests of nested models, changes of CFI, RMSEA, SRMR, AIC and BIC, and the
        weights that AIC and BIC give each model.

    Raises
    ------
    ArgumentError
        For fewer than two fits, other estimators, different data, or models of which only some have means.

    Notes
    -----
    Each model is tested against the nearest one with fewer degrees of freedom that it is nested in. That is
    not taken on trust: the larger model is fitted to the moments that the smaller one implies, and must
    reproduce them (Bentler & Satorra 2010, Psychological Methods 15(2), 111-123). Weights are
    ``exp(-d_i / 2) / sum exp(-d_j / 2)`` with d the distance to the smallest AIC or BIC (Wagenmakers &
    Farrell 2004, Psychonomic Bulletin & Review 11(1), 192-196). Checked against: `lavTestLRT` of lavaan
    0.6-14, `tests/reference/sem_inspect`.

    Examples
    --------
    >>> import pandas as pd
    >>> from trustmeasure.sem import fit_sem
    >>> cov = pd.DataFrame([[2.0, 1.0, 0.8], [1.0, 2.0, 0.9], [0.8, 0.9, 2.0]], columns=["a", "b", "c"])
    >>> free = fit_sem("f =~ a + b + c", sample_cov=cov, n_obs=200)
    >>> equal = fit_sem("f =~ a + 1*b + 1*c", sample_cov=cov, n_obs=200)
    >>> compare(free, equal, names=["free", "equal"]).frame["df_difference"].tolist()
    [nan, 2.0]
    """
    named = _named(results, names)
    refuse_incomparable(named)
    order = sorted(named, key=lambda name: named[name].df)
    parents = {name: _parent(name, order[:i], named) for i, name in enumerate(order)}
    frame = pd.DataFrame([_row(name, parents[name], named) for name in order])
    for name in ("aic", "bic"):
        frame[f"{name}_weight"] = _weights(frame[name].to_numpy(dtype=float))
    return Comparison(frame[list(COLUMNS)], tuple(_notes(order, parents)))


def _named(results: Sequence[SemResult], names: Sequence[str] | None) -> dict[str, SemResult]:
    if len(results) < 2:
        raise ArgumentError(f"A comparison needs two or more fits; {len(results)} given.")
    for i, result in enumerate(results, start=1):
        if not isinstance(result, SemResult):
            raise ArgumentError(f"Model {i} is a {type(result).__name__}, not a fit of fit_sem.")
    chosen = [f"model {i}" for i in range(1, len(results) + 1)] if names is None else list(names)
    if len(chosen) != len(results) or len(set(chosen)) != len(chosen):
        raise ArgumentError(
            f"names must be {len(results)} different texts, one for each fit; given: {chosen}."
        )
    return dict(zip(chosen, results, strict=True))


def _parent(name: str, above: Sequence[str], named: dict[str, SemResult]) -> str:
    """Return the nearest model with fewer degrees of freedom that `name` is nested in, or an empty text."""
    own = named[name]
    larger = (x for x in reversed(above) if named[x].df < own.df)
    return next((x for x in larger if is_nested(own, named[x])), "")


def _row(name: str, parent: str, named: dict[str, SemResult]) -> dict[str, object]:
    own = named[name].fit_measures
    row: dict[str, object] = {"model": name, "against": parent}
    row |= {x: int(own[x]) for x in ("npar", "df")}
    row |= {x: float(own[x]) for x in ("chisq", *CHANGING)}
    other = named[parent].fit_measures if parent else pd.Series(np.nan, index=own.index)
    row |= {f"{x}_change": float(own[x] - other[x]) for x in CHANGING}
    chisq, df = float(own["chisq"] - other["chisq"]), float(own["df"] - other["df"])
    row |= {"chisq_difference": chisq, "df_difference": df}
    row["p_value"] = p_value(chisq, df) if parent else np.nan
    size = named[name].n_obs / len(named[name].groups)
    row["rmsea_difference"] = rmsea(chisq, int(df), size) if parent else np.nan
    return row


def _weights(criterion: Array) -> Array:
    relative = np.exp(-0.5 * (criterion - criterion.min()))
    return np.asarray(relative / relative.sum())


def _notes(order: Sequence[str], parents: dict[str, str]) -> list[str]:
    return [
        f"'{name}' is nested in none of the models above it ({', '.join(order[:i])}), so there is no "
        "difference test of it. AIC and BIC can be compared all the same."
        for i, name in enumerate(order)
        if i and not parents[name]
    ]
