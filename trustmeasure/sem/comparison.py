"""Models of the same data beside each other: difference tests, changes of fit, weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.boundary import boundary_note, has_inequalities, inequality_note
from trustmeasure.sem.comparable import is_nested, refuse_incomparable, reproducing
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.scaled_difference import (
    METHODS,
    RESTRICTIONS,
    DifferenceTest,
    Pair,
    default_method,
    described,
    difference_test,
    rmsea_of_difference,
)

Array = npt.NDArray[np.float64]

CHANGING = ("cfi", "rmsea", "srmr", "aic", "bic")
ROBUST = ("cfi_robust", "rmsea_robust")
TESTED = (
    *("method", "chisq_difference", "df_difference", "p_value", "scaling_factor", "shift"),
    *("rmsea_difference", "rmsea_difference_ci_lower", "rmsea_difference_ci_upper"),
)
_WORDS = {
    "chisq_difference": "Δ chi-square",
    "df_difference": "Δ df",
    "p_value": "p",
    "scaling_factor": "scaling factor",
    "rmsea_difference": "RMSEA of Δ",
    "rmsea_difference_ci_lower": "90 % from",
    "rmsea_difference_ci_upper": "to",
}
_SHOWN = ("model", "against", "chisq", "df", "chisq_difference", "df_difference", "p_value")
_NAMED = {"cfi_robust": "CFI (robust)", "rmsea_robust": "RMSEA (robust)"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Models of the same data, the least restricted first.

    Attributes
    ----------
    frame : DataFrame
        One row a model. `against` names the model that the row is a restriction of, to which its difference
        test and its changes refer (empty where there is none): model against npar chisq df method
        chisq_difference df_difference p_value scaling_factor shift rmsea_difference
        rmsea_difference_ci_lower rmsea_difference_ci_upper, and each of cfi, rmsea, srmr, aic, bic with its
        `_change`; aic_weight and bic_weight; cfi_robust and rmsea_robust with their changes where the models
        have them.
    notes : tuple of str
        How the differences were tested, which models are equivalent or not nested, and which test does not
        exist.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the comparison in tables for reading."""
        return Summary("Comparison of models", [*self._tests(), *self._changes(), *self.notes])

    def _tests(self) -> list[Table]:
        scaled = self.frame["scaling_factor"].notna().any()
        columns = [*_SHOWN, *(["scaling_factor"] if scaled else []), *_RMSEA]
        tests = self.frame[columns].copy()
        tests["df_difference"] = pd.Series([_whole(x) for x in self.frame["df_difference"]], dtype=object)
        return [Table("Difference tests", tests, labels=_WORDS)]

    def _changes(self) -> list[Table]:
        robust = [x for name in ROBUST if name in self.frame for x in (name, f"{name}_change")]
        plain = [x for x in _FIT if not self.frame[x].isna().all()]
        labels = {f"{name}_change": f"Δ {name}" for name in CHANGING}
        for name, words in _NAMED.items():
            labels |= {name: words, f"{name}_change": f"Δ {words}"}
        tables = [Table("Fit and its changes", self.frame[["model", *plain]], labels=labels)]
        if robust:
            title = "Robust fit and its changes"
            tables.append(Table(title, self.frame[["model", *robust]], labels=labels))
        return tables

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


_FIT = (
    *("cfi", "cfi_change", "rmsea", "rmsea_change", "srmr", "srmr_change"),
    *("aic", "aic_change", "aic_weight", "bic", "bic_change", "bic_weight"),
)
_RMSEA = tuple(name for name in TESTED if name.startswith("rmsea"))
COLUMNS = ("model", "against", "npar", "chisq", "df", *TESTED, *_FIT)


def _whole(df: float) -> object:
    """Return degrees of freedom for reading: whole where they are."""
    if not np.isfinite(df):
        return ""
    return int(df) if df == round(df) else float(df)


