"""The shipped instruments are what the design says, and their wording keeps its rules."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import yaml

from trustmeasure.files import shipped
from trustmeasure.instruments import Instrument, list_instruments, load_instrument, load_scales
from trustmeasure.instruments.loading import read_background, read_instrument, read_scales
from trustmeasure.instruments.names import is_reserved
from trustmeasure.instruments.registry import COLUMNS

SHIPPED = [str(id) for id in list_instruments()["id"]]
PARTS = {  # the items with which the simulated sample was made: they never change
    "cognitive-trust": {
        "competence": ("cog_com", 4),
        "integrity": ("cog_int", 4),
        "reliability": ("cog_rel", 4),
    },
    "affective-trust": {"emotional_bond": ("aff_bond", 4), "mutual_care": ("aff_care", 4)},
    "structural-trust": {
        "institutional_assurance": ("str_inst", 4),
        "brand_institution": ("str_brand", 4),
        "process_norms": ("str_proc", 4),
    },
    "satisfaction": {"satisfaction": ("sat", 4)},
    "loyalty": {"attitudinal_loyalty": ("loy_att", 3), "behavioural_loyalty": ("loy_beh", 3)},
    "repurchase": {"repurchase_intention": ("rep", 3)},
    "recommendation": {"recommendation": ("rec", 3)},
}
WHOLES = {
    "cognitive-trust": "cognitive_trust",
    "affective-trust": "affective_trust",
    "structural-trust": "structural_trust",
    "loyalty": "loyalty",
}
REVERSED = {"cog_rel_4", "aff_care_4", "str_proc_4"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NEGATIONS = re.compile(r"\b(not|no|never|none|nobody|nothing|without|cannot)\b|n't\b", re.IGNORECASE)

WITHOUT_SOURCE: set[str] = set()  # constructs that rest on no published definition
SCORE_ONLY = {"en": "total score only", "zh": "仅计算总分"}

each = pytest.mark.parametrize("id", SHIPPED)


def all_items() -> list[tuple[Instrument, str]]:
    return [(load_instrument(id), item.id) for id in SHIPPED for item in load_instrument(id).items]


def test_the_instruments_of_the_sample_ship_and_all_are_drafts():
    listed = list_instruments()
    assert set(PARTS) <= set(listed["id"])
    assert listed.columns.tolist() == COLUMNS
    assert listed[listed["id"].isin(PARTS)]["items"].sum() == 49
    assert set(listed["status"]) == {"developed"}
    assert set(listed["languages"]) == {"en, zh"}


@pytest.mark.parametrize("id", sorted(PARTS))
def test_constructs_have_the_agreed_items(id):
    instrument = load_instrument(id)
    for construct, (stem, count) in PARTS[id].items():
        assert [i.id for i in instrument.items_of(construct)] == [f"{stem}_{k + 1}" for k in range(count)]
        assert instrument.construct(construct).higher_order == WHOLES.get(id)


@pytest.mark.parametrize(("id", "whole"), WHOLES.items())
def test_higher_order_construct_gathers_the_items_of_its_dimensions(id, whole):
    instrument = load_instrument(id)
    assert instrument.construct(whole).items == ()
    assert instrument.items_of(whole) == instrument.items
    assert [c.id for c in instrument.dimensions_of(whole)] == list(PARTS[id])


def test_recommendation_has_one_item_from_0_to_10():
    instrument = load_instrument("recommendation")
    assert [i.id for i in instrument.items_of("recommendation_likelihood")] == ["rec_nps"]
    assert instrument.scale_of("rec_nps").codes == tuple(range(11))


def test_few_items_are_reversed():
    assert {id for instrument, id in all_items() if instrument.item(id).reverse} >= REVERSED
    for id in SHIPPED:
        instrument = load_instrument(id)
        for construct in instrument.constructs:
            items = [instrument.item(item) for item in construct.items]
            assert sum(item.reverse for item in items) <= len(items) / 4, construct.id


def test_ids_are_unique_over_all_instruments_and_survive_every_platform():
    ids = [id for _, id in all_items()]
    blocks = [block.id for id in SHIPPED for block in load_instrument(id).blocks]
    constructs = [construct.id for id in SHIPPED for construct in load_instrument(id).constructs]
    assert len({id.casefold() for id in ids + blocks}) == len(ids) + len(blocks)
    assert len(set(constructs)) == len(constructs)
    assert not set(constructs) & set(ids)
    for id in ids:
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", id)
        assert len(id) <= 20
        assert not is_reserved(id)
    assert all(re.fullmatch(r"[a-z][a-z0-9]{0,19}", id) for id in blocks)


@each
def test_every_text_is_there_in_english_and_in_chinese(id):
    instrument = load_instrument(id)
    assert instrument.language_tags == ("en", "zh")
    texts = [instrument.title, instrument.description]
    texts += [item.text for item in instrument.items] + [block.stem for block in instrument.blocks]
    texts += [text for c in instrument.constructs for text in (c.label, c.definition)]
    texts += [form.label for form in instrument.forms]
    for text in texts:
        assert CHINESE.search(text["zh"])
        assert not CHINESE.search(text["en"])


@each
def test_the_wording_is_a_draft_and_says_so(id):
    instrument = load_instrument(id)
    assert {language.status for language in instrument.languages} == {"drafted"}
    assert instrument.evidence.status == "developed"
    assert instrument.evidence.steps == ()


@each
def test_chinese_holds_no_blank_between_characters_and_no_western_punctuation(id):
    instrument = load_instrument(id)
    for text in [*(i.text for i in instrument.items), *(b.stem for b in instrument.blocks)]:
        filled = instrument.fill(text, "zh")
        assert not re.search(r"(?<!\d)\s(?!\d)|[,.?!:;]", filled), filled
        assert filled[-1] in "。？"


@each
def test_items_are_short_and_hold_no_negation_in_english(id):
    instrument = load_instrument(id)
    for item in instrument.items:
        assert len(item.text["en"].split()) <= 16
        assert len(item.text["zh"]) <= 40
        assert not NEGATIONS.search(item.text["en"]), item.text["en"]


@each
def test_labels_fit_into_an_spss_file(id):
    instrument = load_instrument(id)
    for item in instrument.items:
        for tag in instrument.language_tags:
            assert len(instrument.fill(item.text, tag).encode()) <= 255
            labels = instrument.scale_of(item.id).labels(tag, missing=True)
            assert max(len(label.encode()) for label in labels.values()) <= 120


@each
def test_id_is_the_name_of_the_file_and_every_construct_cites_a_source(id):
    instrument = load_instrument(id)
    assert instrument.id == id
    for construct in instrument.constructs:
        assert bool(construct.sources) is (construct.id not in WITHOUT_SOURCE)
        assert all(re.search(r"\(\d{4}\)", source) for source in construct.sources)


@each
def test_every_reference_of_a_file_is_cited(id):
    raw = yaml.safe_load((shipped("instruments") / f"{id}.yaml").read_text(encoding="utf-8"))
    cited = {source for construct in raw["constructs"] for source in construct.get("sources", ())}
    assert {reference["id"] for reference in raw.get("references", ())} == cited


@each
def test_the_short_form_keeps_two_items_a_construct_or_says_what_it_is_for(id):
    instrument = load_instrument(id)
    form = next(form for form in instrument.forms if form.id == "short")
    kept = instrument.items_in("short")
    assert len(kept) < len(instrument.items)
    for construct in instrument.constructs:
        here = sum(item.construct == construct.id for item in kept)
        assert here >= min(len(construct.items), 2) or SCORE_ONLY.items() <= _words_in(form.label).items()


def _words_in(label):
    """Return the words that a form's label shares with those that limit it."""
    return {tag: words for tag, words in SCORE_ONLY.items() if words in label[tag]}


