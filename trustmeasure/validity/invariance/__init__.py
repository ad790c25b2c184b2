"""Measurement invariance: sequences, partial invariance, permutation tests, alignment, effect sizes."""

from trustmeasure.validity.invariance.alignment_table import Alignment, alignment
from trustmeasure.validity.invariance.effects import ItemEffects, dmacs
from trustmeasure.validity.invariance.longitudinal import longitudinal_invariance
from trustmeasure.validity.invariance.mean_differences import LatentMeans, latent_means
from trustmeasure.validity.invariance.permutation import PermutationInvariance, permutation_invariance
from trustmeasure.validity.invariance.record import Invariance
from trustmeasure.validity.invariance.releases import ReleaseSuggestions, suggest_releases
from trustmeasure.validity.invariance.sequence import invariance
from trustmeasure.validity.invariance.sequential import SequentialRelease, release_sequentially

__all__ = [
    "Alignment",
    "Invariance",
    "ItemEffects",
    "LatentMeans",
    "PermutationInvariance",
    "ReleaseSuggestions",
    "SequentialRelease",
    "alignment",
    "dmacs",
    "invariance",
    "latent_means",
    "longitudinal_invariance",
    "permutation_invariance",
    "release_sequentially",
    "suggest_releases",
]
