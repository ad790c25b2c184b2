"""The models of ordinal invariance, step by step: tables, texts for lavaan, and what each step sets free."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from trustmeasure.check import at_least, one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.invariance_steps import (
    KINDS,
    Rules,
    frees_scales,
    kind_of,
    kinds_of_steps,
    partial_names,
    restricts,
)
from trustmeasure.sem.parameters import DELTA, PARAMETERIZATIONS, THETA, Parameter, ParameterTable
from trustmeasure.sem.result import degrees_of_freedom
from trustmeasure.sem.specify import parse_model
from trustmeasure.sem.to_lavaan import to_lavaan

Steps = Sequence[str | Sequence[str]]

STEPS = ("configural", "thresholds", "loadings", "intercepts", "residuals")
"""Steps unless others are asked for; without the last with the delta parameterisation."""
WORDS: Mapping[str, str] = {kind: kind.replace("lv_", "latent ").replace("_", " ") for kind in KINDS}


@dataclass(frozen=True, slots=True)
class InvarianceModel:
    """One step of ordinal invariance.

    Attributes
    ----------
    step : str
        Its name.
    equal : tuple of str
        What is equal in all groups.
    model : ParameterTable
        The model.
    against : str
        The nearest earlier step that it is a restriction of; empty for the first.
    coincides : bool
        Whether it restricts nothing that `against` does not: the same model in other words.
    set : tuple of str
        In words: what is equal, what that sets free, and what is left out.
    remark : str
        Why a step coincides with another, or is not compared with the one before; or empty.
    nested : tuple of str
        All earlier steps that it is a restriction of.
    """

    step: str
    equal: tuple[str, ...]
    model: ParameterTable = field(repr=False)
    against: str
    coincides: bool
    set: tuple[str, ...]
    remark: str = ""
    nested: tuple[str, ...] = ()

    @property
    def df(self) -> int:
        """Degrees of freedom."""
        return degrees_of_freedom(self.model)

    @property
    def text(self) -> str:
        """The model for lavaan, everything written out."""
        return to_lavaan(self.model).text

    @property
    def call(self) -> str:
        """How lavaan is told to fit `text`; the grouping column is called `group` there."""
        return to_lavaan(self.model).call

    def __str__(self) -> str:
        remark = [self.remark] if self.remark else []
        return "\n".join([f"{self.step} (df {self.df})", *(f"  {line}" for line in (*self.set, *remark))])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}\n\n{html.escape(self.text)}</pre>"


def ordinal_invariance_models(
    model: str,
    *,
    ordered: Mapping[str, int],
    n_groups: int = 2,
    steps: Steps | None = None,
    parameterization: str = THETA,
    partial: Iterable[str] = (),
) -> tuple[InvarianceModel, ...]:
    """Return the models of ordinal invariance, each identified by what is equal in it.

    Parameters
    ----------
    model : str
        A measurement model: `=~`, and `~~` for covariances. What identifies it is set here.
    ordered : mapping of str to int
        The number of thresholds (categories less one) of each ordered variable; the others are continuous.
    n_groups : int
        Number of groups.
    steps : sequence, optional
        "configural", "thresholds", "loadings", "intercepts", "residuals", "residual_covariances",
        "latent_loadings", "lv_variances", "lv_covariances", "means": each makes one more kind of parameter
        equal. Several in one step stand in parentheses: ("thresholds", "loadings"). Unless given, the first
        five; with delta the first four.
    parameterization : {"theta", "delta"}
        Whether residual variances or scales of ordered variables are parameters. Residual variances can be
        equal with theta only; all other steps fit the same, but for equal loadings of binary variables.
    partial : iterable of str
        Relations that are left free in every step, such as "f =~ x2", "x2 | t1", "x2 ~ 1" or "x2 ~~ x2".

    Returns
    -------
    tuple of InvarianceModel

    Raises
    ------
    ModelSyntaxError, ArgumentError
        For a text that is no measurement model, and steps that cannot be in this order.

    Notes
    -----
    Wu & Estabrook (2016, Psychometrika 81(4), 1014-1045): each step frees what its equalities identify, see
    `trustmeasure.sem.invariance_steps`. Checked against: `measEq.syntax` of semTools 0.5-6, fitted by lavaan
    0.6-14, `tests/reference/ordinal_invariance`.

    Examples
    --------
    >>> models = ordinal_invariance_models("f =~ x1 + x2 + y", ordered={"x1": 3, "x2": 1})
    >>> print(models[1])
    thresholds (df 1)
      equal in all groups: thresholds
      free in all groups but the first: intercepts of all ordered variables; residual variances of x1
    >>> print(models[1].text.splitlines()[1])
    x1 | c("x1_t1.all", "x1_t1.all")*t1 + c("x1_t2.all", "x1_t2.all")*t2 + c("x1_t3.all", "x1_t3.all")*t3
    """
    base = base_table(model, ordered, n_groups, parameterization)
    usual = STEPS[:-1] if parameterization == DELTA else STEPS
    kinds = kinds_of_steps(usual if steps is None else steps, base)
    left = partial_names(partial, base)
    return step_models({step: Rules(base, frozenset(equal), left) for step, equal in kinds.items()}, kinds)


def step_models(
    rules: Mapping[str, Rules], kinds: Mapping[str, Sequence[str]]
) -> tuple[InvarianceModel, ...]:
    """Return the model of each step, given its rules and what is equal at it, both by the step's name."""
    tables = {step: rule.table() for step, rule in rules.items()}
    names = list(kinds)
    return tuple(
        _model(step, tuple(kinds[step]), rules, tables, names[: names.index(step)]) for step in names
    )


