"""What came back: reading answers, checking them against their instruments, and scoring."""

from trustmeasure.responses.behaviour import JoinedBehaviour, behaviour_in_window, join_behaviour
from trustmeasure.responses.links import link_codes
from trustmeasure.responses.manifest import Manifest, read_manifest
from trustmeasure.responses.model import Responses
from trustmeasure.responses.platforms import list_platforms
from trustmeasure.responses.privacy import (
    Shared,
    find_identifiers,
    make_key,
    pseudonyms,
    share,
    suppress_small,
)
from trustmeasure.responses.read import read_responses
from trustmeasure.responses.samples import list_samples, load_sample
from trustmeasure.responses.scoring import score_rows
from trustmeasure.responses.waves import JoinedWaves, join_waves
from trustmeasure.responses.writing import write_responses

__all__ = [
    "JoinedBehaviour",
    "JoinedWaves",
    "Manifest",
    "Responses",
    "Shared",
    "behaviour_in_window",
    "find_identifiers",
    "join_behaviour",
    "join_waves",
    "link_codes",
    "list_platforms",
    "list_samples",
    "load_sample",
    "make_key",
    "pseudonyms",
    "read_manifest",
    "read_responses",
    "score_rows",
    "share",
    "suppress_small",
    "write_responses",
]