def test_loading_loses_nothing_of_the_file():
    for id in SHIPPED:
        raw = yaml.safe_load((shipped("instruments") / f"{id}.yaml").read_text(encoding="utf-8"))
        instrument = load_instrument(id)
        assert [dict(item.text) for item in instrument.items] == [item["text"] for item in raw["items"]]
        assert [c.id for c in instrument.constructs] == [c["id"] for c in raw["constructs"]]
        assert [list(b.items) for b in instrument.blocks] == [b["items"] for b in raw["blocks"]]
        assert [b.scale for b in instrument.blocks] == [b["scale"] for b in raw["blocks"]]


def test_shared_scales():
    scales = load_scales()
    assert scales["agreement-7"].codes == tuple(range(1, 8))
    assert scales["likelihood-11"].codes == tuple(range(11))
    for scale in scales.values():
        assert scale.missing_codes == (97, 98, 99)
        assert [m.reason for m in scale.missing] == ["not-applicable", "dont-know", "no-answer"]
        assert scale.points[0].label["zh"]


@each
def test_every_shipped_file_passes_the_checks_that_loading_it_leaves_out(id: str):
    file = shipped("instruments") / f"{id}.yaml"
    assert read_instrument(file, load_scales()) == load_instrument(id)


def test_the_other_shipped_files_pass_their_checks():
    assert read_scales(shipped("instruments") / "response-scales.yaml") == dict(load_scales())
    assert read_background(shipped("instruments") / "background-questions.yaml")["questions"]


def test_loading_a_shipped_instrument_does_not_load_the_library_that_checks():
    code = "import sys, trustmeasure as tm; tm.load_instrument('loyalty'); print('jsonschema' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  our own code
    assert ran.stdout.strip() == "False"
