"""Traits measured by several methods: Campbell and Fiske's correlations, and the CT-C(M-1) model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, ConvergenceError, DataError, IdentificationError
from trustmeasure.sem import SemResult
from trustmeasure.sem.ram import Ram
from trustmeasure.sem.uncertainty import Uncertainty
from trustmeasure.validity.blocks import Blocks, blocks_of
from trustmeasure.validity.correlation_tests import correlation
from trustmeasure.validity.measured import Measured, Numbers, factors_of, measured

KINDS = {
    (True, False): "monotrait-heteromethod",
    (False, True): "heterotrait-monomethod",
    (False, False): "heterotrait-heteromethod",
}
"""By whether trait and method are the same."""
LABELS = {
    "ci_lower": "lower",
    "ci_upper": "upper",
    "consistency_ci_lower": "lower",
    "consistency_ci_upper": "upper",
    "specificity_ci_lower": "lower",
    "specificity_ci_upper": "upper",
}
READING = (
    "Consistency: share of an indicator's variance that the trait accounts for, as the reference method "
    "measures it; specificity: share of its method; reliability: both together."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MultitraitMultimethod:
    """Traits measured by several methods.

    Attributes
    ----------
    correlations : pandas.DataFrame
        One row a pair of units (a trait by a method): trait_1, method_1, trait_2, method_2, kind
        ("monotrait-heteromethod", "heterotrait-monomethod", "heterotrait-heteromethod"), n, r, ci_lower,
        ci_upper, note. A unit of several columns is their mean.
    indicators : pandas.DataFrame
        One row an indicator of the model: trait, method, indicator, consistency and specificity with limits,
        reliability.
    factors : pandas.DataFrame
        One row a pair of traits, or of methods: kind ("traits", "methods"), factor_1, factor_2, correlation,
        ci_lower, ci_upper.
    reference : str
        The method that the others are held against.
    result : SemResult or None
        The fit; None where the model has no solution.
    ci : float
        Level of the intervals.
    notes : tuple of str
        What a reader must know.
    """

    correlations: pd.DataFrame
    indicators: pd.DataFrame
    factors: pd.DataFrame
    reference: str
    result: SemResult | None
    ci: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the correlations of units."""
        return self.correlations.copy()

    def kinds(self) -> pd.DataFrame:
        """Return mean, least and greatest correlation of each kind."""
        found = self.correlations.groupby("kind", sort=False)["r"].agg(["count", "mean", "min", "max"])
        return found.rename(columns={"count": "pairs"}).reset_index()

    def summary(self) -> Summary:
        """Return all tables with notes, to be shown as text or HTML."""
        said = f"{100 * self.ci:g} % intervals. Reference method: {self.reference}."
        parts: list[Table | str] = [
            Table("Correlations by kind", self.kinds()),
            Table("Correlations", self.correlations.drop(columns="note"), (said,), labels=LABELS),
        ]
        if len(self.indicators):
            parts.append(Table("Indicators", self.indicators, (READING,), labels=LABELS))
            parts.append(Table("Factors", self.factors, labels=LABELS))
        return Summary("Traits by methods", [*parts, *self.notes])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def multitrait_multimethod(
    data: Any,
    units: Mapping[tuple[str, str], str | Sequence[str]],
    *,
    reference: str | None = None,
    ci: float = 0.95,
    **options: Any,
) -> MultitraitMultimethod:
    r"""Hold traits that were measured by several methods against each other.

    Parameters
    ----------
    data : frame or Responses
        One row a person.
    units : mapping
        (trait, method) -> column, or columns, that measure the trait by the method, such as
        `{("trust", "survey"): ["t1", "t2"], ("trust", "interview"): ["i1", "i2"], ...}`.
    reference : str, optional
        Method that the others are held against; the first one otherwise. Choose the one that is best known.
    ci : float
        Level of the intervals.
    **options
        Given on to `fit_sem`, such as `missing="fiml"`.

    Returns
    -------
    MultitraitMultimethod
        `.correlations` with their kinds, `.indicators`, `.factors`, `.kinds()`, `.summary()`. Where the model
        is not identified or does not converge, the correlations stand alone and a note says why.

    Raises
    ------
    ArgumentError, DataError
        If there are fewer than two traits or methods, or a column does not exist or is no number.

    Notes
    -----
    Campbell & Fiske (1959, Psychological Bulletin 56(2), 81-105): correlations of one trait by different
    methods should be high, and higher than those of different traits. The model is that of correlated traits
    and one method factor less than methods (CT-C(M-1); Eid 2000, Psychometrika 65(2), 241-261): each trait is
    what the reference method measures, a method factor is what another method adds, and is uncorrelated with
    the traits. Its numbers depend on the choice of the reference.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> text = "a =~ .8*a1 + .8*a2 + .7*a3 + .7*a4\nb =~ .8*b1 + .7*b2 + .7*b3 + .8*b4\na ~~ .4*b"
    >>> text += "\nm =~ .4*a3 + .4*a4 + .4*b3 + .5*b4\nm ~~ 0*a + 0*b"
    >>> ways = {"ask": (1, 2), "see": (3, 4)}
    >>> units = {(t, way): [f"{t}{i}" for i in at] for t in "ab" for way, at in ways.items()}
    >>> found = tm.multitrait_multimethod(tm.simulate(text, 500, seed=1), units)
    >>> found.kinds()["kind"].tolist()
    ['monotrait-heteromethod', 'heterotrait-monomethod', 'heterotrait-heteromethod']
    """
    in_range("ci", ci, 0.0, 1.0)
    named = _checked(units)
    methods = list(dict.fromkeys(method for _, method in named))
    chosen = methods[0] if reference is None else one_of("reference", str(reference), methods)
    blocks = blocks_of(data, {f"{trait} by {method}": own for (trait, method), own in named.items()})
    pairs = _correlations(blocks, list(named), ci)
    notes = list(dict.fromkeys(note for note in pairs["note"] if note))
    try:
        model = _Model.of(blocks, list(named), chosen)
        found = measured(model.text, model.frame, std_lv=True, **options)
    except (ConvergenceError, IdentificationError, DataError) as problem:
        notes.append(f"The model of traits and methods has no solution for these data: {problem}")
        none = pd.DataFrame()
        return MultitraitMultimethod(pairs, none, none, chosen, None, ci, tuple(notes))
    by = Uncertainty.of(found.result, None, ci)
    tables = model.indicators(found, by), model.factors(found, by)
    notes += found.told(found.result.warnings)
    return MultitraitMultimethod(pairs, *tables, chosen, found.result, ci, tuple(notes))


