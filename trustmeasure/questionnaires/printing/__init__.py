"""What a printed form holds, before any format: the words of each page in one language, as plain values.

The writers of Word and PDF lay out the same sheet, so that their pages say the same.
"""

from trustmeasure.questionnaires.printing.build import sheet
from trustmeasure.questionnaires.printing.model import (
    Blank,
    Boxes,
    Grid,
    Part,
    Piece,
    Reading,
    Row,
    Sheet,
)

__all__ = ["Blank", "Boxes", "Grid", "Part", "Piece", "Reading", "Row", "Sheet", "sheet"]
