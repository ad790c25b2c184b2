"""The offline form: one page that holds SurveyJS, the survey, and a small script that saves the answers."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from trustmeasure.instruments import ResponseScale
from trustmeasure.questionnaires.composing.consent import CONSENT, REFUSE
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.page_seconds import seconds_columns
from trustmeasure.questionnaires.scales import is_bare, is_numeric, unanswered_code
from trustmeasure.questionnaires.surveyjs.elements import answers, html_of
from trustmeasure.questionnaires.surveyjs.survey import START, survey
from trustmeasure.questionnaires.surveyjs.wording import escaped, locale, localised, own, plain
from trustmeasure.questionnaires.texts import form_texts, words

HERE = Path(__file__).parent
LIBRARY = ("survey.core.min.js", "survey-js-ui.min.js", "simplified-chinese.min.js")
OWN_SCRIPTS = ("chance.js", "memory.js", "saving.js", "form.js")
LIBRARY_STYLE = "survey-core.fontless.min.css"
ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$"

SCRIPT_WORDS = (
    "progress",
    "unanswered",
    "unanswered_page",
    "next_anyway",
    "incomplete",
    "go_to_part",
    "saved",
    "clear_question",
    "next",
    "done",
)
"""The texts that the page's script fills in."""


def form(questionnaire: Questionnaire) -> bytes:
    """Return the page as UTF-8."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    styles = (_asset(f"vendor/{LIBRARY_STYLE}"), _style(questionnaire.languages))
    scripts = (*(_asset(f"vendor/{name}") for name in LIBRARY), *map(_asset, OWN_SCRIPTS))
    page = environment.get_template("form.html.j2").render(
        **_view(questionnaire),
        styles=[Markup(style) for style in styles],  # noqa: S704  files of the package, no text of the questionnaire
        scripts=[Markup(script) for script in scripts],  # noqa: S704  the same
        data=Markup(_json(_script_data(questionnaire))),  # noqa: S704  escaped by _json
        policy=_policy(styles, scripts),
    )
    return page.strip().encode() + b"\n"


@cache
def _asset(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8").strip()


def _style(tags: tuple[str, ...]) -> str:
    """Return the form's style sheet with the rules that show one language at a time."""
    hidden = (f':root[data-language="{tag}"] [data-l]:not([data-l="{tag}"])' for tag in tags)
    return "\n".join(
        [_asset("form.css"), *(f"{selector} {{ display: none !important; }}" for selector in hidden)]
    )


def _policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """Return the content security policy: these styles and scripts, and nothing from anywhere."""
    rules = {
        "default-src": "'none'",
        "script-src": _hashes(scripts),
        "style-src": _hashes(styles),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _hashes(texts: Sequence[str]) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _json(values: dict[str, Any]) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _view(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return what the template shows."""
    tags = questionnaire.languages
    return {
        "languages": tags,
        "html_tag": {tag: form_texts(tag)["html"] for tag in tags},
        "own_words": {key: {tag: form_texts(tag)[key] for tag in tags} for key in form_texts(tags[0])},
        "title": questionnaire.title,
        "version": own("version", tags, version=questionnaire.version),
        "hash": questionnaire.hash,
    }


def _script_data(questionnaire: Questionnaire) -> dict[str, Any]:
    tags = questionnaire.languages
    return {
        "survey": _survey(questionnaire),
        "hash": questionnaire.hash,
        "wave": questionnaire.wave,
        "languages": list(tags),
        "locales": {tag: locale(tag) for tag in tags},
        "html": {tag: form_texts(tag)["html"] for tag in tags},
        "title": dict(questionnaire.title),
        "words": {tag: {key: form_texts(tag)[key] for key in SCRIPT_WORDS} for tag in tags},
        "id_pattern": ID_PATTERN,
        "consent": _consent(questionnaire),
        "shuffled": [page.id for page in questionnaire.pages if page.shuffled],
        "numeric": [matrix.id for matrix in questionnaire.matrices if is_numeric(matrix.scale)],
        "before": list(columns_before(questionnaire)),
        "columns": [column for part in questionnaire.elements for column in _columns(part)],
        "seconds": seconds_columns(questionnaire),
    }


def columns_before(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the columns that stand before the answers: who, in which language, when, and a drawn order."""
    always = ("respondent_id", "language", "started_at", "saved_at", "questionnaire")
    wave = () if questionnaire.wave is None else ("wave",)
    drawn = any(matrix.randomised for matrix in questionnaire.matrices)
    moved = any(page.shuffled for page in questionnaire.pages)
    return (*always, *wave, "item_order") if drawn or moved else (*always, *wave)


def _consent(questionnaire: Questionnaire) -> dict[str, Any] | None:
    return {"column": CONSENT, "refuse": REFUSE} if CONSENT in questionnaire.columns else None


def _columns(part: Element) -> list[dict[str, Any]]:
    """Return for each column its question, whether it is an item, and the code for no answer at all."""
    none = _none(part.scale) if isinstance(part, Matrix | Choice) else ""
    item = isinstance(part, Matrix)
    question = part.id if isinstance(part, Matrix | Choice | Entry) else ""
    return [{"id": column, "question": question, "item": item, "none": none} for column in part.columns]


def _none(scale: ResponseScale) -> int | str:
    code = unanswered_code(scale)
    return "" if code is None else code


def _survey(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the survey as the form shows it: the page around it has the progress, the title and the end."""
    made = survey(questionnaire)
    _, *pages = made["pages"]
    changed = {"showTitle": False, "showProgressBar": False, "showCompletePage": False}
    numeric = {matrix.id: matrix.scale for matrix in questionnaire.matrices if is_numeric(matrix.scale)}
    for element in (element for page in pages for element in page["elements"]):
        if element["name"] in numeric:
            element["columns"] = _numbered(numeric[element["name"]])
    return {**made, **changed, "pages": [_start(questionnaire), *pages]}


def _numbered(scale: ResponseScale) -> list[dict[str, Any]]:
    """Return the answers of a scale of numbers, the number before the words of its two ends."""
    points = [
        {
            "value": point.code,
            "text": localised(
                {
                    tag: label if is_bare(point) else f"{point.code} · {plain(label)}"
                    for tag, label in point.label.items()
                }
            ),
        }
        for point in scale.points
    ]
    return points + answers(scale)[len(points) :]


def _start(questionnaire: Questionnaire) -> dict[str, Any]:
    tags = questionnaire.languages
    greeting = {tag: _greeting(questionnaire, tag) for tag in tags}
    pattern = {"type": "regex", "text": localised(own("respondent_error", tags)), "regex": ID_PATTERN}
    respondent = {
        "type": "text",
        "name": "respondent_id",
        "title": localised(own("respondent", tags)),
        "description": localised(own("respondent_hint", tags)),
        "descriptionLocation": "underInput",
        "isRequired": True,
        "maxLength": 40,
        "validators": [pattern],
    }
    return {"name": START, "elements": [html_of("greeting", greeting), respondent]}


def _greeting(questionnaire: Questionnaire, tag: str) -> str:
    facts = words("facts", tag, count=len(questionnaire.columns))
    about = words("about", tag, minutes=questionnaire.minutes(tag))
    return (
        f"<h1>{escaped(questionnaire.title[tag])}</h1><p>{escaped(questionnaire.intro[tag])}</p>"
        f'<p class="soft">{escaped(facts)} · {escaped(about)}</p>'
        f'<p class="soft">{escaped(words("privacy", tag))}</p>'
    )
