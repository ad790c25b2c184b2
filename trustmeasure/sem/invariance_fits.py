"""The steps of measurement invariance fitted one by one: what could be fitted, what could not, and why."""

from __future__ import annotations

import warnings as _warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trustmeasure.errors import ConvergenceError, DataError, IdentificationError, TrustMeasureWarning
from trustmeasure.sem.diagnosis import kinds_of_warnings
from trustmeasure.sem.fit import fit_sample
from trustmeasure.sem.invariance_models import InvarianceModel
from trustmeasure.sem.options import Options
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.scaled_difference import DifferenceTest, Pair, described, difference_test
from trustmeasure.sem.split import Sample


@dataclass(frozen=True, slots=True)
class StepFits:
    """What became of each step.

    Attributes
    ----------
    models : tuple of InvarianceModel
        The steps.
    fits : mapping of str to SemResult
        The fits, by step; those of steps that could not be fitted are missing.
    causes : mapping of str to str
        Why the others could not be fitted.
    against : mapping of str to str
        The nearest fitted step that a fitted step is a restriction of; empty where there is none.
    tests : mapping of str to DifferenceTest
        The difference tests; none where nothing is restricted.
    """

    models: tuple[InvarianceModel, ...]
    fits: Mapping[str, SemResult]
    causes: Mapping[str, str]
    against: Mapping[str, str]
    tests: Mapping[str, DifferenceTest]

    @classmethod
    def of(
        cls, models: Sequence[InvarianceModel], sample: Sample, options: Options, ci: float = 0.95
    ) -> StepFits:
        """Fit each step; a step without a solution does not stop the others.

        Raises
        ------
        IdentificationError, ConvergenceError, DataError
            That of the first step, which names it, if no step at all can be fitted.
        """
        fits, errors = _attempts(models, sample, options, ci)
        if not fits:
            raise next(iter(errors.values()))
        against = {m.step: _nearest(m, fits) for m in models if m.step in fits}
        tests = {
            m.step: _tested(m.step, against[m.step], fits)
            for m in models
            if m.step in fits and against[m.step] and not (m.coincides and against[m.step] == m.against)
        }
        found = {step: test for step, test in tests.items() if test is not None}
        return cls(tuple(models), fits, {step: str(error) for step, error in errors.items()}, against, found)

    def notes(self, stacklevel: int = 3) -> tuple[str, ...]:
        """Return what a reader should know, and tell warnings of the fits aloud, each once."""
        tests = list(self.tests.values())
        notes = [described(tests[0].method, tests)] if tests else []
        notes += [test.note for test in tests]
        notes += list(self.causes.values())
        kinds: dict[str, type[TrustMeasureWarning]] = {}
        where: dict[str, list[str]] = {}
        for step, fit in self.fits.items():
            kinds |= kinds_of_warnings(fit)
            for message in fit.warnings:
                where.setdefault(message, []).append(step)
        for message, named in where.items():
            note = message if len(named) == len(self.fits) else f"{', '.join(named)}: {message}"
            _warnings.warn(note, kinds[message], stacklevel=stacklevel)
            notes.append(note)
        return tuple(dict.fromkeys(note for note in notes if note))


Failure = IdentificationError | ConvergenceError | DataError


def _attempts(
    models: Sequence[InvarianceModel], sample: Sample, options: Options, ci: float
) -> tuple[dict[str, SemResult], dict[str, Failure]]:
    fits: dict[str, SemResult] = {}
    errors: dict[str, Failure] = {}
    for model in models:
        try:
            fits[model.step] = fit_sample(model.model, sample, options, ci=ci)
        except IdentificationError as error:
            errors[model.step] = IdentificationError(f"Step '{model.step}': {error}", error.parameters)
        except ConvergenceError as error:
            errors[model.step] = ConvergenceError(f"Step '{model.step}': {error}", partial=error.partial)
        except DataError as error:
            errors[model.step] = DataError(f"Step '{model.step}': {error}")
    return fits, errors


def _nearest(model: InvarianceModel, fits: Mapping[str, SemResult]) -> str:
    return next((name for name in reversed(model.nested) if name in fits), "")


def _tested(step: str, against: str, fits: Mapping[str, SemResult]) -> DifferenceTest | None:
    restricted, larger = fits[step], fits[against]
    if restricted.df <= larger.df:
        return None
    return difference_test(Pair(restricted, larger, larger.theta, (step, against)))
