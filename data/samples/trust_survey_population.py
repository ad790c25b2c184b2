"""The population from which the simulated trust survey is drawn.

Every number of the population model is a constant of this file, and the codebook prints these constants. All
latent variables have variance 1 within a sector, so paths and loadings are standardised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtri

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SEED = 20250301
N = 1200
EMPTY = -1  # an empty cell, inside this file only

SECTORS = ("manufacturing", "finance", "e-commerce")  # 400 respondents each
LANGUAGES = {"zh": 660, "en": 540}  # the same model in both

# --- structure: path coefficients, predictors first -------------------------------------------------------
BASES = ("cognitive_trust", "affective_trust", "structural_trust")
BASE_CORRELATIONS = ((1.00, 0.55, 0.60), (0.55, 1.00, 0.50), (0.60, 0.50, 1.00))
PATHS: dict[str, dict[str, float]] = {
    "satisfaction": {"cognitive_trust": 0.35, "affective_trust": 0.25, "structural_trust": 0.15},
    "loyalty": {
        "satisfaction": 0.35,
        "cognitive_trust": 0.15,
        "affective_trust": 0.30,
        "structural_trust": 0.10,
    },
    "repurchase_intention": {"loyalty": 0.45, "satisfaction": 0.25, "cognitive_trust": 0.10},
    "recommendation": {"loyalty": 0.70},
}
SECTOR_MEANS = {  # of the three bases of trust; the outcomes follow through the paths
    "manufacturing": (0.20, 0.10, 0.00),
    "finance": (0.00, -0.20, 0.25),
    "e-commerce": (-0.20, 0.10, -0.25),
}

# --- measurement: loadings of dimensions on second-order constructs, and of items on constructs ------------
DIMENSIONS: dict[str, dict[str, float]] = {
    "cognitive_trust": {"competence": 0.85, "integrity": 0.82, "reliability": 0.80},
    "affective_trust": {"emotional_bond": 0.85, "mutual_care": 0.83},
    "structural_trust": {"institutional_assurance": 0.82, "brand_institution": 0.80, "process_norms": 0.78},
    "loyalty": {"attitudinal_loyalty": 0.88, "behavioural_loyalty": 0.82},
}
LOADINGS: dict[str, dict[str, float]] = {
    "competence": {"cog_com_1": 0.80, "cog_com_2": 0.76, "cog_com_3": 0.78, "cog_com_4": 0.82},
    "integrity": {"cog_int_1": 0.84, "cog_int_2": 0.74, "cog_int_3": 0.79, "cog_int_4": 0.77},
    "reliability": {"cog_rel_1": 0.82, "cog_rel_2": 0.80, "cog_rel_3": 0.77, "cog_rel_4": 0.66},
    "emotional_bond": {"aff_bond_1": 0.83, "aff_bond_2": 0.81, "aff_bond_3": 0.76, "aff_bond_4": 0.79},
    "mutual_care": {"aff_care_1": 0.81, "aff_care_2": 0.78, "aff_care_3": 0.80, "aff_care_4": 0.65},
    "institutional_assurance": {
        "str_inst_1": 0.79,
        "str_inst_2": 0.81,
        "str_inst_3": 0.75,
        "str_inst_4": 0.72,
    },
    "brand_institution": {"str_brand_1": 0.78, "str_brand_2": 0.76, "str_brand_3": 0.80, "str_brand_4": 0.71},
    "process_norms": {"str_proc_1": 0.80, "str_proc_2": 0.77, "str_proc_3": 0.74, "str_proc_4": 0.65},
    "satisfaction": {"sat_1": 0.85, "sat_2": 0.82, "sat_3": 0.80, "sat_4": 0.76},
    "attitudinal_loyalty": {"loy_att_1": 0.82, "loy_att_2": 0.79, "loy_att_3": 0.76},
    "behavioural_loyalty": {"loy_beh_1": 0.80, "loy_beh_2": 0.75, "loy_beh_3": 0.70},
    "repurchase_intention": {"rep_1": 0.85, "rep_2": 0.83, "rep_3": 0.78},
    "recommendation": {"rec_1": 0.84, "rec_2": 0.80, "rec_3": 0.74, "rec_nps": 0.80},
}
BLOCKS = ("loyalty", "repurchase_intention", "recommendation")  # the blocks after satisfaction
REVERSED = ("cog_rel_4", "aff_care_4", "str_proc_4")
LIKELIHOOD = "rec_nps"

# --- answers: cumulative shares of the categories, and how much easier than that an item is to agree with ---
AGREEMENT_SHARES = (0.02, 0.06, 0.13, 0.27, 0.52, 0.83)  # 1 to 6; the rest answers 7
LIKELIHOOD_SHARES = (
    0.02,
    0.03,
    0.05,
    0.08,
    0.12,
    0.20,
    0.29,
    0.43,
    0.64,
    0.82,
)  # 0 to 9; the rest answers 10
SHIFTS = (0.10, -0.10, 0.05, -0.20, 0.20, 0.00, -0.15)  # taken in turn along the items

# --- behaviour ---------------------------------------------------------------------------------------------
REPURCHASE_INTERCEPT = -0.10
REPURCHASE_SLOPE = 0.60

# --- missing answers ---------------------------------------------------------------------------------------
HASTY_SHARE = 0.22  # of the respondents, drawn at random ...
HASTY_SKIPS = 0.12  # ... leave out each item with this chance
BREAK_INTERCEPT = -2.45  # chance of losing patience after the satisfaction items: logistic in ...
BREAK_SLOPE = 0.80  # ... BREAK_CENTRE minus the mean of the satisfaction answers given
BREAK_CENTRE = 5.0
BREAK_BLOCKS = {
    "loyalty": 0.4,
    "repurchase_intention": 0.6,
    "recommendation": 0.8,
}  # then skipped with chance
ITEM_CODES = {97: 0.15, 98: 0.35, 99: 0.20, EMPTY: 0.30}  # how a left-out item shows
BLOCK_CODES = {99: 0.5, EMPTY: 0.5}  # how a skipped block shows

# --- careless respondents ----------------------------------------------------------------------------------
STRAIGHTLINERS = 18  # one code for every item
STRAIGHT_CODES = (4, 5, 6)
RANDOM_RESPONDENTS = 18  # each code equally likely


@dataclass(frozen=True, slots=True)
class Survey:
    """The simulated survey.

    Attributes
    ----------
    sector, language : array of shape (n,)
        Text per respondent.
    items : tuple of str
        Item ids, in the order of the columns of `codes`.
    codes : array of shape (n, m)
        Answers as given (reverse-worded items not turned), missing codes, and EMPTY.
    repurchase : array of shape (n,)
        1 for a respondent who bought again within 90 days.
    latent : mapping
        Construct id -> true values, which no file holds.
    straightliner, random : array of shape (n,)
        The careless respondents, whom no file marks.
    hasty, impatient : array of shape (n,)
        Who leaves out items at random, and who skips blocks after the satisfaction items.
    """

    sector: npt.NDArray[np.str_]
    language: npt.NDArray[np.str_]
    items: tuple[str, ...]
    codes: Ints
    repurchase: Ints
    latent: dict[str, Floats]
    straightliner: Flags
    random: Flags
    hasty: Flags
    impatient: Flags


def simulate(seed: int = SEED) -> Survey:
    """Return the survey that belongs to `seed`: the same numbers on every machine."""
    people, structure, answers, careless, missing = (
        np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(5)
    )
    sector, language = _people(people)
    latent = _dimensions(structure, _structure(structure, sector))
    repurchase = _repurchase(structure, latent["repurchase_intention"])
    items = tuple(item for loadings in LOADINGS.values() for item in loadings)
    codes = _answers(answers, latent)
    codes, straightliner, random = _careless(careless, codes, items)
    codes, hasty, impatient = _missing(missing, codes, items)
    return Survey(sector, language, items, codes, repurchase, latent, straightliner, random, hasty, impatient)


def _people(rng: np.random.Generator) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.str_]]:
    sector = np.repeat(SECTORS, N // len(SECTORS))
    language = np.repeat(list(LANGUAGES), list(LANGUAGES.values()))
    return rng.permutation(sector), rng.permutation(language)


def _structure(rng: np.random.Generator, sector: npt.NDArray[np.str_]) -> dict[str, Floats]:
    """Return the three bases of trust and the outcomes, with the sectors' means."""
    centred = rng.standard_normal((N, 3)) @ np.linalg.cholesky(np.array(BASE_CORRELATIONS)).T
    bases = centred + np.array([SECTOR_MEANS[name] for name in sector])
    latent = dict(zip(BASES, bases.T, strict=True))
    for outcome, residual in residual_variances().items():
        predicted = sum(weight * latent[cause] for cause, weight in PATHS[outcome].items())
        latent[outcome] = predicted + np.sqrt(residual) * rng.standard_normal(N)
    return latent


