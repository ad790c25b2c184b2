"""Answers without the people: direct identifiers, keyed hashes, small cells, files to share."""

from trustmeasure.responses.privacy.identifiers import find_identifiers
from trustmeasure.responses.privacy.keys import make_key, pseudonyms
from trustmeasure.responses.privacy.sharing import Shared, share
from trustmeasure.responses.privacy.small_cells import suppress_small

__all__ = ["Shared", "find_identifiers", "make_key", "pseudonyms", "share", "suppress_small"]
