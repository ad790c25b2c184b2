"""Evidence is written into an instrument file, and nothing else of the file changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from trustmeasure.errors import InstrumentError
from trustmeasure.files import shipped
from trustmeasure.instruments import EvidenceStep, load_instrument
from trustmeasure.instruments.evidence import evidence_text, status_of, with_steps, write_evidence
from trustmeasure.instruments.frozen import FrozenMap

PILOT = EvidenceStep(
    "piloted",
    "2025-03-01",
    84,
    country='Côte "d\'Ivoire" \\ 中国',
    language="en",
    figures=FrozenMap.of({"alpha_min": 0.8123456789012, "rmsea": 1.5e-7, "items": 12.0}),
    criteria=("alpha >= 0.70 (Nunnally: a text with a colon, #, and 'quotes')",),
    analysis_hash="ab" * 32,
)
SIMULATED = EvidenceStep("criterion-validated", "2025-03-02", 1000, simulated=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    copy = tmp_path / "satisfaction.yaml"
    copy.write_bytes((shipped("instruments") / "satisfaction.yaml").read_bytes())
    return copy


def before_evidence(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("\nevidence:")[0]


def test_steps_are_read_back_as_they_were_given(file: Path) -> None:
    write_evidence(file, [PILOT])
    (read,) = load_instrument(file).evidence.steps
    assert read.figures["alpha_min"] == pytest.approx(0.8123456789, abs=1e-12)
    assert read.figures["rmsea"] == pytest.approx(1.5e-7, abs=1e-12)
    assert replace(read, figures=PILOT.figures) == PILOT
    assert load_instrument(file).evidence.status == "piloted"


def test_nothing_else_of_the_file_changes(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    moved = text.replace("\nevidence:\n  status: developed\n  steps: []\n", "\n")
    file.write_text(f"# A remark\nevidence:\n  status: developed\n# and another\n\n{moved}", encoding="utf-8")
    write_evidence(file, [PILOT])
    written = file.read_text(encoding="utf-8")
    assert written.startswith("# A remark\nevidence:\n  status: piloted\n")
    assert written.endswith(moved)


def test_simulated_answers_never_raise_the_status(file: Path) -> None:
    write_evidence(file, [SIMULATED])
    evidence = load_instrument(file).evidence
    assert (evidence.status, evidence.steps) == ("developed", (SIMULATED,))
    assert status_of([SIMULATED, PILOT]) == "piloted"


def test_the_same_analysis_again_takes_the_place_of_the_first(file: Path) -> None:
    write_evidence(file, [PILOT, SIMULATED])
    write_evidence(file, [replace(PILOT, n=90)])
    steps = load_instrument(file).evidence.steps
    assert [(step.status, step.n) for step in steps] == [("criterion-validated", 1000), ("piloted", 90)]


def test_a_file_of_ones_own_can_be_written_elsewhere(file: Path, tmp_path: Path) -> None:
    text = file.read_text(encoding="utf-8")
    out = write_evidence(file, [PILOT], tmp_path / "new" / "satisfaction.yaml")
    assert file.read_text(encoding="utf-8") == text
    assert before_evidence(out) == before_evidence(file)


def test_what_cannot_be_written_leaves_the_file_alone(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    with pytest.raises(InstrumentError, match="figure 'cfi' of a step is nan"):
        write_evidence(file, [replace(PILOT, figures=FrozenMap.of({"cfi": float("nan")}))])
    with pytest.raises(InstrumentError, match="figures"):
        write_evidence(file, [replace(PILOT, figures=FrozenMap.of({"Not A Name": 1.0}))])
    assert file.read_text(encoding="utf-8") == text
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    file.write_text(text.replace("\nevidence:", "\n'evidence':"), encoding="utf-8")
    with pytest.raises(InstrumentError, match="no block that starts with 'evidence:'"):
        write_evidence(file, [PILOT])


def test_an_instrument_without_evidence_says_so() -> None:
    instrument = load_instrument("satisfaction")
    assert evidence_text(instrument.evidence) == "evidence:\n  status: developed\n  steps: []\n"
    assert with_steps(instrument, [PILOT]).evidence.status == "piloted"
    assert instrument.evidence.status == "developed"
