"""Syllables of English words, counted by rules of spelling."""

from __future__ import annotations

import re
from functools import lru_cache

_LETTERS = re.compile(r"[^a-z]")
_VOWELS = re.compile(r"[aeiouy]+")
_NOT = re.compile(r"(?<=[bcdfghjklmpqstvwxz])n['’]t$")
_SILENT_INSIDE = re.compile(
    r"(?<=[^aeiouylr])e(?=ments?$)|(?<=[aeiouy][^aeiouyl])e(?=(?:guards?|hand|one|thing|where|times?|body|how|what|ty)$)"
    r"|(?<=[aeiouy][^aeiouyl])e(?=(?:ful|less|ly)(?:ly|ness)?$)|(?<=[aeiou]l)e(?=(?:ments?|ful|less|ness|ly|some)$)"
    r"|(?<=ls)e(?=where$)|(?<=bus)i(?=ness)|(?<=^ev)e(?=ry)|(?<=^pe)o(?=ple)"
)
_HIATUS = re.compile(
    r"(?<![ct])i(?:al(?!ly)|a(?!ge|l|n\b))|ium|ius(?=i)|iet|ie(?=r$|st$)|(?<=[^aeiouytcsgn])i(?=o)|(?<=[^aeiouytcsg])i(?=en(?!d))"
    r"|i(?=ence$)|[^gq]ua(?:l|t)|eo(?!u)|[aeou]ing|ea(?=te|ti|lit|lis|liz)|(?<=ar|id)ea(?=s?$)|(?<=[aeou])y(?=[aiou])|oe(?=[mt])|uou|sm(?:s)?$"
    r"|(?<=[^gqb])ui(?=t[iy]|n)"
)
_SILENT_END = re.compile(
    r"(?:(?<![aeiouyl])e|(?<=[aeiouwr]l)e|(?<![tdyaeiou])ed|(?<![sxzcghaeiou])es|(?<=[^cst]h)es)$"
)
_SOUNDED_END = re.compile(r"[^aeiouyrw]l(?:ed|es)$")


@lru_cache(maxsize=4096)
def syllables(word: str) -> int:
    """Return the number of syllables of an English word, at least one."""
    letters = _SILENT_INSIDE.sub("", _LETTERS.sub("", _NOT.sub("ent", word.casefold())))
    count = len(_VOWELS.findall(letters)) + len(_HIATUS.findall(letters))
    silent = _SILENT_END.search(letters) and not _SOUNDED_END.search(letters)
    return max(1, count - bool(silent))
