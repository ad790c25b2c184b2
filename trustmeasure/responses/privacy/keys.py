"""Keyed hashes: the same person gets the same pseudonym, and nobody without the key can tell whose it is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import ArgumentError
from trustmeasure.responses.readers.tidy import is_blank

KEY_VARIABLE = "TRUSTMEASURE_KEY"
LEAST_KEY = 32
"""Least characters of a key."""
MOST_KEY = 4096
DIGITS = 20
"""Characters of a pseudonym: 100 bits, so that two people never share one."""


@dataclass(frozen=True, slots=True)
class Key:
    """A secret. Showing it shows where it came from, never the secret.

    Attributes
    ----------
    source : str
        The file or environment variable.
    secret : bytes
        The key.
    """

    source: str
    secret: bytes = field(repr=False)


def make_key(path: str | Path) -> Path:
    """Write a new random key to a file that only you can read.

    Keep it outside the folder of the data, and never share it with them: who has both can tell whose answers
    they are. Without the key new answers of the same person cannot be linked to the old ones.

    Parameters
    ----------
    path : str or Path
        The file to write; it must not exist.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ArgumentError
        If there is a file already, or it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import trustmeasure as tm
    >>> tm.make_key(Path(tempfile.mkdtemp()) / "survey.key").name
    'survey.key'
    """
    file = Path(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ArgumentError(
            f"{file} exists already. A key that was used must be kept; choose another name."
        ) from None
    except OSError as error:
        raise ArgumentError(f"{file} cannot be written: {error.strerror}. Check the folder.") from None
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32) + "\n")
    return file


def read_key(given: str | Path | Key | None, *, data: Path | None = None) -> Key:
    """Return the key of a file, or of the environment variable TRUSTMEASURE_KEY when None is given.

    Parameters
    ----------
    given : str, Path, Key or None
        The key's file.
    data : Path, optional
        Folder of the data, in which (or below which) the key must not lie.

    Raises
    ------
    ArgumentError
        If there is no key, it is too short, or it lies with the data.
    """
    if isinstance(given, Key):
        return given
    if given is None:
        text = os.environ.get(KEY_VARIABLE, "")
        if not text:
            raise ArgumentError(
                "A key is needed. Make one with make_key('.../survey.key') outside the folder of the data "
                f"and pass key=, or set the environment variable {KEY_VARIABLE}."
            )
        return _key(text, f"the environment variable {KEY_VARIABLE}")
    file = Path(given)
    if not file.is_file():
        raise ArgumentError(f"There is no key file {file}. Make one with make_key({str(file)!r}).")
    if data is not None and file.resolve().is_relative_to(data.resolve()):
        raise ArgumentError(
            f"The key {file.name} lies in the folder of the data, so who gets the data gets the key. Move "
            "it out."
        )
    if file.stat().st_size > MOST_KEY:
        raise ArgumentError(f"{file} is too large for a key. Name the file that make_key wrote.")
    return _key(file.read_text(encoding="utf-8", errors="replace"), str(file))


def _key(text: str, source: str) -> Key:
    secret = text.strip()
    if len(secret) < LEAST_KEY:
        raise ArgumentError(
            f"The key in {source} has fewer than {LEAST_KEY} characters, so it could be guessed. "
            "Make one with make_key."
        )
    return Key(source, secret.encode())


def digest(text: str, key: Key, purpose: str) -> bytes:
    """Return HMAC-SHA256 of a text; another purpose gives another digest."""
    return hmac.new(key.secret, f"{purpose}\n{text}".encode(), hashlib.sha256).digest()


def pseudonym(value: object, key: Key) -> str:
    """Return the pseudonym of one value, small letters and digits."""
    text = base64.b32encode(digest(canonical(value), key, "identifier")).decode("ascii")
    return text[:DIGITS].lower()


def canonical(value: object) -> str:
    """Return a value in the form that is hashed: 17.0 is 17, and an e-mail address has no capitals."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return text.casefold() if "@" in text else text


def pseudonyms(values: Iterable[Any], *, key: str | Path | Key | None = None) -> pd.Series:
    """Return a pseudonym for each value: a keyed hash (HMAC-SHA256) that is the same for the same value.

    Parameters
    ----------
    values : Series or iterable
        Ids, e-mail addresses, numbers. Empty ones stay empty.
    key : str or Path, optional
        The key's file, see `make_key`; None for the environment variable TRUSTMEASURE_KEY.

    Returns
    -------
    pandas.Series
        Text of 20 small letters and digits, with the index of the values.

    Raises
    ------
    ArgumentError
        If there is no key, or it is too short.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import trustmeasure as tm
    >>> key = tm.make_key(Path(tempfile.mkdtemp()) / "survey.key")
    >>> made = tm.pseudonyms(["ann@acme.example", "Ann@acme.example ", "bo@acme.example"], key=key)
    >>> made[0] == made[1], made[0] == made[2], len(made[0])
    (True, False, 20)
    """
    secret = read_key(key)
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    known = {
        value: pseudonym(value, secret) for value in set(series.dropna().tolist()) if not is_blank(value)
    }
    made = [known.get(value, np.nan) if not is_blank(value) else np.nan for value in series.tolist()]
    return pd.Series(made, index=series.index, name=series.name, dtype=object)
