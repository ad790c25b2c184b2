from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import assert_snapshot, every_kind
from trustmeasure.instruments import list_instruments, load_instrument
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.codebook.ddi import NAMESPACE, render

NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")
XML = "{http://www.w3.org/XML/1998/namespace}"
ORDER = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr otherMat",
    "docDscr": "citation guide docStatus docSrc controlledVocabUsed notes",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings notes",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "prodStmt": "producer copyright prodDate prodPlac software fundAg grantNo",
    "verStmt": "version verResp notes",
    "stdyDscr": "citation studyAuthorization stdyInfo studyDevelopment method dataAccs othrStdyMat notes",
    "stdyInfo": "studyBudget subject abstract sumDscr qualityStatement notes exPostEvaluation",
    "dataDscr": "varGrp nCubeGrp var nCube notes",
    "varGrp": "labl txt concept defntn universe notes",
    "var": (
        "location labl imputation security embargo respUnit anlysUnit qstn valrng invalrng undocCod universe "
        "TotlResp sumStat txt stdCatgry catgryGrp catgry codInstr verStmt concept derivation varFormat "
        "geoMap catLevel notes"
    ),
    "qstn": "preQTxt qstnLit postQTxt forward backward ivuInstr",
    "valrng": "item range key notes",
    "invalrng": "item range key notes",
    "catgry": "catValu labl txt catStat mrow",
}
"""Children in the order of DDI-Codebook 2.5; elements that are not named hold words only."""
ONCE = {"titl", "catValu", "varFormat", "titlStmt", "prodStmt", "mrow"}
ATTRIBUTES = {
    "codeBook": {"version", f"{XML}lang"},
    "varGrp": {"ID", "type", "var", "varGrp", "name"},
    "var": {"ID", "name", "intrvl", "nature"},
    "qstn": {"ID", "seqNo"},
    "item": {"VALUE"},
    "range": {"min", "max"},
    "catgry": {"missing", "missType"},
    "varFormat": {"type", "schema", "category"},
    "IDNo": {"agency"},
    "software": {"version"},
    "version": {"type"},
}
VALUES = {
    "intrvl": {"contin", "discrete"},
    "nature": {"nominal", "ordinal", "interval", "ratio", "percent", "other"},
    "missing": {"Y", "N"},
}
WITHOUT_WAVES = [str(id) for id in list_instruments()["id"] if not load_instrument(str(id)).waves]


def whole() -> Questionnaire:
    return Questionnaire.compose(WITHOUT_WAVES, consent=True, link=True, checks=2, demographics=["age_group"])


CASES = {
    "every kind": every_kind,
    "all instruments": whole,
    "Chinese only": lambda: Questionnaire.compose(instrument(), languages=["zh"]),
}


@pytest.fixture(params=CASES, scope="module")
def book(request: pytest.FixtureRequest) -> ET.Element:
    return ET.fromstring(render(CASES[request.param]()))  # noqa: S314  our own file


def local(element: ET.Element) -> str:
    namespace, _, name = element.tag.rpartition("}")
    assert namespace == f"{{{NAMESPACE}"
    return name


def test_every_child_stands_where_the_schema_wants_it(book: ET.Element):
    for parent in book.iter():
        names = [local(child) for child in parent]
        allowed = ORDER.get(local(parent), "").split()
        assert set(names) <= set(allowed), local(parent)
        places = [allowed.index(name) for name in names]
        assert places == sorted(places), local(parent)
        assert all(names.count(name) <= 1 for name in ONCE)


def test_what_must_be_there_is_there(book: ET.Element):
    find = {"d": NAMESPACE}
    assert book.get("version") == "2.5"
    for citation in book.iterfind(".//d:citation", find):
        assert citation.find("d:titlStmt/d:titl", find) is not None
    for rng in (*book.iterfind(".//d:valrng", find), *book.iterfind(".//d:invalrng", find)):
        assert len(rng) >= 1
    assert all(var.get("name") for var in book.iterfind(".//d:var", find))


def test_attributes_are_those_of_the_schema_with_its_values(book: ET.Element):
    for element in book.iter():
        assert set(element.attrib) <= {*ATTRIBUTES.get(local(element), set()), f"{XML}lang"}
        for name, value in element.attrib.items():
            assert value in VALUES.get(name, {value}), (name, value)


def test_ids_are_names_that_occur_once_and_every_reference_has_its_target(book: ET.Element):
    ids = [element.get("ID") for element in book.iter() if element.get("ID")]
    assert len(ids) == len(set(ids))
    assert all(NCNAME.fullmatch(str(id)) for id in ids)
    groups = book.iterfind(f".//{{{NAMESPACE}}}varGrp")
    references = {id for g in groups for name in ("var", "varGrp") for id in g.get(name, "").split()}
    assert references <= set(ids)
    assert references


def test_every_language_has_its_words():
    questionnaire = whole()
    root = ET.fromstring(render(questionnaire))  # noqa: S314  our own file
    for var in root.iter(f"{{{NAMESPACE}}}var"):
        tags = [literal.get(f"{XML}lang") for literal in var.iter(f"{{{NAMESPACE}}}qstnLit")]
        assert tags == ["en", "zh-CN"]
    assert len(list(root.iter(f"{{{NAMESPACE}}}var"))) == len(questionnaire.columns)


def test_hostile_words_are_words_and_there_are_no_entities():
    hostile = "<x>&amp; ]]> <!ENTITY a 'b'> \u202e \"'"
    content = render(Questionnaire.compose(instrument(), brand=hostile))
    assert b"<!ENTITY" not in content
    assert b"<!DOCTYPE" not in content
    labels = [one.text for one in ET.fromstring(content).iter(f"{{{NAMESPACE}}}qstnLit")]  # noqa: S314
    assert f"{hostile} is good. first_1" in labels


def test_the_file_is_kept():
    text = render(every_kind()).decode()
    assert_snapshot("every-kind.ddi.xml", re.sub(r'(<software version=")[^"]+', r"\1-", text))
