"""Named structural models, built as model text from instruments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from trustmeasure.errors import ArgumentError
from trustmeasure.instruments.model import LONG_FORM
from trustmeasure.trust.measuring import InstrumentLike, load_bank, measurable, measurement_lines
from trustmeasure.trust.named import NamedModel, named_model, named_models
from trustmeasure.trust.named.base import BASES
from trustmeasure.trust.named.behaviour import with_behaviour
from trustmeasure.trust.writing import Wanted, text_of

if TYPE_CHECKING:
    import pandas as pd

    from trustmeasure.display import Summary

TRUST_OUTCOMES = named_model("trust-outcomes").instruments
COLUMNS = ["name", "title", "instruments", "constructs", "claim", "note", "sources"]

__all__ = ["describe", "list_models", "measurement", "trust_model", "trust_outcomes"]


def trust_model(
    name: str,
    instruments: Sequence[InstrumentLike] | None = None,
    *,
    direct: bool = True,
    higher_order: bool = True,
    form: str = LONG_FORM,
    without: Sequence[str] = (),
    constructs: Mapping[str, str] | None = None,
    behaviour: str | None = None,
) -> str:
    """Return the text of a named model, with every indirect and total effect defined.

    Paths have labels made of the first letters of their ends (`cog_sat`). Every indirect route is defined
    (`ind_cog_sat_loy`), with the sum of the routes of a pair (`indirect_cog_loy`) and its total effect
    (`total_cog_loy`).

    Parameters
    ----------
    name : str
        One of `list_models()`.
    instruments : sequence of str or Instrument, optional
        Instruments that hold the constructs; by default the shipped ones that the model names.
    direct : bool
        With the direct paths beside the claim; False keeps to the claim itself.
    higher_order : bool
        Measure a construct that has dimensions by them; False lets all of its items load on it directly.
    form : str
        The form of the instruments that was asked, such as `"short"`.
    without : sequence of str
        Constructs of the model that were not asked. Where one was the only cause of an outcome, its own
        causes take its place.
    constructs : mapping, optional
        Construct of the model -> your own construct (or column) in its place.
    behaviour : str, optional
        Column with observed behaviour, such as 1 for customers who bought again and 0 for the others, as the
        last variable of the model; fit it with `ordered=[...]`.

    Returns
    -------
    str
        Model text for `fit_sem`.

    Raises
    ------
    ArgumentError
        If there is no such model, or a construct is in none of the instruments.

    Examples
    --------
    >>> text = trust_model("satisfaction-first")
    >>> "cognitive_trust ~ sat_cog*satisfaction" in text
    True
    >>> chain = trust_model("satisfaction-first", without=["loyalty", "structural_trust"], direct=False)
    >>> print(chain.splitlines()[-6])
    repurchase_intention ~ cog_rep*cognitive_trust + aff_rep*affective_trust
    """
    model = named_model(name) if behaviour is None else with_behaviour(named_model(name), behaviour)
    bank = load_bank(model.instruments if instruments is None else instruments)
    return text_of(model, bank, Wanted(direct, higher_order, form, tuple(without), dict(constructs or {})))


def list_models() -> pd.DataFrame:
    """Return the named models, one row a model.

    Returns
    -------
    pandas.DataFrame
        Columns name, title (the model in a line), instruments and constructs (their ids), claim (what the
        model says of the world), note (what to know before it is used) and sources.

    Examples
    --------
    >>> list_models().set_index("name").loc["satisfaction-first", "title"]
    'satisfaction -> trust -> loyalty -> repurchase'
    """
    import pandas as pd

    return pd.DataFrame([_row(model) for model in named_models()], columns=COLUMNS)


def describe(name: str) -> Summary:
    """Return what a named model claims, with which instruments, after whom, for reading.

    Parameters
    ----------
    name : str
        One of `list_models()`.

    Returns
    -------
    Summary
        Text, or HTML in a notebook.

    Examples
    --------
    >>> print(str(describe("satisfaction-first")).splitlines()[0])
    satisfaction-first: satisfaction -> trust -> loyalty -> repurchase
    """
    from trustmeasure.display import Summary

    model = named_model(name)
    parts = [
        f"Claim: {model.claim}",
        f"Note: {model.note}" if model.note else "",
        f"Instruments: {', '.join(model.instruments)}",
        "\n".join(["Sources:", *(f"  {source}" for source in model.sources)]) if model.sources else "",
    ]
    return Summary(f"{model.name}: {model.title}", [part for part in parts if part])


def _row(model: NamedModel) -> tuple[str, ...]:
    return (
        model.name,
        model.title,
        ", ".join(model.instruments),
        ", ".join(model.constructs),
        model.claim,
        model.note,
        " ".join(model.sources),
    )


def trust_outcomes(
    instruments: Sequence[InstrumentLike] | None = None,
    *,
    trust: Sequence[str] | None = None,
    satisfaction: str = "satisfaction",
    loyalty: str = "loyalty",
    repurchase: str = "repurchase_intention",
    higher_order: bool = True,
) -> str:
    """Return the text of the model in which trust leads to satisfaction, loyalty and repurchase.

    Each basis of trust has direct paths to satisfaction, loyalty and repurchase; satisfaction leads to
    loyalty and repurchase, loyalty to repurchase. Every indirect route is defined (`ind_...`), with its sum
    (`indirect_...`) and the total effect (`total_...`) for each pair. `trust_model("trust-outcomes")` is the
    same model.

    Parameters
    ----------
    instruments : sequence of str or Instrument, optional
        Instruments that hold the constructs; by default the six shipped ones.
    trust : sequence of str, optional
        Construct ids of the trust bases; by default those of cognitive, affective and structural trust that
        the instruments hold.
    satisfaction, loyalty, repurchase : str
        Construct ids of the outcomes.
    higher_order : bool
        Measure a construct that has dimensions by them (second-order factor); False lets all of its items
        load on it directly.

    Returns
    -------
    str
        Model text for `fit_sem`.

    Raises
    ------
    ArgumentError
        If a construct is in none of the instruments; the message names the nearest.

    Examples
    --------
    >>> text = trust_outcomes()
    >>> "satisfaction ~ cog_sat*cognitive_trust" in text
    True
    """
    bank = load_bank(instruments if instruments is not None else TRUST_OUTCOMES)
    known = [c.id for i in bank for c in i.constructs]
    bases = tuple(trust) if trust is not None else tuple(b for b in BASES if b in known)
    if not bases:
        raise ArgumentError(
            f"None of the trust bases {', '.join(BASES)} is in the instruments; say trust=[...]."
        )
    wanted = Wanted(higher_order=higher_order)
    return text_of(_outcomes_of(bases, satisfaction, loyalty, repurchase), bank, wanted)


def _outcomes_of(bases: tuple[str, ...], satisfaction: str, loyalty: str, repurchase: str) -> NamedModel:
    """Return the model for any bases and outcomes."""
    return replace(
        named_model("trust-outcomes"),
        paths={
            satisfaction: bases,
            loyalty: (satisfaction, *bases),
            repurchase: (loyalty, satisfaction, *bases),
        },
        direct={},
    )


def measurement(
    instruments: Sequence[InstrumentLike] = TRUST_OUTCOMES,
    *,
    constructs: Sequence[str] | None = None,
    higher_order: bool = True,
    form: str = LONG_FORM,
) -> str:
    """Return the text of the measurement model alone: all constructs correlate, none explains another.

    Parameters
    ----------
    instruments : sequence of str or Instrument
        Instruments that hold the constructs.
    constructs : sequence of str, optional
        Construct ids; by default every construct of the instruments that is no dimension of another and
        has at least two items.
    higher_order : bool
        Measure a construct that has dimensions by them; False lets its items load on it directly.
    form : str
        The form of the instruments that was asked, such as `"short"`.

    Returns
    -------
    str
        Model text for `fit_sem`.

    Raises
    ------
    ArgumentError
        If a construct is in none of the instruments, or none can be measured.

    Examples
    --------
    >>> print(measurement(["satisfaction"]))
    # measurement model
    satisfaction =~ sat_1 + sat_2 + sat_3 + sat_4
    <BLANKLINE>
    """
    bank = load_bank(instruments)
    chosen = tuple(constructs) if constructs is not None else measurable(bank)
    if not chosen:
        raise ArgumentError("None of the instruments has a construct with at least two items.")
    return "\n".join(["# measurement model", *measurement_lines(bank, chosen, higher_order, form)]) + "\n"
