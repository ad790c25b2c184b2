"""How instruments are asked: a questionnaire as a value, and one writer for each format."""

from trustmeasure.questionnaires.expert_form import read_expert_forms, write_expert_form
from trustmeasure.questionnaires.manifest import manifest_path
from trustmeasure.questionnaires.model import Matrix, Page, Question, Questionnaire, Source
from trustmeasure.questionnaires.write import write_questionnaire
from trustmeasure.questionnaires.writers import list_formats

__all__ = [
    "Matrix",
    "Page",
    "Question",
    "Questionnaire",
    "Source",
    "list_formats",
    "manifest_path",
    "read_expert_forms",
    "write_expert_form",
    "write_questionnaire",
]
