"""The same items asked of the same people several times: models in wide form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.parameters import Parameter, ParameterTable, numbered


@dataclass(frozen=True, slots=True)
class Waves:
    """Where the items of each wave stand.

    Attributes
    ----------
    labels : tuple of str, length W
        The waves in their order.
    columns : tuple of mapping of str to str, length W
        The column of each item.
    """

    labels: tuple[str, ...]
    columns: tuple[Mapping[str, str], ...]

    @classmethod
    def of(cls, waves: Mapping[str, str | Mapping[str, str]], items: Sequence[str]) -> Waves:
        """Return the columns that patterns such as "{item}_t1", or mappings, give.

        Raises
        ------
        ArgumentError
            For fewer than two waves, items without a column, and columns that come twice.
        """
        if not isinstance(waves, Mapping) or len(waves) < 2:
            raise ArgumentError(
                "waves: give two or more, such as {'before': '{item}_1', 'after': '{item}_2'}."
            )
        found = tuple(_columns(str(label), given, items) for label, given in waves.items())
        taken = [name for own in found for name in own.values()]
        twice = sorted({name for name in taken if taken.count(name) > 1})
        if twice:
            raise ArgumentError(f"waves: the column '{twice[0]}' stands for two items or waves.")
        return cls(tuple(map(str, waves)), found)

    def latent(self, name: str, wave: int) -> str:
        """Return what a latent variable is called in a wave."""
        return f"{name}_{self.labels[wave]}"

    def table(self, table: ParameterTable) -> ParameterTable:
        """Return the wide model of a model whose groups are the waves.

        Residuals of the same item covary between waves, and so do all latent variables.
        """
        rows = [self._row(row, table) for row in table.parameters]
        latent = [
            (w, name) for w in range(len(self.labels)) for name in table.latent if _free_standing(name, table)
        ]
        for (v, first), (w, second) in combinations(latent, 2):
            if v != w:
                rows.append(Parameter(self.latent(first, v), "~~", self.latent(second, w), free=1))
        for item in table.observed:
            for first, second in combinations([own[item] for own in self.columns], 2):
                rows.append(Parameter(first, "~~", second, free=1))
        observed = tuple(own[item] for own in self.columns for item in table.observed)
        names = tuple(self.latent(name, w) for w in range(len(self.labels)) for name in table.latent)
        return replace(
            table, parameters=tuple(numbered(rows)), observed=observed, latent=names, n_groups=1, text=""
        )

    def _row(self, row: Parameter, table: ParameterTable) -> Parameter:
        wave = row.group - 1
        sides = [self._name(side, wave, table) for side in (row.lhs, row.rhs)]
        return row._replace(lhs=sides[0], rhs=sides[1], group=1)

    def _name(self, side: str, wave: int, table: ParameterTable) -> str:
        if side in table.latent:
            return self.latent(side, wave)
        return self.columns[wave].get(side, side)


def _free_standing(name: str, table: ParameterTable) -> bool:
    """Return whether a latent variable is not itself an indicator."""
    return all(row.rhs != name for row in table.parameters if row.op == "=~")


def _columns(label: str, given: str | Mapping[str, str], items: Sequence[str]) -> dict[str, str]:
    if isinstance(given, str):
        if "{item}" not in given:
            raise ArgumentError(f"waves: '{given}' of '{label}' has no '{{item}}', such as in '{{item}}_t1'.")
        return {item: given.replace("{item}", item) for item in items}
    for item in items:
        if item not in given:
            known = suggestion(item, list(given))
            raise ArgumentError(f"waves: '{label}' has no column for the item '{item}'. {known}")
    return {item: str(given[item]) for item in items}
