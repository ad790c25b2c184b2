"""The codebook as DDI-Codebook 2.5, the XML that data archives exchange.

Elements stand in the order of the official schema. Every text is repeated for each language with `xml:lang`.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

from trustmeasure.instruments import Construct, Instrument
from trustmeasure.instruments.records import Texts
from trustmeasure.questionnaires.codebook.model import Code, Variable
from trustmeasure.questionnaires.codebook.sources import about_instruments, constructs, measured
from trustmeasure.questionnaires.codebook.texts import reason, remarks, say
from trustmeasure.questionnaires.codebook.variables import variables
from trustmeasure.questionnaires.composing.consent import CONSENT
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.texts import form_texts
from trustmeasure.versions import package_version

NAMESPACE = "ddi:codebook:2_5"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
SOFTWARE = "trustmeasure"
_NATURES = {"nominal": "nominal", "ordinal": "ordinal", "scale": "ratio"}


def render(questionnaire: Questionnaire) -> bytes:
    """Return the codebook as UTF-8."""
    tree = ET.ElementTree(_Book(questionnaire).codebook())
    ET.indent(tree)
    written = io.BytesIO()
    tree.write(written, encoding="UTF-8", xml_declaration=True)
    return written.getvalue() + b"\n"


def element(name: str, text: str = "", /, **attributes: str) -> ET.Element:
    """Return an element; the whole codebook stands in one namespace, which its root names."""
    made = ET.Element(name, attributes)
    made.text = text or None
    return made


def inside(name: str, /, *children: ET.Element, **attributes: str) -> ET.Element:
    """Return an element with children."""
    made = element(name, **attributes)
    made.extend(children)
    return made


class _Book:
    """The parts of the codebook."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.asked = questionnaire
        self.tags = questionnaire.languages
        self.first, *self.others = self.tags
        self.variables = variables(questionnaire)

    def codebook(self) -> ET.Element:
        tag = form_texts(self.first)["html"]
        made = inside("codeBook", self.document(), self.study(), self.data(), xmlns=NAMESPACE, version="2.5")
        made.set(LANGUAGE, tag)
        return made

    def texts(self, name: str, given: Texts, **attributes: str) -> Iterator[ET.Element]:
        """Yield the element once for each language that has words."""
        for tag in self.tags:
            if given[tag]:
                yield self.text(name, given[tag], tag, **attributes)

    def text(self, name: str, text: str, tag: str, **attributes: str) -> ET.Element:
        made = element(name, text, **attributes)
        made.set(LANGUAGE, form_texts(tag)["html"])
        return made

    def title(self) -> ET.Element:
        title = self.asked.title
        return inside(
            "titlStmt",
            self.text("titl", title[self.first], self.first),
            *(self.text("parTitl", title[tag], tag) for tag in self.others),
            element("IDNo", self.asked.hash, agency=SOFTWARE),
        )

    def document(self) -> ET.Element:
        version = package_version(SOFTWARE)
        made_with = inside("prodStmt", element("software", SOFTWARE, version=version))
        return inside(
            "docDscr",
            inside("citation", self.title(), made_with),
            *(self.text("docStatus", line, tag) for tag in self.tags for line in self.status(tag)),
        )

    def status(self, tag: str) -> Iterator[str]:
        """Yield how far evidence and wording of each instrument have come."""
        for one in about_instruments(self.asked, tag):
            states = (
                say("named", tag, name=form_texts(of)["name"], value=state)
                for of, state in one.translation.items()
            )
            yield say(
                "status_line",
                tag,
                instrument=one.id,
                version=one.version,
                evidence=one.evidence,
                states=say("joint", tag).join(states),
            )

    def study(self) -> ET.Element:
        version = inside("verStmt", element("version", self.asked.version, type="version"))
        return inside(
            "stdyDscr",
            inside("citation", self.title(), version),
            inside("stdyInfo", *self.texts("abstract", self.asked.intro)),
        )

    def data(self) -> ET.Element:
        described = (self.variable(one) for one in self.variables)
        return inside("dataDscr", *self.groups(), *described, *self.consent())

    def consent(self) -> Iterator[ET.Element]:
        """Yield what the conditions of the variables leave out."""
        number = self.asked.numbers.get(CONSENT)
        if number is not None:
            yield from self.texts(
                "notes", {tag: say("consent_holds", tag, number=number) for tag in self.tags}
            )

    def groups(self) -> Iterator[ET.Element]:
        """Yield the constructs, with what belongs to them."""
        asked = [*constructs(self.asked)]
        for instrument, construct, items in asked:
            parts = [part for _, part, _ in asked if part in instrument.dimensions_of(construct.id)]
            below = " ".join(group_id(instrument, part) for part in parts)
            measurement = {tag: measured(instrument, construct, tag) for tag in self.tags}
            yield inside(
                "varGrp",
                *self.texts("labl", construct.label),
                *self.texts("txt", measurement),
                *self.texts("defntn", construct.definition),
                ID=group_id(instrument, construct),
                type="subject",
                var=" ".join(map(variable_id, items)),
                name=construct.id,
                **({"varGrp": below} if below else {}),
            )

    def variable(self, variable: Variable) -> ET.Element:
        return inside(
            "var",
            *self.texts("labl", variable.text),
            self.question(variable),
            *valid(variable),
            *invalid(variable),
            *self.texts("universe", self.universe(variable)),
            *(self.category(code) for code in variable.codes),
            *self.texts("codInstr", self.remarks(variable)),
            *(self.texts("concept", variable.construct.label) if variable.construct else ()),
            format_of(variable),
            ID=variable_id(variable.column),
            name=variable.column,
            **kinds(variable),
        )

    def question(self, variable: Variable) -> ET.Element:
        literal = [
            *self.texts("preQTxt", variable.stem),
            *self.texts("qstnLit", variable.text),
        ]
        return inside(
            "qstn",
            *literal,
            ID=f"question.{variable.column}",
            seqNo=str(variable.number),
        )

    def universe(self, variable: Variable) -> Mapping[str, str]:
        return {
            tag: say("asked_if", tag, condition=condition) if condition else ""
            for tag, condition in variable.condition.items()
        }

    def remarks(self, variable: Variable) -> Mapping[str, str]:
        """Return what is to be known besides words, codes and universe."""
        universe = self.universe(variable)
        return {
            tag: say("joint", tag).join(one for one in remarks(variable, tag) if one != universe[tag])
            for tag in self.tags
        }

    def category(self, code: Code) -> ET.Element:
        label = self.texts("labl", code.label)
        value = element("catValu", str(code.value))
        if not code.missing:
            return inside("catgry", value, *label)
        reasons = self.texts("txt", {tag: reason(code.missing, tag) for tag in self.tags})
        return inside("catgry", value, *label, *reasons, missing="Y", missType=code.missing)


