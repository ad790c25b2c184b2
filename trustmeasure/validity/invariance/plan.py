"""What a sequence of invariance models is made of: steps by name, relations left free, data, estimator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.invariance_fits import StepFits
from trustmeasure.sem.invariance_models import InvarianceModel, refuse_set, step_models
from trustmeasure.sem.invariance_steps import KINDS, Rules, kinds_of_steps, partial_names
from trustmeasure.sem.options import Options
from trustmeasure.sem.parameters import DELTA, THETA, ParameterTable
from trustmeasure.sem.specify import parse_model
from trustmeasure.sem.split import Sample, Split
from trustmeasure.validity.invariance.waves import Waves

Steps = Sequence[str | Sequence[str]]
Partial = Mapping[str, Iterable[str]] | Iterable[str]

KIND_OF: Mapping[str, str] = {
    "metric": "loadings",
    "weak": "loadings",
    "scalar": "intercepts",
    "strong": "intercepts",
    "strict": "residuals",
}
"""The usual names of steps, and the kind of parameter that each makes equal."""
CONTINUOUS = ("configural", "metric", "scalar", "strict")
ORDINAL = ("configural", "thresholds", "metric", "scalar", "strict")
USUAL = {"loadings": "metric", "intercepts": "scalar", "residuals": "strict"}
"""The names by which criteria know steps."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a sequence of models can be made again from.

    Attributes
    ----------
    base : ParameterTable
        The model in all groups before anything is equal.
    kinds : mapping of str to tuple of str
        What is equal at each step, by its name.
    free : mapping of str to frozenset of str
        The relations that are left free at each step.
    split : Split
        The data, group by group.
    sample : Sample
        What the models are fitted to.
    options : Options
        The estimator.
    missing : str
        How missing answers are treated.
    ci : float
        Level of the intervals.
    group : str
        Name of the grouping column; empty for waves.
    categories : mapping of str to tuple of float
        The categories of ordinal variables; empty for continuous ones.
    waves : Waves or None
        Where the items of each wave stand; None for groups of different people.
    notes : tuple of str
        What a reader should know of the data.
    """

    base: ParameterTable
    kinds: Mapping[str, tuple[str, ...]]
    free: Mapping[str, frozenset[str]]
    split: Split = field(repr=False)
    sample: Sample = field(repr=False)
    options: Options
    missing: str
    ci: float
    group: str
    categories: Mapping[str, tuple[float, ...]] = field(default_factory=dict, repr=False)
    waves: Waves | None = None
    notes: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The groups or waves."""
        return self.sample.labels if self.waves is None else self.waves.labels

    def models(self) -> tuple[InvarianceModel, ...]:
        """Return the model of each step."""
        rules = {step: Rules(self.base, frozenset(k), self.free[step]) for step, k in self.kinds.items()}
        found = step_models(rules, self.kinds)
        if self.waves is None:
            return found
        return tuple(replace(model, model=self.waves.table(model.model)) for model in found)

    def fits(self) -> StepFits:
        """Fit every step."""
        return StepFits.of(self.models(), self.sample, self.options, self.ci)

    def added(self, step: str) -> tuple[str, ...]:
        """Return the kinds that a step makes equal and the one before does not."""
        names = list(self.kinds)
        at = names.index(step)
        before = self.kinds[names[at - 1]] if at else ()
        return tuple(kind for kind in self.kinds[step] if kind not in before)

    def releasing(self, relations: Iterable[str], step: str | None = None) -> Plan:
        """Return the plan with further relations left free, in every step or from one on."""
        new = partial_names(relations, self.base)
        names = list(self.kinds)
        start = 0 if step is None else names.index(one_of("step", step, names))
        later = set(names[start:])
        free = {name: kept | (new if name in later else frozenset()) for name, kept in self.free.items()}
        return replace(self, free=free)


def base_of(model: str, n_groups: int, ordered: Mapping[str, int], parameterization: str) -> ParameterTable:
    """Return the model in all groups before anything is equal; refuse what the steps set themselves."""
    if not isinstance(model, str):
        raise ArgumentError(
            f"model is a {type(model).__name__}: give the text of a measurement model; each step makes its "
            "own parameters."
        )
    base = parse_model(
        model,
        n_groups=n_groups,
        std_lv=True,
        meanstructure=True,
        ordered=ordered,
        parameterization=parameterization if ordered else DELTA,
    )
    if not base.latent:
        raise ArgumentError("The model has no latent variable. Say what is measured, such as 'f =~ x1 + x2'.")
    refuse_set(base)
    return base


def named_kinds(steps: Steps | None, base: ParameterTable) -> dict[str, tuple[str, ...]]:
    """Return what is equal at each step, by the names that the user gives them.

    Raises
    ------
    ArgumentError
        For steps that are not known, or cannot be in this order.
    """
    usual = _usual(base) if steps is None else steps
    if isinstance(usual, str):
        raise ArgumentError(f"steps={usual!r} is one text. Give a list, such as ['configural', '{usual}'].")
    words = [(step,) if isinstance(step, str) else tuple(step) for step in usual]
    if not words:
        raise ArgumentError("steps is empty. Name at least one, such as 'configural'.")
    for word in (word for step in words for word in step):
        one_of("steps", word, ["configural", *KIND_OF, *KINDS])
    kinds = kinds_of_steps([tuple(KIND_OF.get(w, w) for w in step) for step in words], base)
    return dict(zip(("+".join(step) for step in words), kinds.values(), strict=True))


def _usual(base: ParameterTable) -> tuple[str, ...]:
    if not base.ordered:
        return CONTINUOUS
    return ORDINAL if base.parameterization == THETA else ORDINAL[:-1]


def left_free(partial: Partial, base: ParameterTable, steps: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the relations that are left free at each step: from the step on at which they are named.

    Raises
    ------
    ArgumentError
        For a relation or a step that the sequence does not have.
    """
    if isinstance(partial, str):
        partial = [partial]
    if not isinstance(partial, Mapping):
        everywhere = partial_names(partial, base)
        return dict.fromkeys(steps, everywhere)
    for step in partial:
        if step not in steps:
            raise ArgumentError(f"partial: '{step}' is no step. {suggestion(str(step), list(steps))}")
    found: dict[str, frozenset[str]] = {}
    free: frozenset[str] = frozenset()
    for step in steps:
        given = partial.get(step, ())
        free |= partial_names([given] if isinstance(given, str) else given, base)
        found[step] = free
    return found
