"""The stages of a study: each takes what stands before it and returns a new value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ResponseError, StudyError, TrustMeasureError
from trustmeasure.fields import Place
from trustmeasure.files import shipped
from trustmeasure.reporting.findings import Failure
from trustmeasure.responses import Responses, list_samples, read_responses
from trustmeasure.responses.scoring import Method
from trustmeasure.sem import SemResult, fit_sem, parse_model
from trustmeasure.study.model import Answers, Study
from trustmeasure.study.parts import measurement_text
from trustmeasure.study.rules import apply_rules

T = TypeVar("T")


def attempt(stage: str, failures: list[Failure], make: Callable[[], T]) -> T | None:
    """Return what `make` returns; None, with a failure recorded, when data or model do not allow it."""
    try:
        return make()
    except TrustMeasureError as error:
        failures.append(Failure(stage, str(error)))
        return None


def read_answers(study: Study, data: Any = None) -> Responses:
    """Read the answers that a study names, or `data` in their place, and leave out whom its rules name.

    Raises
    ------
    ResponseError, StudyError
        If the answers cannot be read, or a rule does not fit them.
    """
    answers = study.answers
    place = Place(study.file, "responses.exclude") if study.file else None
    responses = read_responses(
        data_source(answers) if data is None else data,
        study.instruments,
        columns=dict(answers.columns) or None,
        id_column=answers.id_column,
        sheet=answers.sheet,
        encoding=answers.encoding,
        delimiter=answers.delimiter,
        require=answers.require,
        out_of_range=answers.out_of_range,
        missing_codes={int(code): reason for code, reason in answers.missing_codes.items()},
        already_reversed=answers.already_reversed,
        duplicates=answers.duplicates,
        simulated=True if answers.sample and data is None else answers.simulated,
    )
    return apply_rules(responses, answers.exclude, place)


def data_source(answers: Answers) -> Any:
    """Return the file with the answers: the study's own, or a sample that ships with the package."""
    if answers.path is not None:
        return answers.path
    if answers.sample not in list_samples():
        raise StudyError(
            f"responses.sample: there is no sample '{answers.sample}'. Allowed: {', '.join(list_samples())}."
        )
    return shipped("samples") / f"{answers.sample}.csv"


def score_constructs(responses: Responses, method: Method = "mean", min_valid: float = 0.5) -> pd.DataFrame:
    """Return the scores of all constructs whose items share one scale and have a column.

    Parameters
    ----------
    responses : Responses
        The answers.
    method, min_valid
        As in `Responses.scores`.
    """
    scores = {}
    for construct in responses.constructs:
        try:
            own = responses.scores(method, min_valid, constructs=[construct.id])
        except ResponseError:  # its dimensions have different scales, so there is no one score
            continue
        scores[construct.id] = own[construct.id]
    return pd.DataFrame(scores, index=responses.data.index)


def require_variables(study: Study, responses: Responses) -> None:
    """Raise StudyError naming the nearest column when the model has a variable that the data lack."""
    columns = [str(name) for name in responses.data.columns]
    for name in parse_model(study.model.text).observed:
        if name not in columns:
            where = f"{study.file}: model: " if study.file else ""
            raise StudyError(
                f"{where}the variable '{name}' is not a column of the data. {suggestion(name, columns)}"
            )


def fit(study: Study, text: str, responses: Responses) -> SemResult:
    """Return a fitted model with the study's options."""
    model = study.model
    return fit_sem(
        text,
        responses,
        estimator=model.estimator,
        missing=model.missing,
        ordered=responses if model.estimator == "WLSMV" else False,
        std_lv=model.std_lv,
        ci=model.ci,
    )


def model_texts(study: Study) -> tuple[str, str]:
    """Return the text of the measurement model and of the structural model; empty where there is none."""
    has_paths = any(p.op == "~" for p in parse_model(study.model.text).parameters)
    return measurement_text(study.model.text), study.model.text if has_paths else ""