def _checked(units: Any) -> dict[tuple[str, str], list[str]]:
    if not isinstance(units, Mapping) or not all(isinstance(k, tuple) and len(k) == 2 for k in units):
        raise ArgumentError(
            "units must map (trait, method) to columns, such as {('trust', 'survey'): ['t1', 't2']}."
        )
    found = {
        (str(t), str(m)): [own] if isinstance(own, str) else [str(x) for x in own]
        for (t, m), own in units.items()
    }
    counts = [len({unit[side] for unit in found}) for side in (0, 1)]
    if min(counts) < 2:
        raise ArgumentError(
            f"units has {counts[0]} traits and {counts[1]} methods; two or more of each are needed."
        )
    empty = [unit for unit, own in found.items() if not own]
    if empty:
        raise ArgumentError(f"units: {empty[0]} has no column. Leave it out, or name its columns.")
    return found


def _correlations(blocks: Blocks, units: Sequence[tuple[str, str]], ci: float) -> pd.DataFrame:
    means = [blocks.frame[list(block.items)].mean(axis=1).to_numpy(dtype=float) for block in blocks.blocks]
    rows = []
    for i, (trait_1, method_1) in enumerate(units):
        for j, (trait_2, method_2) in enumerate(units[:i]):
            found = correlation(means[i], means[j], ci)
            kind = KINDS[trait_1 == trait_2, method_1 == method_2]
            note = f"{blocks.names[j]} and {blocks.names[i]}: {found.note}" if found.note else ""
            names = {"trait_1": trait_2, "method_1": method_2, "trait_2": trait_1, "method_2": method_1}
            numbers = {"n": found.n, "r": found.r, "ci_lower": found.lower, "ci_upper": found.upper}
            rows.append({**names, "kind": kind, **numbers, "note": note})
    return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """The CT-C(M-1) model in names of its own.

    Attributes
    ----------
    text : str
        Model text.
    frame : pandas.DataFrame
        The answers, under the names of the model.
    rows : tuple of (trait, method, column)
        What each indicator item_1, item_2, ... is.
    named : mapping of str to str
        Factor of the model -> trait or method.
    """

    text: str
    frame: pd.DataFrame
    rows: tuple[tuple[str, str, str], ...]
    named: Mapping[str, str]

    @classmethod
    def of(cls, blocks: Blocks, units: Sequence[tuple[str, str]], reference: str) -> _Model:
        rows = tuple(
            (trait, method, item)
            for (trait, method), block in zip(units, blocks.blocks, strict=True)
            for item in block.items
        )
        traits = {name: f"trait_{i + 1}" for i, name in enumerate(dict.fromkeys(t for t, _, _ in rows))}
        others = dict.fromkeys(m for _, m, _ in rows if m != reference)
        methods = {name: f"method_{i + 1}" for i, name in enumerate(others)}
        lines = [
            *(f"{own} =~ {_sum(rows, 0, name)}" for name, own in traits.items()),
            *(f"{own} =~ {_sum(rows, 1, name)}" for name, own in methods.items()),
            *(f"{trait} ~~ 0*{method}" for trait in traits.values() for method in methods.values()),
        ]
        columns = [f"item_{i + 1}" for i in range(len(rows))]
        frame = blocks.frame[[item for _, _, item in rows]].set_axis(columns, axis=1)
        named = {own: name for names in (traits, methods) for name, own in names.items()}
        return cls("\n".join(lines), frame, rows, named)

    def indicators(self, found: Measured, by: Uncertainty) -> pd.DataFrame:
        """Return consistency, specificity and reliability of each indicator."""
        own = Measured(found.result, factors_of(found.result.model))

        def squares(rams: Sequence[Ram], theta: Numbers) -> Numbers:
            return np.asarray(own.loadings(rams, theta) ** 2)

        value = np.real(squares([g.ram for g in found.result.groups], found.result.theta[None]))[0]
        spread = by.of_function(squares, value)
        at = {(factor.name.split("_")[0], item): i for i, (_, factor, item) in enumerate(own.loading_rows)}
        rows = []
        for number, (trait, method, column) in enumerate(self.rows, start=1):
            row: dict[str, Any] = {"trait": trait, "method": method, "indicator": column}
            for kind, what in (("trait", "consistency"), ("method", "specificity")):
                i = at.get((kind, f"item_{number}"))
                row[what] = 0.0 if i is None else float(value[i])
                row[f"{what}_ci_lower"] = np.nan if i is None else float(spread.lower[i])
                row[f"{what}_ci_upper"] = np.nan if i is None else float(spread.upper[i])
            rows.append(row | {"reliability": row["consistency"] + row["specificity"]})
        return pd.DataFrame(rows)

    def factors(self, found: Measured, by: Uncertainty) -> pd.DataFrame:
        """Return correlations of traits, and of methods."""
        rams = [group.ram for group in found.result.groups]
        value = np.real(found.correlations(rams, found.result.theta[None]))[0]
        spread = by.of_function(found.correlations, value)
        columns = ["kind", "factor_1", "factor_2", "correlation", "ci_lower", "ci_upper"]
        rows = self._pairs(found, value, spread.lower, spread.upper)
        return pd.DataFrame(rows, columns=columns)

    def _pairs(self, found: Measured, *numbers: Any) -> Iterator[tuple[Any, ...]]:
        for i, (_, first, second) in enumerate(found.pair_rows):
            kind = first.name.split("_")[0]
            if second.name.startswith(kind):
                yield (
                    f"{kind}s",
                    self.named[first.name],
                    self.named[second.name],
                    *(float(x[i]) for x in numbers),
                )


def _sum(rows: Sequence[tuple[str, str, str]], side: int, name: str) -> str:
    return " + ".join(f"item_{i}" for i, row in enumerate(rows, start=1) if row[side] == name)
