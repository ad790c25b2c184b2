"""The rows of one group of a fitted model."""

from __future__ import annotations

import pandas as pd

from trustmeasure.errors import ArgumentError


def rows_of_group(parameters: pd.DataFrame, group: int | str | None) -> pd.DataFrame:
    """Return the parameters of one group.

    Parameters
    ----------
    parameters : DataFrame
        The parameter table of a fitted model.
    group : int, str or None
        The group; None when there is only one.

    Raises
    ------
    ArgumentError
        If the group does not exist, or none was named and there are several.
    """
    present = pd.unique(parameters.loc[parameters["op"].isin(["=~", "~", "~~"]), "group"]).tolist()
    if group is None and len(present) > 1:
        raise ArgumentError(
            f"The model has {len(present)} groups; say which with group=. Allowed: {present}."
        )
    if group is not None and group not in present:
        raise ArgumentError(f"group={group!r} is not a group of the model. Allowed: {present}.")
    return parameters if group is None else parameters[parameters["group"] == group]
