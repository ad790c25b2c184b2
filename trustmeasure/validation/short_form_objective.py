"""How good a choice of items is: model fit, reliability, information, and agreement with the full form."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import DataError, TrustMeasureError, TrustMeasureWarning
from trustmeasure.factors.extraction import extract
from trustmeasure.frames import Array
from trustmeasure.sem import SemResult, fit_sem

PARTS = ("fit", "reliability", "information", "agreement")
FIT = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr")
Choice = tuple[int, ...]
"""Positions of the chosen items among all, in order."""


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """The full form in one half of the people.

    Attributes
    ----------
    names : tuple of str, length p
        All items.
    scales : mapping of str to array of int
        Scale -> positions of its items.
    cov : array, shape (p, p)
        Covariances of the items.
    n_obs : int
        People behind them.
    loadings : array, shape (p,)
        Standardised loadings in the one-factor model of the item's own scale.
    """

    names: tuple[str, ...]
    scales: Mapping[str, npt.NDArray[np.intp]]
    cov: Array
    n_obs: int
    loadings: Array

    @property
    def unique(self) -> Array:
        """Variances that the factors leave, shape (p,)."""
        return np.asarray(np.diag(self.cov) * (1.0 - self.loadings**2))

    @property
    def information(self) -> Array:
        """What an item tells of its factor (variance 1): squared loading over unique variance, shape (p,)."""
        squared = self.loadings**2
        return np.asarray(squared / np.maximum(1.0 - squared, 1e-3))


def form_of(frame: pd.DataFrame, scales: Mapping[str, tuple[str, ...]]) -> Form:
    """Return the full form in some people.

    Raises
    ------
    DataError
        If there are no more people than items, or an item does not vary.
    """
    names = tuple(str(name) for name in frame.columns)
    values = frame.to_numpy(dtype=float)
    if len(values) <= len(names):
        raise DataError(
            f"{len(values)} people answered all {len(names)} items of a half; more people than items are "
            "needed. Collect more answers, or leave constructs out."
        )
    still = [name for name, sd in zip(names, values.std(axis=0), strict=True) if sd == 0.0]
    if still:
        raise DataError(
            f"Everybody in a half gave the same answer to {', '.join(still)}. Leave such items out."
        )
    cov = np.cov(values, rowvar=False)
    at = {name: i for i, name in enumerate(names)}
    places = {scale: np.array([at[item] for item in items]) for scale, items in scales.items()}
    loadings = np.zeros(len(names))
    sd = np.sqrt(np.diag(cov))
    for place in places.values():
        loadings[place] = one_factor(cov[np.ix_(place, place)] / np.outer(sd[place], sd[place]))
    return Form(names, places, cov, len(values), loadings)


def one_factor(corr: Array) -> Array:
    """Return the loadings of items on one factor; with two items the root of their correlation for both."""
    if len(corr) < 3:
        r = float(corr[0, -1])
        return np.array([np.sqrt(abs(r)), np.sign(r) * np.sqrt(abs(r))])[: len(corr)]
    return extract(corr, 1, "minres").loadings[:, 0]


def model_text(form: Form, choice: Choice) -> str:
    """Return the model in which each scale is a factor of its chosen items."""
    chosen, lines = set(choice), []
    for number, place in enumerate(form.scales.values()):
        terms = " + ".join(f"item_{i}" for i in place if i in chosen)
        lines.append(f"scale_{number} =~ {terms}")
    return "\n".join(lines)


def fitted(form: Form, choice: Choice) -> SemResult | None:
    """Fit the model of a choice by maximum likelihood; None when there is no solution."""
    kept = np.array(choice)
    names = [f"item_{i}" for i in choice]
    cov = pd.DataFrame(form.cov[np.ix_(kept, kept)], names, names)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TrustMeasureWarning)
            return fit_sem(model_text(form, choice), sample_cov=cov, n_obs=form.n_obs, std_lv=True)
    except TrustMeasureError:
        return None


def omega(form: Form, place: npt.NDArray[np.intp]) -> float:
    """Return omega total of the sum of standardised items: one factor, loadings of these items alone."""
    sd = np.sqrt(np.diag(form.cov))[place]
    loadings = one_factor(form.cov[np.ix_(place, place)] / np.outer(sd, sd))
    common = float(loadings.sum()) ** 2
    return common / (common + float((1.0 - loadings**2).sum()))


def agreement(form: Form, place: npt.NDArray[np.intp], full: npt.NDArray[np.intp]) -> tuple[float, float]:
    """Return the correlation of the sums of some and of all items, as it is and corrected for shared items.

    Both sums hold the unique variance of the shared items, which would differ if the short form were
    given by itself; their sum is taken out of the covariance (Levy 1967).
    """
    cov = form.cov
    together = float(cov[np.ix_(place, full)].sum())
    size = np.sqrt(float(cov[np.ix_(place, place)].sum()) * float(cov[np.ix_(full, full)].sum()))
    if not size > 0.0:
        return float("nan"), float("nan")
    return together / size, (together - float(form.unique[place].sum())) / size


@dataclass(slots=True)
class Judge:
    """Judges choices in one half and remembers every one.

    Attributes
    ----------
    form : Form
        The full form.
    weights : mapping of str to float
        Part -> weight in the objective.
    seen : dict
        Choice -> its parts and `objective`.
    """

    form: Form
    weights: Mapping[str, float]
    seen: dict[Choice, dict[str, float]] = field(default_factory=dict)

    def __call__(self, choice: Choice) -> float:
        """Return the objective of a choice: the weighted mean of its parts, each between 0 and 1."""
        if choice not in self.seen:
            parts = self._parts(choice)
            total = sum(self.weights.values())
            worth = sum(weight * parts[name] for name, weight in self.weights.items()) / total
            self.seen[choice] = {"objective": worth, **parts}
        return self.seen[choice]["objective"]

    def _parts(self, choice: Choice) -> dict[str, float]:
        kept, form = np.array(choice), self.form
        places = {name: np.intersect1d(place, kept) for name, place in form.scales.items()}
        result = fitted(form, choice) if self.weights.get("fit", 0.0) > 0 else None
        cfi = float(result.fit_measures["cfi"]) if result is not None else 0.0
        shares, omegas, alike = [], [], []
        for name, place in places.items():
            full = form.scales[name]
            best = np.sort(form.information[full])[::-1][: len(place)].sum()
            shares.append(float(form.information[place].sum() / best) if best > 0 else 0.0)
            omegas.append(omega(form, place))
            alike.append(agreement(form, place, full)[1])
        means = [float(np.nan_to_num(np.mean(values))) for values in (omegas, shares, alike)]
        held = (cfi, *means)
        return {name: float(np.clip(value, 0.0, 1.0)) for name, value in zip(PARTS, held, strict=True)}
