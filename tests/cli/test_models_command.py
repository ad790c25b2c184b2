"""`models list` and `models show`, and named models in `fit`."""

from __future__ import annotations

from pathlib import Path

import pytest

import trustmeasure as tm
from tests.cli.running import run
from trustmeasure.files import shipped


@pytest.mark.parametrize("command", [("models",), ("models", "list"), ("models", "show")])
def test_help_explains_and_gives_examples(command: tuple[str, ...]) -> None:
    ran = run(*command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "Example" in ran.out or command == ("models",)


def test_the_list_names_every_model() -> None:
    ran = run("models", "list")
    assert ran.code == 0
    assert all(name in ran.out for name in tm.list_models()["name"])


def test_a_model_is_shown_with_its_claim_and_text() -> None:
    ran = run("models", "show", "four-degrees", "--form", "short", "--without", "loyalty", "--no-direct")
    assert ran.code == 0, ran.err
    assert "Claim: In services" in ran.out
    assert "Crosby" in ran.out
    text = tm.trust_model("four-degrees", form="short", without=["loyalty"], direct=False)
    assert ran.out.endswith(text)


def test_the_text_is_written_and_fits(tmp_path: Path) -> None:
    file = tmp_path / "model.txt"
    ran = run("models", "show", "trust-outcomes", "--no-dimensions", "-o", file)
    assert ran.out == f"{file} written\n"
    assert file.read_text(encoding="utf-8") == tm.trust_model("trust-outcomes", higher_order=False)


def test_an_unknown_model_is_named() -> None:
    ran = run("models", "show", "satisfaction-frist")
    assert ran.code == 2
    assert "Did you mean 'satisfaction-first'" in ran.err


def test_any_named_model_can_be_fitted_by_its_name() -> None:
    ran = run("fit", "general-trust", shipped("samples") / "trust-survey.csv")
    assert ran.code == 0, ran.err
    assert "tru_sat" in ran.out


def test_observed_behaviour_comes_last_in_the_text(tmp_path: Path) -> None:
    file = tmp_path / "model.txt"
    assert run("models", "show", "repair", "--behaviour", "bought", "-o", file).code == 0
    assert file.read_text(encoding="utf-8") == tm.trust_model("repair", behaviour="bought")
