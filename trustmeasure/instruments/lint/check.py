"""The linter: every rule on every file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from trustmeasure.instruments.lint.exemptions import Exemption, apart, exemptions_in
from trustmeasure.instruments.lint.model import File, Finding, Hit, Rule
from trustmeasure.instruments.lint.reading import Named, files_of, has_form, paths_of
from trustmeasure.instruments.lint.result import COLUMNS, SILENCED, InstrumentCheck
from trustmeasure.instruments.lint.rules import IDLE, RULES
from trustmeasure.instruments.lint.sound import RULES as SOUND
from trustmeasure.instruments.problems import line_of, nearest_id, place

_GRAVITY = {"error": 0, "warning": 1, "advice": 2}
_BY_ID = {rule.id: rule for rule in RULES}
_SILENCEABLE = frozenset(rule.id for rule in RULES if not rule.firm)


def check_instruments(named: Named | Sequence[Named] = ()) -> InstrumentCheck:
    """Look at instrument files by the rules of wording, translation, typography and structure.

    Parameters
    ----------
    named : str, Path or sequence of them, optional
        Ids of shipped instruments, paths of files, or folders; by default everything that ships: instruments,
        response scales and background questions.

    Returns
    -------
    InstrumentCheck
        The findings as a frame, with a summary. What the files silence with a reason stands apart.

    Raises
    ------
    InstrumentError
        If there is no such instrument, file or folder. A file that cannot be read is a finding.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> tm.check_instruments("satisfaction").passed
    True
    """
    listed = (named,) if isinstance(named, str | Path) else tuple(named)
    files = files_of(paths_of(listed))
    checked = [(file, *_checked(file)) for file in files]
    return InstrumentCheck(
        checked=tuple(file.name for file in files),
        findings=_frame(files, [finding for _, standing, _ in checked for finding in standing]),
        silenced=_silenced_frame([(file, pair) for file, _, pairs in checked for pair in pairs]),
    )


def _checked(file: File) -> tuple[list[Finding], list[tuple[Finding, Exemption]]]:
    """Return the findings that stand in a file, and those that are silenced."""
    rules = RULES if has_form(file.problems) else SOUND
    found = [_finding(file, rule, hit) for rule in rules for hit in rule.check(file)]
    given = exemptions_in(file.data) if has_form(file.problems) else ()
    exemptions = [one for one in given if one.rule in _SILENCEABLE]
    standing, silenced = apart(list(dict.fromkeys(found)), exemptions)
    used = {one.entry for _, one in silenced}
    idle = [one for one in exemptions if one.entry not in used]
    return [*standing, *(_idle(file, one) for one in idle)], silenced


def _finding(file: File, rule: Rule, hit: Hit) -> Finding:
    line = line_of(hit.where, file.lines)
    remedy = hit.remedy or rule.remedy
    return Finding(file.name, hit.where, line, rule.id, rule.severity, hit.message, remedy)


def _idle(file: File, one: Exemption) -> Finding:
    return _finding(file, _BY_ID[IDLE], Hit(one.entry, f"'{one.rule}' silences nothing here."))


def _place(file: File, finding: Finding) -> str:
    id = nearest_id(finding.where, file.data)
    return f"{place(finding.where)}{f' ({id})' if id else ''}"


def _frame(files: Sequence[File], findings: Sequence[Finding]) -> pd.DataFrame:
    by_name = {file.name: file for file in files}
    order = [file.name for file in files]
    rows = [
        (f.instrument, _place(by_name[f.instrument], f), f.line, f.rule, f.severity, f.message, f.remedy)
        for f in sorted(findings, key=lambda f: (order.index(f.instrument), _GRAVITY[f.severity], f.line))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _silenced_frame(pairs: Sequence[tuple[File, tuple[Finding, Exemption]]]) -> pd.DataFrame:
    rows = [
        (file.name, _place(file, found), found.line, found.rule, found.message, one.reason)
        for file, (found, one) in pairs
    ]
    return pd.DataFrame(rows, columns=SILENCED)
