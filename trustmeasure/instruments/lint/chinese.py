"""Rules for Chinese that does not read like a translation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.lint.model import READ, Role, Rule, Text
from trustmeasure.instruments.lint.patterns import clauses, holds
from trustmeasure.instruments.lint.texts import each

MOST_DE = 2
_DE = re.compile(r"的(?![确士时]|$)")
_WORDED: frozenset[Role] = READ - {"answer"}


def _chinese(bad: str, good: str) -> tuple[FrozenMap[str], FrozenMap[str]]:
    return FrozenMap.of({"zh": bad}), FrozenMap.of({"zh": good})


def _many_de(text: Text) -> Iterator[str]:
    for clause in clauses(text.text):
        count = len(_DE.findall(clause))
        if count > MOST_DE:
            yield f"has {count} times 的 in one clause."


_BAD, _GOOD = _chinese("我的问题被{brand}解决了。", "{brand}解决了我的问题。")
PASSIVE = Rule(
    id="zh-passive",
    severity="warning",
    about="Chinese does without 被, except for what is done to somebody's harm (被泄露, 被骗).",
    remedy="Turn the sentence round, or leave 被 out.",
    check=each(holds("zh-passive", "holds a passive"), _WORDED, ("zh",)),
    bad=_BAD,
    good=_GOOD,
)

_BAD, _GOOD = _chinese("{brand}的员工的服务的质量很好。", "{brand}的员工服务很好。")
DE = Rule(
    id="zh-de",
    severity="warning",
    about="A Chinese clause has 的 at most twice, not counting one at its end.",
    remedy="Leave a 的 out, or make two clauses.",
    check=each(_many_de, _WORDED, ("zh",)),
    bad=_BAD,
    good=_GOOD,
)

_BAD, _GOOD = _chinese("{brand}是一个值得信赖的企业。", "{brand}值得信赖。")
MEASURE_WORD = Rule(
    id="zh-measure-word",
    severity="warning",
    about="Chinese needs no article: no 是一个…的企业, 作为一个, and 一个 or 一种 at most once.",
    remedy="Leave 一个 or 一种 out.",
    check=each(holds("zh-measure-word", "holds an article"), _WORDED, ("zh",)),
    bad=_BAD,
    good=_GOOD,
)

_BAD, _GOOD = _chinese("对于我来说，{brand}很重要。", "{brand}对我很重要。")
FRAME = Rule(
    id="zh-frame",
    severity="warning",
    about="No frames taken over from English: 对于…来说, 就…而言, 在…方面, 在…的情况下, 当…的时候.",
    remedy="Start with what the sentence is about.",
    check=each(holds("zh-frame", "is framed as in English"), _WORDED, ("zh",)),
    bad=_BAD,
    good=_GOOD,
)

_BAD, _GOOD = _chinese("{brand}会对投诉进行处理。", "{brand}会处理投诉。")
LIGHT_VERB = Rule(
    id="zh-light-verb",
    severity="warning",
    about="The verb itself, not 进行, 作出, 给予, 加以 and a noun.",
    remedy="Use the verb: 处理 instead of 进行处理.",
    check=each(holds("zh-light-verb", "holds an empty verb"), _WORDED, ("zh",)),
    bad=_BAD,
    good=_GOOD,
)

_BAD, _GOOD = _chinese("请想想你和{brand}打交道的经历。", "请想想您和{brand}打交道的经历。")
ADDRESS = Rule(
    id="zh-address",
    severity="warning",
    about="Respondents are addressed with 您, not with 你 or 咱们.",
    remedy="Write 您, or leave the pronoun out.",
    check=each(holds("zh-address", "addresses people by"), READ, ("zh",)),
    bad=_BAD,
    good=_GOOD,
)

RULES = (PASSIVE, DE, MEASURE_WORD, FRAME, LIGHT_VERB, ADDRESS)
