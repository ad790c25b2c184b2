"""Single indices of careless answering, for those who want one alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from trustmeasure.check import at_least, in_range
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.screening import consistency
from trustmeasure.screening.asked import Codes, asked_of
from trustmeasure.screening.consistency import ItemPairs
from trustmeasure.screening.distance import distances
from trustmeasure.screening.runs import average_run, longest_run, page_runs, variability
from trustmeasure.screening.similarity import closest_match, copies


def long_string(
    data: Any,
    *,
    items: Sequence[str] | None = None,
    order: Sequence[str] | Questionnaire | None = None,
    pages: Mapping[str, Sequence[str]] | None = None,
    reverse: Sequence[str] = (),
    codes: Codes | None = None,
) -> pd.DataFrame:
    """Return the longest and the mean run of equal answers of each respondent, over all items and per page.

    Answers count as they were given, in the order in which the items were asked. A missing answer ends a run.

    Parameters
    ----------
    data, items, order, pages, reverse, codes
        As in `screen`.

    Returns
    -------
    pandas.DataFrame
        One row a respondent: long_string, average_string, and `page: <name>` for each page; NaN for a
        respondent without an answer.

    Raises
    ------
    ArgumentError, DataError
        As in `screen`.

    References
    ----------
    Johnson, J. A. (2005). Ascertaining the validity of individual protocols from Web-based personality
    inventories. Journal of Research in Personality, 39(1), 103-129.

    Notes
    -----
    The R package careless counts each missing answer as a run of its own in the mean length. Checked against:
    run lengths in R (tests/reference/screening/careless.R).

    Examples
    --------
    >>> import numpy as np
    >>> long_string(np.array([[3, 3, 3, 4, 5.0], [1, 2, 2, 5, 4]]))["long_string"].tolist()
    [3.0, 2.0]
    """
    asked = asked_of(data, items=items, order=order, pages=pages, reverse=reverse, codes=codes)
    answers = asked.in_order()
    own = {f"page: {name}": longest for name, longest in page_runs(asked).items()}
    columns = {"long_string": longest_run(answers), "average_string": average_run(answers), **own}
    return pd.DataFrame(columns, index=asked.index)


def response_variability(
    data: Any,
    *,
    items: Sequence[str] | None = None,
    reverse: Sequence[str] = (),
    codes: Codes | None = None,
) -> pd.Series:
    """Return the standard deviation of each respondent's answers (intra-individual response variability).

    Very low for straight-liners (Dunn et al. 2018), high for random answers (Marjanovic et al. 2015). No
    figure holds for all surveys: it depends on how the items are worded and how many are reversed.

    Parameters
    ----------
    data, items, reverse, codes
        As in `screen`.

    Returns
    -------
    pandas.Series
        One value a respondent (n - 1 in the denominator); NaN below 2 answers.

    Raises
    ------
    ArgumentError, DataError
        As in `screen`.

    References
    ----------
    Dunn, A. M., Heggestad, E. D., Shanock, L. R., & Theilgard, N. (2018). Intra-individual response
    variability as an indicator of insufficient effort responding. Journal of Business and Psychology, 33(1),
    105-121.

    Marjanovic, Z., Holden, R., Struthers, W., Cribbie, R., & Greenglass, E. (2015). The inter-item standard
    deviation (ISD): An index that discriminates between conscientious and random responders. Personality and
    Individual Differences, 84, 79-83.

    Examples
    --------
    >>> import numpy as np
    >>> response_variability(np.array([[3, 3, 3.0], [1, 3, 5]])).tolist()
    [0.0, 2.0]
    """
    asked = asked_of(data, items=items, reverse=reverse, codes=codes)
    return pd.Series(variability(asked.given), index=asked.index, name="irv")


def even_odd_consistency(
    data: Any,
    *,
    scales: Mapping[str, Sequence[str]] | None = None,
    codes: Codes | None = None,
) -> pd.Series:
    """Return the even-odd consistency of each respondent, corrected by Spearman and Brown.

    Each scale is cut into its odd and its even items; the means of the halves are correlated over the scales
    within a person, r, and 2 r / (1 + r) is returned, not below -1.

    Parameters
    ----------
    data, scales, codes
        As in `screen`. At least 3 scales with 2 items each.

    Returns
    -------
    pandas.Series
        One value a respondent, from -1 to 1, high for consistent answers; NaN where it does not exist.

    Raises
    ------
    ArgumentError, DataError
        As in `screen`.

    References
    ----------
    Johnson, J. A. (2005). Ascertaining the validity of individual protocols from Web-based personality
    inventories. Journal of Research in Personality, 39(1), 103-129.

    Notes
    -----
    The R package careless returns the opposite sign. Checked against: the same steps in R
    (tests/reference/screening/careless.R).

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame([[5, 4, 1, 2, 3, 3], [5, 1, 1, 5, 3, 2]], columns=list("abcdef"), dtype=float)
    >>> scales = {"x": ["a", "b"], "y": ["c", "d"], "z": ["e", "f"]}
    >>> even_odd_consistency(data, scales=scales).round(2).tolist()
    [1.0, -1.0]
    """
    asked = asked_of(data, scales=scales, codes=codes)
    return pd.Series(consistency.even_odd(asked), index=asked.index, name="even_odd")


def psychometric_synonyms(
    data: Any,
    *,
    critical: float = 0.60,
    antonyms: bool = False,
    items: Sequence[str] | None = None,
    reverse: Sequence[str] = (),
    codes: Codes | None = None,
    resamples: int = 0,
    seed: int | None = None,
) -> ItemPairs:
    """Return pairs of items that people answer alike (or opposed), and how each respondent does it.

    Pairs are the items whose correlation over all people is above `critical` (below -`critical` for
    antonyms). A respondent's value is the correlation over these pairs within that person: high for synonyms
    and low (negative) for antonyms when the answers are careful.

    Parameters
    ----------
    data, items, reverse, codes
        As in `screen`; answers count as they were given.
    critical : float
        Size of the correlation beyond which two items are a pair; Meade and Craig (2012) used .60.
    antonyms : bool
        Whether to look for opposed items.
    resamples : int
        Draws of which item of a pair stands on which side, whose correlations are averaged; 0 for the item
        asked first on the first side.
    seed : int, optional
        What is drawn from.

    Returns
    -------
    ItemPairs
        `.pairs` (item_1, item_2, r), `.values` (n,) and `.note`.

    Raises
    ------
    ArgumentError, DataError
        As in `screen`.

    References
    ----------
    Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. Psychological Methods,
    17(3), 437-455.

    Notes
    -----
    Checked against: the same steps in R (tests/reference/screening/careless.R).

    Examples
    --------
    >>> import trustmeasure as tm
    >>> found = psychometric_synonyms(tm.load_sample("trust-survey"), critical=0.5)
    >>> len(found.pairs) > 10, found.values.shape
    (True, (1200,))
    """
    in_range("critical", critical, 0.0, 1.0, open_ends=False)
    at_least("resamples", resamples, 0)
    asked = asked_of(data, items=items, reverse=reverse, codes=codes)
    if antonyms:
        return consistency.item_pairs(asked, "antonyms", -critical, resamples, seed)
    return consistency.item_pairs(asked, "synonyms", critical, resamples, seed)


def mahalanobis_distance(data: Any, *, items: Sequence[str] | None = None) -> pd.DataFrame:
    """Return how far each respondent's answers lie from everybody's, with a chi-square probability.

    With missing answers, means and covariances are the maximum-likelihood ones of incomplete rows (EM), and a
    respondent's distance is taken over the items that were answered, with as many degrees of freedom.

    Parameters
    ----------
    data, items
        As in `screen`.

    Returns
    -------
    pandas.DataFrame
        One row a respondent: mahalanobis (squared), df (items it rests on), mahalanobis_p, and note, which
        is the same in all rows.

    Raises
    ------
    ArgumentError, DataError
        As in `screen`.

    References
    ----------
    Mahalanobis, P. C. (1936). On the generalised distance in statistics. Proceedings of the National
    Institute of Sciences of India, 2(1), 49-55.

    Notes
    -----
    Answers on rating scales are not normal, so the chi-square probability is a yardstick and no error rate.
    Checked against: R's `mahalanobis`, and lavaan 0.6-14's moments of incomplete rows
    (tests/reference/screening/careless.R).

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.random.default_rng(1).normal(size=(200, 4))
    >>> found = mahalanobis_distance(np.vstack([rows, [4, -4, 4, -4]]))
    >>> int(found["mahalanobis"].idxmax()), bool(found["mahalanobis_p"].iloc[-1] < 0.001)
    (200, True)
    """
    asked = asked_of(data, items=items)
    found = distances(asked.given, asked.items)
    columns = {"mahalanobis": found.squared, "df": found.df, "mahalanobis_p": found.p}
    return pd.DataFrame({**columns, "note": " ".join(found.notes)}, index=asked.index)


def duplicate_rows(data: Any, *, items: Sequence[str] | None = None) -> pd.DataFrame:
    """Return which respondents gave the same answers as another, exactly or nearly.

    Parameters
    ----------
    data, items
        As in `screen`.

    Returns
    -------
    pandas.DataFrame
        One row a respondent: duplicates (other rows with exactly the same answers, gaps included), max_match
        (the largest share of equal answers with another row, over the items that both answered, at least
        half of all) and closest (the index of that row, None where there is none).

    Raises
    ------
    ArgumentError, DataError
        As in `screen`.

    References
    ----------
    Kuriakose, N., & Robbins, M. (2016). Don't get duped: Fraud through duplication in public opinion surveys.
    Statistical Journal of the IAOS, 32(3), 283-291.

    Notes
    -----
    With few items, few categories or strong agreement many honest rows match; straight-liners match each
    other. The figure says something only beside that of a comparable survey.

    Examples
    --------
    >>> import numpy as np
    >>> duplicate_rows(np.array([[1, 2, 3, 4.0], [1, 2, 3, 4], [1, 2, 3, 5]]))["max_match"].tolist()
    [1.0, 1.0, 0.75]
    """
    asked = asked_of(data, items=items)
    share, partner = closest_match(asked.given)
    closest = [asked.index[i] if i >= 0 else None for i in partner]
    columns = {"duplicates": copies(asked.given), "max_match": share.astype(float)}
    return pd.DataFrame({**columns, "closest": pd.Series(closest, index=asked.index, dtype=object)})
