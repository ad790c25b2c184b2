"""`questionnaire`: instruments become a questionnaire in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trustmeasure.cli.help import helped

QUESTIONNAIRE_HELP = helped(
    "Write a questionnaire, with a manifest beside it that the answers are read with.",
    "trustmeasure questionnaire satisfaction loyalty -o survey.html",
    "trustmeasure questionnaire cognitive-trust --lang zh --to docx -o survey.docx --brand Acme",
)


def questionnaire(
    instruments: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Ids of instruments, or paths of their files.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write, such as survey.docx.")],
    lang: Annotated[str, typer.Option("--lang", help="Languages, separated by commas.")] = "en,zh",
    to: Annotated[
        str | None, typer.Option("--to", help="Format: docx or html; by default the file's ending.")
    ] = None,
    brand: Annotated[
        str | None, typer.Option("--brand", help="Name of the company that the questions are about.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="Title of the questionnaire.")] = None,
) -> None:
    """Write a questionnaire, with a manifest beside it that the answers are read with."""
    from trustmeasure.questionnaires import Questionnaire, write_questionnaire

    languages = [tag.strip() for tag in lang.split(",") if tag.strip()]
    made = Questionnaire.compose(instruments, languages=languages, brand=brand, title=title)
    written = write_questionnaire(made, out, to)
    typer.echo(f"{written} written: {len(made.questions)} questions in {', '.join(made.languages)}")
