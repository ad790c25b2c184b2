"""The analyses of measurement quality, each a function of the survey and the options, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from trustmeasure.errors import DataError
from trustmeasure.factors import bartlett_sphericity, efa, kmo, number_of_factors
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.item_response import graded_response
from trustmeasure.reliability_analysis import reliability
from trustmeasure.screening import item_statistics, screen
from trustmeasure.sem import fit_sem
from trustmeasure.validation.findings import Finding, finding
from trustmeasure.validation.survey import Survey
from trustmeasure.validity import convergent_validity, discriminant_validity
from trustmeasure.validity.common_method import method_bias
from trustmeasure.validity.invariance import invariance

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult

STEPS = ("configural", "metric", "scalar")


@dataclass(frozen=True, slots=True)
class Options:
    """How the analyses are made.

    Attributes
    ----------
    model : str
        Text of the measurement model; empty for one factor a scale.
    ordered : bool or None
        Whether the answers are ordinal; None: when any item has fewer than five answers.
    groups : tuple of str
        Columns whose groups are compared.
    ci : float
        Level of the intervals.
    n_bootstrap : int
        Draws of the intervals of HTMT.
    seed : int
        What random numbers are made from.
    """

    model: str = ""
    ordered: bool | None = None
    groups: tuple[str, ...] = ()
    ci: float = 0.95
    n_bootstrap: int = 1000
    seed: int = 1


@dataclass(frozen=True, eq=False, repr=False)
class Work:
    """A survey, the options, and what was found so far."""

    survey: Survey
    options: Options
    found: Mapping[str, Finding] = field(default_factory=FrozenMap)

    @property
    def ordered(self) -> bool:
        """Whether the answers are taken as ordinal."""
        return bool(self.survey.ordinal) if self.options.ordered is None else self.options.ordered

    @property
    def model(self) -> str:
        """The text of the measurement model."""
        return self.options.model or self.survey.measurement_model()

    @property
    def fit_options(self) -> dict[str, Any]:
        """How models are fitted: robust ML from every answer, or WLSMV of ordinal answers."""
        if self.ordered:
            return {"ordered": True, "missing": "pairwise", "ci": self.options.ci}
        gaps = bool(self.survey.answers.isna().any(axis=None))
        return {"estimator": "MLR", "missing": "fiml" if gaps else "listwise", "ci": self.options.ci}

    @property
    def correlation(self) -> str:
        """The kind of correlations that go with the answers."""
        return "polychoric" if self.ordered else "pearson"

    def value(self, name: str) -> Any:
        """Return what an analysis found; DataError with its reason when it found nothing."""
        earlier = self.found.get(name)
        if earlier is None or earlier.value is None:
            reason = f": {earlier.failure}" if earlier is not None else ""
            raise DataError(f"It rests on an analysis that could not be made ({name}){reason}")
        return earlier.value


def screening(work: Work) -> Any:
    """Look for missing and careless answers."""
    return screen(_source(work.survey), seed=work.options.seed)


def items(work: Work) -> Any:
    """Return the statistics of every item."""
    return item_statistics(_source(work.survey))


def reliabilities(work: Work) -> pd.DataFrame:
    """Return the reliability of every scale."""
    return reliability(_source(work.survey), work.options.ci, ordered=work.ordered)


def adequacy(work: Work) -> Any:
    """Test whether the items have enough in common."""
    answers = work.survey.answers
    return kmo(answers, correlation=work.correlation), bartlett_sphericity(
        answers, correlation=work.correlation
    )


def factor_numbers(work: Work) -> Any:
    """Return how many factors the answers suggest."""
    return number_of_factors(work.survey.answers, correlation=work.correlation, seed=work.options.seed)


def exploratory(work: Work) -> Any:
    """Return the exploratory solution with as many factors as there are scales."""
    wanted = [item for own in work.survey.reflective.values() for item in own]
    return efa(
        work.survey.answers[wanted],
        len(work.survey.reflective),
        correlation=work.correlation,
        seed=work.options.seed,
    )


def confirmatory(work: Work) -> SemResult:
    """Fit the measurement model: every item on its own scale."""
    if not work.model:
        raise DataError("No scale has two items or more, so there is no measurement model.")
    return fit_sem(work.model, _frame(work.survey), **work.fit_options)


def convergent(work: Work) -> Any:
    """Return loadings, composite reliability and shares of variance of the measurement model."""
    return convergent_validity(work.value("confirmatory"), ci=work.options.ci)


def discriminant(work: Work) -> Any:
    """Return how far the constructs differ, by intervals; tests of each pair refit the model many times."""
    return discriminant_validity(
        work.value("confirmatory"),
        work.survey.answers,
        ci=work.options.ci,
        n_bootstrap=work.options.n_bootstrap,
        seed=work.options.seed,
        progress=False,
        cutoffs=(),
        merge=False,
    )


def method(work: Work) -> Any:
    """Look for one method behind all answers."""
    return method_bias(work.survey.frames, **work.fit_options)


def item_response(work: Work) -> dict[str, Finding]:
    """Fit the graded response model of every scale."""
    return {
        name: finding(name, partial(graded_response, frame))
        for name, frame in work.survey.frames.items()
        if frame.shape[1] > 2
    }


def invariances(work: Work) -> dict[str, Finding]:
    """Compare the groups of each grouping."""
    return {name: finding(name, partial(_invariance, work, name)) for name in work.options.groups}


def _invariance(work: Work, column: str) -> Any:
    options = {"ordered": True} if work.ordered else {"estimator": "MLR"}
    missing = {} if work.ordered else {"missing": work.fit_options["missing"]}
    return invariance(work.model, _frame(work.survey), group=column, **options, **missing)


ANALYSES: Mapping[str, Callable[[Work], Any]] = {
    "screening": screening,
    "items": items,
    "reliability": reliabilities,
    "adequacy": adequacy,
    "factor_numbers": factor_numbers,
    "exploratory": exploratory,
    "confirmatory": confirmatory,
    "convergent": convergent,
    "discriminant": discriminant,
    "method": method,
    "item_response": item_response,
    "invariance": invariances,
}


def analysed(
    survey: Survey, options: Options, names: tuple[str, ...] = tuple(ANALYSES)
) -> dict[str, Finding]:
    """Return what each of the named analyses found, in order; a later one may use an earlier one."""
    found: dict[str, Finding] = {}
    for name in names:
        found[name] = finding(name, partial(ANALYSES[name], Work(survey, options, found)))
    return found


def _source(survey: Survey) -> Any:
    return survey.responses if survey.responses is not None else _all_frames(survey)


def _all_frames(survey: Survey) -> dict[str, pd.DataFrame]:
    return {name: survey.answers[list(own)] for name, own in survey.scales.items()}


def _frame(survey: Survey) -> pd.DataFrame:
    return pd.concat([survey.answers, survey.columns], axis=1) if len(survey.columns) else survey.answers
