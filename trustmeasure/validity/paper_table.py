"""The one table that papers print of their measurement: loadings, reliability, AVE, shared variance, HTMT."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import TrustMeasureError
from trustmeasure.reliability_analysis.formulas import alpha_of_covariance
from trustmeasure.reliability_analysis.items import item_moments
from trustmeasure.reliability_analysis.omega import omega_of_items
from trustmeasure.sem import SemResult
from trustmeasure.validity.blocks import Block, Blocks, blocks_of
from trustmeasure.validity.convergent import ConvergentValidity, convergent_of
from trustmeasure.validity.heterotrait import htmt
from trustmeasure.validity.measured import Measured, measured
from trustmeasure.validity.ratio_table import HeterotraitRatios

LANGUAGES = ("en", "zh")
CONSTRUCT_NUMBERS = ("alpha", "omega", "composite_reliability", "ave", "msv", "asv", "htmt_max")
COLUMNS = ("construct", "label", "item", "text", "mean", "sd", "loading", *CONSTRUCT_NUMBERS, "note")
HEADINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "construct": "construct", "label": "construct", "item": "item", "text": "wording", "mean": "mean",
        "sd": "SD", "loading": "loading", "alpha": "α", "omega": "ω", "composite_reliability": "CR",
        "ave": "AVE", "msv": "MSV", "asv": "ASV", "htmt_max": "HTMT max.",
    },
    "zh": {
        "construct": "构念", "label": "构念", "item": "题项", "text": "题目", "mean": "均值", "sd": "标准差",
        "loading": "因子载荷", "alpha": "α 系数", "omega": "ω 系数", "composite_reliability": "组合信度",
        "ave": "平均方差提取量", "msv": "最大共享方差", "asv": "平均共享方差", "htmt_max": "HTMT 最大值",
    },
}  # fmt: skip
TITLES = {"en": "Measurement", "zh": "测量模型"}
SAID = {
    "en": (
        "Standardised loadings of the model in which all constructs correlate ({estimator}, n = {n}). "
        "α: Cronbach's alpha; ω: McDonald's omega total of one factor by itself; CR: composite reliability "
        "in the model; AVE: average variance extracted; MSV, ASV: largest and mean squared correlation with "
        "the other constructs; HTMT max.: largest heterotrait-monotrait ratio."
    ),
    "zh": (
        "载荷为标准化载荷，模型中所有构念两两相关（{estimator}，n = {n}）。"
        "α：克隆巴赫系数；ω：单因子模型的麦克唐纳总 ω；"
        "组合信度与平均方差提取量取自测量模型；最大与平均共享方差为与其他构念相关系数平方的最大值与均值；"
        "HTMT 最大值为异质-单质比率的最大值。"
    ),
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MeasurementTable:
    """Loadings with everything that papers report beside them.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row an item: construct, label, item, text (wording, where known), mean, sd, loading; and, repeated
        for all items of a construct, alpha, omega, composite_reliability, ave, msv, asv, htmt_max, note.
    convergent : ConvergentValidity
        The same with intervals.
    ratios : HeterotraitRatios or None
        HTMT of every pair.
    language : {"en", "zh"}
        Language of headings, labels and wordings.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame
    convergent: ConvergentValidity
    ratios: HeterotraitRatios | None
    language: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.frame.copy()

    def constructs(self) -> pd.DataFrame:
        """Return one row a construct: its numbers without the items."""
        kept = ["construct", "label", *CONSTRUCT_NUMBERS, "note"]
        return self.frame[kept].drop_duplicates("construct").reset_index(drop=True)

    def printed(self) -> pd.DataFrame:
        """Return the table as papers print it: a construct's name and numbers in its first row alone."""
        found = self.frame.drop(columns=["construct", "note"]).copy()
        again = self.frame["construct"].duplicated()
        found.loc[again, list(CONSTRUCT_NUMBERS)] = np.nan
        found["label"] = found["label"].where(~again, "")
        return found if found["text"].astype(bool).any() else found.drop(columns="text")

    def summary(self) -> Summary:
        """Return the table with notes in its language, to be shown as text or HTML."""
        result = self.convergent.result
        said = SAID[self.language].format(estimator=result.estimator, n=result.n_obs)
        own = [str(note) for note in dict.fromkeys(self.frame["note"]) if note]
        headings = dict(HEADINGS[self.language])
        table = Table(TITLES[self.language], self.printed(), (said, *own, *self.notes), labels=headings)
        return Summary(TITLES[self.language], [table])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def measurement_table(
    data: Any,
    constructs: Any = None,
    *,
    result: SemResult | None = None,
    language: str = "en",
    ci: float = 0.95,
    **options: Any,
) -> MeasurementTable:
    r"""Return the one table of measurement that papers print.

    Parameters
    ----------
    data : Responses, mapping of frames, or frame
        Answers with their instruments; a mapping from a construct to a frame of its items; or a frame with
        `constructs`.
    constructs : mapping, or sequence of str, optional
        Name of a construct -> its columns; of responses, the constructs to take.
    result : SemResult, optional
        A fit of the measurement model with the same names of constructs and items; one is made otherwise, in
        which all constructs correlate.
    language : {"en", "zh"}
        Language of headings, and of labels and wordings that the instruments have.
    ci : float
        Level of the intervals in `.convergent`.
    **options
        Given on to `fit_sem`, such as `ordered=True` (HTMT is polychoric then) or `missing="fiml"`.

    Returns
    -------
    MeasurementTable
        `.frame`, `.constructs()`, `.printed()`, `.convergent`, `.ratios`, `.summary()`.

    Raises
    ------
    ArgumentError, DataError, ConvergenceError
        If there are no constructs, or the model has no solution. What else cannot be computed is NaN with a
        note.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> text = "a =~ .8*a1 + .7*a2 + .8*a3\nb =~ .7*b1 + .9*b2 + .8*b3\na ~~ .5*b"
    >>> items = {"care": ["a1", "a2", "a3"], "skill": ["b1", "b2", "b3"]}
    >>> found = tm.measurement_table(tm.simulate(text, 300, seed=1), items)
    >>> found.constructs()[["alpha", "composite_reliability", "htmt_max"]].round(2).values.tolist()
    [[0.63, 0.64, 0.44], [0.66, 0.67, 0.44]]
    """
    in_range("ci", ci, 0.0, 1.0)
    one_of("language", language, LANGUAGES)
    blocks = blocks_of(data, constructs, least=1)
    found = _fitted(blocks, result, options)
    convergent = convergent_of(found, ci)
    ratios = _ratios(blocks, found)
    frame = _frame(blocks, convergent, ratios, _Words(data, language))
    notes = tuple(dict.fromkeys((*blocks.notes, *found.told(found.result.warnings))))
    return MeasurementTable(frame, convergent, ratios, language, notes)


