"""The codebook as Markdown: instruments, constructs, questions and scales as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from trustmeasure.instruments import ResponseScale
from trustmeasure.instruments.records import Texts
from trustmeasure.questionnaires.codebook.model import Code, Variable
from trustmeasure.questionnaires.codebook.sources import about_instruments, constructs, measured
from trustmeasure.questionnaires.codebook.texts import own_words, reason, remarks, say
from trustmeasure.questionnaires.codebook.variables import codes, variables
from trustmeasure.questionnaires.composing.consent import CONSENT
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.texts import form_texts

_SIGNS = re.compile(r"([\\`*_{}\[\]#|<>&~$])")
_STARTS_A_LIST = re.compile(r"^([-+=])|^(\d+)([.)])")


def render(questionnaire: Questionnaire) -> bytes:
    """Return the codebook; its own words are in the questionnaire's first language."""
    book = _Book(questionnaire)
    blocks = [
        *book.opening(),
        *book.instruments(),
        *book.constructs(),
        *book.questions(),
        *book.scales(),
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def escaped(text: str) -> str:
    """Return a text in which no sign means anything to Markdown; line breaks are kept as `<br>`."""
    marked = _STARTS_A_LIST.sub(r"\2\\\1\3", _SIGNS.sub(r"\\\1", text))
    return marked.replace("\n", "<br>")


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table whose cells are plain text."""
    lines = [heads, ["---"] * len(heads), *rows]
    shown = [
        line if place == 1 else [escaped(str(cell)) for cell in line] for place, line in enumerate(lines)
    ]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in shown)


class _Book:
    """The parts of a codebook, each as blocks of Markdown."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.asked, self.language = questionnaire, questionnaire.languages[0]
        self.own = own_words(self.language)
        self.names = [form_texts(tag)["name"] for tag in questionnaire.languages]

    def opening(self) -> Iterator[str]:
        asked, language = self.asked, self.language
        yield f"# {escaped(say('codebook', language, title=asked.title[language]))}"
        lines = [
            say("facts", language, version=asked.version, hash=asked.hash),
            say("asks", language, count=len(asked.columns), minutes=asked.minutes(language)),
        ]
        if CONSENT in asked.numbers:
            lines.append(say("consent_holds", language, number=asked.numbers[CONSENT]))
        yield "\n".join(escaped(line) for line in lines)

    def words(self, texts: Texts) -> list[str]:
        return [texts[tag] for tag in self.asked.languages]

    def named(self, key: str) -> list[str]:
        return [f"{self.own[key]} ({name})" for name in self.names]

    def instruments(self) -> Iterator[str]:
        heads = [self.own[key] for key in ("instrument", "version", "form", "wording", "evidence")]
        rows = [
            [one.id, one.version, one.form, one.wording, one.evidence, *self.words(one.translation)]
            for one in about_instruments(self.asked, self.language)
        ]
        yield f"## {self.own['instruments']}"
        yield table([*heads, *self.named("translation")], rows)

    def constructs(self) -> Iterator[str]:
        heads = [
            *self.named("construct"),
            *self.named("definition"),
            self.own["measurement"],
            self.own["items"],
        ]
        rows = [
            [
                *self.words(construct.label),
                *self.words(construct.definition),
                measured(instrument, construct, self.language),
                ", ".join(items),
            ]
            for instrument, construct, items in constructs(self.asked)
        ]
        yield f"## {self.own['constructs']}"
        yield table(heads, rows)

    def questions(self) -> Iterator[str]:
        yield f"## {self.own['questions']}"
        for block, group in groupby(variables(self.asked), key=lambda one: one.block):
            found = list(group)
            if block:
                yield f"### {block}"
                yield "\n".join(f"- {escaped(stem)}" for stem in self.words(found[0].stem))
            heads = [self.own["number"], self.own["column"], self.own["kind"], *self.names]
            yield table([*heads, self.own["codes"], self.own["notes"]], [self.row(one) for one in found])

    def row(self, variable: Variable) -> list[object]:
        said = list(remarks(variable, self.language))
        if variable.construct is not None:
            said.insert(0, variable.construct.label[self.language])
        return [
            variable.number,
            variable.column,
            self.own["kinds"][variable.kind],
            *self.words(variable.text),
            variable.scale,
            say("joint", self.language).join(said),
        ]

    def scales(self) -> Iterator[str]:
        yield f"## {self.own['scales']}"
        for scale in self.asked.scales:
            yield f"### {escaped(scale.id)}"
            yield self.scale(scale)

    def scale(self, scale: ResponseScale) -> str:
        heads = [self.own["code"], *self.names, self.own["notes"]]
        return table(heads, [[one.value, *self.words(one.label), self.note(one)] for one in codes(scale)])

    def note(self, code: Code) -> str:
        if not code.missing:
            return ""
        return f"{self.own['missing']}{self.own['colon']}{reason(code.missing, self.language)}"
