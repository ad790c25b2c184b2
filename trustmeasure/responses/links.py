"""Participant codes: they link the waves of one person, and tell nobody who it is."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.errors import ArgumentError
from trustmeasure.files import csv_text, replacing
from trustmeasure.responses.privacy.keys import Key, canonical, digest, read_key
from trustmeasure.responses.readers.tidy import is_blank

ALPHABET = "ACDEFGHJKMNPQRTVWXY3479"
"""23 signs that nobody mistakes for each other; B, 8, S, 5, Z, 2, I, L, 1, O and 0 are not among them.

Their number is a prime, so that the check sign finds every wrong sign and every two signs that changed
places.
"""
SIGNS = 10
"""Signs of a code before the check sign: 45 bits."""
PLACE = "{code}"
COLUMNS = ["customer_id", "link_id", "link"]

_SEPARATORS = re.compile(r"[\s\-‐-―_.]+")


def link_codes(
    ids: Iterable[Any],
    *,
    key: str | Path | Key | None = None,
    address: str = "",
    path: str | Path | None = None,
) -> pd.DataFrame:
    """Return a participant code for each customer, the same in every wave.

    A code is a keyed hash (HMAC-SHA256) of the id: who has the key can make it again in the next wave, and
    nobody without it can tell whose it is. It is made of signs that are not mistaken for each other, and its
    last sign shows typing errors. The list of ids and codes belongs to those who send the invitations; keep
    it apart from the answers.

    Parameters
    ----------
    ids : Series or iterable
        Ids of the customers, each once.
    key : str or Path, optional
        The key's file, see `make_key`; None for the environment variable TRUSTMEASURE_KEY.
    address : str, optional
        Address of the questionnaire with `{code}` where the code is to stand, for personal links.
    path : str or Path, optional
        CSV file to write the list to, readable by you alone.

    Returns
    -------
    pandas.DataFrame
        Columns customer_id, link_id and link (empty without an address).

    Raises
    ------
    ArgumentError
        If an id is empty or comes twice, there is no key, or the address has no place for the code.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import trustmeasure as tm
    >>> key = tm.make_key(Path(tempfile.mkdtemp()) / "survey.key")
    >>> codes = tm.link_codes(["C-1", "C-2"], key=key, address="https://survey.example/form?link_id={code}")
    >>> len(codes["link_id"][0]), codes["link"][1].endswith(codes["link_id"][1])
    (13, True)
    """
    customers = list(ids)
    _require_each_once(customers)
    if address and address.count(PLACE) != 1:
        raise ArgumentError(f"address={address!r} must hold {PLACE} once, where the code is to stand.")
    secret = read_key(key)
    codes = [link_code(customer, secret) for customer in customers]
    if len(set(codes)) < len(codes):
        raise ArgumentError("Two customers got the same code. Make another key with make_key.")
    links = [address.replace(PLACE, code) for code in codes]
    frame = pd.DataFrame(dict(zip(COLUMNS, (customers, codes, links), strict=True)))
    if path is not None:
        _write_private(frame, Path(path))
    return frame


def _require_each_once(customers: list[Any]) -> None:
    if not customers:
        raise ArgumentError("ids is empty. Give the ids of the customers.")
    seen: set[str] = set()
    for place, customer in enumerate(customers, start=1):
        if is_blank(customer):
            raise ArgumentError(f"ids: number {place} is empty. Give every customer an id.")
        text = canonical(customer)
        if text in seen:
            raise ArgumentError(f"ids: {text!r} comes twice. Name each customer once.")
        seen.add(text)


def link_code(customer: object, key: Key) -> str:
    """Return the code of one customer, in groups of four signs."""
    number = int.from_bytes(digest(canonical(customer), key, "link")[:16], "big")
    signs = ""
    for _ in range(SIGNS):
        number, rest = divmod(number, len(ALPHABET))
        signs += ALPHABET[rest]
    whole = signs + check_sign(signs)
    return "-".join(whole[start : start + 4] for start in range(0, len(whole), 4))


def check_sign(signs: str) -> str:
    """Return the sign that shows one wrong sign, or two that changed places.

    Examples
    --------
    >>> check_sign("ACDEFGHJKM") == check_sign("CADEFGHJKM")
    False
    """
    total = sum(place * ALPHABET.index(sign) for place, sign in enumerate(signs, start=1))
    return ALPHABET[total % len(ALPHABET)]


def plain_code(text: object) -> str:
    """Return a code as it is compared: capitals, without blanks and hyphens.

    Examples
    --------
    >>> plain_code(" k-1027 ")
    'K1027'
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", canonical(text))).upper()


def is_link_code(text: object) -> bool:
    """Return whether a text is a code that `link_codes` makes, with the right check sign.

    Examples
    --------
    >>> is_link_code("ACDE-FGHJ-KM" + check_sign("ACDEFGHJKM")), is_link_code("K-1027")
    (True, False)
    """
    code = plain_code(text)
    made = len(code) == SIGNS + 1 and all(sign in ALPHABET for sign in code)
    return made and check_sign(code[:SIGNS]) == code[SIGNS]


def _write_private(frame: pd.DataFrame, path: Path) -> None:
    rows = [list(frame.columns), *frame.astype(object).to_numpy().tolist()]
    with replacing(path) as temporary:
        temporary.write_text(csv_text(rows), encoding="utf-8", newline="\n")
    os.chmod(path, 0o600)
