"""Finding instruments by id and by path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from trustmeasure.errors import InstrumentError
from trustmeasure.files import shipped
from trustmeasure.instruments import (
    instrument_schema,
    list_instruments,
    load_instrument,
    load_scales,
    write_schema,
)
from trustmeasure.instruments.schema import SCHEMA_FILE

SCALE = """
response_scales:
  - id: {id}
    points:
      - {{code: 1, label: {{en: "{first}", zh: "一"}}}}
      - {{code: 2, label: {{en: "Two", zh: "二"}}}}
"""


def test_load_by_id_gives_the_same_value_each_time():
    assert load_instrument("loyalty") is load_instrument("loyalty")


def test_an_instrument_is_returned_as_it_is():
    loyalty = load_instrument("loyalty")
    assert load_instrument(loyalty) is loyalty


def test_unknown_id_names_the_nearest_and_all():
    with pytest.raises(
        InstrumentError, match=r"no instrument 'cognitive_trust'\. Did you mean 'cognitive-trust'"
    ) as caught:
        load_instrument("cognitive_trust")
    assert all(id in str(caught.value) for id in list_instruments()["id"])
    assert "response-scales" not in str(caught.value)


@pytest.mark.parametrize("id", ["", ".", "..", "response-scales", "~", "\0", "loyalty\n", "LOYALTY"])
def test_an_id_never_becomes_a_path(id):
    with pytest.raises(InstrumentError, match="There is no instrument"):
        load_instrument(id)


@pytest.mark.parametrize(
    "path", ["../loyalty", "/etc/passwd", "instruments\\loyalty", "nowhere/loyalty.yaml"]
)
def test_text_with_a_slash_is_a_path_and_must_be_an_instrument_file(path):
    with pytest.raises(InstrumentError, match=r"File not found|does not end in \.yaml"):
        load_instrument(path)


def test_load_by_path_equals_load_by_id():
    path = shipped("instruments") / "loyalty.yaml"
    assert load_instrument(path) == load_instrument(str(path)) == load_instrument("loyalty")


def test_the_file_of_scales_is_not_an_instrument():
    with pytest.raises(InstrumentError, match="holds response scales, not an instrument"):
        load_instrument(shipped("instruments") / "response-scales.yaml")


def test_a_folder_of_ones_own(small, write):
    path = write(small)
    write({**small, "id": "other"}, "other.yml")
    assert list_instruments(path.parent)["id"].tolist() == ["other", "small"]
    assert list_instruments(str(path.parent))["title"].tolist() == ["Small", "Small"]


def test_an_empty_folder_has_the_columns_all_the_same(tmp_path):
    listed = list_instruments(tmp_path)
    assert listed.empty
    assert listed.columns.tolist() == list_instruments().columns.tolist()


def test_a_missing_folder_and_a_broken_file_are_named(tmp_path, write):
    with pytest.raises(InstrumentError, match="Folder not found"):
        list_instruments(tmp_path / "nowhere")
    path = write("id: x\n")
    with pytest.raises(InstrumentError, match=r"small\.yaml has 11 problems"):
        list_instruments(path.parent)


def test_scales_beside_the_file_may_be_used(small, write):
    write(SCALE.format(id="local-2", first="One"), "response-scales.yaml")
    small["blocks"][0]["scale"] = "local-2"
    instrument = load_instrument(write(small))
    assert instrument.scale_of("a_1").codes == (1, 2)
    assert "local-2" not in load_scales()


def test_a_copy_of_the_shared_scales_is_accepted_and_a_changed_one_is_not(small, write):
    text = (shipped("instruments") / "response-scales.yaml").read_text(encoding="utf-8")
    write(text, "response-scales.yaml")
    path = write(small)
    assert load_instrument(path).id == "small"
    write(text.replace("Strongly agree", "Fully agree"), "response-scales.yaml")
    with pytest.raises(InstrumentError, match="'agreement-7' differs from the shared scale"):
        load_instrument(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SCALE.format(id="s", first="Two"), r"points\[1\].label.en \(s\): 'Two' stands for two codes"),
        (
            SCALE.format(id="s", first="One").replace(', zh: "二"', ""),
            r"points\[1\].label.zh \(s\): is missing",
        ),
        (SCALE.format(id="s", first="One").replace("code: 2", "code: 1"), "codes that do not rise"),
        (SCALE.format(id="S", first="One"), "'S' does not fit"),
        ("scales: []", "scales: is not a field here"),
    ],
)
def test_a_broken_file_of_scales_is_named(small, write, text, expected):
    write(text, "response-scales.yaml")
    with pytest.raises(InstrumentError, match=expected) as caught:
        load_instrument(write(small))
    assert "response-scales.yaml" in str(caught.value)


def test_the_schema_is_valid_and_every_property_is_described():
    schema = instrument_schema()
    Draft202012Validator.check_schema(schema)

    def objects(part: object) -> list[dict[str, object]]:
        inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        own = [part] if isinstance(part, dict) and part.get("type") == "object" else []
        return own + [found for value in inside for found in objects(value)]

    for part in objects(schema):
        assert "additionalProperties" in part
        for name, field in part.get("properties", {}).items():
            assert field.get("description"), name


def test_the_schema_can_be_written_for_an_editor(tmp_path: Path):
    path = write_schema(tmp_path / "docs" / "schema.json")
    assert json.loads(path.read_text(encoding="utf-8")) == instrument_schema()
    assert path.read_bytes() == SCHEMA_FILE.read_bytes()
