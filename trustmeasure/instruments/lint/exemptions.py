"""Rules that a file says do not apply to a part of it, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trustmeasure.check import suggestion
from trustmeasure.instruments.lint.model import File, Finding, Hit, Rule
from trustmeasure.instruments.problems import Where
from trustmeasure.instruments.raw import as_mapping, entries, string

FIELD = "lint"
_SECTOR_GROUPS = {"items": "items", "stems": "blocks"}


@dataclass(frozen=True, slots=True)
class Exemption:
    """One rule that does not apply to a part of a file.

    Attributes
    ----------
    part : tuple
        Place of the part.
    entry : tuple
        Place of the exemption itself.
    rule, reason : str
        Id of the rule, and why it does not apply.
    named : tuple of str
        The list and the id of the part, when it is an item or a block, which sectors may word otherwise.
    """

    part: Where
    entry: Where
    rule: str
    reason: str
    named: tuple[str, str] = ("", "")

    def covers(self, finding: Finding) -> bool:
        """Return whether the finding breaks the rule within the part, or in a sector's words for it."""
        where = finding.where
        inside = where[: len(self.part)] == self.part
        return finding.rule == self.rule and (inside or _in_sector(where) == self.named)


def _in_sector(where: Where) -> tuple[str, str] | None:
    """Return the list and the id of the item or block that a sector words at a place."""
    if where[:1] != ("contexts",) or len(where) < 4 or where[2] not in _SECTOR_GROUPS:
        return None
    return _SECTOR_GROUPS[str(where[2])], str(where[3])


def exemptions_in(data: object, where: Where = ()) -> Iterator[Exemption]:
    """Yield the exemptions of a file."""
    if isinstance(data, list):
        for i, entry in enumerate(data):
            yield from exemptions_in(entry, (*where, i))
    for at, entry in entries(data, FIELD):
        rule, reason = string(entry, "rule"), string(entry, "reason")
        if rule is not None and reason is not None:
            named = (str(where[0]), string(as_mapping(data), "id") or "") if len(where) == 2 else ("", "")
            yield Exemption(where, (*where, *at), rule, " ".join(reason.split()), named)
    for name, value in as_mapping(data).items():
        if name != FIELD:
            yield from exemptions_in(value, (*where, name))


def apart(
    findings: Sequence[Finding], exemptions: Sequence[Exemption]
) -> tuple[list[Finding], list[tuple[Finding, Exemption]]]:
    """Return the findings that stand, and those that an exemption silences."""
    standing, silenced = [], []
    for finding in findings:
        covering = next((one for one in exemptions if one.covers(finding)), None)
        if covering is None:
            standing.append(finding)
        else:
            silenced.append((finding, covering))
    return standing, silenced


def unknown_rules(rules: Sequence[Rule]) -> Rule:
    """Return the rule that exemptions name rules which can be silenced."""
    known = [rule.id for rule in rules if not rule.firm]

    def check(file: File) -> Iterator[Hit]:
        for one in exemptions_in(file.data):
            if one.rule not in known:
                yield Hit(
                    (*one.entry, "rule"),
                    f"'{one.rule}' is no rule that can be silenced.",
                    suggestion(one.rule, known, most=len(known)),
                )

    return Rule(
        id="exemption",
        severity="error",
        about="An exemption names a rule that exists and can be silenced.",
        remedy="Name one of the rules.",
        check=check,
        firm=True,
    )
