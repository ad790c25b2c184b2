"""Study files: TOML text -> a checked `Study`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trustmeasure.check import existing_file
from trustmeasure.errors import ArgumentError, InstrumentError, ModelSyntaxError, StudyError
from trustmeasure.fields import (
    Check,
    Place,
    choice,
    entries,
    flag,
    kept,
    level,
    pairs,
    read_toml,
    several,
    text,
    whole,
)
from trustmeasure.instruments import Instrument, load_instrument
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.reporting.estimation import DESCRIBED, ESTIMATORS, MISSING
from trustmeasure.sem import parse_model
from trustmeasure.study.model import (
    LANGUAGES,
    MEASUREMENT,
    MODEL_NAMES,
    PLOTS,
    Answers,
    Model,
    Output,
    Reliability,
    Scoring,
    Study,
)
from trustmeasure.study.rules import rule

STD = {"all": "std_all", "lv": "std_lv"}
MOST_DECIMALS = 10
NAMED_ONLY = ("higher_order", "direct", "without", "form")
"""What goes with a named model, not with a text."""


def read_study(path: str | Path) -> Study:
    """Read a study file and check every entry of it.

    Parameters
    ----------
    path : str or Path
        A TOML file, such as `trustmeasure study new` writes. Paths in it are relative to its folder.

    Returns
    -------
    Study
        What to analyse, and how. The answers themselves are not read yet.

    Raises
    ------
    StudyError
        If the file is missing or is no TOML, if a key is unknown or has a value of the wrong type, or if
        an instrument, a model or the data file does not exist. The message names file, key and remedy.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from trustmeasure.study import read_study, write_template
    >>> file = write_template(Path(tempfile.mkdtemp()) / "study.toml")
    >>> read_study(file).answers.sample
    'trust-survey'
    """
    file = existing_file(path, error=StudyError)
    content = read_toml(file, StudyError)
    place = Place(file)
    table = entries(content, place, dict.fromkeys(_SECTIONS, kept))
    for needed in ("instruments", "responses"):
        if needed not in table:
            raise place.error(f"the table [{needed}] is missing. Add it; 'study new' writes an example.")
    instruments = _instruments(table["instruments"], place / "instruments")
    own = entries(table.get("study", {}), place / "study", _STUDY)
    return Study(
        title=own.pop("title", file.stem),
        instruments=instruments,
        answers=_answers(table["responses"], place / "responses"),
        scoring=Scoring(**entries(table.get("scores", {}), place / "scores", _SCORES)),
        reliability=Reliability(**entries(table.get("reliability", {}), place / "reliability", _RELIABILITY)),
        model=_model(table.get("model", {"name": "measurement"}), place / "model", instruments),
        output=Output(**entries(table.get("report", {}), place / "report", _REPORT)),
        **entries(table.get("method_bias", {}), place / "method_bias", _METHOD_BIAS),
        file=file,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        **own,
    )


def _min_valid(value: Any, place: Place) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise place.wrong_type(value, "a share such as 0.5, or a count such as 2,")
    fits = value >= 1 if isinstance(value, int) else 0 < value <= 1
    if not fits:
        raise place.error(f"{value} must be a share above 0.0 up to 1.0, or a count of at least 1.")
    return value


def _codes(value: Any, place: Place) -> FrozenMap[str]:
    given = pairs(text)(value, place)
    for code in given:
        if not code.lstrip("+-").isdecimal():
            raise (place / code).error('the key must be a whole number, such as "-99".')
    return FrozenMap.of(given)


def _frozen_texts(value: Any, place: Place) -> FrozenMap[str]:
    return FrozenMap.of(pairs(text)(value, place))


def _sheet(value: Any, place: Place) -> str | int:
    if isinstance(value, str):
        return text(value, place)
    return int(whole(0, 10_000)(value, place))


def _plots(value: Any, place: Place) -> tuple[str, ...]:
    if isinstance(value, bool):
        return PLOTS if value else ()
    return tuple(several(choice(PLOTS))(value, place))


_STUDY: Mapping[str, Check] = {
    "title": text,
    "brand": text,
    "language": choice(LANGUAGES),
    "authors": several(text),
    "seed": whole(0, 2**32 - 1),
}
_RESPONSES: Mapping[str, Check] = {
    "path": text,
    "sample": text,
    "id_column": text,
    "columns": _frozen_texts,
    "sheet": _sheet,
    "encoding": text,
    "delimiter": kept,
    "require": choice(("all", "any")),
    "out_of_range": choice(("error", "missing")),
    "missing_codes": _codes,
    "already_reversed": several(text),
    "duplicates": choice(("error", "first", "last", "keep")),
    "simulated": flag,
    "exclude": several(rule),
}
_SCORES: Mapping[str, Check] = {"method": choice(("mean", "sum")), "min_valid": _min_valid}
_RELIABILITY: Mapping[str, Check] = {
    "ci": level,
    "missing": choice(("pairwise", "listwise")),
    "ordered": flag,
}
_MODEL: Mapping[str, Check] = {
    "name": choice(MODEL_NAMES),
    "text": text,
    "file": text,
    "higher_order": flag,
    "direct": flag,
    "without": several(text),
    "form": text,
    "std": choice(tuple(STD)),
    "std_lv": flag,
    "estimator": choice(ESTIMATORS),
    "missing": choice(MISSING),
    "ci": level,
}
_REPORT: Mapping[str, Check] = {"plots": _plots, "tables": flag, "decimals": whole(1, MOST_DECIMALS)}
_METHOD_BIAS: Mapping[str, Check] = {"remedies": several(text)}
_SECTIONS = (
    *("study", "instruments", "responses", "scores", "reliability", "method_bias", "model", "report"),
)


def _instruments(table: Any, place: Place) -> tuple[Instrument, ...]:
    use = entries(table, place, {"use": several(text)}).get("use", ())
    if not use:
        raise (place / "use").error('name at least one instrument, such as use = ["satisfaction"].')
    found = tuple(_instrument(name, (place / "use")[i + 1]) for i, name in enumerate(use))
    ids = [instrument.id for instrument in found]
    for i, id in enumerate(ids):
        if id in ids[:i]:
            raise (place / "use")[i + 1].error(f"the instrument '{id}' is named twice. Remove one.")
    return found


def _instrument(name: str, place: Place) -> Instrument:
    is_file = name.lower().endswith((".yaml", ".yml")) or "/" in name or "\\" in name
    try:
        return load_instrument(place.file.parent / name if is_file else name)
    except InstrumentError as error:
        raise place.error(str(error)) from error


def _answers(table: Any, place: Place) -> Answers:
    given = entries(table, place, _RESPONSES)
    if ("path" in given) == ("sample" in given):
        raise place.error('give either path = "answers.csv" or sample = "trust-survey".')
    if "path" in given:
        given["path"] = place.file.parent / given["path"]
    return Answers(**given)


def _model(table: Any, place: Place, instruments: tuple[Instrument, ...]) -> Model:
    given = entries(table, place, _MODEL)
    sources = [key for key in ("name", "text", "file") if key in given]
    if len(sources) != 1:
        raise place.error(
            'give exactly one of name = "trust-outcomes", text = """...""" and file = "model.txt"; '
            f"there {'are ' + ' and '.join(sources) if sources else 'is none'}."
        )
    for key in NAMED_ONLY:
        if key in given and "name" not in given:
            raise (place / key).error("this goes with a named model only. Remove it.")
    given["text"] = _model_text(sources[0], given, place, instruments)
    _check_syntax(given["text"], place / sources[0])
    _check_missing(given, place)
    given["std"] = STD[given.get("std", "all")]
    return Model(**{key: value for key, value in given.items() if key not in (*NAMED_ONLY, "file")})


def _check_missing(given: Mapping[str, Any], place: Place) -> None:
    """Raise StudyError for a treatment of missing answers that the estimator does not have."""
    estimator, missing = given.get("estimator", "ML"), given.get("missing", "listwise")
    if missing not in DESCRIBED[estimator]:
        allowed = " and ".join(f'"{name}"' for name in DESCRIBED[estimator])
        raise (place / "missing").error(
            f'missing = "{missing}" does not go with estimator = "{estimator}", which has {allowed}.'
        )


def _check_syntax(model: str, place: Place) -> None:
    """Raise StudyError, with line and caret of the model, when its text cannot be understood."""
    try:
        parse_model(model)
    except ModelSyntaxError as error:
        raise place.error(str(error)) from error


def _model_text(
    source: str, given: Mapping[str, Any], place: Place, instruments: tuple[Instrument, ...]
) -> str:
    if source == "text":
        return str(given["text"])
    if source == "file":
        return read_model(place.file.parent / given["file"], place / "file")
    try:
        options = {key: given[key] for key in NAMED_ONLY if key in given}
        return named_model(given["name"], instruments, options)
    except (ArgumentError, InstrumentError) as error:
        raise (place / "name").error(f"{error} Add the instrument to instruments.use.") from error


def named_model(
    name: str, instruments: Sequence[Instrument], options: Mapping[str, Any] = MappingProxyType({})
) -> str:
    """Return the text of a named model for these instruments; `options` are those of `trust_model`.

    `trust-outcomes` does with the bases of trust that the instruments hold.
    """
    from trustmeasure.trust import models
    from trustmeasure.trust.named.base import BASES

    if name == MEASUREMENT:
        for key in ("direct", "without"):
            if key in options:
                raise ArgumentError(f"{key} goes with a model that has paths. Remove it.")
        return models.measurement(instruments, **options)
    known = {construct.id for instrument in instruments for construct in instrument.constructs}
    absent = [base for base in BASES if base not in known] if name == "trust-outcomes" else []
    if absent and len(absent) < len(BASES):
        options = {**options, "without": [*options.get("without", ()), *absent]}
    return models.trust_model(name, instruments, **options)


def read_model(path: Path, place: Place | None = None) -> str:
    """Return the text of a model file; raise StudyError when it is missing or not UTF-8."""
    start = f"{place.file}: {place.key}: " if place else ""
    try:
        return existing_file(path, error=StudyError).read_text(encoding="utf-8-sig")
    except StudyError as error:
        raise StudyError(f"{start}{error}") from error
    except UnicodeDecodeError as error:
        raise StudyError(f"{start}{path} is not a UTF-8 text. Save the model as UTF-8.") from error
