"""The waves of a survey joined: the same people asked several times, by their participant codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from trustmeasure.check import one_of, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ResponseError
from trustmeasure.frames import to_pandas
from trustmeasure.responses.links import is_link_code, plain_code
from trustmeasure.responses.privacy.keys import canonical
from trustmeasure.responses.readers.tidy import is_blank

Keep = Literal["all", "matched"]
CONSTANT = ("gender", "birth_year", "date_of_birth")
RISING = ("age", "age_group")
PERSON, WAVE = "person", "wave"
REPORT_COLUMNS = ["code", "status", "waves", "detail"]

MATCHED, SOME, DUPLICATE, IMPLAUSIBLE, MISTYPED = (
    "in every wave",
    "not in every wave",
    "code comes twice in a wave",
    "same code, other person?",
    "no valid code",
)


@dataclass(frozen=True, slots=True, repr=False)
class JoinedWaves:
    """Answers of several waves, one row a person.

    Attributes
    ----------
    wide : pandas.DataFrame
        One row a person, by code; every column of a wave is called `<column>_<wave>`. NaN where a person did
        not answer a wave.
    long : pandas.DataFrame
        One row a person and wave: person, wave, and the columns that the waves have.
    patterns : mapping
        Wave -> pattern of its columns in `wide`, such as `"{item}_before"`: what `longitudinal_invariance`
        takes as `waves`.
    report : pandas.DataFrame
        One row a code: code, status, the waves in which it occurs, and detail.
    without_code : mapping
        Wave -> number of rows without a code, which cannot be linked.
    left_out : int
        Codes that are not in `wide`.
    link : str
        The column with the codes.

    Examples
    --------
    >>> import pandas as pd
    >>> import trustmeasure as tm
    >>> before = pd.DataFrame({"link_id": ["a-1", "b-2", "c-3"], "x": [1, 2, 3]})
    >>> later = pd.DataFrame({"link_id": ["A1", "c3", "d4"], "x": [4, 5, 6]})
    >>> joined = tm.join_waves({"before": before, "later": later})
    >>> joined.counts
    {'in every wave': 2, 'not in every wave': 2}
    >>> joined.wide["x_later"].tolist()
    [4.0, nan, 5.0, 6.0]
    """

    wide: pd.DataFrame
    long: pd.DataFrame
    patterns: Mapping[str, str]
    report: pd.DataFrame
    without_code: Mapping[str, int]
    left_out: int
    link: str = field(default="link_id")

    def __repr__(self) -> str:
        waves = ", ".join(self.patterns)
        return f"<JoinedWaves: {len(self.wide)} people, waves {waves}>"

    def __str__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    @property
    def counts(self) -> dict[str, int]:
        """Status -> number of codes."""
        return {
            str(status): int(n) for status, n in self.report["status"].value_counts().sort_index().items()
        }

    def summary(self) -> Summary:
        """Return how many people were matched and what was wrong, never a code."""
        counts = pd.DataFrame({"status": list(self.counts), "codes": list(self.counts.values())})
        rows = {wave: int((self.long[WAVE] == wave).sum()) for wave in self.patterns}
        waves = pd.DataFrame(
            {
                "wave": list(rows),
                "rows joined": list(rows.values()),
                "rows without code": [self.without_code[wave] for wave in rows],
            }
        )
        told = f"{len(self.wide)} people are joined; {self.left_out} codes are left out."
        return Summary("Waves joined", [told, Table("Codes", counts), Table("Waves", waves)])


def join_waves(
    waves: Mapping[str, Any],
    link: str = "link_id",
    *,
    keep: Keep = "all",
    constant: Sequence[str] | None = None,
    rising: Sequence[str] | None = None,
    implausible: Literal["keep", "leave out"] = "keep",
) -> JoinedWaves:
    """Join the answers of several waves by the participant code.

    Codes are compared without regard to case, blanks and hyphens. A code that comes twice in a wave links
    nobody: it is left out and reported. So are codes with a wrong check sign, where most codes are from
    `link_codes`.

    Parameters
    ----------
    waves : mapping of str to Responses or frame
        Name of each wave, in their order, and its answers.
    link : str
        Column with the codes, in every wave.
    keep : {"all", "matched"}
        Everybody, or only those who answered every wave.
    constant, rising : sequence of str, optional
        Columns that cannot change between waves, and that cannot fall; a code for which they do is reported
        as perhaps another person. None for those of gender, birth year, age and age group that every wave
        has.
    implausible : {"keep", "leave out"}
        What to do with such codes.

    Returns
    -------
    JoinedWaves
        Wide and long frame, and the report.

    Raises
    ------
    ResponseError
        If a wave has no such column, or nobody is in more than one wave.

    Examples
    --------
    >>> import pandas as pd
    >>> import trustmeasure as tm
    >>> before = pd.DataFrame({"link_id": ["K-101", "K-102"], "sat_1": [5, 6]})
    >>> later = pd.DataFrame({"link_id": ["k102", "K-103"], "sat_1": [7, 4]})
    >>> joined = tm.join_waves({"before": before, "later": later}, keep="matched")
    >>> joined.wide.values.tolist(), joined.patterns["later"]
    ([[6, 7]], '{item}_later')
    """
    one_of("keep", keep, ("all", "matched"), error=ResponseError)
    one_of("implausible", implausible, ("keep", "leave out"), error=ResponseError)
    names = _wave_names(waves)
    frames = {wave: _frame(data, wave, link) for wave, data in waves.items()}
    codes = {
        wave: frame[link].map(lambda v: "" if is_blank(v) else plain_code(v))
        for wave, frame in frames.items()
    }
    status = _statuses(
        frames, codes, _compared(frames, constant, CONSTANT), _compared(frames, rising, RISING)
    )
    report = _report(status, codes)
    used = _used(report, keep, implausible)
    if not (report["status"].isin([MATCHED, IMPLAUSIBLE]) | report["waves"].str.contains(",")).any():
        raise ResponseError(
            f"Nobody is in more than one wave by the column '{link}'. Check that the waves used the same "
            "codes."
        )
    parts = {wave: _people(frames[wave], codes[wave], used, link) for wave in waves}
    return JoinedWaves(
        wide=_wide(parts, names, used),
        long=_long(parts),
        patterns={wave: f"{{item}}_{name}" for wave, name in names.items()},
        report=report,
        without_code={wave: int((code == "").sum()) for wave, code in codes.items()},
        left_out=len(report) - len(used),
        link=link,
    )


def _wave_names(waves: Mapping[str, Any]) -> dict[str, str]:
    """Return wave -> ending of its columns: hyphens would be minus signs in a model."""
    if not isinstance(waves, Mapping) or len(waves) < 2:
        raise ResponseError("waves: give two or more, such as {'before': responses, 'later': responses}.")
    names = {str(wave): str(wave).replace("-", "_").replace(" ", "_") for wave in waves}
    if len(set(names.values())) < len(names):
        raise ResponseError("waves: two names differ in hyphens and blanks only. Rename one.")
    return names


def _frame(data: Any, wave: str, link: str) -> pd.DataFrame:
    frame = to_pandas(data, name=f"waves[{wave!r}]").reset_index(drop=True)
    if link not in frame:
        known = [str(name) for name in frame]
        raise ResponseError(f"The wave '{wave}' has no column '{link}'. {suggestion(link, known)}")
    return frame


def _compared(
    frames: Mapping[str, pd.DataFrame], given: Sequence[str] | None, usual: Sequence[str]
) -> tuple[str, ...]:
    """Return the columns that are held against each other: given, or the usual ones of every wave."""
    for column in given or ():
        for wave, frame in frames.items():
            if column not in frame:
                known = [str(name) for name in frame]
                raise ResponseError(
                    f"The wave '{wave}' has no column '{column}'. {suggestion(column, known)}"
                )
    if given is not None:
        return tuple(given)
    return tuple(column for column in usual if all(column in frame for frame in frames.values()))


def _statuses(
    frames: Mapping[str, pd.DataFrame],
    codes: Mapping[str, pd.Series],
    constant: Sequence[str],
    rising: Sequence[str],
) -> dict[str, tuple[str, str]]:
    """Return code -> what it is worth, and why."""
    every = list(dict.fromkeys(code for own in codes.values() for code in own if code))
    twice = {wave: set(own[own.duplicated(keep=False)]) for wave, own in codes.items()}
    checked = sum(map(is_link_code, every)) > len(every) / 2
    rows = {wave: {code: i for i, code in enumerate(own)} for wave, own in codes.items()}
    values = {wave: {c: frame[c].tolist() for c in (*constant, *rising)} for wave, frame in frames.items()}

    def status(code: str) -> tuple[str, str]:
        doubled = [wave for wave in frames if code in twice[wave]]
        if doubled:
            return DUPLICATE, f"in {', '.join(doubled)}"
        if checked and not is_link_code(code):
            return MISTYPED, "the check sign does not fit: a typing error"
        there = [wave for wave in frames if code in rows[wave]]
        changed = _changed([(values[wave], rows[wave][code]) for wave in there], constant, rising)
        if changed:
            return IMPLAUSIBLE, changed
        return (MATCHED, "") if len(there) == len(frames) else (SOME, f"not in {_others(frames, there)}")

    return {code: status(code) for code in every}


def _others(frames: Mapping[str, pd.DataFrame], there: Sequence[str]) -> str:
    return ", ".join(wave for wave in frames if wave not in there)


def _changed(
    places: Sequence[tuple[Mapping[str, Sequence[Any]], int]], constant: Sequence[str], rising: Sequence[str]
) -> str:
    """Return what changed between the waves that cannot have changed; empty when nothing did."""
    told = []
    for column in constant:
        if len({_text(columns[column][row]) for columns, row in places} - {""}) > 1:
            told.append(f"{column} changed")
    for column in rising:
        numbers = [_number(columns[column][row]) for columns, row in places]
        seen = [number for number in numbers if number is not None]
        if seen != sorted(seen):
            told.append(f"{column} fell")
    return ", ".join(told)


def _text(value: object) -> str:
    return "" if is_blank(value) else canonical(value)


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return None if number != number else number


def _report(status: Mapping[str, tuple[str, str]], codes: Mapping[str, pd.Series]) -> pd.DataFrame:
    sets = {wave: set(own) for wave, own in codes.items()}
    rows = [
        (code, what, ", ".join(wave for wave in sets if code in sets[wave]), why)
        for code, (what, why) in status.items()
    ]
    return pd.DataFrame(rows, columns=REPORT_COLUMNS)


def _used(report: pd.DataFrame, keep: Keep, implausible: str) -> list[str]:
    number = report["waves"].str.count(",") + 1
    fine = report["status"].isin([MATCHED, SOME])
    if implausible == "keep":
        fine |= report["status"] == IMPLAUSIBLE
    if keep == "matched":
        fine &= number == number.max()
        fine &= report["status"] != SOME
    return [str(code) for code in report.loc[fine, "code"]]


def _people(frame: pd.DataFrame, codes: pd.Series, used: Sequence[str], link: str) -> pd.DataFrame:
    chosen = frame.assign(**{PERSON: codes}).drop(columns=link)
    return chosen[chosen[PERSON].isin(set(used))].set_index(PERSON)


def _wide(parts: Mapping[str, pd.DataFrame], names: Mapping[str, str], used: Sequence[str]) -> pd.DataFrame:
    index = pd.Index(used, name=PERSON)
    named = [part.add_suffix(f"_{names[wave]}").reindex(index) for wave, part in parts.items()]
    wide = pd.concat(named, axis=1)
    twice = wide.columns[wide.columns.duplicated()]
    if len(twice):
        raise ResponseError(f"The column '{twice[0]}' would come from two waves. Rename a wave.")
    return wide


def _long(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    stacked = [part.reset_index().assign(wave=wave) for wave, part in parts.items()]
    long = pd.concat(stacked, ignore_index=True)
    order = {code: place for place, code in enumerate(dict.fromkeys(long[PERSON]))}
    places = {wave: place for place, wave in enumerate(parts)}
    by = long.assign(_person=long[PERSON].map(order), _wave=long[WAVE].map(places)).sort_values(
        ["_person", "_wave"]
    )
    first = [PERSON, WAVE]
    rest = [column for column in long if column not in first]
    return by[[*first, *rest]].reset_index(drop=True)
