"""From a named model to model text: measurement, structure, and every indirect and total effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.instruments import Instrument
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.model import LONG_FORM
from trustmeasure.trust.named.base import NamedModel, Predictors, with_wholes
from trustmeasure.trust.paths import Paths, short_names


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a named model is written.

    Attributes
    ----------
    direct : bool
        With the direct paths beside the claim.
    higher_order : bool
        Constructs that have dimensions are measured by them.
    form : str
        The instruments' form whose items are used.
    without : tuple of str
        Constructs that are left out.
    constructs : mapping
        Construct of the model -> the construct, or column, that stands in its place.
    """

    direct: bool = True
    higher_order: bool = True
    form: str = LONG_FORM
    without: tuple[str, ...] = ()
    constructs: Mapping[str, str] = field(default_factory=FrozenMap)


def text_of(model: NamedModel, bank: Sequence[Instrument], wanted: Wanted) -> str:
    """Return the text of a named model for instruments."""
    whole = replace(model, paths=_merged(model.paths, model.direct)) if wanted.direct else model
    asked = _renamed(_reduced(whole, wanted.without), wanted.constructs)
    constructs = asked.constructs
    latent = [name for name in constructs if name not in asked.observed]
    measuring = asked.measuring or with_wholes(asked.wholes)
    by_letters = short_names([name for name in constructs if name not in asked.short])
    paths = Paths(asked.paths, by_letters | dict(asked.short))
    lines = [f"# {model.name}: {model.title}", "# measurement"]
    lines += measuring(bank, latent, wanted.higher_order, wanted.form)
    lines += ["# structure", *paths.regressions(), *_covariances(asked.together, asked.paths)]
    effects = paths.definitions()
    lines += ["# indirect and total effects", *effects] if effects else []
    return "\n".join(lines) + "\n"


def _merged(paths: Predictors, direct: Predictors) -> Predictors:
    return {outcome: tuple(dict.fromkeys((*xs, *direct.get(outcome, ())))) for outcome, xs in paths.items()}


def _covariances(groups: Sequence[Sequence[str]], predictors: Predictors) -> list[str]:
    """Return a `~~` line for each pair of outcomes that share other causes."""
    pairs = [pair for group in groups for pair in combinations(group, 2)]
    return [f"{a} ~~ {b}" for a, b in pairs if a in predictors and b in predictors]


def _reduced(model: NamedModel, without: Sequence[str]) -> NamedModel:
    """Return the model without some of its constructs."""
    _require_known("without", without, model)
    wholes = {whole: _kept(parts, without) for whole, parts in model.wholes.items() if whole not in without}
    for whole, parts in wholes.items():
        if len(parts) < 2:
            raise ArgumentError(f"'{whole}' of {model.name} needs two of {', '.join(model.wholes[whole])}.")
    paths = model.paths
    for name in without:
        paths = _bridged(paths, name)
    if not paths:
        raise ArgumentError(f"Nothing is left of {model.name} without {', '.join(without)}.")
    return replace(
        model, paths=paths, together=tuple(_kept(group, without) for group in model.together), wholes=wholes
    )


def _bridged(paths: Predictors, name: str) -> Predictors:
    """Return the paths without `name`: where it was the only cause, its own causes take its place."""
    kept = {
        outcome: _kept(causes, (name,)) or tuple(paths.get(name, ()))
        for outcome, causes in paths.items()
        if outcome != name
    }
    return {outcome: causes for outcome, causes in kept.items() if causes}


def _require_known(argument: str, names: Sequence[str], model: NamedModel) -> None:
    known = (*model.constructs, *(part for parts in model.wholes.values() for part in parts))
    for name in names:
        if name not in known:
            hint = suggestion(name, known, most=20)
            raise ArgumentError(f"{argument} names {name!r}, which is not in {model.name}. {hint}")


def _kept(names: Sequence[str], without: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in without)


def _renamed(model: NamedModel, names: Mapping[str, str]) -> NamedModel:
    """Return the model with other constructs in the place of its own."""
    _require_known("constructs", tuple(names), model)

    def new(name: str) -> str:
        return names.get(name, name)

    return replace(
        model,
        paths=_each(model.paths, new),
        together=tuple(tuple(map(new, group)) for group in model.together),
        wholes=_each(model.wholes, new),
        observed=tuple(map(new, model.observed)),
        short={new(name): short for name, short in model.short.items()},
    )


def _each(paths: Predictors, new: Callable[[str], str]) -> Predictors:
    return {new(outcome): tuple(map(new, causes)) for outcome, causes in paths.items()}
