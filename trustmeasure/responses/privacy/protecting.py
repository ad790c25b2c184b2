"""What is done with columns that tell who somebody is when answers are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pandas as pd

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import ResponseError
from trustmeasure.responses.columns import folded
from trustmeasure.responses.found import Found
from trustmeasure.responses.privacy.identifiers import Finding, findings_in, masked
from trustmeasure.responses.privacy.keys import Key, pseudonyms, read_key
from trustmeasure.responses.raw import RawTable
from trustmeasure.responses.sought import Sought

Identifiers = Literal["drop", "hash", "keep", "refuse"]
IDENTIFIERS: tuple[Identifiers, ...] = ("drop", "hash", "keep", "refuse")
PERSONAL_KIND = "personal"
"""Kind of a platform's columns that tell who somebody is."""
PERSONAL = "personal data of the platform"


@dataclass(frozen=True, slots=True)
class Policy:
    """What is to be done with direct identifiers.

    Attributes
    ----------
    usual : {"drop", "hash", "keep", "refuse"}
        For columns that are not named.
    named : mapping
        Column -> what is to be done with it.
    key : str, Path, Key or None
        The key of hashes.
    folder : Path or None
        Folder of the data, in which the key must not lie.
    """

    usual: Identifiers
    named: Mapping[str, Identifiers]
    key: str | Path | Key | None
    folder: Path | None

    @classmethod
    def of(
        cls,
        given: Identifiers | Mapping[str, Identifiers],
        key: str | Path | Key | None,
        source: object,
        columns: Sequence[str],
    ) -> Policy:
        """Return the policy that a caller asks for; raise ResponseError for an unknown one."""
        named = dict(given) if isinstance(given, Mapping) else {}
        usual: Identifiers = "drop" if isinstance(given, Mapping) else given
        for what in (usual, *named.values()):
            one_of("identifiers", what, IDENTIFIERS, error=ResponseError)
        for column in named:
            if column not in columns:
                raise ResponseError(f"identifiers names '{column}'. {suggestion(column, list(columns))}")
        path = Path(source) if isinstance(source, str | Path) else None
        folder = None if path is None else path if path.is_dir() else path.parent
        return cls(usual, named, key, folder)


@dataclass(frozen=True, slots=True)
class Protected:
    """A table without direct identifiers, or with those that the caller keeps.

    Attributes
    ----------
    raw : RawTable
        The table.
    found : tuple of Found
        Its columns; one that is left out has no name in the data.
    notes : tuple of str
        What was done.
    """

    raw: RawTable
    found: tuple[Found, ...]
    notes: tuple[str, ...]


def protect(
    raw: RawTable, found: Sequence[Found], sought: Sought, policy: Policy, id_column: str | None
) -> Protected:
    """Return the table with its direct identifiers left out, hashed or kept, and notes on them.

    Items and coded questions are not looked at. A column of ids that looks like phone numbers, e-mail
    addresses or the like is not left out without being told to: answers could no longer be told apart.

    Raises
    ------
    ResponseError
        If the policy refuses what was found, or ids are direct identifiers and nothing was said of them.
    """
    open_columns = [one for one in found if _is_open(one, sought)]
    personal = {one.column for one in open_columns if one.holds == PERSONAL_KIND}
    findings = {
        finding.column: finding
        for finding in findings_in(
            raw.frame, (one.column for one in open_columns if one.column not in personal)
        )
    }
    findings |= {
        column: Finding(column, PERSONAL, "name", len(raw.frame), 1.0) for column in sorted(personal)
    }
    done = {column: _what(finding, found, policy, id_column) for column, finding in findings.items()}
    done |= {column: what for column, what in policy.named.items() if column not in done}
    _refuse(findings, done, raw.source)
    return Protected(
        _changed(raw, findings, done, policy), _left_out(found, findings, done), _notes(findings, done)
    )


