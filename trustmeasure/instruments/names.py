"""Names that survey platforms and SPSS keep for themselves."""

from __future__ import annotations

import re

SPSS_WORDS = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
RESERVED = SPSS_WORDS | {"time", "other"}
_RESERVED_SHAPE = re.compile(r".*comment|q\d+_\d+", re.IGNORECASE)


def is_reserved(id: str) -> bool:
    """Return whether a survey platform or SPSS gives the name a meaning of its own."""
    return id.casefold() in RESERVED or _RESERVED_SHAPE.fullmatch(id) is not None
