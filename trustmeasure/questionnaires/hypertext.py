"""Texts of a questionnaire as HTML, for platforms that show their questions as web pages."""

from __future__ import annotations

from html import escape

from trustmeasure.questionnaires.elements import Notice


def as_html(text: str) -> str:
    """Return a text as HTML that shows exactly this text, line breaks included.

    Examples
    --------
    >>> as_html('1 < 2 & "so"')
    '1 &lt; 2 &amp; "so"'
    """
    return escape(text, quote=False).replace("\n", "<br />")


def notice_as_html(notice: Notice, language: str) -> str:
    """Return a notice with its heading, its mark and its paragraphs."""
    mark = "" if notice.mark is None else f"<p><em>{as_html(notice.mark[language])}</em></p>"
    parts = (
        f"<p><strong>{as_html(part.heading[language])}</strong><br />{as_html(part.text[language])}</p>"
        for part in notice.paragraphs
    )
    return f"{mark}<h3>{as_html(notice.title[language])}</h3>{''.join(parts)}"


def opening_as_html(title: str, intro: str) -> str:
    """Return the words that a questionnaire begins with."""
    return f"<h2>{as_html(title)}</h2><p>{as_html(intro)}</p>"