def _is_open(one: Found, sought: Sought) -> bool:
    """Return whether a column may hold anything: it is no item and nothing that is chosen from a list."""
    if one.id is not None:
        return sought.meanings[one.id].scale is None and sought.meanings[one.id].kind != "item"
    return one.holds in ("", "other", "identifier", PERSONAL_KIND)


def _what(finding: Finding, found: Sequence[Found], policy: Policy, id_column: str | None) -> Identifiers:
    if finding.column in policy.named:
        return policy.named[finding.column]
    one = next(one for one in found if one.column == finding.column)
    by_look = finding.by == "look" and _says_id(finding.column)
    is_id = one.holds in ("identifier", "link") or finding.column == id_column or by_look
    return "refuse" if is_id and policy.usual == "drop" else policy.usual


def _says_id(column: str) -> bool:
    name = folded(column)
    return name.endswith(("_id", " id", "编号", "客户号", "会员号")) or name in ("id", "customer", "member")


def _refuse(findings: Mapping[str, Finding], done: Mapping[str, Identifiers], source: str) -> None:
    refused = [finding for column, finding in findings.items() if done[column] == "refuse"]
    if not refused:
        return
    told = "; ".join(f"'{one.column}' ({one.kind}, by {_by(one)})" for one in refused)
    first = refused[0].column
    raise ResponseError(
        f"{source} holds columns that tell who somebody is: {told}. Say what to do with them: "
        f"identifiers={{'{first}': 'hash'}} with key= (a pseudonym that stays the same), 'drop', or 'keep'."
    )


def _by(finding: Finding) -> str:
    return {"name": "its name", "look": "the look of its cells", "inside": "parts of its texts"}[finding.by]


def _changed(
    raw: RawTable, findings: Mapping[str, Finding], done: Mapping[str, Identifiers], policy: Policy
) -> RawTable:
    hashed = [column for column, what in done.items() if what == "hash" and not _in_parts(column, findings)]
    parts = [
        column for column, what in done.items() if what in ("drop", "hash") and _in_parts(column, findings)
    ]
    if not hashed and not parts:
        return raw
    key = read_key(policy.key, data=policy.folder) if hashed else None
    new: dict[str, pd.Series] = {column: pseudonyms(raw.frame[column], key=key) for column in hashed}
    new |= {column: raw.frame[column].map(masked) for column in parts}
    return replace(raw, frame=raw.frame.assign(**new))


def _in_parts(column: str, findings: Mapping[str, Finding]) -> bool:
    return column in findings and findings[column].by == "inside"


def _left_out(
    found: Sequence[Found], findings: Mapping[str, Finding], done: Mapping[str, Identifiers]
) -> tuple[Found, ...]:
    gone = {column for column, what in done.items() if what == "drop" and not _in_parts(column, findings)}
    return tuple(
        replace(one, name="", how="left out", holds=_kind(one, findings)) if one.column in gone else one
        for one in found
    )


def _kind(one: Found, findings: Mapping[str, Finding]) -> str:
    return findings[one.column].kind if one.column in findings else one.holds


def _notes(findings: Mapping[str, Finding], done: Mapping[str, Identifiers]) -> tuple[str, ...]:
    whole = {
        "drop": "Left out, because they tell who somebody is: {}.",
        "hash": "Replaced by keyed hashes: {}.",
        "keep": "Kept as you asked, although they tell who somebody is: {}.",
    }
    notes = [
        text.format(
            _listed(column for column in done if done[column] == what and not _in_parts(column, findings))
        )
        for what, text in whole.items()
        if any(done[column] == what and not _in_parts(column, findings) for column in done)
    ]
    parts = [column for column in findings if _in_parts(column, findings)]
    masked_in = [column for column in parts if done[column] in ("drop", "hash")]
    if masked_in:
        notes.append(f"Masked inside texts (such as [e-mail address]): {_listed(masked_in)}.")
    return tuple(notes)


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(columns)