def base_table(
    model: str, ordered: Mapping[str, int], n_groups: int, parameterization: str
) -> ParameterTable:
    """Return the model in all groups before anything is equal; refuse what the steps set themselves."""
    one_of("parameterization", parameterization, list(PARAMETERIZATIONS))
    at_least("n_groups", n_groups, 2)
    if not isinstance(model, str):
        raise ArgumentError(
            f"model is a {type(model).__name__}: give the text of a measurement model; each step makes its "
            "own parameters."
        )
    base = parse_model(
        model, ordered=ordered, n_groups=n_groups, std_lv=True, parameterization=parameterization
    )
    if not base.ordered:
        raise ArgumentError(
            "The model has no ordered variable. For continuous ones use trustmeasure.invariance."
        )
    refuse_set(base)
    return base


def refuse_set(base: ParameterTable) -> None:
    """Refuse what the steps set themselves, and what belongs to no measurement model."""
    if base.constraints:
        raise ArgumentError(f"'{base.constraints[0].text}': leave constraints out, the steps set them.")
    for row in base.parameters:
        _refuse_set(row, base)


def _refuse_set(row: Parameter, base: ParameterTable) -> None:
    if row.op in {"~", "<~"}:
        raise ArgumentError(
            f"'{row.lhs} {row.op} {row.rhs}': invariance is that of a measurement model. Keep `=~` "
            "and `~~` only."
        )
    own = row.op == "~~" and row.lhs == row.rhs
    if row.user and (own or row.op in {"|", "~*~", "~1"}):
        raise ArgumentError(
            f"'{row.lhs} {row.op.rstrip('1')} {row.rhs or 1}': thresholds, intercepts, means, variances and "
            "scales are set by the steps. Leave it out; `partial` leaves relations free."
        )
    if row.user and row.label and row.op == "=~":
        raise ArgumentError(
            f"'{row.label}*{row.rhs}': a label would make the loading equal before its step. Leave it out."
        )


def _model(
    step: str,
    equal: tuple[str, ...],
    rules: Mapping[str, Rules],
    tables: Mapping[str, ParameterTable],
    before: Sequence[str],
) -> InvarianceModel:
    own = rules[step]
    nested = [name for name in before if restricts(own, rules[name])]
    against = nested[-1] if nested else ""
    coincides = bool(against) and degrees_of_freedom(tables[against]) == degrees_of_freedom(tables[step])
    remark = _coinciding(step, against, own) if coincides else ""
    if before and against != before[-1]:
        remark = f"{remark} {_not_nested(step, before[-1], against, rules)}".strip()
    if "loadings" in equal and not (before and "loadings" in rules[before[-1]].kinds):
        remark = f"{remark} {_conventional(own)}".strip()
    words = _words(own, equal, own.partial)
    return InvarianceModel(step, equal, tables[step], against, coincides, words, remark, tuple(nested))


