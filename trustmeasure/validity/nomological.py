"""The nomological net: signs and strengths that theory expects beside those that were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from trustmeasure.check import in_range, one_of, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.multiple_tests import corrected
from trustmeasure.sem import ParameterTable, SemResult
from trustmeasure.sem.uncertainty import Uncertainty
from trustmeasure.validity.correlation_tests import Correlation, correlation
from trustmeasure.validity.measured import Measured, measured
from trustmeasure.validity.scores import scores_of

SIGNS = ("+", "-", "0")
COLUMNS = (
    *("construct_1", "construct_2", "expected", "expected_lower", "expected_upper", "n", "r", "ci_lower"),
    *("ci_upper", "found", "p_value", "p_holm", "as_expected", "inside", "note"),
)
LABELS = {
    "construct_1": "construct",
    "construct_2": "and",
    "expected_lower": "from",
    "expected_upper": "to",
    "ci_lower": "lower",
    "ci_upper": "upper",
    "p_value": "p",
    "p_holm": "p (Holm)",
    "as_expected": "sign as expected",
    "inside": "interval inside",
}
TESTS = (
    "p: one-sided for an expected sign; two-sided where none is expected, and a large p is no evidence that "
    "there is none: give a range instead, and see whether the interval lies inside."
)


@dataclass(frozen=True, slots=True)
class _Expectation:
    sign: str
    lower: float = np.nan
    upper: float = np.nan


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class NomologicalTable:
    """Expected beside found correlations.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row an expectation: construct_1, construct_2, expected ("+", "-", "0"), expected_lower and
        expected_upper (a range, where one was given), n, r, ci_lower, ci_upper, found (sign, "0" where the
        interval holds 0), p_value, p_holm (over all rows), as_expected (whether r has the expected sign),
        inside (whether the interval lies in the range; None without one), note.
    source : {"scores", "factors"}
        Whether scores were correlated, or factors of a model.
    ci : float
        Level of the intervals.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame
    source: str
    ci: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the table with notes, to be shown as text or HTML."""
        ranged = self.frame["expected_lower"].notna().any()
        drop = ["note", *([] if ranged else ["expected_lower", "expected_upper", "inside"])]
        own = [str(note) for note in dict.fromkeys(self.frame["note"]) if note]
        said = f"Correlations of {self.source}, {100 * self.ci:g} % intervals."
        table = Table(
            "Expected and found",
            self.frame.drop(columns=drop),
            (said, TESTS, *own, *self.notes),
            labels=LABELS,
        )
        return Summary("Nomological net", [table])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def nomological_table(
    data: Any,
    expected: Mapping[tuple[str, str], Any],
    *,
    constructs: Any = None,
    model: Any = None,
    ranks: bool = False,
    ci: float = 0.95,
    **options: Any,
) -> NomologicalTable:
    r"""Hold correlations of constructs and other variables against what theory expects.

    Parameters
    ----------
    data : SemResult, Responses, mapping of frames, or frame
        A fit, whose factors are correlated; or answers, whose scores are; or a frame with scores and other
        variables.
    expected : mapping
        A pair of names -> "+", "-" or "0" (no correlation), or a range (lower, upper) of the correlation; its
        sign is that of the range, "0" when it holds 0.
    constructs : sequence of str or mapping, optional
        As for `criterion_validity`; for a frame all names in `expected` are taken for columns.
    model : str or ParameterTable, optional
        A model to be fitted to `data`, whose factors are correlated.
    ranks : bool
        Spearman's correlations of scores.
    ci : float
        Level of the intervals.
    **options
        Given on to `fit_sem` with `model`.

    Returns
    -------
    NomologicalTable
        `.frame`, `.summary()`.

    Raises
    ------
    ArgumentError, DataError
        If a name is unknown, or an expectation is none of these.

    Notes
    -----
    Correlations of scores are tested by t with limits of Fisher's z; those of factors by the delta method.
    Probabilities are corrected for the number of expectations by Holm (1979). The idea of the net is that of
    Cronbach & Meehl (1955, Psychological Bulletin 52(4), 281-302).

    Examples
    --------
    >>> import trustmeasure as tm
    >>> people = tm.simulate("loyalty ~ .5*trust\ncomplaints ~ -.4*trust", 200, seed=1)
    >>> expected = {("trust", "loyalty"): "+", ("trust", "complaints"): "-"}
    >>> tm.nomological_table(people, expected).frame["as_expected"].tolist()
    [True, True]
    """
    in_range("ci", ci, 0.0, 1.0)
    wanted = _expectations(expected)
    if isinstance(data, SemResult) or model is not None:
        return _of_factors(data, wanted, model, ci, options)
    if options:
        raise ArgumentError(f"{', '.join(sorted(options))} are options of fit_sem; they go with model.")
    if constructs is None and not hasattr(data, "instruments") and not _is_mapping_of_frames(data):
        constructs = list(dict.fromkeys(name for pair in wanted for name in pair))
    scores = scores_of(data, constructs)
    found = {}
    for first, second in wanted:
        x, y = (scores.numbers(name, "variable").to_numpy(dtype=float) for name in (first, second))
        found[first, second] = correlation(x, y, ci, ranks=ranks)
    return NomologicalTable(_table(wanted, found, _one_sided_t), "scores", ci, scores.notes)


def _is_mapping_of_frames(data: Any) -> bool:
    return isinstance(data, Mapping) and any(isinstance(value, pd.DataFrame) for value in data.values())


def _expectations(expected: Any) -> dict[tuple[str, str], _Expectation]:
    if not isinstance(expected, Mapping) or not expected:
        raise ArgumentError("expected must map pairs to signs, such as {('competence', 'loyalty'): '+'}.")
    found = {}
    for pair, said in expected.items():
        if not isinstance(pair, tuple) or len(pair) != 2 or pair[0] == pair[1]:
            raise ArgumentError(f"expected: {pair!r} is no pair of two names, such as ('trust', 'loyalty').")
        found[str(pair[0]), str(pair[1])] = _expectation(pair, said)
    return found


def _expectation(pair: tuple[Any, Any], said: Any) -> _Expectation:
    if isinstance(said, str):
        return _Expectation(one_of(f"expected[{pair}]", said.replace("−", "-"), SIGNS))
    try:
        lower, upper = (float(x) for x in said)
    except (TypeError, ValueError):
        raise ArgumentError(
            f"expected[{pair}] is {said!r}; give '+', '-', '0' or a range (lower, upper)."
        ) from None
    if not -1 <= lower < upper <= 1:
        raise ArgumentError(
            f"expected[{pair}] is {said!r}; a range lies between -1 and 1, the lower end first."
        )
    return _Expectation("+" if lower >= 0 else "-" if upper <= 0 else "0", lower, upper)


def _of_factors(
    data: Any, wanted: Mapping[tuple[str, str], _Expectation], model: Any, ci: float, options: dict[str, Any]
) -> NomologicalTable:
    given = (data,) if model is None else (model, data)
    if model is not None and not isinstance(model, str | ParameterTable):
        raise ArgumentError("model must be a model text or a parsed model; a fit goes in the place of data.")
    found = measured(*given, least=2, **options)
    if len(found.result.groups) > 1:
        raise ArgumentError("The fit has groups; give a fit of one group.")
    numbers, errors = _latent(found, ci)
    at = {
        frozenset((found.name(a.name), found.name(b.name))): i for i, (_, a, b) in enumerate(found.pair_rows)
    }
    names = [found.name(f.name) for f in found.factors]
    for name in (name for pair in wanted for name in pair):
        if name not in names:
            raise ArgumentError(f"'{name}' is no factor of the model. {suggestion(name, names)}")
    own = {pair: numbers[at[frozenset(pair)]] for pair in wanted}
    se = {pair: errors[at[frozenset(pair)]] for pair in wanted}

    def one_sided(pair: tuple[str, str], found: Correlation) -> float:
        return float(ndtr(-found.r / se[pair])) if se[pair] > 0 else float("nan")

    table = _table(wanted, own, one_sided)
    return NomologicalTable(table, "factors", ci, (*found.notes, *found.told(found.result.warnings)))


def _latent(found: Measured, ci: float) -> tuple[list[Correlation], list[float]]:
    """Return correlations of factors with limits, and their standard errors."""
    rams = [group.ram for group in found.result.groups]
    value = np.real(found.correlations(rams, found.result.theta[None]))[0]
    spread = Uncertainty.of(found.result, None, ci).of_function(found.correlations, value)
    n = found.result.n_obs
    with np.errstate(invalid="ignore", divide="ignore"):
        p = 2.0 * ndtr(-np.abs(value / spread.se))
    notes = ["" if np.isfinite(r) else "A factor has no positive variance." for r in value]
    rows = zip(value, spread.lower, spread.upper, p, notes, strict=True)
    numbers = [Correlation(n, float(r), float(a), float(b), float(q), note) for r, a, b, q, note in rows]
    return numbers, [float(x) for x in spread.se]


def _one_sided_t(pair: tuple[str, str], found: Correlation) -> float:
    """Return the probability of a correlation as large as this or larger."""
    return found.p_value / 2.0 if found.r >= 0 else 1.0 - found.p_value / 2.0


def _table(
    wanted: Mapping[tuple[str, str], _Expectation],
    found: Mapping[tuple[str, str], Correlation],
    upper_tail: Any,
) -> pd.DataFrame:
    rows = []
    for pair, said in wanted.items():
        own = found[pair]
        tail = upper_tail(pair, own)
        p = {"+": tail, "-": 1.0 - tail, "0": own.p_value}[said.sign]
        sign = _sign(own)
        rows.append(
            {
                **{"construct_1": pair[0], "construct_2": pair[1], "expected": said.sign},
                **{"expected_lower": said.lower, "expected_upper": said.upper},
                **{"n": own.n, "r": own.r, "ci_lower": own.lower, "ci_upper": own.upper, "found": sign},
                "p_value": p,
                "as_expected": _as_expected(said, own, sign),
                "inside": _inside(said, own),
                "note": f"{pair[0]} and {pair[1]}: {own.note}" if own.note else "",
            }
        )
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["p_holm"] = corrected(frame["p_value"].to_numpy(dtype=float))
    return frame


def _sign(own: Correlation) -> str:
    if np.isnan(own.r):
        return ""
    if own.lower <= 0 <= own.upper:
        return "0"
    return "+" if own.r > 0 else "-"


def _as_expected(said: _Expectation, own: Correlation, sign: str) -> bool | None:
    if np.isnan(own.r):
        return None
    if said.sign == "0":
        return sign == "0" if np.isnan(said.lower) else bool(said.lower <= own.r <= said.upper)
    return bool(own.r > 0) if said.sign == "+" else bool(own.r < 0)


def _inside(said: _Expectation, own: Correlation) -> bool | None:
    if np.isnan(said.lower) or np.isnan(own.lower):
        return None
    return bool(said.lower <= own.lower and own.upper <= said.upper)
