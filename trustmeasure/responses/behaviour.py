"""What customers did, joined to what they said: one row a customer, checked on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import numbers_of, to_pandas
from trustmeasure.responses.model import Responses
from trustmeasure.responses.privacy.keys import canonical
from trustmeasure.responses.readers.tidy import is_blank

KINDS = ("purchase", "complaint", "visit", "conversion", "referral")
TYPE, DATE, AMOUNT = "event", "date", "amount"


@dataclass(frozen=True, slots=True, repr=False)
class JoinedBehaviour:
    """Answers with behaviour beside them.

    Attributes
    ----------
    responses : Responses
        The answers, with the columns of behaviour in `data`.
    columns : tuple of str
        The columns that were added; NaN for a respondent whom the behaviour does not know.
    matched : int
        Respondents with behaviour.
    without_behaviour : tuple
        Ids of respondents whom the behaviour does not know.
    without_answers : tuple
        Ids in the behaviour that did not answer.
    without_id : int
        Respondents without an id, who cannot be joined.
    """

    responses: Responses
    columns: tuple[str, ...]
    matched: int
    without_behaviour: tuple[Any, ...]
    without_answers: tuple[Any, ...]
    without_id: int

    def __repr__(self) -> str:
        return (
            f"<JoinedBehaviour: {self.matched} of {self.responses.n_rows} respondents with "
            f"{', '.join(self.columns)}>"
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the results should know, in counts."""
        told = [f"Behaviour is known of {self.matched} of {self.responses.n_rows} respondents."]
        if self.without_id:
            told.append(f"{self.without_id} respondents have no id and cannot be joined.")
        if self.without_answers:
            told.append(f"{len(self.without_answers)} customers in the behaviour did not answer.")
        return tuple(told)


def join_behaviour(
    responses: Responses, behaviour: Any, on: str = "customer_id", *, behaviour_on: str | None = None
) -> JoinedBehaviour:
    """Join a table of behaviour, one row a customer, to the answers.

    Several respondents may be the same customer (one for each wave, say); a customer must not come twice in
    the behaviour. Events, such as one row a purchase, are first counted by `behaviour_in_window`. Ids are
    compared as text: 17, 17.0 and "17" are the same.

    Parameters
    ----------
    responses : Responses
        The answers.
    behaviour : frame
        One row a customer.
    on : str
        Column of the answers with the customers' ids.
    behaviour_on : str, optional
        Column of the behaviour with them; `on` when left out.

    Returns
    -------
    JoinedBehaviour
        The answers with the columns of behaviour as numbers, and who was not found on either side.

    Raises
    ------
    DataError
        If a column does not exist, a customer comes twice in the behaviour, or nobody is found in it.

    Examples
    --------
    >>> import pandas as pd
    >>> import trustmeasure as tm
    >>> responses = tm.load_sample("trust-survey")
    >>> bought = pd.DataFrame({"customer": ["sim-0001", "sim-0002", "sim-9999"], "spend": [120.5, 0, 30]})
    >>> joined = tm.join_behaviour(responses, bought, on="respondent_id", behaviour_on="customer")
    >>> joined.matched, len(joined.without_answers), float(joined.responses.data["spend"].iloc[0])
    (2, 1, 120.5)
    """
    frame = to_pandas(behaviour, name="behaviour")
    theirs = behaviour_on or on
    _require_column(responses.data, on, "the answers")
    _require_column(frame, theirs, "the behaviour")
    keys = _keys(frame[theirs])
    _require_unique(frame[theirs], keys)
    added = _numeric(frame.drop(columns=theirs))
    _require_new(added, responses.data)
    own = _keys(responses.data[on])
    table = added.assign(_key=keys).dropna(subset=["_key"]).set_index("_key")
    known = own.isin(table.index)
    if not known.any():
        raise DataError(
            f"No respondent's '{on}' is among the customers of the behaviour. Check that both hold the same "
            "ids (hashed with the same key, if they are hashed)."
        )
    joined = table.reindex(own.where(known)).set_axis(responses.data.index, axis=0)
    return JoinedBehaviour(
        responses=replace(responses, data=pd.concat([responses.data, joined], axis=1)),
        columns=tuple(str(name) for name in added),
        matched=int(known.sum()),
        without_behaviour=tuple(responses.data.loc[~known & own.notna(), on]),
        without_answers=tuple(frame.loc[keys.notna() & ~keys.isin(set(own.dropna())), theirs]),
        without_id=int(own.isna().sum()),
    )


