"""What the data will hold, column by column, as records that every codebook is written from."""

from trustmeasure.questionnaires.codebook.model import Code, Variable
from trustmeasure.questionnaires.codebook.variables import variables

__all__ = ["Code", "Variable", "variables"]
