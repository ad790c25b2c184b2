"""Random conditions and answers, to hold what a platform makes of a condition against what it means."""

from __future__ import annotations

from hypothesis import strategies as st

from trustmeasure.logic import AllOf, Answered, AnyOf, Expression, Is, Not

COLUMNS = ("a", "b", "c_1")
OPERATORS = ("==", "!=", "<", "<=", ">", ">=")

_columns = st.sampled_from(COLUMNS)
_leaves = st.one_of(
    st.builds(Is, _columns, st.sampled_from(OPERATORS), st.integers(-2, 12)), st.builds(Answered, _columns)
)


def _joined(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(AllOf, several), st.builds(AnyOf, several), st.builds(Not, parts))


EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(_leaves, _joined, max_leaves=6)
ANSWERS = st.fixed_dictionaries({column: st.none() | st.integers(-2, 12) for column in COLUMNS})
