"""Mistakes in sectors, waves, conditions and changes: how to make each, and what the message must say."""

from __future__ import annotations

from tests.instruments.instrument_mistakes import drop, put

FINANCE = ("contexts", 0)
TEXTS = {"en": "Text.", "zh": "文字。"}


def changes(*given):
    entries = [{"version": version, "note": "Why.", "kind": kind} for version, kind in given]
    return put(entries, "items", 1, "changes")


CONTEXT_CASES = {
    "sector twice": (
        put("finance", "contexts", 1, "id"),
        "contexts[1].id (finance): 'finance' is given twice in contexts.",
    ),
    "sector's item that does not exist": (
        put(TEXTS, *FINANCE, "items", "a_9"),
        "contexts[0].items.a_9 (finance): there is no active item 'a_9'. Did you mean 'a_",
    ),
    "sector's item that is retired": (
        put(TEXTS, *FINANCE, "items", "b_2"),
        "contexts[0].items.b_2 (finance): there is no active item 'b_2'.",
    ),
    "sector's stem that does not exist": (
        put(TEXTS, *FINANCE, "stems", "firs"),
        "contexts[0].stems.firs (finance): there is no block 'firs'. Did you mean 'first'?",
    ),
    "sector's placeholder that does not exist": (
        put(TEXTS, *FINANCE, "placeholders", "brnd"),
        "contexts[0].placeholders.brnd (finance): there is no placeholder 'brnd'. Did you mean 'brand'?",
    ),
    "sector's item without a language": (
        drop(*FINANCE, "items", "a_1", "zh"),
        "contexts[0].items.a_1.zh (finance): is missing.",
    ),
    "sector's placeholder without a language": (
        drop(*FINANCE, "placeholders", "brand", "en"),
        "contexts[0].placeholders.brand.en (finance): is missing.",
    ),
    "sector's label without a language": (
        drop(*FINANCE, "label", "en"),
        "contexts[0].label.en (finance): is missing.",
    ),
    "sector's item in another language": (
        put("Eins {brand}", *FINANCE, "items", "a_1", "de"),
        "contexts[0].items.a_1.de (finance): is not one of the languages.",
    ),
    "sector's item without the placeholder": (
        put({"en": "It is one bank.", "zh": "是一家银行。"}, *FINANCE, "items", "a_1"),
        "contexts[0].items.a_1.en (finance): lacks {brand}, which the general wording has.",
    ),
    "sector's item with the placeholder in one language": (
        put("是一家银行。", *FINANCE, "items", "a_1", "zh"),
        "contexts[0].items.a_1.zh (finance): lacks {brand}",
    ),
    "sector's item with another placeholder": (
        put({"en": "{brand} {shop}.", "zh": "{brand}{shop}。"}, *FINANCE, "items", "a_1"),
        "contexts[0].items.a_1.en (finance): uses {shop}, which is not declared under placeholders.",
    ),
    "placeholder in a sector's words": (
        put("the {brand}", *FINANCE, "placeholders", "brand", "en"),
        "contexts[0].placeholders.brand.en (finance): holds a placeholder; only item texts and stems may.",
    ),
    "sector's stem without the placeholder": (
        put("Think.", *FINANCE, "stems", "first", "en"),
        "contexts[0].stems.first.en (finance): lacks {brand}",
    ),
    "empty sector's item": (
        put("", *FINANCE, "items", "a_1", "en"),
        "contexts[0].items.a_1.en (finance): '' does not fit.",
    ),
    "unknown field of a sector": (
        put({}, *FINANCE, "scales"),
        "contexts[0].scales (finance): is not a field here.",
    ),
}

WAVE_CASES = {
    "wave twice": (
        put("before", "waves", 1, "id"),
        "waves[1].id (before): 'before' is given twice in waves.",
    ),
    "unknown wave": (
        put(["aftr"], "blocks", 1, "waves"),
        "blocks[1].waves[0] (second): there is no wave 'aftr'. Did you mean 'after'?",
    ),
    "wave without a block": (
        put(["after"], "blocks", 0, "waves"),
        "waves[0] (before): no block is asked in 'before'. Name it in the waves of one, or remove it.",
    ),
    "blocks in waves of an instrument without any": (
        drop("waves"),
        "blocks[1].waves[0] (second): there is no wave 'after'.",
    ),
    "wave label without a language": (
        drop("waves", 0, "label", "zh"),
        "waves[0].label.zh (before): is missing.",
    ),
    "condition that is no formula": (
        put("a_1 high", "blocks", 1, "shown_if"),
        "blocks[1].shown_if (second): The condition 'a_1 high' cannot be understood. Write comparisons",
    ),
    "condition that runs code": (
        put("__import__('os') == 1", "blocks", 1, "shown_if"),
        "blocks[1].shown_if (second): The condition \"__import__('os') == 1\" holds",
    ),
    "condition on a later item": (
        put("b_1 == 1", "blocks", 0, "shown_if"),
        "blocks[0].shown_if (first): asks for 'b_1', which no earlier block holds. Move its block up.",
    ),
    "condition on an item of the block itself": (
        put("b_1 == 1", "blocks", 1, "shown_if"),
        "blocks[1].shown_if (second): asks for 'b_1', which no earlier block holds.",
    ),
    "condition on a retired item": (
        put("b_2 == 1", "blocks", 1, "shown_if"),
        "blocks[1].shown_if (second): asks for 'b_2', which is retired.",
    ),
    "condition on an item that is asked in another wave": (
        put(["before"], "blocks", 0, "waves"),
        "blocks[1].shown_if (second): asks for 'a_1', which is not asked in every wave of this block.",
    ),
    "form without the item of a condition": (
        put(["a_2", "b_1"], "forms", 0, "items"),
        "forms[0].items (short): lacks 'a_1', on which one of its blocks hangs.",
    ),
}

HISTORY_CASES = {
    "change newer than the file": (
        changes(("1.0.1", "typo")),
        "items[1].changes[0].version (a_2): is newer than the file. Raise the version",
    ),
    "change newer by a number of two digits": (
        changes(("1.0.10", "typo")),
        "items[1].changes[0].version (a_2): is newer than the file.",
    ),
    "changes in the wrong order": (
        changes(("1.0.0", "wording"), ("0.9.0", "typo")),
        "items[1].changes[1].version (a_2): is older than the change above it. Put the oldest first.",
    ),
    "added later": (
        changes(("0.9.0", "wording"), ("1.0.0", "added")),
        "items[1].changes[1].kind (a_2): 'added' can only be an item's first change.",
    ),
    "retired by a change only": (
        changes(("1.0.0", "retired")),
        "items[1].changes[0].kind (a_2): is 'retired', but the item is active. Give it status: retired.",
    ),
    "retired item that returned": (
        changes(("0.9.0", "retired"), ("1.0.0", "wording")),
        "items[1].changes[0].kind (a_2): 'retired' can only be an item's last change",
    ),
    "unknown kind of change": (
        changes(("1.0.0", "typing")),
        "items[1].changes[0].kind (a_2): 'typing' is not allowed. Did you mean 'typo'?",
    ),
    "id of a retired item": (
        put("b_2", "items", 0, "id"),
        "'b_2' is already the id of one of the retired items. Choose another.",
    ),
}

VARIANT_CASES = CONTEXT_CASES | WAVE_CASES | HISTORY_CASES