def correlations() -> dict[tuple[str, str], float]:
    """Return the correlations of the structural variables within a sector that the paths imply."""
    known = {(a, b): BASE_CORRELATIONS[i][j] for i, a in enumerate(BASES) for j, b in enumerate(BASES)}
    names = list(BASES)
    for outcome, causes in PATHS.items():
        for name in names:
            value = sum(weight * known[cause, name] for cause, weight in causes.items())
            known[outcome, name] = known[name, outcome] = value
        known[outcome, outcome] = 1.0
        names.append(outcome)
    return known


def residual_variances() -> dict[str, float]:
    """Return what the predictors leave of the variance 1 of each outcome."""
    known = correlations()
    return {
        outcome: 1.0 - sum(weight * known[cause, outcome] for cause, weight in causes.items())
        for outcome, causes in PATHS.items()
    }


def _dimensions(rng: np.random.Generator, latent: dict[str, Floats]) -> dict[str, Floats]:
    """Return the latent variables together with the dimensions of the second-order ones."""
    parts = {
        part: loading * latent[whole] + np.sqrt(1 - loading**2) * rng.standard_normal(N)
        for whole, loadings in DIMENSIONS.items()
        for part, loading in loadings.items()
    }
    return latent | parts


def _repurchase(rng: np.random.Generator, intention: Floats) -> Ints:
    """Return 1 with the chance Phi(intercept + slope * intention)."""
    tendency = REPURCHASE_INTERCEPT + REPURCHASE_SLOPE * intention + rng.standard_normal(N)
    return (tendency > 0).astype(np.int64)


