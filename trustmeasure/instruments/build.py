"""From the data of a checked file to records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.placeholders import Placeholder
from trustmeasure.instruments.records import (
    Block,
    Change,
    Construct,
    Context,
    Evidence,
    EvidenceStep,
    Form,
    Item,
    Language,
    MissingCode,
    ResponseScale,
    ScalePoint,
    Wave,
)

Raw = Mapping[str, Any]


def scale(raw: Raw) -> ResponseScale:
    """Return the response scale of one entry under `response_scales`."""
    points = (ScalePoint(int(p["code"]), texts(p["label"])) for p in raw["points"])
    missing = (MissingCode(int(m["code"]), texts(m["label"]), m["reason"]) for m in raw.get("missing", ()))
    return ResponseScale(raw["id"], tuple(points), tuple(missing))


def instrument(raw: Raw, shared: Mapping[str, ResponseScale]) -> Instrument:
    """Return the instrument of a file without problems; `shared` holds the scales beside its own."""
    own = {entry["id"]: scale(entry) for entry in raw.get("response_scales", ())}
    blocks = tuple(_block(entry) for entry in raw["blocks"])
    items = _items(raw["items"], blocks)
    active = tuple(item for item in items if item.status == "active")
    used = dict.fromkeys(block.scale for block in blocks)
    return Instrument(
        id=raw["id"],
        version=raw["version"],
        title=texts(raw["title"]),
        description=texts(raw["description"]),
        source_language=raw["source_language"],
        license=_words(raw["license"]),
        citation=_words(raw["citation"]),
        languages=tuple(_language(entry) for entry in raw["languages"]),
        placeholders=tuple(_placeholder(entry) for entry in raw.get("placeholders", ())),
        response_scales=FrozenMap.of((id, own.get(id) or shared[id]) for id in used),
        constructs=_constructs(raw, active),
        items=active,
        blocks=blocks,
        forms=tuple(_form(entry) for entry in raw.get("forms", ())),
        contexts=tuple(_context(entry) for entry in raw.get("contexts", ())),
        waves=tuple(Wave(entry["id"], texts(entry["label"])) for entry in raw.get("waves", ())),
        retired=tuple(item for item in items if item.status == "retired"),
        evidence=_evidence(raw["evidence"]),
    )


def texts(raw: Mapping[str, str]) -> FrozenMap[str]:
    """Return the texts with runs of blanks and line ends as one blank."""
    return FrozenMap.of((tag, _words(text)) for tag, text in raw.items())


def _words(text: str) -> str:
    return " ".join(text.split())


def _language(raw: Raw) -> Language:
    note = _words(raw.get("note", ""))
    return Language(raw["tag"], raw["name"], raw["status"], raw.get("back_translation", False), note)


def _placeholder(raw: Raw) -> Placeholder:
    return Placeholder(raw["name"], texts(raw["description"]), texts(raw["default"]))


def _constructs(raw: Raw, items: Sequence[Item]) -> tuple[Construct, ...]:
    references = {entry["id"]: _words(entry["text"]) for entry in raw.get("references", ())}
    return tuple(_construct(entry, items, references) for entry in raw["constructs"])


def _construct(raw: Raw, items: Sequence[Item], references: Mapping[str, str]) -> Construct:
    return Construct(
        id=raw["id"],
        label=texts(raw["label"]),
        definition=texts(raw["definition"]),
        measurement=raw["measurement"],
        higher_order=raw.get("higher_order"),
        items=tuple(item.id for item in items if item.construct == raw["id"]),
        score=raw["score"],
        sources=tuple(references[id] for id in raw.get("sources", ())),
    )


def _items(raw: Sequence[Raw], blocks: Sequence[Block]) -> tuple[Item, ...]:
    scale_of = {id: block.scale for block in blocks for id in block.items}
    return tuple(_item(entry, scale_of.get(entry["id"], "")) for entry in raw)


def _item(raw: Raw, scale_id: str) -> Item:
    return Item(
        id=raw["id"],
        construct=raw["construct"],
        scale=scale_id,
        text=texts(raw["text"]),
        reverse=raw.get("reverse", False),
        status=raw.get("status", "active"),
        source=_words(raw.get("source", "")),
        changes=tuple(_change(entry) for entry in raw.get("changes", ())),
    )


def _change(raw: Raw) -> Change:
    return Change(raw["version"], _words(raw["note"]), raw.get("kind", "wording"))


def _block(raw: Raw) -> Block:
    return Block(
        id=raw["id"],
        stem=texts(raw["stem"]),
        items=tuple(raw["items"]),
        scale=raw["scale"],
        randomise=raw["randomise"],
        waves=tuple(raw.get("waves", ())),
        shown_if=raw.get("shown_if", ""),
    )


def _form(raw: Raw) -> Form:
    return Form(raw["id"], texts(raw["label"]), tuple(raw["items"]))


def _context(raw: Raw) -> Context:
    def worded(field: str) -> FrozenMap[FrozenMap[str]]:
        return FrozenMap.of((name, texts(entry)) for name, entry in raw.get(field, {}).items())

    return Context(raw["id"], texts(raw["label"]), worded("placeholders"), worded("items"), worded("stems"))


def _evidence(raw: Raw) -> Evidence:
    return Evidence(raw["status"], tuple(_step(entry) for entry in raw.get("steps", ())))


def _step(raw: Raw) -> EvidenceStep:
    return EvidenceStep(
        status=raw["status"],
        date=raw["date"],
        n=int(raw["n"]),
        country=raw.get("country", ""),
        language=raw.get("language", ""),
        simulated=raw["simulated"],
        figures=FrozenMap.of(raw.get("figures", {})),
        criteria=tuple(raw.get("criteria", ())),
        analysis_hash=raw.get("analysis_hash", ""),
    )
