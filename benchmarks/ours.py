"""The cases through trustmeasure, as a user calls it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.answers import Answer
from benchmarks.cases import Case
from trustmeasure import (
    PermutationInvariance,
    discriminant_validity,
    htmt,
    invariance,
    parallel_analysis,
    permutation_invariance,
    polychoric,
)
from trustmeasure.factors import ParallelAnalysis
from trustmeasure.sem import (
    OrdinalInvariance,
    SemResult,
    bootstrap,
    fit_sem,
    modification_indices,
    ordinal_invariance,
    parse_model,
    power_monte_carlo,
)
from trustmeasure.validity import DiscriminantValidity, HeterotraitRatios
from trustmeasure.validity.measured import factors_of

MEASURES = ("chisq", "df", "cfi", "tli", "rmsea", "srmr", "aic", "bic")
STEP_MEASURES = ("df", "chisq", "chisq_scaled", "cfi_scaled", "rmsea_scaled", "srmr")
SEED = 1


class Ours:
    """One prepared case: `run` is what is timed, `answer` what it found."""

    name = "trustmeasure"

    def __init__(self, case: Case, path: Path) -> None:
        self.case = case
        self.frame = pd.read_csv(path)
        self.found: Any = None
        self.result: SemResult | None = None
        if case.prepared:
            self.result = _whole(case, self.frame)

    def run(self) -> None:
        """Do the work of the case once."""
        self.found = WORK[self.case.work](self.case, self.frame, self.result)

    def answer(self) -> Answer:
        """Return the numbers of the last run."""
        return ANSWERS[self.case.work](self.found)


def _whole(case: Case, frame: pd.DataFrame) -> SemResult:
    """Fit, with standard errors and all fit indices."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = fit_sem(case.model, frame, **case.options)
    _ = result.parameters, result.fit_measures
    return result


def _fit(case: Case, frame: pd.DataFrame, _: SemResult | None) -> SemResult:
    return _whole(case, frame)


def _modification(_: Case, __: pd.DataFrame, result: SemResult | None) -> pd.DataFrame:
    assert result is not None  # noqa: S101 - prepared above
    return modification_indices(result)


def _bootstrap(case: Case, frame: pd.DataFrame, _: SemResult | None) -> pd.DataFrame:
    result = _whole(case, frame)
    drawn = bootstrap(result, frame, n=case.draws, seed=SEED, workers=1, progress=False)
    return drawn.parameters()


def _draws(case: Case, frame: pd.DataFrame, result: SemResult | None) -> pd.DataFrame:
    assert result is not None  # noqa: S101 - prepared above
    drawn = bootstrap(result, frame, n=case.draws, seed=SEED, workers=1, progress=False)
    return drawn.parameters()


def _polychoric(_: Case, frame: pd.DataFrame, __: SemResult | None) -> pd.DataFrame:
    return polychoric(frame).correlations


def _parallel(case: Case, frame: pd.DataFrame, _: SemResult | None) -> ParallelAnalysis:
    return parallel_analysis(frame, draws=case.draws, seed=SEED)


def _invariance(case: Case, frame: pd.DataFrame, _: SemResult | None) -> OrdinalInvariance:
    found = ordinal_invariance(case.model, frame, **case.options)
    _shown = [(fit.parameters, fit.fit_measures) for fit in found.fits.values()]
    return found


def _monte_carlo(case: Case, frame: pd.DataFrame, result: SemResult | None) -> pd.DataFrame:
    assert result is not None  # noqa: S101 - prepared above
    return power_monte_carlo(
        result, len(frame), seed=SEED, replications=case.draws, workers=1, progress=False
    )


def _ratios(case: Case, frame: pd.DataFrame, _: SemResult | None) -> HeterotraitRatios:
    constructs = {factor.name: list(factor.indicators) for factor in factors_of(parse_model(case.model))}
    return htmt(frame, constructs, n_bootstrap=case.draws, seed=SEED, workers=1, progress=False)


def _pairs(case: Case, frame: pd.DataFrame, _: SemResult | None) -> DiscriminantValidity:
    fit = fit_sem(case.model, frame)
    return discriminant_validity(fit, cutoffs=[0.9], merge=False)


def _permuted(case: Case, frame: pd.DataFrame, _: SemResult | None) -> PermutationInvariance:
    steps = invariance(case.model, frame, steps=["configural", "metric"], **case.options)
    return permutation_invariance(steps, case.draws, seed=SEED, relations=False, workers=1, progress=False)


WORK: dict[str, Callable[[Case, pd.DataFrame, SemResult | None], Any]] = {
    "fit": _fit,
    "modification": _modification,
    "bootstrap": _bootstrap,
    "monte_carlo": _monte_carlo,
    "polychoric": _polychoric,
    "draws": _draws,
    "invariance": _invariance,
    "parallel": _parallel,
    "ratios": _ratios,
    "pairs": _pairs,
    "permuted": _permuted,
}


