"""Evidence for an instrument: which status its steps carry, and writing them into its file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from trustmeasure.check import existing_file
from trustmeasure.errors import InstrumentError
from trustmeasure.files import replacing
from trustmeasure.instruments.loading import read_instrument
from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.records import Evidence, EvidenceStatus, EvidenceStep
from trustmeasure.instruments.registry import scales_for

STATUSES: tuple[EvidenceStatus, ...] = get_args(EvidenceStatus)
_BLOCK = re.compile(r"^evidence:.*?(?=^[^\s#]|\Z)", re.MULTILINE | re.DOTALL)
_DECIMALS = 10


def status_of(steps: Sequence[EvidenceStep]) -> EvidenceStatus:
    """Return the highest status that a step with real data has reached; simulated steps never count.

    Examples
    --------
    >>> from trustmeasure.instruments import EvidenceStep
    >>> status_of([EvidenceStep("piloted", "2025-01-31", 80), EvidenceStep("invariant", "2025-02-01", 900,
    ...     simulated=True)])
    'piloted'
    """
    reached = [STATUSES.index(step.status) for step in steps if not step.simulated]
    return STATUSES[max(reached, default=0)]


def with_steps(instrument: Instrument, steps: Sequence[EvidenceStep]) -> Instrument:
    """Return the instrument with more evidence; a step of an analysis that is there already replaces it."""
    merged = merged_steps(instrument.evidence.steps, steps)
    return replace(instrument, evidence=Evidence(status_of(merged), merged))


def merged_steps(old: Sequence[EvidenceStep], new: Sequence[EvidenceStep]) -> tuple[EvidenceStep, ...]:
    """Return the old steps but those that a new one repeats (same status and analysis), then the new."""
    again = {(step.status, step.analysis_hash) for step in new if step.analysis_hash}
    kept = [step for step in old if (step.status, step.analysis_hash) not in again]
    return (*kept, *new)


def write_evidence(path: str | Path, steps: Sequence[EvidenceStep], target: str | Path | None = None) -> Path:
    """Write steps into the evidence block of an instrument file; every other line stays as it is.

    Parameters
    ----------
    path : str or Path
        The instrument file.
    steps : sequence of EvidenceStep
        What is added to the steps that the file has. A step of the same status and analysis is replaced.
        Steps with simulated answers are written as such and never raise the status.
    target : str or Path, optional
        Where to write; the file itself by default.

    Returns
    -------
    Path
        The file written, whole or not at all, and read again before it takes its place.

    Raises
    ------
    InstrumentError
        If the file is no instrument, has no evidence block that stands by itself, or a figure is no number.
    """
    file = existing_file(path, error=InstrumentError)
    instrument = read_instrument(file, scales_for(file.parent))
    wanted = with_steps(instrument, steps)
    text = file.read_text(encoding="utf-8-sig")
    found = _BLOCK.findall(text)
    if len(found) != 1:
        raise InstrumentError(
            f"{file}: there is no block that starts with 'evidence:' at the beginning of a line. Write one."
        )
    start = text.index(found[0])
    written = text[:start] + evidence_text(wanted.evidence) + text[start + len(found[0]) :]
    out = Path(target) if target is not None else file
    with replacing(out) as temporary:
        temporary.write_text(written, encoding="utf-8", newline="\n")
        _require_same(read_instrument(temporary, scales_for(file.parent)), wanted, file)
    return out


def _require_same(read: Instrument, wanted: Instrument, file: Path) -> None:
    if replace(read, evidence=wanted.evidence) != wanted or read.evidence.status != wanted.evidence.status:
        raise InstrumentError(
            f"{file}: its evidence block cannot be replaced by itself, as other parts stand in the same "
            "lines. Write the block as in a shipped instrument."
        )


def evidence_text(evidence: Evidence) -> str:
    """Return the evidence block as it stands in an instrument file."""
    lines = ["evidence:", f"  status: {evidence.status}"]
    if not evidence.steps:
        return "\n".join([*lines, "  steps: []"]) + "\n"
    return "\n".join([*lines, "  steps:", *(line for step in evidence.steps for line in _lines(step))]) + "\n"


def _lines(step: EvidenceStep) -> Iterator[str]:
    yield f"    - status: {step.status}"
    yield f"      date: {_quoted(step.date)}"
    yield f"      n: {step.n}"
    for name in ("country", "language"):
        if getattr(step, name):
            yield f"      {name}: {_quoted(getattr(step, name))}"
    yield f"      simulated: {'true' if step.simulated else 'false'}"
    if step.figures:
        yield "      figures:"
        yield from (f"        {name}: {_number(name, value)}" for name, value in step.figures.items())
    if step.criteria:
        yield "      criteria:"
        yield from (f"        - {_quoted(rule)}" for rule in step.criteria)
    if step.analysis_hash:
        yield f"      analysis_hash: {_quoted(step.analysis_hash)}"


def _quoted(text: str) -> str:
    """Return a text in double quotes; YAML reads the escapes of backslash, quote and line end."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{plain}"'


def _number(name: str, value: float) -> str:
    if not math.isfinite(value):
        raise InstrumentError(f"The figure '{name}' of a step is {value}, not a number. Leave it out.")
    return f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".") if value != int(value) else str(int(value))