def shifts() -> dict[str, float]:
    """Return how much easier to agree with an item is, in standard deviations of its continuous answer."""
    items = [item for loadings in LOADINGS.values() for item in loadings]
    return {item: SHIFTS[i % len(SHIFTS)] for i, item in enumerate(items)}


def _answers(rng: np.random.Generator, latent: dict[str, Floats]) -> Ints:
    easier = shifts()
    columns = []
    for construct, loadings in LOADINGS.items():
        for item, loading in loadings.items():
            continuous = loading * latent[construct] + np.sqrt(1 - loading**2) * rng.standard_normal(N)
            columns.append(_category(item, continuous + easier[item]))
    return np.column_stack(columns)


def _category(item: str, continuous: Floats) -> Ints:
    """Return the code as a respondent ticks it; agreement with a reverse-worded item means less."""
    shares, first = (LIKELIHOOD_SHARES, 0) if item == LIKELIHOOD else (AGREEMENT_SHARES, 1)
    codes = first + np.searchsorted(ndtri(np.array(shares)), continuous)
    return 8 - codes if item in REVERSED else codes


def _careless(rng: np.random.Generator, codes: Ints, items: tuple[str, ...]) -> tuple[Ints, Flags, Flags]:
    """Return the codes with those of careless respondents in place, and who these are."""
    chosen = rng.choice(N, STRAIGHTLINERS + RANDOM_RESPONDENTS, replace=False)
    straight, random = chosen[:STRAIGHTLINERS], chosen[STRAIGHTLINERS:]
    changed = codes.copy()
    changed[straight] = rng.choice(STRAIGHT_CODES, STRAIGHTLINERS)[:, None]
    low = np.array([0 if item == LIKELIHOOD else 1 for item in items])
    high = np.array([10 if item == LIKELIHOOD else 7 for item in items])
    changed[random] = rng.integers(low, high + 1, size=(RANDOM_RESPONDENTS, len(items)))
    return changed, _flags(straight), _flags(random)


def _flags(rows: Ints) -> Flags:
    flags = np.zeros(N, dtype=bool)
    flags[rows] = True
    return flags


def _missing(rng: np.random.Generator, codes: Ints, items: tuple[str, ...]) -> tuple[Ints, Flags, Flags]:
    """Return the codes with missing answers, who left out items at random, and who lost patience."""
    hasty = rng.random(N) < HASTY_SHARE
    skipped = (rng.random(codes.shape) < HASTY_SKIPS) & hasty[:, None]
    marks = rng.choice(list(ITEM_CODES), size=codes.shape, p=list(ITEM_CODES.values()))
    holes = np.where(skipped, marks, codes)
    impatient = rng.random(N) < _chance_to_break(np.where(skipped, np.nan, codes), items)
    for block in BLOCKS:
        skips = impatient & (rng.random(N) < BREAK_BLOCKS[block])
        shown = rng.choice(list(BLOCK_CODES), size=N, p=list(BLOCK_CODES.values()))
        columns = [items.index(item) for item in block_items(block)]
        holes[:, columns] = np.where(skips[:, None], shown[:, None], holes[:, columns])
    return holes, hasty, impatient


def block_items(construct: str) -> list[str]:
    """Return the items of a construct or of all its dimensions."""
    return [item for part in DIMENSIONS.get(construct, {construct: 1.0}) for item in LOADINGS[part]]


def _chance_to_break(answers: Floats, items: tuple[str, ...]) -> Floats:
    """Return a chance that depends on the satisfaction answers that were given (missing at random)."""
    satisfaction = answers[:, [items.index(item) for item in LOADINGS["satisfaction"]]]
    given = np.isfinite(satisfaction).sum(axis=1)
    mean = np.where(given > 0, np.nansum(satisfaction, axis=1) / np.maximum(given, 1), BREAK_CENTRE)
    return np.asarray(expit(BREAK_INTERCEPT + BREAK_SLOPE * (BREAK_CENTRE - mean)), dtype=np.float64)
