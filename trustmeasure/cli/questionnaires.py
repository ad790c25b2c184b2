"""`questionnaire`, `questions` and `formats`: instruments become questionnaires in files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trustmeasure.cli.data import separated
from trustmeasure.cli.help import helped

if TYPE_CHECKING:
    from trustmeasure.errors import QuestionnaireError
    from trustmeasure.questionnaires import Questionnaire

QUESTIONNAIRE_HELP = helped(
    "Write a questionnaire in one or more formats, each with a manifest that the answers are read with.",
    "trustmeasure questionnaire satisfaction loyalty -o survey.html -o survey.docx",
    "trustmeasure questionnaire cognitive-trust --lang zh --brand 艾克米 --consent -o survey.pdf",
    "trustmeasure questionnaire satisfaction --demographics age_group,gender -o survey.qsf",
    "trustmeasure questionnaire --new my-survey.toml",
    "trustmeasure questionnaire my-survey.toml -o survey.html",
)

QUESTIONS_HELP = helped(
    "List the questions that can be asked beside the instruments (--behaviour, --demographics).",
    "trustmeasure questions",
)

FORMATS_HELP = helped("List the formats that a questionnaire can be written in.", "trustmeasure formats")

FILE_SAYS = "The questionnaire file says it all: leave out {names}, and change the file instead."


def questionnaire(
    instruments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID...",
            help="Ids or files of instruments, or one questionnaire file (.toml).",
        ),
    ] = None,
    out: Annotated[
        list[Path] | None, typer.Option("--out", "-o", help="File to write; repeat it for more formats.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", help="Format (see: formats); by default the ending says it."),
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="Languages [en,zh].")] = None,
    brand: Annotated[
        str | None, typer.Option("--brand", help="Name of the company that the questions are about.")
    ] = None,
    sector: Annotated[str | None, typer.Option("--sector", help="Ask in the words of a sector.")] = None,
    form: Annotated[str | None, typer.Option("--form", help="long or short [long].")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Title of the questionnaire.")] = None,
    order: Annotated[
        str | None,
        typer.Option("--order", help="Shuffled: fixed, items, blocks or random (both) [fixed]."),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Draws printed orders [1].")] = None,
    checks: Annotated[
        int | None, typer.Option("--checks", help="How many items of the kind 'please choose ...' [0].")
    ] = None,
    consent: Annotated[
        bool, typer.Option("--consent", help="Begin with a privacy notice (a template) and consent.")
    ] = False,
    behaviour: Annotated[
        list[str] | None, typer.Option("--behaviour", help="Questions before the instruments, by id.")
    ] = None,
    demographics: Annotated[
        list[str] | None, typer.Option("--demographics", help="Questions after the instruments, by id.")
    ] = None,
    wave: Annotated[str | None, typer.Option("--wave", help="Which of several times it is.")] = None,
    link: Annotated[
        bool, typer.Option("--link", help="Ask for the code that links the times of one person.")
    ] = False,
    new: Annotated[
        Path | None, typer.Option("--new", help="Write a commented questionnaire file (.toml), and stop.")
    ] = None,
) -> None:
    """Write a questionnaire in one or more formats."""
    if new is not None:
        _new(new)
        return
    given = {
        "languages": separated([lang]) if lang is not None else None,
        "brand": brand,
        "sector": sector,
        "form": form,
        "title": title,
        "order": order,
        "seed": seed,
        "checks": checks,
        "consent": consent or None,
        "behaviour": separated(behaviour) or None,
        "demographics": separated(demographics) or None,
        "wave": wave,
        "link": link or None,
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    _write(_composed(instruments or [], chosen), out or [], to)


def _new(path: Path) -> None:
    from trustmeasure.questionnaires import write_questionnaire_file

    written = write_questionnaire_file(path)
    typer.echo(f"{written} written. Change it, then: trustmeasure questionnaire {written} -o survey.html")


def _composed(named: list[str], chosen: dict[str, Any]) -> Questionnaire:
    from trustmeasure.errors import QuestionnaireError
    from trustmeasure.questionnaires import Questionnaire

    files = [name for name in named if name.lower().endswith(".toml")]
    if not files:
        return Questionnaire.compose(named, **chosen)
    if len(named) > 1:
        raise QuestionnaireError(f"{files[0]} is a questionnaire file. Give it alone, or give ids.")
    if chosen:
        raise QuestionnaireError(FILE_SAYS.format(names=", ".join(f"--{name}" for name in chosen)))
    return Questionnaire.from_file(files[0])


def _write(made: Questionnaire, paths: list[Path], to: str | None) -> None:
    from trustmeasure.errors import QuestionnaireError
    from trustmeasure.questionnaires import list_formats

    if not paths:
        known = ", ".join(list_formats()["format"])
        raise QuestionnaireError(f"Where to? Name a file, such as -o survey.html. Formats: {known}.")
    minutes = made.minutes()
    typer.echo(
        f"{made.title[made.languages[0]]}: {len(made.columns)} questions, about {minutes} "
        f"minute{'' if minutes == 1 else 's'}, {', '.join(made.languages)}, hash {made.hash[:12]}"
    )
    refused = [error for path in paths if (error := _refusal(made, path, to)) is not None]
    if len(refused) == len(paths):
        raise refused[0]
    for error in refused:
        typer.echo(f"Not written: {error}", err=True)
    for line in made.remarks:
        typer.echo(f"Note: {line}", err=True)
    if refused:
        raise typer.Exit(1)


def _refusal(made: Questionnaire, path: Path, to: str | None) -> QuestionnaireError | None:
    """Write one format and say so; return why it was refused, so that the others can still be written."""
    from trustmeasure.errors import QuestionnaireError
    from trustmeasure.questionnaires import write_questionnaire
    from trustmeasure.questionnaires.writers import writer_for

    writer = writer_for(path, to)
    try:
        written = write_questionnaire(made, path, to)
    except QuestionnaireError as error:
        return error
    typer.echo(f"{written} written ({writer.title})")
    for line in writer.limits(made):
        typer.echo(f"  {line}")
    return None


def questions() -> None:
    """List the questions that can be asked beside the instruments."""
    from trustmeasure.display import Table
    from trustmeasure.instruments import list_background_questions

    typer.echo(str(Table("Questions beside the instruments", list_background_questions())))


def formats() -> None:
    """List the formats that a questionnaire can be written in."""
    from trustmeasure.display import Table
    from trustmeasure.questionnaires import list_formats

    typer.echo(str(Table("Formats", list_formats())))
