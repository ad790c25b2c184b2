"""What a check of instruments found."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from trustmeasure.display import Summary, Table

COLUMNS = ["instrument", "place", "line", "rule", "severity", "message", "remedy"]
SILENCED = ["instrument", "place", "line", "rule", "message", "reason"]
GRAVE = ("error", "warning")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InstrumentCheck:
    """What the linter found in instrument files.

    Attributes
    ----------
    checked : tuple of str
        Names of the instruments and files that were looked at.
    findings : pandas.DataFrame
        One row a finding: instrument, place (such as `items[3].text.zh (sat_4)`), line, rule, severity
        ("error", "warning" or "advice"), message and remedy; errors first.
    silenced : pandas.DataFrame
        What an exemption silences: instrument, place, line, rule, message and the reason that the file gives.
    """

    checked: tuple[str, ...]
    findings: pd.DataFrame
    silenced: pd.DataFrame

    @property
    def passed(self) -> bool:
        """Whether there are neither errors nor warnings."""
        return not self.count("error") and not self.count("warning")

    def count(self, severity: str) -> int:
        """Return how many findings have a severity."""
        return int((self.findings["severity"] == severity).sum())

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the findings."""
        return self.findings.copy()

    def lines(self, *, advice: bool = True) -> list[str]:
        """Return one line a finding; `advice=False` leaves out what is only advice."""
        return [
            visible(f"{f.instrument}:{f.line}: {f.severity} {f.rule}: {f.place}: {f.message} {f.remedy}")
            for f in self._shown(advice).itertuples(index=False)
        ]

    def summary(self, *, advice: bool = True) -> Summary:
        """Return the findings for reading; `advice=False` leaves out what is only advice."""
        shown = self._shown(advice)
        tables = [_table(str(name), part) for name, part in shown.groupby("instrument", sort=False)]
        return Summary("Check of instruments", [*tables, self.verdict()])

    def verdict(self) -> str:
        """Return the counts as one sentence."""
        counts = f"{_number(self.count('error'), 'error')}, {_number(self.count('warning'), 'warning')}"
        silenced = f", {len(self.silenced)} silenced with a reason" if len(self.silenced) else ""
        files = _number(len(self.checked), "file")
        return f"{files} checked: {counts}, {_number(self.count('advice'), 'hint')}{silenced}."

    def _shown(self, advice: bool) -> pd.DataFrame:
        return self.findings if advice else self.findings[self.findings["severity"].isin(GRAVE)]

    def __str__(self) -> str:
        return str(self.summary())

    def __repr__(self) -> str:
        return f"<InstrumentCheck: {self.verdict()}>"

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def visible(line: str) -> str:
    """Return a line in which signs that a terminal would obey stand as their numbers."""
    return "".join(sign if sign.isprintable() else f"<U+{ord(sign):04X}>" for sign in line)


def _table(name: str, part: pd.DataFrame) -> Table:
    shown = part[["line", "severity", "rule", "place"]].assign(finding=part["message"] + " " + part["remedy"])
    return Table(name, shown.reset_index(drop=True))


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
