"""What the user says of estimation and data -> the model, the sample's moments and the estimator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.auxiliary import auxiliary_names, with_auxiliary
from trustmeasure.sem.design import design_note, robust_estimator
from trustmeasure.sem.missing import information_option, missing_option, refuse_full_information
from trustmeasure.sem.options import Options
from trustmeasure.sem.ordinal.ordered import Categories, with_ordinal
from trustmeasure.sem.ordinal.refusals import ordinal_options, refuse_with_ordinal
from trustmeasure.sem.ordinal.sample import ordinal_sample
from trustmeasure.sem.parameters import DELTA, ParameterTable
from trustmeasure.sem.specify import parse_model
from trustmeasure.sem.split import Sample, Split, noted


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says of estimation and data; see `fit_sem`."""

    estimator: str | None
    information: str | None
    se: str | None
    test: str | None
    likelihood: str
    engine: str
    missing: str
    weights: str | None
    cluster: str | None
    auxiliary: str | Sequence[str]
    means_given: bool


Prepared = tuple[ParameterTable, Sample, Options]


def prepared(
    asked: Asked,
    split: Split,
    model: str | ParameterTable,
    options: dict[str, Any],
    ordered: Any,
    parameterization: str | None,
) -> Prepared:
    """Return model, moments and estimator; see `fit_sem`.

    Parameters
    ----------
    asked : Asked
        What the user says of estimation and data.
    split : Split
        The data of each group.
    model : str or ParameterTable
        The model.
    options : dict
        Options of `parse_model`.
    ordered, parameterization
        What the user says of ordinal variables.

    Raises
    ------
    ModelSyntaxError, DataError, ArgumentError
        For what cannot be fitted, by name.
    """
    split, categories = with_ordinal(split, model, ordered)
    if categories:
        return _ordinal(asked, split, model, categories, options, parameterization)
    if parameterization is not None:
        raise ArgumentError("parameterization is a choice for ordinal variables: name them in ordered.")
    return _continuous(asked, split, model, options)


def _continuous(asked: Asked, split: Split, model: str | ParameterTable, options: dict[str, Any]) -> Prepared:
    """Return model, moments and estimator for continuous variables."""
    missing = missing_option(asked.missing)
    names = auxiliary_names(asked.auxiliary, missing)
    estimator = "ML" if asked.estimator is None else asked.estimator
    note = design_note(estimator, asked.weights, asked.cluster)
    used = robust_estimator(estimator, asked.weights, asked.cluster, missing=missing, engine=asked.engine)
    information = information_option(asked.information, used, missing)
    chosen = Options.of(used, information, asked.se, asked.test, asked.likelihood)
    if (asked.weights is not None or asked.cluster is not None) and chosen != Options.of(used):
        raise ArgumentError(
            "With weights or cluster, standard errors and test are those of estimator='MLR' or 'MLM': leave "
            "out information, se, test and likelihood."
        )
    options["meanstructure"] = _means(asked, options["meanstructure"], missing)
    if names and isinstance(model, str):
        options["fixed_x"] = False
    table = _table(model, len(split.labels), options, random_x=chosen.least_squares)
    _refuse_combination(chosen, asked.engine, missing)
    table = with_auxiliary(table, names)
    return table, noted(split.sample(table, missing), note), chosen


def _ordinal(
    asked: Asked,
    split: Split,
    model: str | ParameterTable,
    categories: Categories,
    options: dict[str, Any],
    parameterization: str | None,
) -> Prepared:
    """Return model, thresholds and correlations, and estimator for ordinal variables."""
    refuse_with_ordinal(
        engine=asked.engine, missing=asked.missing, cluster=asked.cluster, auxiliary=asked.auxiliary
    )
    chosen = ordinal_options(asked.estimator, asked.information, asked.se, asked.test, asked.likelihood)
    if isinstance(model, str):
        options["ordered"] = {name: len(codes) - 1 for name, codes in categories.items()}
        options["parameterization"] = parameterization or DELTA
    elif parameterization not in {None, model.parameterization}:
        raise ArgumentError("The model is parsed already: say parameterization to parse_model.")
    table = _table(model, len(split.labels), options, random_x=False)
    return table, ordinal_sample(split, table, categories, asked.missing, chosen), chosen


def _means(asked: Asked, meanstructure: bool | None, missing: str) -> bool | None:
    needs = "missing='fiml'" if missing == "fiml" else "cluster" if asked.cluster is not None else ""
    if needs and meanstructure is False:
        raise ArgumentError(f"{needs} models the means; leave meanstructure out.")
    modelled = bool(needs) or asked.means_given
    return True if meanstructure is None and modelled else meanstructure


def _refuse_combination(options: Options, engine: str, missing: str) -> None:
    """Raise for a combination that this version does not support, by name."""
    if engine == "semopy" and not (options == Options() and missing == "listwise"):
        raise ArgumentError(
            f"engine='semopy' has no estimator='{options.estimator}' with missing='{missing}'. "
            "Use engine='trustmeasure'."
        )
    if missing == "fiml":
        refuse_full_information(options)


def _table(
    model: str | ParameterTable, n_groups: int, options: dict[str, Any], *, random_x: bool
) -> ParameterTable:
    if not isinstance(model, ParameterTable):
        options["fixed_x"] = not random_x if options["fixed_x"] is None else options["fixed_x"]
        return parse_model(model, n_groups=n_groups, **options)
    means = options["meanstructure"] and not model.meanstructure
    said = any(options[k] for k in ("std_lv", "group_equal", "group_partial"))
    if said or means or options["fixed_x"] is False:
        raise ArgumentError(
            "The model is parsed already: say std_lv, fixed_x, meanstructure, group_equal and group_partial "
            "to parse_model (means are also asked for by sample_mean)."
        )
    if model.n_groups != n_groups:
        raise ArgumentError(
            f"The model was parsed for {model.n_groups} groups, but the data have {n_groups}."
        )
    return model
