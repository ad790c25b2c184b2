"""The order in which a Qualtrics survey asks: blocks, branches, randomisers, the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, groupby
from typing import Any

from trustmeasure.questionnaires.elements import Page
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.qualtrics.conditions import Places, boolean_expression
from trustmeasure.questionnaires.refusal import after_agreeing, asks_for_consent, refused

INTRO, REFUSED = "INTRO", "REFUSED"
"""Names of the two pages that only this format has; in capitals, which no id of ours is."""


class Flow:
    """Builds the survey flow; every part gets the next number.

    Parameters
    ----------
    blocks : mapping
        Page id, `INTRO` or `REFUSED` -> id of its block.
    places : mapping
        Column -> where its answers come from.
    """

    def __init__(self, blocks: Mapping[str, str], places: Places) -> None:
        self._blocks, self._places = blocks, places
        self._numbers = count(2)

    def root(self, questionnaire: Questionnaire, stored: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return the whole flow; `stored` are the fields that are kept beside the answers."""
        parts = [
            self._part("EmbeddedData", EmbeddedData=list(stored)),
            self._block(INTRO),
            *self._pages(questionnaire),
            self._part("EndSurvey"),
        ]
        return {
            "Type": "Root",
            "FlowID": "FL_1",
            "Flow": parts,
            "Properties": {"Count": next(self._numbers) - 1},
        }

    def _part(self, type: str, **more: Any) -> dict[str, Any]:
        return {"Type": type, "FlowID": f"FL_{next(self._numbers)}", **more}

    def _block(self, page: str) -> dict[str, Any]:
        return self._part("Standard", ID=self._blocks[page], Autofill=[])

    def _pages(self, questionnaire: Questionnaire) -> Iterator[dict[str, Any]]:
        pages = list(questionnaire.pages)
        if asks_for_consent(questionnaire):
            yield self._block(pages.pop(0).id)
            ending = [self._block(REFUSED), self._part("EndSurvey")]
            logic = boolean_expression(refused(), self._places)
            yield self._part("Branch", Description="No consent", BranchLogic=logic, Flow=ending)
        for shuffled, run in groupby(pages, key=lambda page: page.shuffled):
            together = list(run)
            yield from self._random(together) if shuffled and len(together) > 1 else map(self._page, together)

    def _random(self, pages: Sequence[Page]) -> Iterator[dict[str, Any]]:
        yield self._part(
            "BlockRandomizer",
            SubSet=len(pages),
            EvenPresentation=False,
            Flow=[self._page(page) for page in pages],
        )

    def _page(self, page: Page) -> dict[str, Any]:
        condition = after_agreeing(page.shown_if)
        if condition is None:
            return self._block(page.id)
        logic = boolean_expression(condition, self._places)
        return self._part("Branch", Description=page.id, BranchLogic=logic, Flow=[self._block(page.id)])
