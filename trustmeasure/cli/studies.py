"""`demo`, `study run` and `study new`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trustmeasure.cli.help import helped

if TYPE_CHECKING:
    from trustmeasure.study import StudyResult

DEMO_HELP = helped(
    "Run the whole way on the simulated sample that comes with trustmeasure. Writes report.html, "
    "study.json and the tables as CSV.",
    "trustmeasure demo",
    "trustmeasure demo -o my-demo --language zh",
)

RUN_HELP = helped(
    "Run a study: read, check, score, reliability, both models, report. The folder appears whole or "
    "not at all. A model that cannot be fitted is reported in the report; the exit code is then 1.",
    "trustmeasure study run study.toml -o report",
    "trustmeasure study run study.toml -o report --data wave-2.sav",
)

NEW_HELP = helped(
    "Write a study file with comments; it runs as it is, on the simulated sample.",
    "trustmeasure study new",
    "trustmeasure study new wave-2.toml",
)

DEMO_FOLDER = Path("build/demo")
DEMO_TITLES = {"en": "Customer trust and what it brings", "zh": "顾客信任及其成效"}
INCOMPLETE = 1

app = typer.Typer(
    help="Run a whole study from one file, or write such a file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write.")] = DEMO_FOLDER,
    language: Annotated[
        Literal["en", "zh"], typer.Option("--language", "-l", help="Language of the report.")
    ] = "en",
) -> None:
    """Run the whole way on the simulated sample that comes with trustmeasure."""
    from dataclasses import replace

    from trustmeasure.study import read_study, run_study
    from trustmeasure.study.template import TEMPLATE

    study = replace(read_study(TEMPLATE), language=language, title=DEMO_TITLES[language])
    _finish(run_study(study, out))


@app.command("run", help=RUN_HELP)
def run(
    file: Annotated[Path, typer.Argument(help="The study file (TOML).")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write.")],
    data: Annotated[
        Path | None, typer.Option("--data", help="Answers to use instead of those that the file names.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell no stages.")] = False,
) -> None:
    """Run a study: read, check, score, reliability, both models, report."""
    from trustmeasure.study import run_study

    _finish(run_study(file, out, data=data, progress=not quiet))


@app.command("new", help=NEW_HELP)
def new(
    file: Annotated[Path, typer.Argument(help="The file to write.")] = Path("study.toml"),
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a study file with comments; it runs as it is, on the simulated sample."""
    from trustmeasure.study import write_template

    written = write_template(file, force=force)
    typer.echo(f"{written} written. Next: trustmeasure study run {written} -o report")


def _finish(result: StudyResult) -> None:
    """Name the report and the headline figures; exit with 1 when a part could not be computed."""
    from trustmeasure.cli.showing import study_lines

    typer.echo("\n".join(study_lines(result)))
    if not result.complete:
        raise typer.Exit(INCOMPLETE)