def _fitted(blocks: Blocks, result: SemResult | None, options: dict[str, Any]) -> Measured:
    columns = {block.name: list(block.items) for block in blocks.blocks}
    return measured(columns, blocks.frame, **options) if result is None else measured(result, **options)


def _ratios(blocks: Blocks, found: Measured) -> HeterotraitRatios | None:
    if len(blocks.blocks) < 2:
        return None
    kind = "polychoric" if found.result.model.ordered else "pearson"
    columns = {block.name: list(block.items) for block in blocks.blocks}
    return htmt(blocks.frame, columns, correlation=kind, n_bootstrap=0, seed=0)


@dataclass(frozen=True, slots=True)
class _Words:
    """Labels and wordings out of the instruments, where there are any."""

    data: Any
    language: str

    def label(self, block: Block) -> str:
        owner = self._owner(block.name)
        if owner is None:
            return block.label
        construct = next(c for c in owner.constructs if c.id == block.name)
        return str(construct.label.get(self.language, block.label))

    def text(self, block: Block, item: str) -> str:
        owner = self._owner(block.name)
        texts = {i.id: i.text for i in owner.items} if owner is not None else {}
        if self.language not in texts.get(item, {}):
            return ""
        return str(owner.fill(texts[item], self.language))

    def _owner(self, construct: str) -> Any:
        for instrument in getattr(self.data, "instruments", ()):
            if any(own.id == construct for own in instrument.constructs):
                return instrument
        return None


def _frame(
    blocks: Blocks, convergent: ConvergentValidity, ratios: HeterotraitRatios | None, words: _Words
) -> pd.DataFrame:
    loadings = convergent.loadings.set_index(["construct", "item"])["loading"]
    loadings = loadings[~loadings.index.duplicated()]
    constructs = convergent.constructs.drop_duplicates("construct").set_index("construct")
    rows = []
    for block in blocks.blocks:
        numbers = _numbers(blocks, block, constructs, ratios)
        for item in block.items:
            answers = blocks.frame[item]
            rows.append(
                {
                    **{"construct": block.name, "label": words.label(block), "item": item},
                    **{"text": words.text(block, item), "mean": answers.mean(), "sd": answers.std()},
                    "loading": loadings.get((block.name, item), np.nan),
                    **numbers,
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _numbers(
    blocks: Blocks, block: Block, constructs: pd.DataFrame, ratios: HeterotraitRatios | None
) -> dict[str, Any]:
    items, notes = blocks.frame[list(block.items)], []
    found: dict[str, Any] = dict.fromkeys(CONSTRUCT_NUMBERS, np.nan)
    try:
        found["alpha"] = alpha_of_covariance(item_moments(items, "pairwise").cov)
    except TrustMeasureError as problem:
        notes.append(f"No alpha of {block.name}: {problem}")
    try:
        found["omega"] = omega_of_items(items, 0.95).omega if items.shape[1] > 2 else np.nan
    except TrustMeasureError as problem:
        notes.append(f"No omega of {block.name}: {problem}")
    if block.name in constructs.index:
        row = constructs.loc[block.name].to_dict()
        found |= {name: float(row[name]) for name in ("composite_reliability", "ave", "msv", "asv")}
        notes += [f"{block.name}: {row['note']}"] if row["note"] else []
    if ratios is not None:
        found["htmt_max"] = float(ratios.matrix()[block.name].max())
    return found | {"note": " ".join(notes)}
