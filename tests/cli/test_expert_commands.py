"""`instruments expert-form` and `instruments content-validity`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.running import run
from tests.questionnaires.expert_form.test_expert_form import fill_workbook


def test_forms_are_written_filled_in_and_judged(tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    for name in "ABC":
        path = folder / f"{name}.xlsx"
        ran = run("instruments", "expert-form", "satisfaction", "-o", path, "--expert", name, "--lang", "zh")
        assert (ran.code, ran.err) == (0, "")
        assert "relevance, clarity, necessity" in ran.out
        fill_workbook(path, {"sat_1": (4, 4, 3), "sat_2": (2, 3, 3, f"too long, says {name}")})
    ran = run("instruments", "content-validity", folder, "-o", tmp_path / "items.csv")
    assert ran.code == 0, ran.err
    assert "Content validity of satisfaction" in ran.out
    assert "sat_2, B: too long, says B" in ran.out
    written = pd.read_csv(tmp_path / "items.csv").set_index("item")
    assert written.loc["sat_1", "i_cvi"] == 1.0
    assert written.loc["sat_2", "i_cvi"] == 0.0
    assert len(written) == 4


def test_a_table_of_ratings_is_judged(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    pd.DataFrame({"expert": ["A", "B", "C"], "sat_1": [4, 3, 4], "sat_2": [2, 3, 4]}).to_csv(
        path, index=False
    )
    ran = run("instruments", "content-validity", path)
    assert ran.code == 0, ran.err
    assert "S-CVI/Ave" in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("expert-form", "satisfaction", "-o", "form.pdf"), "ending of the file"),
        (("expert-form", "satisfaction", "-o", "form.xlsx", "--ratings", "relevnce"), "Did you mean"),
        (("expert-form", "satisfaction", "-o", "form.xlsx", "--sector", "finanse"), "Did you mean 'finance'"),
        (("content-validity", "absent.csv"), "File not found"),
        (("content-validity", "absent.xlsx"), "File not found"),
    ],
)
def test_mistakes_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in run("instruments", *arguments).error


def test_an_item_that_the_instrument_does_not_have_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    pd.DataFrame({"expert": ["A", "B"], "sat_11": [4, 3]}).to_csv(path, index=False)
    assert "Did you mean 'sat_1'" in run("instruments", "content-validity", path, "-i", "satisfaction").error
