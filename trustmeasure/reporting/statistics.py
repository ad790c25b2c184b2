"""What each item's answers look like, in numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trustmeasure.responses import Responses

COLUMNS = ("item", "construct", "n", "missing", "mean", "sd", "skew", "floor", "ceiling", "reverse")


def item_statistics(responses: Responses) -> pd.DataFrame:
    """Return one row an item, its answers turned where the wording is reversed.

    Parameters
    ----------
    responses : Responses
        The answers.

    Returns
    -------
    pandas.DataFrame
        item, construct, n (answers), missing (share of the respondents), mean, sd, skew (adjusted
        Fisher-Pearson, G1), floor and ceiling (share of the answers at the lowest and the highest code),
        reverse. A number that does not exist is NaN.

    Examples
    --------
    >>> import pandas as pd
    >>> from trustmeasure.responses import read_responses
    >>> frame = pd.DataFrame({f"sat_{i}": [1, 4, 7, 7] for i in (1, 2, 3, 4)})
    >>> item_statistics(read_responses(frame, "satisfaction"))[["n", "mean", "ceiling"]].values.tolist()[0]
    [4.0, 4.75, 0.5]
    """
    rows = [_row(responses, id) for id in responses.item_ids]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(responses: Responses, id: str) -> dict[str, object]:
    answers, scale, item = responses.data[id].dropna(), responses.scale_of(id), responses.item(id)
    n = len(answers)
    return {
        "item": id,
        "construct": item.construct,
        "n": n,
        "missing": 1 - n / responses.n_rows,
        "mean": float(answers.mean()) if n else np.nan,
        "sd": float(answers.std()) if n > 1 else np.nan,
        "skew": _skew(answers),
        "floor": float((answers == scale.minimum).mean()) if n else np.nan,
        "ceiling": float((answers == scale.maximum).mean()) if n else np.nan,
        "reverse": item.reverse,
    }


def _skew(answers: pd.Series) -> float:
    exists = len(answers) > 2 and answers.min() < answers.max()
    return float(pd.Series(answers, dtype="float64").agg("skew")) if exists else float("nan")
