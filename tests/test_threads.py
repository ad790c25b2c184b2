"""Linear algebra on one thread, put back afterwards whatever happens."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from trustmeasure.threads import one_thread


def threads() -> set[int]:
    np.linalg.inv(np.eye(2))
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


inside = one_thread(threads)


@one_thread
def nested() -> tuple[set[int], set[int]]:
    return inside(), threads()


@one_thread
def fails() -> None:
    raise ZeroDivisionError


def test_one_thread_inside_and_the_former_number_afterwards() -> None:
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        assert inside() == {1}
        assert nested() == ({1}, {1})
        assert threads() == before


def test_an_error_puts_it_back() -> None:
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        with pytest.raises(ZeroDivisionError):
            fails()
        assert threads() == before
