"""Observed behaviour, such as a purchase on record, as the last variable of a model."""

from __future__ import annotations

from dataclasses import replace

from trustmeasure.trust.named.base import NamedModel
from trustmeasure.trust.named.trust_outcomes import MODEL as TRUST_OUTCOMES

OBSERVED = "repurchased"
SHORT = "obs"


def with_behaviour(model: NamedModel, column: str = OBSERVED) -> NamedModel:
    """Return a named model with an observed variable behind its last outcomes.

    Parameters
    ----------
    model : NamedModel
        The model without it.
    column : str
        Column of the data with the behaviour, such as 1 for customers who bought again and 0 for the others.

    Returns
    -------
    NamedModel
        The last outcomes lead to the behaviour; what leads to them has direct paths to it.

    Examples
    --------
    >>> from trustmeasure.trust.named import named_model
    >>> from trustmeasure.trust.named.behaviour import with_behaviour
    >>> with_behaviour(named_model("trust-outcomes")).paths["repurchased"]
    ('repurchase_intention',)
    """
    joined = (*model.paths.values(), *model.direct.values())
    causes = {cause for predictors in joined for cause in predictors}
    last = tuple(outcome for outcome in model.paths if outcome not in causes)
    before = (x for y in last for x in (*model.paths[y], *model.direct.get(y, ())))
    return replace(
        model,
        paths={**model.paths, column: last},
        direct={**model.direct, column: tuple(dict.fromkeys(before))},
        observed=(*model.observed, column),
        short={**model.short, column: SHORT},
    )


MODEL = replace(
    with_behaviour(TRUST_OUTCOMES),
    name="behaviour",
    title=f"{TRUST_OUTCOMES.title} -> observed repurchase",
    claim=(
        "What customers say they will do shows in what they do: trust leads to satisfaction, loyalty and the "
        "intention to buy again, and the intention to a purchase that the company has on record."
    ),
    sources=(
        "Seiders, K., Voss, G. B., Grewal, D., & Godfrey, A. L. (2005). Do satisfied customers buy more? "
        "Examining moderating influences in a retailing context. Journal of Marketing, 69(4), 26-43.",
    ),
    note=(
        f"The column '{OBSERVED}' is 1 for customers who bought within a stated time after the survey, and 0 "
        f"for the others; it is ordinal: fit_sem(text, data, ordered=['{OBSERVED}']). Any other model takes "
        "such a column too: trust_model(name, behaviour='column')."
    ),
)