def compare(
    *results: SemResult,
    names: Sequence[str] | None = None,
    method: str | None = None,
    restrictions: str = "delta",
    scaled_shifted: bool = True,
) -> Comparison:
    r"""Compare models that were fitted to the same data.

    Parameters
    ----------
    *results : SemResult
        Two or more fits by the same estimator.
    names : sequence of str, optional
        A name for each, in the order given; "model 1", "model 2", ... otherwise.
    method : {"standard", "satorra-bentler-2001", "satorra-bentler-2010", "satorra-2000"}, optional
        How differences of chi-squares are tested. By default what goes with the estimator: "standard" without
        robust tests, "satorra-bentler-2001" for MLM and MLR, "satorra-2000" for tests adjusted in mean and
        variance.
    restrictions : {"delta", "exact"}
        For "satorra-2000", where the restrictions are read from: the derivatives of the moments, or the
        parameters (which the models then have in common).
    scaled_shifted : bool
        For "satorra-2000": a scaled and shifted statistic; False: scaled only, or with fractional degrees of
        freedom for estimators whose own test has them.

    Returns
    -------
    Comparison
        Chi-square difference tests of nested models with RMSEA of the difference and its 90 % interval,
        changes of CFI, RMSEA, SRMR, AIC and BIC, and the weights that AIC and BIC give each model.

    Raises
    ------
    ArgumentError
        For fewer than two fits, different estimators or data, models of which only some have means, or a
        method that does not go with the estimator.

    Notes
    -----
    Each model is tested against the nearest one with fewer degrees of freedom that it is nested in. That is
    not taken on trust: the larger model is fitted to the moments that the smaller one implies, and must
    reproduce them (Bentler & Satorra 2010, Psychological Methods 15(2), 111-123). A scaling factor that is
    not positive gives no test; the notes say what to use. RMSEA of the difference is that of Browne & Du Toit
    (1992, Multivariate Behavioral Research 27(2), 269-300), with the scaling factor of the difference as in
    robust RMSEA. Weights are ``exp(-d_i / 2) / sum exp(-d_j / 2)`` with d the distance to the smallest AIC or
    BIC (Wagenmakers & Farrell 2004, Psychonomic Bulletin & Review 11(1), 192-196). Checked against:
    `lavTestLRT` of lavaan 0.6-14, `tests/reference/sem_inspect` and `tests/reference/sem_compare`.

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
    asked = None if method is None else one_of("method", method.replace(".", "-"), METHODS)
    one_of("restrictions", restrictions, RESTRICTIONS)
    refuse_incomparable(named)
    order = sorted(named, key=lambda name: named[name].df)
    pairs = {name: _pair(name, order[:i], named) for i, name in enumerate(order)}
    tests = {
        name: difference_test(pair, asked, restrictions=restrictions, shifted=scaled_shifted)
        for name, pair in pairs.items()
        if pair is not None
    }
    frame = pd.DataFrame([_row(named[name], name, pairs[name], tests.get(name)) for name in order])
    for name in ("aic", "bic"):
        frame[f"{name}_weight"] = _weights(frame[name].to_numpy(dtype=float))
    how = asked or default_method(results[0])
    notes = [described(how, list(tests.values()))] if tests else []
    notes += [test.note for test in tests.values()] + _notes(order, pairs, named)
    notes += [boundary_note(p.restricted, p.larger, p.at, p.names) for p in pairs.values() if p is not None]
    robust = [f"{name}{end}" for name in ROBUST if name in frame for end in ("", "_change")]
    return Comparison(frame[[*COLUMNS, *robust]], tuple(note for note in notes if note))


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


def _pair(name: str, above: Sequence[str], named: dict[str, SemResult]) -> Pair | None:
    """Return a model with the nearest one of fewer degrees of freedom that it is nested in, or None."""
    own = named[name]
    for other in reversed(above):
        at = reproducing(own, named[other]) if named[other].df < own.df else None
        if at is not None:
            return Pair(own, named[other], at, (name, other))
    return None


def _row(result: SemResult, name: str, pair: Pair | None, test: DifferenceTest | None) -> dict[str, object]:
    own = result.fit_measures
    other = pd.Series(np.nan, index=own.index) if pair is None else pair.larger.fit_measures
    row: dict[str, object] = {"model": name, "against": "" if pair is None else pair.names[1]}
    row |= {x: int(own[x]) for x in ("npar", "df")}
    row |= {"chisq": float(own["chisq"])}
    for x in (*CHANGING, *(x for x in ROBUST if x in own)):
        row |= {x: float(own.get(x, np.nan)), f"{x}_change": float(own.get(x, np.nan) - other.get(x, np.nan))}
    return row | _tested(pair, test)


def _tested(pair: Pair | None, test: DifferenceTest | None) -> dict[str, object]:
    if pair is None or test is None:
        return {"method": "", **dict.fromkeys(TESTED[1:], np.nan)}
    values = (
        test.chisq,
        test.df,
        test.p_value,
        test.scaling_factor,
        test.shift,
        *rmsea_of_difference(pair, test),
    )
    return dict(zip(TESTED, (test.method, *values), strict=True))


def _weights(criterion: Array) -> Array:
    relative = np.exp(-0.5 * (criterion - criterion.min()))
    return np.asarray(relative / relative.sum())


def _notes(order: Sequence[str], pairs: dict[str, Pair | None], named: dict[str, SemResult]) -> list[str]:
    return [_why_alone(name, order[:i], named) for i, name in enumerate(order) if i and pairs[name] is None]


def _why_alone(name: str, above: Sequence[str], named: dict[str, SemResult]) -> str:
    """Return why a model has no difference test."""
    own = named[name]
    for other in (x for x in above if named[x].df == own.df):
        limited = has_inequalities(own) or has_inequalities(named[other])
        if limited and (is_nested(own, named[other]) or is_nested(named[other], own)):
            return inequality_note(name, other)
        if not limited and _equivalent(own, named[other]):
            return (
                f"'{name}' and '{other}' are equivalent: each reproduces the other with as many degrees of "
                "freedom, so the data cannot tell them apart."
            )
    return (
        f"'{name}' is nested in none of the models above it ({', '.join(above)}), so there is no difference "
        "test of it. AIC and BIC can be compared all the same."
    )


def _equivalent(a: SemResult, b: SemResult) -> bool:
    return is_nested(a, b) and is_nested(b, a)