def behaviour_in_window(
    events: Any,
    *,
    start: Any,
    end: Any,
    on: str = "customer_id",
    event: str = TYPE,
    date: str = DATE,
    amount: str | None = None,
    customers: Sequence[Any] | None = None,
    kinds: Mapping[str, str | Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Count what customers did in a window of time, from a table of events.

    Both days of the window belong to it: an event at any time of the last day counts. For repurchase set the
    window after the answers, so that what was said comes before what was done.

    Parameters
    ----------
    events : frame
        One row an event.
    start, end : date or str
        First and last day of the window, such as `"2026-02-01"`.
    on, event, date : str
        Columns with the customer, the kind of the event, and its date.
    amount : str, optional
        Column with what was spent, summed over purchases as `spend`.
    customers : sequence, optional
        Every customer of whom behaviour is known, also those without events: they get zeros. None for those
        who occur in the events at any time.
    kinds : mapping, optional
        Kind of behaviour -> its name (or names) in the events. None for the kinds' own names: purchase,
        complaint, visit, conversion, referral.

    Returns
    -------
    pandas.DataFrame
        One row a customer: the id, `<kind>s` (how many) for each kind, `repurchase` (1 when there was any
        purchase, else 0), and `spend`. Numbers throughout.

    Raises
    ------
    DataError
        If a column does not exist, a date cannot be read, an amount is no number, or a kind of event is
        unknown.
    ArgumentError
        If the window ends before it starts.

    Examples
    --------
    >>> import pandas as pd
    >>> import trustmeasure as tm
    >>> events = pd.DataFrame({
    ...     "customer_id": ["a", "a", "b"], "event": ["purchase", "visit", "purchase"],
    ...     "date": ["2026-03-31 23:59", "2026-03-02", "2026-04-01"], "amount": [20.0, None, 5.0],
    ... })
    >>> found = tm.behaviour_in_window(events, start="2026-01-01", end="2026-03-31", amount="amount")
    >>> found[["customer_id", "purchases", "repurchase", "visits", "spend"]].values.tolist()
    [['a', 1, 1, 1, 20.0], ['b', 0, 0, 0, 0.0]]
    """
    frame = to_pandas(events, name="events").reset_index(drop=True)
    for column in (on, event, date, *(() if amount is None else (amount,))):
        _require_column(frame, column, "the events")
    first, last = _day("start", start), _day("end", end)
    if last < first:
        raise ArgumentError(f"The window ends ({last.date()}) before it starts ({first.date()}).")
    names = _kinds(frame[event], kinds)
    days = _dates(frame[date], date)
    inside = (days >= first) & (days < last + pd.Timedelta(days=1))
    keys = _keys(frame[on])
    index = _customers(frame[on], keys, customers)
    columns = {
        f"{kind}s": _count(keys[inside & frame[event].map(_plain).isin(theirs)], index)
        for kind, theirs in names.items()
    }
    if "purchases" in columns:
        columns["repurchase"] = (columns["purchases"] > 0).astype("int64")
    if amount is not None:
        bought = inside & frame[event].map(_plain).isin(names.get("purchase", set()))
        columns["spend"] = _sum(frame[amount], keys, bought, index)
    counted = pd.DataFrame(columns, index=pd.Index(index))
    counted.insert(0, on, list(index.values()))
    return counted.reset_index(drop=True)


def _require_column(frame: pd.DataFrame, column: str, where: str) -> None:
    if column not in frame:
        known = [str(name) for name in frame]
        raise DataError(f"There is no column '{column}' in {where}. {suggestion(column, known)}")


def _keys(ids: pd.Series) -> pd.Series:
    return ids.map(lambda value: np.nan if is_blank(value) else canonical(value)).astype(object)


def _require_unique(ids: pd.Series, keys: pd.Series) -> None:
    again = keys.duplicated(keep=False) & keys.notna()
    if again.any():
        first = ids[again].iloc[0]
        rows = ", ".join(
            str(int(i) + 1) for i in np.flatnonzero((keys == keys[again].iloc[0]).to_numpy())[:5]
        )
        raise DataError(
            f"The behaviour holds the customer {first!r} more than once (rows {rows}); one row a customer is "
            "needed. Count events with behaviour_in_window first."
        )


def _numeric(frame: pd.DataFrame) -> pd.DataFrame:
    if not len(frame.columns):
        raise DataError("The behaviour holds no column beside the ids.")
    return pd.DataFrame({str(name): numbers_of(frame[name], str(name)) for name in frame}, index=frame.index)


def _require_new(added: pd.DataFrame, data: pd.DataFrame) -> None:
    for name in added:
        if name in data:
            raise DataError(f"The answers have a column '{name}' already. Rename it in the behaviour.")


def _day(name: str, given: Any) -> pd.Timestamp:
    try:
        day = pd.Timestamp(given)
    except (ValueError, TypeError) as error:
        raise ArgumentError(f"{name}={given!r} is no day. Give one such as '2026-01-31'.") from error
    if pd.isna(day) or day.tz is not None or day != day.normalize():
        raise ArgumentError(f"{name}={given!r} is no day. Give one such as '2026-01-31', without a time.")
    return day


def _dates(column: pd.Series, name: str) -> pd.Series:
    """Return points in time without a time zone: the day counts as it is written."""
    texts = column if pd.api.types.is_datetime64_any_dtype(column.dtype) else column.astype(object)
    read = [_moment(value) for value in texts.tolist()]
    bad = [i for i, moment in enumerate(read) if moment is None]
    if bad:
        raise DataError(
            f"Column '{name}' holds '{column.iloc[bad[0]]}' in row {bad[0] + 1}, which is no date. "
            "Write dates as 2026-01-31 or 2026-01-31T09:15:00."
        )
    return pd.Series(read, index=column.index, dtype="datetime64[ns]")


def _moment(value: Any) -> pd.Timestamp | None:
    if is_blank(value) or isinstance(value, int | float):
        return None
    try:
        found = pd.Timestamp(value) if not isinstance(value, str) else _iso(value)
    except (ValueError, TypeError):
        return None
    return None if found is None or pd.isna(found) else found.tz_localize(None)


def _iso(text: str) -> pd.Timestamp | None:
    found = pd.to_datetime([text.strip()], format="ISO8601", errors="coerce")[0]
    return None if pd.isna(found) else pd.Timestamp(found)


def _plain(value: object) -> str:
    return "" if is_blank(value) else str(value).strip().casefold()


def _kinds(events: pd.Series, given: Mapping[str, str | Sequence[str]] | None) -> dict[str, set[str]]:
    names = {kind: {kind, f"{kind}s"} for kind in KINDS} if given is None else {}
    for kind, theirs in (given or {}).items():
        if kind not in KINDS:
            raise ArgumentError(f"kinds names '{kind}'. {suggestion(str(kind), list(KINDS))}")
        names[kind] = {_plain(name) for name in ([theirs] if isinstance(theirs, str) else theirs)}
    known = {name for own in names.values() for name in own}
    unknown = sorted({_plain(value) for value in events.dropna().tolist()} - known - {""})
    if unknown and given is None:
        raise DataError(
            f"The events hold the kind '{unknown[0]}', which is not known. Say which events count with "
            "kinds=, such as kinds={'purchase': 'order'}."
        )
    return names


def _customers(ids: pd.Series, keys: pd.Series, given: Sequence[Any] | None) -> dict[str, Any]:
    """Return key -> id as it is written, each customer once, in their order."""
    every = ids.tolist() if given is None else list(given)
    found = {canonical(value): value for value in reversed(every) if not is_blank(value)}
    if not found:
        raise DataError("No customer is named in the events.")
    return dict(reversed(found.items()))


def _count(keys: pd.Series, index: Mapping[str, Any]) -> pd.Series:
    return keys.value_counts().reindex(list(index), fill_value=0).astype("int64")


def _sum(amounts: pd.Series, keys: pd.Series, chosen: pd.Series, index: Mapping[str, Any]) -> pd.Series:
    numbers = numbers_of(amounts, str(amounts.name))
    if numbers[chosen].isna().any():
        row = int(np.flatnonzero((chosen & numbers.isna()).to_numpy())[0]) + 1
        raise DataError(
            f"Column '{amounts.name}' is empty in row {row}, a purchase. Fill it in, or leave it out."
        )
    return numbers[chosen].groupby(keys[chosen]).sum().reindex(list(index), fill_value=0.0)
