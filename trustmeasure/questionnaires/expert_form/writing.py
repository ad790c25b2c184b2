"""Writing the expert form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from trustmeasure.check import one_of
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import Instrument, load_instrument
from trustmeasure.questionnaires.expert_form.model import KINDS, ExpertForm, expert_form
from trustmeasure.questionnaires.write import write_together

ENDINGS = (".xlsx", ".docx")


def write_expert_form(
    instrument: Instrument | str,
    path: str | Path,
    language: str = "en",
    *,
    ratings: Sequence[str] = KINDS,
    form: str = "long",
    context: str = "",
    title: str | None = None,
    expert: str = "",
    **values: str,
) -> Path:
    """Write the form on which experts judge the items of an instrument.

    Each item stands below the definition of its construct, with a cell for every rating and one for comments;
    the last row of a construct asks which aspect no item covers.

    Parameters
    ----------
    instrument : Instrument or str
        The instrument, or its id or file.
    path : str or Path
        The file: .xlsx, which checks what is typed in, or .docx.
    language : {"en", "zh"}
        Language of the form and of the items.
    ratings : sequence of {"relevance", "clarity", "necessity"}
        What is rated: relevance and clarity from 1 to 4, necessity from 1 to 3 (essential).
    form : str
        The instrument's form; all active items otherwise.
    context : str
        Id of one of the instrument's sectors, whose wording is judged; the general wording otherwise.
    title : str, optional
        Another title.
    expert : str
        Id of the expert, when each gets a form of their own; otherwise the expert fills it in.
    **values : str
        Words for placeholders, such as `brand="Acme"`.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    InstrumentError
        If the instrument has no such language, form, sector or placeholder.
    QuestionnaireError
        If the form does not exist in the language, or the file has another ending or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> written = write_expert_form("satisfaction", Path(tempfile.mkdtemp()) / "form.xlsx", "zh")
    >>> written.name
    'form.xlsx'
    """
    known = load_instrument(instrument) if isinstance(instrument, str) else instrument
    target = Path(path)
    one_of("ending of the file", target.suffix.lower(), ENDINGS, error=QuestionnaireError)
    made = expert_form(
        known,
        language,
        form=form,
        context=context,
        ratings=ratings,
        title=title,
        expert=expert.strip(),
        **values,
    )
    write_together({target: _render(made, target.suffix.lower())})
    return target


def _render(form: ExpertForm, ending: str) -> bytes:
    if ending == ".xlsx":
        from trustmeasure.questionnaires.expert_form.workbook import render
    else:
        from trustmeasure.questionnaires.expert_form.document import render
    return render(form)
