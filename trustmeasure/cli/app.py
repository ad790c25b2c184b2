"""The commands of the command line; what they need is imported when they run."""

from __future__ import annotations

from typing import Annotated

import typer

from trustmeasure.cli import (
    data,
    fitting,
    instruments,
    invariance,
    models,
    quality,
    questionnaires,
    responses,
    studies,
)

HELP = """Measure customer trust and what it brings.

\b
Examples:
  trustmeasure demo
  trustmeasure instruments list
  trustmeasure questionnaire cognitive-trust satisfaction -o survey.docx -o survey.html
  trustmeasure study new
  trustmeasure study run study.toml -o report

\b
Exit codes: 0 all went well; 1 finished, but a part could not be computed, or a check
found errors; 2 something in the input is wrong (one line says what); 130 interrupted.
"""

app = typer.Typer(
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command("demo", help=studies.DEMO_HELP)(studies.demo)
app.add_typer(instruments.app, name="instruments")
app.add_typer(models.app, name="models")
app.command("questionnaire", help=questionnaires.QUESTIONNAIRE_HELP)(questionnaires.questionnaire)
app.command("questions", help=questionnaires.QUESTIONS_HELP)(questionnaires.questions)
app.command("formats", help=questionnaires.FORMATS_HELP)(questionnaires.formats)
app.add_typer(responses.app, name="responses")
app.command("score", help=data.SCORE_HELP)(data.score)
app.command("reliability", help=data.RELIABILITY_HELP)(data.reliability)
app.command("quality", help=quality.QUALITY_HELP)(quality.quality)
app.command("validate", help=quality.VALIDATE_HELP)(quality.validate)
app.command("fit", help=fitting.FIT_HELP)(fitting.fit)
app.command("invariance", help=invariance.INVARIANCE_HELP)(invariance.invariance)
app.add_typer(studies.app, name="study")


def _version(wanted: bool) -> None:
    if wanted:
        from trustmeasure.versions import package_version

        typer.echo(f"trustmeasure {package_version('trustmeasure')}")
        raise typer.Exit


@app.callback(help=HELP)
def root(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and stop.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Hold the options that stand before a command."""