def variable_id(column: str) -> str:
    """Return the id of a variable: no other element's begins alike."""
    return f"variable.{column}"


def group_id(instrument: Instrument, construct: Construct) -> str:
    """Return the id of a construct's group of variables."""
    return f"construct.{instrument.id}.{construct.id}"


def kinds(variable: Variable) -> dict[str, str]:
    """Return what kind of values a variable holds."""
    found = {"intrvl": "contin" if variable.level in ("scale", "date") else "discrete"}
    nature = _NATURES.get(variable.level)
    return {**found, "nature": nature} if nature else found


def valid(variable: Variable) -> Iterator[ET.Element]:
    """Yield the values of answers: the codes, or the range of a number."""
    if variable.answers:
        yield inside("valrng", *(element("item", VALUE=str(code.value)) for code in variable.answers))
        return
    bounds = {"min": variable.minimum, "max": variable.maximum}
    given = {name: str(bound) for name, bound in bounds.items() if bound is not None}
    if given:
        yield inside("valrng", element("range", **given))


def invalid(variable: Variable) -> Iterator[ET.Element]:
    """Yield the missing codes."""
    if variable.missing:
        yield inside("invalrng", *(element("item", VALUE=str(code.value)) for code in variable.missing))


def format_of(variable: Variable) -> ET.Element:
    """Return whether a variable holds numbers or characters."""
    if variable.level == "date":
        return element("varFormat", type="character", schema="ISO", category="date")
    kind = "character" if variable.level == "text" else "numeric"
    return element("varFormat", type=kind, schema="ISO")
