"""Rules that a file says do not apply to a part of it, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trustmeasure.check import suggestion
from trustmeasure.instruments.lint.model import File, Finding, Hit, Rule
from trustmeasure.instruments.problems import Where
from trustmeasure.instruments.raw import as_mapping, entries, string

FIELD = "lint"


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
    """

    part: Where
    entry: Where
    rule: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Return whether the finding breaks the rule within the part."""
        return finding.rule == self.rule and finding.where[: len(self.part)] == self.part


def exemptions_in(data: object, where: Where = ()) -> Iterator[Exemption]:
    """Yield the exemptions of a file."""
    if isinstance(data, list):
        for i, entry in enumerate(data):
            yield from exemptions_in(entry, (*where, i))
    for at, entry in entries(data, FIELD):
        rule, reason = string(entry, "rule"), string(entry, "reason")
        if rule is not None and reason is not None:
            yield Exemption(where, (*where, *at), rule, " ".join(reason.split()))
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
