"""The codebook of the simulated trust survey, written from the population model and the instruments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import trust_survey_population as population
from trust_survey_population import Survey

from trustmeasure.instruments import Instrument, ResponseScale, load_instrument

TEMPLATE = Path(__file__).with_name("trust-survey-codebook-template.md")
INSTRUMENTS = (
    "cognitive-trust",
    "affective-trust",
    "structural-trust",
    "satisfaction",
    "loyalty",
    "repurchase",
    "recommendation",
)
BACKGROUND = {  # variable -> label per language, values
    "respondent_id": ("Respondent (simulated)", "受访者编号（模拟）", "sim-0001 to sim-1200"),
    "data_origin": ("Origin of the data", "数据来源", "simulated"),
    "language": ("Language of the questionnaire", "问卷语言", "en English; zh Chinese"),
    "sector": ("Sector of the company", "所属行业", "; ".join(population.SECTORS)),
    "repurchase_90d": ("Bought again within 90 days", "90天内是否再次购买", "0 no; 1 yes"),
}
FIRST = ("respondent_id", "data_origin", "language", "sector")
LAST = ("repurchase_90d",)


def instruments() -> dict[str, Instrument]:
    """Return item id -> the shipped instrument that has the item."""
    loaded = [load_instrument(id) for id in INSTRUMENTS]
    return {item.id: instrument for instrument in loaded for item in instrument.items}


def wording(item: str, language: str, owners: Mapping[str, Instrument]) -> str:
    """Return the wording of an item with the instrument's default words for its placeholders."""
    return owners[item].fill(owners[item].item(item).text, language)


def codebook_frame(survey: Survey) -> pd.DataFrame:
    """Return one row a variable, in the order of the columns of the data."""
    owners = instruments()
    rows = [_background_row(name) for name in FIRST]
    rows += [_item_row(item, survey, owners) for item in survey.items]
    rows += [_background_row(name) for name in LAST]
    frame = pd.DataFrame(rows).astype({"answered": "Int64", "missing": "Int64"})
    frame.insert(0, "position", range(1, len(frame) + 1))
    return frame


def _background_row(name: str) -> dict[str, object]:
    english, chinese, values = BACKGROUND[name]
    kind = "behaviour" if name in LAST else "background"
    return {"variable": name, "kind": kind, "label_en": english, "label_zh": chinese, "values": values}


def _item_row(item: str, survey: Survey, owners: Mapping[str, Instrument]) -> dict[str, object]:
    record, scale = owners[item].item(item), owners[item].scale_of(item)
    answered = int(np.isin(survey.codes[:, survey.items.index(item)], scale.codes).sum())
    return {
        "variable": item,
        "kind": "item",
        "label_en": wording(item, "en", owners),
        "label_zh": wording(item, "zh", owners),
        "values": _values(scale),
        "instrument": owners[item].id,
        "construct": record.construct,
        "scale": scale.id,
        "reverse": "yes" if record.reverse else "no",
        "missing_codes": "; ".join(f"{m.code} {m.label['en']}" for m in scale.missing),
        "population_loading": loading(item),
        "population_shift": population.shifts()[item],
        "answered": answered,
        "missing": population.N - answered,
    }


def _values(scale: ResponseScale) -> str:
    labels = {point.code: point.label["en"] for point in scale.points}
    return "; ".join(str(code) if label == str(code) else f"{code} {label}" for code, label in labels.items())


def loading(item: str) -> float:
    """Return the loading of an item in the population."""
    return next(loadings[item] for loadings in population.LOADINGS.values() if item in loadings)


def codebook_markdown(survey: Survey) -> str:
    """Return the codebook for readers: the template beside this file with all figures in place."""
    facts = {**_variables(survey), **_model(), **_categories(), **_missing(survey), **_people(survey)}
    return TEMPLATE.read_text(encoding="utf-8").format(**facts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(value) for value in line) + " |" for line in lines)


def _code(name: str) -> str:
    return f"`{name}`"


def _weights(parts: Mapping[str, float], decimals: int = 2) -> str:
    return ", ".join(f"{value:.{decimals}f} {_code(name)}" for name, value in parts.items())