def _words(rules: Rules, equal: Sequence[str], left: frozenset[str]) -> tuple[str, ...]:
    lines = [f"equal in all groups: {', '.join(WORDS[kind] for kind in equal) or 'nothing'}"]
    base = rules.base
    scale = "scales" if base.parameterization == DELTA else "residual variances"
    found = {
        "intercepts": [name for name in base.ordered if rules.intercept_is_free(name)],
        scale: [name for name in base.ordered if rules.scale_is_free(name)],
        "latent variances": [name for name in base.latent if rules.variance_is_free(name)],
        "latent means": [name for name in base.latent if rules.mean_is_free(name)],
    }
    freed = [f"{what} of {_listed(names, base)}" for what, names in found.items() if names]
    lines += [f"free in all groups but the first: {'; '.join(freed)}"] if freed else []
    kinds = {row.name: kind_of(row, base) for row in base.parameters}
    out = [name for name in kinds if name in left and kinds[name] in equal]
    lines += [f"left free all the same: {', '.join(out)}"] if out else []
    return tuple(lines)


def _listed(names: Sequence[str], base: ParameterTable) -> str:
    """Return names, or in a word all ordered variables."""
    return "all ordered variables" if tuple(names) == base.ordered else ", ".join(names)


def _coinciding(step: str, against: str, rules: Rules) -> str:
    """Return why a step restricts nothing."""
    counts = dict(zip(rules.base.ordered, rules.base.n_thresholds, strict=True))
    start = f"Coincides with '{against}': it fits the same, with nothing to be tested."
    if "thresholds" not in rules.kinds or "loadings" in rules.kinds:
        return start
    reasons = [
        f"{what} ({', '.join(names)}) {why}"
        for what, names, why in (
            (
                "the one threshold of binary variables",
                [n for n, c in counts.items() if c == 1],
                "gives but the intercept",
            ),
            (
                "the two of variables with three categories",
                [n for n, c in counts.items() if c == 2],
                "give but the intercept and the scale",
            ),
        )
        if names
    ]
    return f"{start} Equal thresholds are no restriction here: {'; '.join(reasons)}." if reasons else start


def _not_nested(step: str, before: str, against: str, rules: Mapping[str, Rules]) -> str:
    names = ", ".join(frees_scales(rules[before], rules[step]))
    if not names:
        freed = ", ".join(sorted(rules[before].equalities - rules[step].equalities))
        return f"Not nested in '{before}', which holds {freed} equal. {_compared(against)}"
    delta = rules[step].base.parameterization == DELTA
    scales = "scales" if delta else "residual variances"
    return (
        f"Not nested in '{before}', which compares the loadings of {names} while their {scales} are held at "
        f"1 by convention; here these are free. {_compared(against)}"
    )


def _compared(against: str) -> str:
    return f"It is compared with '{against}'." if against else "It is compared with no earlier step."


def _conventional(rules: Rules) -> str:
    """Return in which units the loadings of variables with one equal threshold are compared."""
    names = rules.conventional()
    if not names:
        return ""
    delta = rules.base.parameterization == DELTA
    units = ("residuals", "responses")
    own, other = units[::-1] if delta else units
    return (
        f"Loadings of {', '.join(names)}, whose scales equal thresholds do not give, are compared in units "
        f"of their {own}; parameterization='{THETA if delta else DELTA}' takes those of {other}, which is "
        "another hypothesis."
    )


def models_frame(models: Iterable[InvarianceModel]) -> pd.DataFrame:
    """Return step df against coincides set remark, one row a step."""
    rows = [(m.step, m.df, m.against, m.coincides, "; ".join(m.set), m.remark) for m in models]
    return pd.DataFrame(rows, columns=["step", "df", "against", "coincides", "set", "remark"])
