"""Responses for reading: counts and notes, never the answers of a person."""

from __future__ import annotations

import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.responses.model import Responses

MOST_NAMES = 20


def summary(responses: Responses) -> Summary:
    """Return rows, instruments, missing answers by reason, other columns and notes."""
    kind = "Simulated responses" if responses.simulated else "Responses"
    tables = [_rows(responses), _instruments(responses), _missing(responses), _exclusions(responses)]
    lines = [_columns(responses), *(f"Note: {note}" for note in responses.notes)]
    shown: list[Table | str] = [table for table in tables if len(table.frame)]
    return Summary(f"{kind} from {responses.source}", (*shown, *(line for line in lines if line)))


def _rows(responses: Responses) -> Table:
    complete = int(responses.complete.sum())
    counts = {
        "rows read": responses.n_rows + len(responses.excluded),
        "rows left out": len(responses.excluded),
        "rows used": responses.n_rows,
        "rows with every item answered": complete,
        "items": len(responses.item_ids),
        "values set missing": len(responses.dropped),
    }
    frame = pd.DataFrame({"what": list(counts), "count": list(counts.values())})
    notes = ("The answers are simulated: no real person gave them.",) if responses.simulated else ()
    return Table("Sample", frame, notes)


def _instruments(responses: Responses) -> Table:
    found = set(responses.item_ids)
    rows = [
        (own.id, own.version, len(own.constructs), len(own.items), len(found & {i.id for i in own.items}))
        for own in responses.instruments
    ]
    columns = ["instrument", "version", "constructs", "items", "items found"]
    return Table("Instruments", pd.DataFrame(rows, columns=columns))


def _missing(responses: Responses) -> Table:
    frame = responses.missing()
    total = f"Missing in all: {frame['answers'].sum():,} answers ({100 * frame['share'].sum():.1f} %)."
    shown = frame.assign(share=100 * frame["share"]).rename(columns={"share": "% of all answers"})
    return Table("Missing answers by reason", shown, (total,), decimals=1)


def _exclusions(responses: Responses) -> Table:
    counts = responses.excluded["reason"].value_counts(sort=False)
    frame = pd.DataFrame({"reason": counts.index.astype(str), "rows": counts.to_numpy()})
    return Table("Rows left out", frame)


def _columns(responses: Responses) -> str:
    kept = responses.mapping.loc[responses.mapping["how"] == "kept", "column"].tolist()
    if not kept:
        return ""
    more = f" and {len(kept) - MOST_NAMES} more" if len(kept) > MOST_NAMES else ""
    return f"Columns kept as they came: {', '.join(kept[:MOST_NAMES])}{more}."
