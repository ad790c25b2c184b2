"""A study as a value: what is analysed, and how; nothing here reads a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from trustmeasure.instruments import Instrument
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.trust.named import named_models

Language = Literal["en", "zh"]
Std = Literal["std_all", "std_lv"]

LANGUAGES = ("en", "zh")
PLOTS = ("items", "correlations", "loadings", "path-diagram")
TESTS = ("equals", "not_equals", "less_than", "more_than", "at_least", "at_most", "among", "missing")
MEASUREMENT = "measurement"
MODEL_NAMES = (*(model.name for model in named_models()), MEASUREMENT)


@dataclass(frozen=True, slots=True)
class Rule:
    """Which respondents are left out.

    Attributes
    ----------
    column : str
        A column of the data: an item (its answers turned, so that high means more) or any other column.
    test : str
        One of `TESTS`.
    value : object
        What the column is compared with; for `among` a tuple, for `missing` True or False.
    reason : str
        Why, for the report.
    """

    column: str
    test: str
    value: object
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Where the answers are and how they are read; see `trustmeasure.read_responses`.

    Attributes
    ----------
    path : Path or None
        The file; None when a sample is used.
    sample : str or None
        Name of a sample survey that ships with the package.
    id_column, columns, sheet, encoding, delimiter, require, out_of_range, missing_codes, already_reversed, \
duplicates, simulated
        As in `read_responses`.
    exclude : tuple of Rule
        Respondents left out, rule by rule.
    """

    path: Path | None = None
    sample: str | None = None
    id_column: str | None = None
    columns: Mapping[str, str] = field(default_factory=FrozenMap)
    sheet: str | int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    require: Literal["all", "any"] = "all"
    out_of_range: Literal["error", "missing"] = "error"
    missing_codes: Mapping[str, str] = field(default_factory=FrozenMap)
    already_reversed: tuple[str, ...] = ()
    duplicates: Literal["error", "first", "last", "keep"] = "error"
    simulated: bool | None = None
    exclude: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How scores are made; see `Responses.scores`."""

    method: Literal["mean", "sum"] = "mean"
    min_valid: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How reliability is estimated.

    Attributes
    ----------
    ci : float
        Level of the intervals.
    missing : {"pairwise", "listwise"}
        What alpha does with missing answers.
    ordered : bool
        Whether categorical omega and ordinal alpha are given too.
    """

    ci: float = 0.95
    missing: Literal["pairwise", "listwise"] = "pairwise"
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The structural equation model.

    Attributes
    ----------
    name : str or None
        A named model, one of `MODEL_NAMES`; None for a text of your own.
    text : str
        The model text that is fitted.
    std : {"std_all", "std_lv"}
        Which standardised estimates the report shows.
    std_lv : bool
        Fix the variances of latent variables to 1 instead of first loadings.
    estimator : {"ML", "MLR", "WLSMV"}
        As in `fit_sem`; WLSMV takes the answers on graded scales as ordered categories.
    missing : {"listwise", "fiml", "pairwise"}
        What the model does with missing answers; fiml goes with ML and MLR, pairwise with WLSMV.
    ci : float
        Level of the intervals.
    """

    name: str | None = None
    text: str = ""
    std: Std = "std_all"
    std_lv: bool = False
    estimator: str = "ML"
    missing: str = "listwise"
    ci: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What is written beside `report.html` and `study.json`.

    Attributes
    ----------
    plots : tuple of str
        Figures in the report, of `PLOTS`.
    tables : bool
        Whether the tables are written as CSV too.
    decimals : int
        Digits after the point in the report.
    """

    plots: tuple[str, ...] = PLOTS
    tables: bool = True
    decimals: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study: instruments, answers, model and report.

    Attributes
    ----------
    title : str
        Title of the report.
    instruments : tuple of Instrument
        What was asked.
    answers : Answers
        Where the answers are.
    model : Model
        What is fitted.
    brand : str
        Words for the placeholder `{brand}` in the wording; empty for each instrument's own.
    language : {"en", "zh"}
        Language of the report.
    authors : tuple of str
        Who is responsible for the study.
    seed : int
        Seed for steps that draw random numbers; kept in the record.
    scoring, reliability, output
        How scores, reliability and the report are made.
    remedies : tuple of str
        What was done about common method bias when the answers were collected, for the report.
    file : Path or None
        The study file.
    sha256 : str
        Hash of the study file.
    """

    title: str
    instruments: tuple[Instrument, ...]
    answers: Answers
    model: Model = field(default_factory=Model)
    brand: str = ""
    language: Language = "en"
    authors: tuple[str, ...] = ()
    seed: int = 1
    scoring: Scoring = field(default_factory=Scoring)
    reliability: Reliability = field(default_factory=Reliability)
    output: Output = field(default_factory=Output)
    remedies: tuple[str, ...] = ()
    file: Path | None = None
    sha256: str = ""
