"""The matrices and values of tests/reference/factors that extraction and rotation are held against."""

import json
from pathlib import Path

import numpy as np

from trustmeasure.factors.congruence import congruences, matched

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "factors"


def cases(topic: str) -> dict[str, dict]:
    return json.loads((FOLDER / f"{topic}.json").read_text(encoding="utf-8"))["cases"]


def array(values) -> np.ndarray:
    return np.array(values, dtype=float)


def matching(found, wanted):
    """Return which columns of `found` are those of `wanted`, and their directions."""
    alike = congruences(array(wanted), array(found))
    _, columns = matched(alike)
    return columns, np.sign(alike[np.arange(len(columns)), columns])


def same_loadings(found, wanted, *, atol):
    """Assert that two sets of loadings are the same but for order and direction of the factors."""
    columns, signs = matching(found, wanted)
    np.testing.assert_allclose(array(found)[:, columns] * signs, array(wanted), rtol=0, atol=atol)


def same_phi(found_phi, found, wanted_phi, wanted, *, atol):
    columns, signs = matching(found, wanted)
    phi = array(found_phi)[np.ix_(columns, columns)] * np.outer(signs, signs)
    np.testing.assert_allclose(phi, array(wanted_phi), rtol=0, atol=atol)
