"""The entry point: runs a command and turns what goes wrong into one line and an exit code."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from typing import Any, TextIO

import typer

from trustmeasure.cli.app import app
from trustmeasure.errors import ModelSyntaxError, TrustMeasureError, TrustMeasureWarning

OK = 0
USER_ERROR = 2
BUG = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130
DEBUG = "TRUSTMEASURE_DEBUG"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        What stands after `trustmeasure`; by default that of the process.

    Returns
    -------
    int
        0 when all went well, 1 when a study finished but a part of it could not be computed or a check found
        errors, 2 for an error of input (one line on standard error says which), 70 for a mistake in
        trustmeasure itself, 130 when interrupted.
    """
    _prepare_streams()
    with warnings.catch_warnings():
        _prepare_warnings()
        return _guarded(None if arguments is None else list(arguments))


def _guarded(arguments: list[str] | None) -> int:
    try:
        code = app(arguments, prog_name="trustmeasure", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except TrustMeasureError as error:
        return _fail(message_of(error))
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - lives until the process ends
        return OK
    except OSError as error:
        return _fail(_os_message(error))
    except Exception as error:
        return _usage_or_bug(error)
    return int(code or OK)


def _usage_or_bug(error: Exception) -> int:
    """Tell of a wrong use of the command line (an error of typer) or of a mistake in trustmeasure."""
    format_message: Any = getattr(error, "format_message", None)
    if type(error).__name__ == "NoArgsIsHelpError":  # nothing was asked, so the help is the answer
        typer.echo(format_message())
        return OK
    if format_message is not None:
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "trustmeasure"
        return _fail(f"{_one_line(format_message())} See '{command} --help'.")
    if os.environ.get(DEBUG):
        raise error
    told = _one_line(f"{type(error).__name__}: {error}")
    _tell(f"error: a mistake in trustmeasure: {told} Set {DEBUG}=1 to see where, and please report it.")
    return BUG


def message_of(error: TrustMeasureError) -> str:
    """Return the message of an error as one line; a model error keeps its lines with the caret."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ModelSyntaxError):
            return str(error)
        cause = cause.__cause__
    return _one_line(str(error))


def _os_message(error: OSError) -> str:
    reason = error.strerror or str(error)
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{reason}. Check the path and its permissions."


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _fail(message: str) -> int:
    _tell(f"error: {message}")
    return USER_ERROR


def _tell(message: str) -> None:
    sys.stderr.write(f"trustmeasure: {message}\n")
    sys.stderr.flush()


def _prepare_streams() -> None:
    """Let no character stop the output: what the terminal cannot show is written as its number."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _prepare_warnings() -> None:
    """Show warnings of trustmeasure as one line each, and no others unless python was told to."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", TrustMeasureWarning)
    warnings.showwarning = _show_warning


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    if issubclass(category, TrustMeasureWarning):
        _tell(f"warning: {_one_line(str(message))}")
    else:
        sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))
