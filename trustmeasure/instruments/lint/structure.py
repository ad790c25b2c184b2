"""Rules about how an instrument is built: constructs, ids, blocks, reversed items, forms, references."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from trustmeasure.instruments.lint.length import size_of
from trustmeasure.instruments.lint.model import File, Hit, Rule
from trustmeasure.instruments.problems import Where
from trustmeasure.instruments.raw import Raw, as_mapping, entries, is_active, string, strings

MOST_IN_BLOCK = 8
MOST_REVERSED = 1 / 3
FEWEST_ITEMS = 3
LONG_INSTRUMENT = 6
SHORTEST_DEFINITION = {"en": 5, "zh": 8}
_NUMBERED = re.compile(r"([a-z][a-z0-9_]*)_[a-z0-9]+")
_REFERENCE = re.compile(r"[^\d(]+[,.&].*\((?:1[89]|20)\d\d[a-z]?(?:, [^)]+)?\)\. .+[.\w/]$")


def _items(file: File) -> list[tuple[Where, Raw]]:
    return [(where, item) for where, item in entries(file.data, "items") if is_active(item)]


def _file_name(file: File) -> Iterator[Hit]:
    if file.kind == "instrument" and file.path.stem != file.name:
        yield Hit(("id",), f"is '{file.name}', but the file is named '{file.path.name}'.")


def _item_ids(file: File) -> Iterator[Hit]:
    prefixes: dict[object, Counter[str]] = {}
    for _, item in _items(file):
        prefix = _prefix(string(item, "id") or "")
        prefixes.setdefault(item.get("construct"), Counter())[prefix] += 1
    for where, item in _items(file):
        id = string(item, "id") or ""
        usual = prefixes[item.get("construct")].most_common(1)[0][0]
        if not _prefix(id):
            yield Hit((*where, "id"), f"'{id}' has no part after a prefix, such as the 1 of sat_1.")
        elif usual and _prefix(id) != usual:
            yield Hit((*where, "id"), f"'{id}' does not begin with '{usual}_' as others of its construct do.")


def _prefix(id: str) -> str:
    match = _NUMBERED.fullmatch(id)
    return match.group(1) if match else ""


def _definitions(file: File) -> Iterator[Hit]:
    for where, construct in entries(file.data, "constructs"):
        for tag, text in as_mapping(construct.get("definition")).items():
            language = tag.split("-")[0]
            least = SHORTEST_DEFINITION.get(language, 0)
            if isinstance(text, str) and size_of(text, language) < least:
                unit = "characters" if language == "zh" else "words"
                yield Hit((*where, "definition", tag), f"has fewer than {least} {unit}.")


def _sources(file: File) -> Iterator[Hit]:
    for where, construct in entries(file.data, "constructs"):
        if not strings(construct, "sources", where):
            yield Hit((*where, "sources"), "names no source.")


def _few_items(file: File) -> Iterator[Hit]:
    counts = Counter(item.get("construct") for _, item in _items(file))
    for where, construct in entries(file.data, "constructs"):
        count = counts.get(construct.get("id"), 0)
        if 1 < count < FEWEST_ITEMS and construct.get("measurement") == "reflective":
            yield Hit(where, f"has {count} items.")


def _reversed_share(file: File) -> Iterator[Hit]:
    counted: dict[object, list[bool]] = {}
    for _, item in _items(file):
        counted.setdefault(item.get("construct"), []).append(item.get("reverse") is True)
    for where, construct in entries(file.data, "constructs"):
        turned = counted.get(construct.get("id"), [])
        if turned and sum(turned) > MOST_REVERSED * len(turned):
            yield Hit(where, f"has {sum(turned)} reversed of {len(turned)} items.")


def _block_size(file: File) -> Iterator[Hit]:
    for where, block in entries(file.data, "blocks"):
        count = len(strings(block, "items", where))
        if count > MOST_IN_BLOCK:
            yield Hit((*where, "items"), f"has {count} items, more than {MOST_IN_BLOCK} on one page.")


def _questions(file: File) -> Iterator[Hit]:
    """Yield items that ask a question, although their scale is one of agreement."""
    agreed = {
        id
        for where, block in entries(file.data, "blocks")
        if (string(block, "scale") or "").startswith("agreement")
        for _, id in strings(block, "items", where)
    }
    asked = {where for where, item in _items(file) if string(item, "id") in agreed}
    for text in file.texts:
        if text.where[:2] in asked and text.role == "item" and text.text.rstrip().endswith(("?", "？")):
            yield Hit(text.where, "is a question, but is answered by agreement.")


def _no_short_form(file: File) -> Iterator[Hit]:
    count = len(_items(file))
    if count > LONG_INSTRUMENT and not entries(file.data, "forms"):
        yield Hit(("forms",), f"is missing, though there are {count} items.")


def _form_coverage(file: File) -> Iterator[Hit]:
    construct_of = {string(item, "id"): str(item.get("construct")) for _, item in _items(file)}
    for where, form in entries(file.data, "forms"):
        held = {id for _, id in strings(form, "items", where)}
        lacking = sorted(set(construct_of.values()) - {construct_of.get(id) for id in held})
        if lacking:
            yield Hit((*where, "items"), f"has no item of {', '.join(lacking)}.")
        if len(held) >= len(construct_of):
            yield Hit((*where, "items"), "has as many items as the instrument.")
        yield from _waves_without_items(file, where, held)


def _waves_without_items(file: File, where: Where, held: set[str]) -> Iterator[Hit]:
    for _, wave in entries(file.data, "waves"):
        id = string(wave, "id") or ""
        blocks = [b for _, b in entries(file.data, "blocks") if "waves" not in b or id in b["waves"]]
        if not any(held & set(map(str, block.get("items", ()))) for block in blocks):
            yield Hit((*where, "items"), f"has no item that is asked in the wave '{id}'.")


def _references(file: File) -> Iterator[Hit]:
    cited = {s for w, c in entries(file.data, "constructs") for _, s in strings(c, "sources", w)}
    for where, reference in entries(file.data, "references"):
        text = " ".join((string(reference, "text") or "").split())
        if not _REFERENCE.fullmatch(text):
            yield Hit((*where, "text"), "does not read as a reference.")
        if string(reference, "id") not in cited:
            yield Hit((*where, "id"), "is cited by no construct.")


def _citation(file: File) -> Iterator[Hit]:
    data = as_mapping(file.data)
    text = string(data, "citation")
    titles = [title for title in as_mapping(data.get("title")).values() if isinstance(title, str)]
    if text is not None and not any(name in text for name in (file.name, *titles)):
        yield Hit(("citation",), "names neither the instrument's title nor its id.")


FILE_NAME = Rule(
    id="file-name",
    severity="warning",
    about="The file is named as the instrument's id.",
    remedy="Rename the file, or change the id.",
    check=_file_name,
)
ITEM_ID = Rule(
    id="item-id",
    severity="warning",
    about="Ids of items are a prefix and a number or word (sat_1); items of one construct share the prefix.",
    remedy="Rename the item before answers are collected, or silence the rule.",
    check=_item_ids,
)
DEFINITION = Rule(
    id="construct-definition",
    severity="warning",
    about="A definition says what is meant, in at least 5 words or 8 Chinese characters.",
    remedy="Write what the construct is, and of whom it is true.",
    check=_definitions,
)
SOURCES = Rule(
    id="construct-sources",
    severity="warning",
    about="Each construct names the literature behind its definition.",
    remedy="Add the reference under references, and its id to the sources.",
    check=_sources,
)
FEW_ITEMS = Rule(
    id="few-items",
    severity="advice",
    about="A reflective construct has one item, or three and more: two determine no factor.",
    remedy="Write another item.",
    check=_few_items,
)
REVERSED_SHARE = Rule(
    id="reversed-share",
    severity="warning",
    about="At most a third of a construct's items are reversed.",
    remedy="Word some of them in the direction of the construct.",
    check=_reversed_share,
)
BLOCK_SIZE = Rule(
    id="block-size",
    severity="warning",
    about="A block has at most 8 items, so that they stand on one page.",
    remedy="Make two blocks.",
    check=_block_size,
)
STATEMENT = Rule(
    id="statement",
    severity="warning",
    about="What is answered by agreement is a statement, not a question.",
    remedy="Make a statement of it, or choose another scale.",
    check=_questions,
)
NO_SHORT_FORM = Rule(
    id="no-short-form",
    severity="advice",
    about="An instrument of more than 6 items has a short form.",
    remedy="Add a form with some items of each construct.",
    check=_no_short_form,
)
FORM_COVERAGE = Rule(
    id="form-coverage",
    severity="warning",
    about="A form has items of each construct and each wave, and fewer than all.",
    remedy="Add an item of each, or silence the rule with the reason.",
    check=_form_coverage,
)
REFERENCE = Rule(
    id="reference",
    severity="warning",
    about="A reference reads Author, A. (Year). Title. Source, and a construct cites it.",
    remedy="Write authors, year in parentheses, title and source; remove what is not cited.",
    check=_references,
)

CITATION = Rule(
    id="citation",
    severity="warning",
    about="How to cite the instrument says its title or its id.",
    remedy="Write who made it, and the title.",
    check=_citation,
)

RULES = (
    FILE_NAME, ITEM_ID, DEFINITION, SOURCES, FEW_ITEMS, REVERSED_SHARE, BLOCK_SIZE, STATEMENT, NO_SHORT_FORM,
    FORM_COVERAGE, REFERENCE, CITATION,
)  # fmt: skip
