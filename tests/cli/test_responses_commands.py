"""`responses import`, `join`, `behaviour`, `link-codes`, `make-key` and `share`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.running import run
from tests.responses.forms import answers_to, in_words, put_manifest, whole_form
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.responses import make_key, read_responses

FORM = whole_form()
COMMANDS = ("import", "join", "behaviour", "link-codes", "make-key", "share")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    manifests = tmp_path / "forms"
    manifests.mkdir()
    put_manifest(FORM, manifests)
    frame = in_words(answers_to(FORM, rows=60), FORM, "zh")
    frame.insert(0, "customer_id", [f"C-{i}" for i in range(60)])
    frame.assign(email=[f"p{i}@x.org" for i in range(60)]).to_csv(tmp_path / "export.csv", index=False)
    return tmp_path


def manifest(folder: Path) -> Path:
    return folder / "forms" / "form.html.manifest.json"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_and_gives_examples(command: str) -> None:
    ran = run("responses", command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"trustmeasure responses {command} " in ran.out
    assert command in run("responses").out


@pytest.mark.parametrize("ending", [".csv", ".sav", ".parquet"])
def test_import_says_what_each_column_is_and_writes_what_reads_the_same(folder: Path, ending: str) -> None:
    out = folder / f"answers{ending}"
    ran = run("responses", "import", folder / "export.csv", "-m", manifest(folder), "-o", out)
    assert ran.code == 0, ran.err
    for told in ("sat_1", "manifest", "left out", "e-mail address", "demographics"):
        assert told in ran.out
    assert "60 respondents" in ran.out
    assert "email" in ran.err
    assert "Free text is not written: remarks" in ran.err
    direct = read_responses(folder / "export.csv", manifest=manifest(folder))
    again = read_responses(out)
    pd.testing.assert_frame_equal(again.data, direct.data, check_dtype=False)
    assert run("reliability", out).code == 0


def test_import_says_who_was_left_out_and_why(folder: Path) -> None:
    frame = answers_to(FORM, rows=60)
    frame.loc[:2, "consent"] = 2
    frame.to_csv(folder / "refused.csv", index=False)
    ran = run("responses", "import", folder / "refused.csv", "-m", manifest(folder))
    assert "57 respondents" in ran.out
    assert "3 rows left out: refused consent" in ran.out


def test_import_stops_at_doubt_with_a_remedy(folder: Path) -> None:
    mixed = pd.read_csv(folder / "export.csv", dtype=object)
    mixed.loc[0, "age_group"] = "2"
    mixed.loc[1, "age_group"] = "18 至 24 岁"
    mixed.to_csv(folder / "mixed.csv", index=False)
    out = folder / "out.csv"
    ran = run("responses", "import", folder / "mixed.csv", "-m", manifest(folder), "-o", out)
    assert "mixes codes and labels" in ran.error
    refused = run(
        "responses", "import", folder / "export.csv", "-m", manifest(folder), "--identifiers", "refuse"
    )
    assert "'email' (e-mail address" in refused.error
    lacking = mixed.drop(columns="sat_1")
    lacking.to_csv(folder / "lacking.csv", index=False)
    assert "'sat_1'" in run("responses", "import", folder / "lacking.csv", "-m", manifest(folder)).error
    unknown = run("responses", "import", folder / "export.csv", "--platform", "wenjuan")
    assert "Allowed" in unknown.error or "Did you mean" in unknown.error
    assert not out.exists()


def test_waves_are_joined(folder: Path) -> None:
    form = Questionnaire.compose("satisfaction", link=True, languages=["en"])
    for seed, wave in enumerate(("before", "later")):
        answers = answers_to(form, rows=10, seed=seed)
        answers.iloc[seed:].to_csv(folder / f"{wave}.csv", index=False)
    given = [f"{wave}={folder / wave}.csv" for wave in ("before", "later")]
    wide, report = folder / "wide.csv", folder / "report.csv"
    ran = run("responses", "join", *given, "-o", wide, "--report", report)
    assert ran.code == 0, ran.err
    assert "in every wave" in ran.out
    assert pd.read_csv(wide).shape[0] == 10
    assert {"sat_1_before", "sat_1_later"} <= set(pd.read_csv(wide))
    assert pd.read_csv(report)["status"].tolist().count("in every wave") == 9
    run("responses", "join", *given, "-o", folder / "long.csv", "--long")
    assert pd.read_csv(folder / "long.csv")["wave"].value_counts().to_dict() == {"before": 10, "later": 9}
    assert "WAVE=FILE" in run("responses", "join", "before.csv", "-o", wide).error


def test_behaviour_is_joined(folder: Path) -> None:
    pd.DataFrame({"customer_id": ["C-1", "C-2", "X"], "spend": [1, 2, 3]}).to_csv(
        folder / "b.csv", index=False
    )
    run("responses", "import", folder / "export.csv", "-m", manifest(folder), "-o", folder / "answers.csv")
    ran = run("responses", "behaviour", folder / "answers.csv", folder / "b.csv", "-o", folder / "joined.csv")
    assert ran.code == 0, ran.err
    assert "2 of 60 respondents" in ran.err
    assert read_responses(folder / "joined.csv").data["spend"].sum() == 3


def test_codes_and_keys_are_made(folder: Path) -> None:
    key = folder / "keys" / "survey.key"
    assert run("responses", "make-key", key).code == 0
    secret = key.read_text().strip()
    assert "exists already" in run("responses", "make-key", key).error
    ran = run("responses", "link-codes", folder / "export.csv", "--key", key, "-o", folder / "codes.csv")
    assert ran.code == 0, ran.err
    assert secret not in ran.out + ran.err
    assert pd.read_csv(folder / "codes.csv")["link_id"].is_unique
    other = run(
        "responses", "link-codes", folder / "export.csv", "--id", "costumer_id", "-o", folder / "c.csv"
    )
    assert "customer_id" in other.error


def test_answers_are_shared_or_refused(folder: Path) -> None:
    run("responses", "import", folder / "export.csv", "-m", manifest(folder), "-o", folder / "answers.csv")
    arguments = ("responses", "share", folder / "answers.csv", "-o", folder / "public.csv")
    refused = run(*arguments, "--quasi", "age_group,purchases_12m,customer_now", "-k", "5")
    assert "is not reached" in refused.error
    ran = run(*arguments, "--quasi", "purchases_12m", "--coarser", "purchases_12m=10", "-k", "5")
    assert ran.code == 0, ran.err
    assert (folder / "public.csv.README.md").is_file()
    assert "COLUMN=WIDTH" in run(*arguments, "--quasi", "age_group", "--coarser", "age_group").error


def test_hashes_need_a_key_outside_the_data(folder: Path) -> None:
    arguments = (
        "responses",
        "import",
        folder / "export.csv",
        "-m",
        manifest(folder),
        "--identifiers",
        "hash",
    )
    near = make_key(folder / "near.key")
    assert "lies in the folder of the data" in run(*arguments, "--key", near).error