def relation(lhs: str, op: str, rhs: str, group: int) -> str:
    """Return the key of a parameter; a covariance has its names in order."""
    if op == ":=":
        return lhs
    if op == "~~" and rhs < lhs:
        lhs, rhs = rhs, lhs
    return f"{lhs}{op}{rhs}.{group}"


def _keys(frame: pd.DataFrame) -> list[str]:
    rows = zip(frame["lhs"], frame["op"], frame["rhs"], frame["group"], strict=True)
    return [relation(*row) for row in rows]


def _table(frame: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    keys = _keys(frame)
    return (
        dict(zip(keys, frame["estimate"].tolist(), strict=True)),
        dict(zip(keys, frame["se"].tolist(), strict=True)),
    )


def _of_fit(result: SemResult) -> Answer:
    names = [n for m in MEASURES for n in (m, f"{m}_scaled") if n in result.fit_measures]
    return Answer(*_table(result.parameters), {n: float(result.fit_measures[n]) for n in names})


def _of_modification(frame: pd.DataFrame) -> Answer:
    found = dict(zip(_keys(frame), frame["mi"].tolist(), strict=True))
    return Answer(found, {k: max(x, 1.0) for k, x in found.items()})


def _of_bootstrap(frame: pd.DataFrame) -> Answer:
    return Answer(*_table(frame))


def _of_matrix(frame: pd.DataFrame) -> Answer:
    row, col = np.tril_indices(len(frame), -1)
    names, values = list(frame.columns), frame.to_numpy()[row, col].tolist()
    pairs = zip(row.tolist(), col.tolist(), strict=True)
    keys = [relation(names[i], "~~", names[j], 1) for i, j in pairs]
    return Answer(dict(zip(keys, values, strict=True)), dict.fromkeys(keys, 1.0))


def _of_parallel(found: ParallelAnalysis) -> Answer:
    """Return eigenvalues of the items and means of random ones, in spreads of the random ones."""
    own, random = found.eigenvalues["components"], found.random["components"]
    numbers = range(1, len(own) + 1)
    values = np.concatenate([own, random.mean(axis=0)]).tolist()
    keys = [f"{kind}.{k}" for kind in ("items", "random") for k in numbers]
    spread = np.tile(random.std(axis=0, ddof=1), 2).tolist()
    return Answer(dict(zip(keys, values, strict=True)), dict(zip(keys, spread, strict=True)))


def _of_ratios(found: HeterotraitRatios) -> Answer:
    """Return the ratios of all rows, with the standard deviations of the draws."""
    rows = found.frame.to_dict("records")
    kinds = [(row, kind) for kind in ("htmt", "htmt2") for row in rows]
    keys = [f"{kind} {row['construct_1']} {row['construct_2']}" for row, kind in kinds]
    values = [row[kind] for row, kind in kinds]
    spread = [row[f"{kind}_se"] for row, kind in kinds]
    return Answer(dict(zip(keys, values, strict=True)), dict(zip(keys, spread, strict=True)))


def _of_pairs(found: DiscriminantValidity) -> Answer:
    """Return the differences of chi-squares, compared relatively."""
    rows = found.tests.to_dict("records")
    values = {f"{row['construct_1']} {row['construct_2']}": row["chisq_difference"] for row in rows}
    return Answer(values, {key: max(x, 1.0) for key, x in values.items()})


def _of_steps(found: OrdinalInvariance) -> Answer:
    estimate, unit, measure = dict[str, float](), dict[str, float](), dict[str, float]()
    for row in found.frame.to_dict("records"):
        step = row["step"]
        free = found.fit(step).parameters.query("se > 0")
        values, errors = _table(free)
        estimate |= {f"{step} {key}": x for key, x in values.items()}
        unit |= {f"{step} {key}": x for key, x in errors.items()}
        tests = () if step == "configural" else ("chisq_difference", "df_difference")
        measure |= {f"{step}.{name}": float(row[name]) for name in (*STEP_MEASURES, *tests)}
    return Answer(estimate, unit, measure)


def _of_permuted(found: PermutationInvariance) -> Answer:
    """Return the changes of fit of equal loadings, with the standard deviations of the permutations."""
    rows = found.frame.query("step == 'metric' and measure != 'srmr'").set_index("measure")
    observed, sd = (
        {str(name): float(x) for name, x in rows[column].items()} for column in ("observed", "sd")
    )
    return Answer(observed, sd)


def _of_monte_carlo(frame: pd.DataFrame) -> Answer:
    keys = frame["parameter"].tolist()
    return Answer(
        dict(zip(keys, frame["mean"].tolist(), strict=True)),
        dict(zip(keys, frame["sd"].tolist(), strict=True)),
    )


ANSWERS: dict[str, Callable[[Any], Answer]] = {
    "fit": _of_fit,
    "modification": _of_modification,
    "bootstrap": _of_bootstrap,
    "monte_carlo": _of_monte_carlo,
    "polychoric": _of_matrix,
    "draws": _of_bootstrap,
    "invariance": _of_steps,
    "parallel": _of_parallel,
    "ratios": _of_ratios,
    "pairs": _of_pairs,
    "permuted": _of_permuted,
}
