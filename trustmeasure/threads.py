"""One thread for linear algebra on small matrices.

A thread pool costs more than it brings for matrices of some tens of rows, and many times more on a machine
whose cores are busy. The number of threads is that of the whole process; it is put back afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
T = TypeVar("T")


@cache
def _controller() -> ThreadpoolController:
    """Return the libraries loaded, which takes milliseconds to find out."""
    return ThreadpoolController()


@cache
def _blas() -> list[Any]:
    return [library for library in _controller().lib_controllers if library.user_api == "blas"]


def one_thread(function: Callable[P, T]) -> Callable[P, T]:
    """Make a function do its linear algebra on one thread.

    Examples
    --------
    >>> import numpy as np
    >>> @one_thread
    ... def inverse(x):
    ...     return np.linalg.inv(x)
    >>> inverse(np.eye(2)).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    @wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> T:
        if all(library.num_threads == 1 for library in _blas()):
            return function(*args, **kwargs)
        with _controller().limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return alone
