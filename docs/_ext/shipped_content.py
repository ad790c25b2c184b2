"""Write the pages of what is shipped as data: the instruments with their wording, and the named models.

Nothing here lists instruments or models by hand, so the pages cannot lag behind the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trustmeasure.instruments import Context, Instrument, list_instruments, load_instrument
from trustmeasure.trust.models import trust_model
from trustmeasure.trust.named import NamedModel, named_models

if TYPE_CHECKING:
    from sphinx.application import Sphinx

AFTER_PUBLIC_NAMES = 600  # which empties the folder first

INSTRUMENTS = """# Shipped instruments

Each is one file; *short* is how many items its short form keeps. Below stands the wording of each, how far
the work on its languages has come, and what data of real respondents have shown so far: `drafted` is a first
wording that no second person has reviewed, `developed` means no data at all.

A purchase that was really made is no item of an instrument: it is a column of the data, joined to the
answers.

"""
MODELS = """# Named models

Each model is written by `trust_model("name")`; [how to use them](../../how-to/named-models.md).

"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)
    yield ""


def instruments_page() -> str:
    """Return the page of all instruments: one table, then the wording of each."""
    shown = [load_instrument(id) for id in list_instruments()["id"]]
    head = ("Instrument", "Title", "Items", "Short")
    lines = list(table(head, (_row(one) for one in shown)))
    return INSTRUMENTS + "\n".join([*lines, *(line for one in shown for line in _wording(one))]) + "\n"


def _row(instrument: Instrument) -> tuple[str, ...]:
    short = next((form for form in instrument.forms if form.id == "short"), None)
    return (
        f"[`{instrument.id}`](#{instrument.id})",
        f"{instrument.title['en']} {instrument.title['zh']}",
        str(len(instrument.items)),
        "" if short is None else str(len(short.items)),
    )


def _wording(instrument: Instrument) -> Iterator[str]:
    yield f"({instrument.id})="
    yield f"## {instrument.title['en']} {instrument.title['zh']}"
    yield ""
    yield f"`{instrument.id}` {instrument.version}. {instrument.description['en']}"
    yield ""
    wording = ", ".join(f"{language.name} {language.status}" for language in instrument.languages)
    yield f"Wording: {wording}. Evidence: {instrument.evidence.status}."
    yield ""
    for construct in instrument.constructs:
        part = f", a dimension of `{construct.higher_order}`" if construct.higher_order else ""
        label = f"**{construct.label['en']}** {construct.label['zh']} (`{construct.id}`{part})"
        yield f"{label}: {construct.definition['en']}"
        yield ""
        if construct.items:
            yield from table(("Item", "English", "中文"), (_item(instrument, id) for id in construct.items))
    yield from _waves(instrument)
    for context in (one for one in instrument.contexts if one.items):
        yield from _sector(instrument, context)
    sources = dict.fromkeys(source for construct in instrument.constructs for source in construct.sources)
    yield from (f"- {source}" for source in sources)
    yield ""


def _sector(instrument: Instrument, context: Context) -> Iterator[str]:
    """Yield the items that a sector words in its own way."""
    yield f"**Sector** `{context.id}`, {context.label['en']} {context.label['zh']}, in words of its own:"
    yield ""
    worded = instrument.in_context(context.id)
    yield from table(("Item", "English", "中文"), (_item(worded, id) for id in context.items))


def _waves(instrument: Instrument) -> Iterator[str]:
    """Yield a table of the waves with the constructs that each asks for; nothing when there are none."""
    rows = []
    for wave in instrument.waves:
        blocks = (block for block in instrument.blocks if not block.waves or wave.id in block.waves)
        asked = dict.fromkeys(instrument.item(id).construct for block in blocks for id in block.items)
        rows.append((f"`{wave.id}` {wave.label['zh']}", ", ".join(f"`{id}`" for id in asked)))
    yield from table(("Wave", "Asks for"), rows) if rows else ()


def _item(instrument: Instrument, id: str) -> tuple[str, ...]:
    item = instrument.item(id)
    name = f"`{id}` (reversed)" if item.reverse else f"`{id}`"
    return (name, *(instrument.fill(item.text, tag) for tag in ("en", "zh")))


def models_page() -> str:
    """Return the page of all named models: what each claims, and its text without measurement and effects."""
    rows = ((f"[`{model.name}`](#model-{model.name})", model.title) for model in named_models())
    lines = list(table(("Model", "In a line"), rows))
    return MODELS + "\n".join([*lines, *(line for model in named_models() for line in _model(model))]) + "\n"


def _model(model: NamedModel) -> Iterator[str]:
    yield f"(model-{model.name})="
    yield f"## {model.name}"
    yield ""
    yield from (f"{text}\n" for text in (model.claim, model.note) if text)
    names = ", ".join(f"[`{id}`](shipped-instruments.md#{id})" for id in model.instruments)
    yield f"Instruments: {names}."
    yield ""
    yield "```text"
    yield from _structure(trust_model(model.name))
    yield "```"
    yield ""
    yield from (f"- {source}" for source in model.sources)
    yield ""


def _structure(text: str) -> list[str]:
    lines = text.splitlines()
    start = lines.index("# structure") + 1
    return [line for line in lines[start:] if " ~ " in line or " ~~ " in line]


def write_pages(app: Sphinx) -> None:
    """Write both pages anew below `reference/generated`."""
    folder = Path(app.srcdir) / "reference" / "generated"
    (folder / "shipped-instruments.md").write_text(instruments_page(), encoding="utf-8")
    (folder / "shipped-models.md").write_text(models_page(), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before Sphinx looks for its sources."""
    app.connect("builder-inited", write_pages, priority=AFTER_PUBLIC_NAMES)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
