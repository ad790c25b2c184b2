"""The whole way, from one study file."""

from trustmeasure.study.model import Answers, Model, Output, Reliability, Rule, Scoring, Study
from trustmeasure.study.reading import read_study
from trustmeasure.study.result import StudyResult
from trustmeasure.study.run import run_study
from trustmeasure.study.template import write_template

__all__ = [
    "Answers",
    "Model",
    "Output",
    "Reliability",
    "Rule",
    "Scoring",
    "Study",
    "StudyResult",
    "read_study",
    "run_study",
    "write_template",
]
