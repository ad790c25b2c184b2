"""What is needed to make the same report again."""

from __future__ import annotations

from trustmeasure.reporting.blocks import Block, Code, Section, Terms, Text
from trustmeasure.reporting.context import Context


def section(context: Context) -> Section:
    """Return the section."""
    t, findings = context.words, context.findings
    source = findings.provenance
    pairs = [
        (t("made.created"), source.created),
        (t("made.study"), _hashed(source.study, source.study_sha256)),
        (t("made.data"), _hashed(source.data or findings.responses.source, source.data_sha256)),
        (t("made.seed"), "" if source.seed is None else t("made.seed_text", seed=source.seed)),
        (t("made.versions"), ", ".join(f"{name} {version}" for name, version in source.versions.items())),
    ]
    blocks: list[Block] = [Text(t("made.intro")), Terms([(term, what) for term, what in pairs if what])]
    result = findings.structural or findings.measurement
    if result is not None and result.model.text:
        blocks.append(Code(result.model.text.strip(), t("made.model")))
    return Section("reproduction", t("section.reproduction"), blocks)


def _hashed(name: str, sha256: str) -> str:
    return f"{name} (SHA-256 {sha256})" if sha256 else name
