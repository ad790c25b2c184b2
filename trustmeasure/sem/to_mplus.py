"""A model as an input file for Mplus, with everything written out."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.exports import (
    Export,
    Source,
    latent_measures,
    number,
    renames,
    unset_covariances,
    used_names,
    written,
)
from trustmeasure.sem.parameters import DELTA, Parameter, ParameterTable
from trustmeasure.sem.result import SemResult

LONGEST_LINE = 90
LONGEST_NAME = 8
ESTIMATORS = ("ML", "MLR", "MLM", "MLMV", "GLS", "ULS", "WLS")
ORDERED_ESTIMATORS = ("WLS", "WLSM", "WLSMV", "ULSMV")
RESERVED = (
    *(
        "all",
        "and",
        "at",
        "by",
        "do",
        "else",
        "eq",
        "ge",
        "gt",
        "if",
        "le",
        "lt",
        "mod",
        "model",
        "ne",
        "new",
    ),
    *("not", "on", "or", "pon", "pwith", "test", "then", "with", "xwith", "missing", "constant", "_missing"),
    *("abs", "cos", "exp", "log", "log10", "sin", "sqrt", "tan", "phi", "ind", "via"),
)
FUNCTIONS = {
    "exp": "EXP",
    "log": "LOG",
    "sqrt": "SQRT",
    "sin": "SIN",
    "cos": "COS",
    "tan": "TAN",
    "abs": "ABS",
}
MISSING_CODE = -999


def to_mplus(
    model: str | ParameterTable | SemResult, *, file: str = "data.dat", group: str = "group"
) -> Export:
    """Write a model as an input file for Mplus.

    Parameters
    ----------
    model : str, ParameterTable or SemResult
        A model text, a parsed model (for `std_lv`, groups and other options), or a fit.
    file : str
        Name of the data file, for the DATA command.
    group : str
        Name of the grouping column, for a model in groups.

    Returns
    -------
    Export
        `text` holds the whole input; `call` is a line of Python that writes the data file from a frame
        `data`. Variables and labels have at most eight characters, unique whatever their case (`names`,
        `labels`), lines at most 90. Every parameter that Mplus would add by default is written out, also
        those that are zero.

    Raises
    ------
    ArgumentError
        For an estimator, a function of a `:=` line or an intercept that Mplus does not have.

    Notes
    -----
    Groups are parted by one section each, because Mplus otherwise holds loadings and intercepts equal and
    frees latent means. A `:=` line becomes NEW() of MODEL CONSTRAINT. The rules are those of the Mplus User's
    Guide (Muthén & Muthén, 8th edition); Mplus itself was not at hand to run the inputs.

    Examples
    --------
    >>> print(to_mplus("trust =~ x1 + x2 + satisfaction").text)
    DATA:
      FILE = "data.dat";
      LISTWISE = ON;
    VARIABLE:
      NAMES = x1 x2 satisfac;
    ANALYSIS:
      ESTIMATOR = ML;
      INFORMATION = EXPECTED;
      MODEL = NOMEANSTRUCTURE;
    MODEL:
      trust BY x1@1;
      trust BY x2*;
      trust BY satisfac*;
      x1;
      x2;
      satisfac;
      trust;
    """
    source = Source.of(model)
    table = source.table
    one_of("Mplus estimator", source.estimator, ORDERED_ESTIMATORS if table.ordered else ESTIMATORS)
    _refuse_ordered(table)
    rule = {"allowed": "A-Za-z0-9_", "reserved": RESERVED, "most": LONGEST_NAME, "fold": True}
    columns = [*table.observed, *([group] if table.n_groups > 1 else [])]
    names = renames([*columns, *table.latent], prefix="v", **rule)  # type: ignore[arg-type]  # keywords by name
    writer = _Writer.of(table, names)
    blocks = [
        *_head(source, names, columns, file, group),
        *writer.models(source.groups),
        *writer.constraints(),
    ]
    text = "\n".join(line for block in blocks for line in block)
    labels = {ours: writer.labels[ours] for ours in used_names(table)}
    return Export(text, _data_line(source, names, columns, file), names, labels, _notes(names))


def _refuse_ordered(table: ParameterTable) -> None:
    """Raise for an ordered variable with an intercept, and for one that only predicts."""
    explained = {p.rhs if p.op == "=~" else p.lhs for p in table.parameters if p.op in {"=~", "~", "<~"}}
    for row in table.parameters:
        if row.op == "~" and row.rhs in table.ordered and row.rhs not in explained:
            raise ArgumentError(
                f"Mplus takes the codes of an ordered predictor ('{row.rhs}') as numbers. Make it the only "
                "indicator of a latent variable, or leave out its variance and thresholds."
            )
    for row in table.parameters:
        if row.op == "~1" and row.lhs in table.ordered and (row.free or row.value):
            raise ArgumentError(
                f"Mplus has no intercept of an ordered variable ('{row.lhs} ~ 1'). Move it to its thresholds."
            )


def _written_rows(table: ParameterTable, group: int) -> list[Parameter]:
    """Return what Mplus is told of a group: no intercepts of ordered variables, nor computed scales."""
    alone = table.n_groups == 1
    computed = "~~" if table.parameterization == DELTA else "~*~"
    rows = [r for r in latent_measures(table.only(group)) if not r.exogenous]

    def is_silent(row: Parameter) -> bool:
        own = row.lhs == row.rhs and row.op in {"~~", "~*~"}
        unit = not row.free and row.value == 1.0
        return row.op == "~1" or (own and (row.op == computed or (alone and unit)))

    return [row for row in rows if not (row.lhs in table.ordered and is_silent(row))]


def _notes(names: Mapping[str, str]) -> tuple[str, ...]:
    changes = [f"{theirs} = {ours}" for ours, theirs in names.items() if ours != theirs]
    return (f"Renamed for Mplus: {', '.join(changes)}.",) if changes else ()


def _data_line(source: Source, names: Mapping[str, str], columns: Sequence[str], file: str) -> str:
    """Return Python that writes the file: numbers only, groups by their number."""
    codes = {label: i + 1 for i, label in enumerate(source.groups)}
    own = repr(columns[-1])
    coded = f".assign(**{{{own}: data[{own}].map(str).map({codes})}})" if source.table.n_groups > 1 else ""
    complete = source.missing == "listwise"
    missing = "" if complete else f", na_rep={str(MISSING_CODE)!r}"
    drop = ".dropna()" if complete else ""
    return f"data[{list(columns)}]{drop}{coded}.to_csv({file!r}, sep=' ', header=False, index=False{missing})"


def _head(
    source: Source, names: Mapping[str, str], columns: Sequence[str], file: str, group: str
) -> list[list[str]]:
    table, incomplete = source.table, source.missing != "listwise"
    data = ["DATA:", f'  FILE = "{file}";', *([] if incomplete else ["  LISTWISE = ON;"])]
    variables = ["VARIABLE:", *_wrapped(f"NAMES = {' '.join(names[c] for c in columns)};")]
    if table.ordered:
        variables += _wrapped(f"CATEGORICAL = {' '.join(names[name] for name in table.ordered)};")
    if incomplete:
        variables.append(f"  MISSING = ALL ({MISSING_CODE});")
    if table.n_groups > 1:
        codes = " ".join(f"{i + 1} = {name}" for i, name in enumerate(_group_names(source.groups)))
        variables += _wrapped(f"GROUPING = {names[group]} ({codes});")
    analysis = ["ANALYSIS:", f"  ESTIMATOR = {source.estimator};"]
    if table.ordered:
        analysis.append(f"  PARAMETERIZATION = {table.parameterization.upper()};")
    if source.estimator == "ML" and not incomplete:
        analysis.append("  INFORMATION = EXPECTED;")
    if not table.meanstructure:
        analysis.append("  MODEL = NOMEANSTRUCTURE;")
    return [data, variables, analysis]


def _group_names(labels: Sequence[str]) -> list[str]:
    found = renames(labels, allowed="A-Za-z0-9_", prefix="g", reserved=RESERVED, most=LONGEST_NAME, fold=True)
    return list(found.values())


def _wrapped(statement: str) -> list[str]:
    """Return a statement as lines that are not too long."""
    return textwrap.wrap(
        statement,
        LONGEST_LINE,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """The MODEL sections of a table: names of variables, labels of parameters by our label and by number."""

    table: ParameterTable
    names: Mapping[str, str]
    labels: Mapping[str, str]
    by_number: Mapping[int, str]

    @classmethod
    def of(cls, table: ParameterTable, names: Mapping[str, str]) -> _Writer:
        given = {p.free: p.label for p in table.parameters if p.free and p.label}
        # In several groups every parameter has a label, as Mplus holds some equal that have none.
        bounded = {p.free for p in table.parameters if np.isfinite(p.lower) or np.isfinite(p.upper)}
        bare = [n for n in range(1, table.n_free + 1) if n not in given]
        auto = {n: f"p{n}" for n in bare if table.n_groups > 1 or n in bounded}
        labels = renames(
            [*used_names(table), *auto.values()],
            allowed="A-Za-z0-9_",
            prefix="p",
            reserved=(*RESERVED, *names.values()),
            most=LONGEST_NAME,
            fold=True,
        )
        return cls(table, names, labels, {n: labels[label] for n, label in (given | auto).items()})

    def models(self, groups: Sequence[str]) -> list[list[str]]:
        """Return the MODEL section, and one for each group when there are several."""
        overall = self._section("MODEL:", 1, labelled=self.table.n_groups == 1)
        if self.table.n_groups == 1:
            return [overall]
        each = [
            self._section(f"MODEL {name}:", i + 1, labelled=True)
            for i, name in enumerate(_group_names(groups))
        ]
        return [overall, *each]

    def _section(self, title: str, group: int, *, labelled: bool) -> list[str]:
        rows = _written_rows(self.table, group)
        lines = [f"  {self._statement(row, labelled=labelled)};" for row in rows]
        zero = [f"  {self.names[a]} WITH {self.names[b]}@0;" for a, b in unset_covariances(self.table)]
        return [title, *lines, *zero]

    def _statement(self, row: Parameter, *, labelled: bool) -> str:
        ours, other = self.names[row.lhs], self.names.get(row.rhs, "")
        value = f"@{number(row.value)}" if not row.free else _start(row)
        label = f" ({self.by_number[row.free]})" if labelled and row.free in self.by_number else ""
        if row.op == "~1":
            return f"[{ours}{value}]{label}"
        if row.op == "|":
            return f"[{ours}${row.rhs[1:]}{value}]{label}"
        if row.op == "~*~":
            return f"{{{ours}{value}}}{label}"
        if row.op == "~~" and row.lhs == row.rhs:
            return f"{ours}{value}{label}"
        verb = {"=~": "BY", "<~": "ON", "~": "ON", "~~": "WITH"}[row.op]
        return f"{ours} {verb} {other}{value}{label}"

    def constraints(self) -> list[list[str]]:
        """Return the MODEL CONSTRAINT section, if there is anything for it."""
        known = dict(self.labels)
        # Mplus does not look up the label of a fixed parameter.
        fixed = {p.label: number(p.value) for p in self.table.parameters if p.label and not p.free}
        known |= fixed
        how = {"power": "**", "functions": FUNCTIONS, "program": "Mplus"}
        lines: list[str] = []
        new = [self.labels[d.name] for d in self.table.definitions]
        lines += _wrapped(f"NEW({' '.join(new)});") if new else []
        for definition in self.table.definitions:
            text = written(definition.expression, known, **how)  # type: ignore[arg-type]  # keywords by name
            lines += _wrapped(f"{self.labels[definition.name]} = {text};")
        for constraint in self.table.constraints:
            if not set(constraint.expression.names()) - fixed.keys():
                continue
            text = written(constraint.expression, known, **how)  # type: ignore[arg-type]  # keywords by name
            lines += _wrapped(f"0 = {text};" if constraint.kind == "==" else f"{text} > 0;")
        lines += self._bounds()
        return [["MODEL CONSTRAINT:", *lines]] if lines else []

    def _bounds(self) -> list[str]:
        found: dict[str, None] = {}
        for row in (r for r in self.table.parameters if r.free):
            for bound, sign in ((row.lower, ">"), (row.upper, "<")):
                if np.isfinite(bound):
                    found[f"  {self.by_number[row.free]} {sign} {number(bound)};"] = None
        return list(found)


def _start(row: Parameter) -> str:
    """Return the mark of a free parameter with its start; loadings carry it always, or the first is fixed."""
    if not np.isnan(row.start):
        return f"*{number(row.start)}"
    return "*" if row.op == "=~" else ""