def _numbers(values: Iterable[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in values)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _variables(survey: Survey) -> dict[str, object]:
    owners = instruments()
    background = [(_code(name), *texts) for name, texts in BACKGROUND.items()]
    items = [
        (
            _code(id),
            _code(owners[id].item(id).construct),
            wording(id, "en", owners),
            wording(id, "zh", owners),
        )
        for id in survey.items
    ]
    return {
        "n": f"{population.N:,}",
        "seed": population.SEED,
        "background": _table(("Variable", "Meaning", "中文", "Values"), background),
        "items": _table(("Item", "Construct", "Wording", "中文"), items),
        "likelihood_item": population.LIKELIHOOD,
        "reversed": ", ".join(map(_code, population.REVERSED)),
    }


def _model() -> dict[str, object]:
    known, left = population.correlations(), population.residual_variances()
    heads = tuple(map(_code, population.BASES))
    correlations = [(_code(a), *(f"{known[a, b]:.2f}" for b in population.BASES)) for a in population.BASES]
    means = [(sector, *(f"{m:.2f}" for m in values)) for sector, values in population.SECTOR_MEANS.items()]
    paths = [(_code(y), _weights(causes), f"{left[y]:.3f}") for y, causes in population.PATHS.items()]
    second = [(_code(whole), _weights(parts)) for whole, parts in population.DIMENSIONS.items()]
    first = [(_code(construct), _weights(items)) for construct, items in population.LOADINGS.items()]
    return {
        "correlations": _table(("", *heads), correlations),
        "means": _table(("Sector", *heads), means),
        "paths": _table(("Outcome", "Predictors", "Residual variance"), paths),
        "second_order": _table(("Construct", "Dimensions"), second),
        "loadings": _table(("Construct", "Items"), first),
    }


def _categories() -> dict[str, object]:
    return {
        "agreement_shares": _numbers(population.AGREEMENT_SHARES),
        "likelihood_shares": _numbers(population.LIKELIHOOD_SHARES),
        "shifts": _numbers(population.SHIFTS),
    }


def _missing(survey: Survey) -> dict[str, object]:
    gone = np.isin(survey.codes, list(population.ITEM_CODES))
    counts = {code: int((survey.codes == code).sum()) for code in population.ITEM_CODES}
    return {
        "missing": f"{int(gone.sum()):,}",
        "cells": f"{gone.size:,}",
        "missing_percent": _percent(gone.mean()),
        "missing_by_code": _shown(counts),
        "complete": int((~gone.any(axis=1)).sum()),
        "hasty": int(survey.hasty.sum()),
        "hasty_share": population.HASTY_SHARE,
        "hasty_skips": population.HASTY_SKIPS,
        "item_codes": _shown(population.ITEM_CODES),
        "break_intercept": population.BREAK_INTERCEPT,
        "break_slope": population.BREAK_SLOPE,
        "break_centre": population.BREAK_CENTRE,
        "impatient": int(survey.impatient.sum()),
        "blocks": _weights(population.BREAK_BLOCKS, 1),
        "block_codes": _shown(population.BLOCK_CODES),
    }


def _shown(codes: Mapping[int, float]) -> str:
    """Return codes with their counts or chances."""
    names = {code: "empty" if code == population.EMPTY else str(code) for code in codes}
    return ", ".join(f"{names[code]} ({value})" for code, value in codes.items())


def _people(survey: Survey) -> dict[str, object]:
    careless = survey.straightliner | survey.random
    return {
        "careless": int(careless.sum()),
        "careless_percent": _percent(careless.mean()),
        "straightliners": int(survey.straightliner.sum()),
        "straight_codes": " or ".join(map(str, population.STRAIGHT_CODES)),
        "random": int(survey.random.sum()),
        "repurchase_intercept": population.REPURCHASE_INTERCEPT,
        "repurchase_slope": population.REPURCHASE_SLOPE,
        "repurchases": int(survey.repurchase.sum()),
        "repurchase_percent": _percent(survey.repurchase.mean()),
    }
