"""How instruments are asked: a questionnaire as a value, and one writer for each format."""

from trustmeasure.questionnaires.composing.consent import Consent
from trustmeasure.questionnaires.elements import (
    Choice,
    Entry,
    Matrix,
    Notice,
    Page,
    Paragraph,
    Question,
    Source,
)
from trustmeasure.questionnaires.expert_form import read_expert_forms, write_expert_form
from trustmeasure.questionnaires.manifest import manifest_path
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.settings.template import write_questionnaire_file
from trustmeasure.questionnaires.write import write_questionnaire
from trustmeasure.questionnaires.writers import list_formats

__all__ = [
    "Choice",
    "Consent",
    "Entry",
    "Matrix",
    "Notice",
    "Page",
    "Paragraph",
    "Question",
    "Questionnaire",
    "Source",
    "list_formats",
    "manifest_path",
    "read_expert_forms",
    "write_expert_form",
    "write_questionnaire",
    "write_questionnaire_file",
]
