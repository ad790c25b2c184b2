"""Forms on which experts judge the items of an instrument, written and read back."""

from trustmeasure.questionnaires.expert_form.reading import read_expert_forms
from trustmeasure.questionnaires.expert_form.writing import write_expert_form

__all__ = ["read_expert_forms", "write_expert_form"]
