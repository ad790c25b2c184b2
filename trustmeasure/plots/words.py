"""The few words that figures add to the labels, in each language, and the choice among texts per language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from trustmeasure.check import one_of

Language = Literal["en", "zh"]
LANGUAGES = ("en", "zh")

_WORDS: dict[str, tuple[str, str]] = {
    "n": ("n", "n"),
    "missing": ("missing", "缺失"),
    "share": ("Share of answers (%)", "回答占比（%）"),
    "reversed": (" (reversed)", "（已反向计分）"),
    "no_answers": ("no answers", "无回答"),
    "correlation": ("Correlation", "相关系数"),
    "residual": ("Residual correlation", "残差相关"),
    "residual_z": ("Residual in standard errors (z)", "残差除以标准误（z）"),
    "pairs": ("Pairwise n = {n}", "成对有效样本量 n = {n}"),
    "std_all": ("Standardised estimates", "标准化估计值"),
    "std_lv": ("Estimates, latent variables standardised", "估计值（潜变量已标准化）"),
    "estimate": ("Unstandardised estimates", "非标准化估计值"),
    "loading_std_all": ("Standardised loading", "标准化因子载荷"),
    "loading_std_lv": ("Loading, latent variables standardised", "因子载荷（潜变量已标准化）"),
    "loading_estimate": ("Unstandardised loading", "非标准化因子载荷"),
    "interval": (" with {level}% confidence interval", "及 {level}% 置信区间"),
    "r_squared": ("R²: share of variance explained", "R²：被解释的方差比例"),
    "stars": (
        "*\u00a0p\u00a0<\u00a0.05, **\u00a0p\u00a0<\u00a0.01, ***\u00a0p\u00a0<\u00a0.001",
        "*\u00a0p\u00a0<\u00a0.05，**\u00a0p\u00a0<\u00a0.01，***\u00a0p\u00a0<\u00a0.001",
    ),
    "hidden": ("Not drawn: |estimate| < {least}", "未绘出：|估计值| < {least}"),
    "stop": ("; ", "；"),
    "sample_size": ("Sample size", "样本量"),
    "n_people": ("n = {n}", "n = {n}"),
    "flagged": ("flagged: {n}", "标记：{n}"),
    "rows": ("rows", "人数"),
    "missing_percent": ("missing %", "缺失 %"),
    "more_patterns": ("and {n} more patterns", "另有 {n} 种缺失模式"),
    "trait": ("Trait (standard deviations)", "潜在特质（标准差）"),
    "probability": ("Probability", "概率"),
    "information": ("Information", "信息量"),
    "standard_error": ("Standard error of measurement", "测量标准误"),
    "expected_answer": ("Expected answer", "期望作答"),
    "matching_sum": ("Sum of categories", "类别总分"),
    "matching_given": ("Matching variable", "匹配变量"),
    "power": ("Power", "检验功效"),
    "mean_of_both": ("Mean of both", "两次测量的均值"),
    "difference": ("Difference ({first} − {second})", "差值（{first} − {second}）"),
    "bias": ("bias", "偏差"),
    "upper_limit": ("upper {share}% limit", "{share}% 上限"),
    "lower_limit": ("lower {share}% limit", "{share}% 下限"),
    "change_of": ("Change of {name} against the step before", "与上一步相比 {name} 的变化"),
    "by_chance": ("middle {level} % of permutations", "置换分布中间 {level} %"),
    "dmacs": ("dMACS: difference of items, in standard deviations", "dMACS：题项差异（以标准差为单位）"),
    "dmacs_signed": ("Signed dMACS (reference minus focal group)", "有符号 dMACS（参照组减焦点组）"),
    "udi2": ("UDI2: difference of items, in standard deviations", "UDI2：题项差异（以标准差为单位）"),
    "sdi2": ("SDI2 (reference minus focal group)", "SDI2（参照组减焦点组）"),
    "mean_difference": ("Difference in answers (reference minus focal group)", "作答差异（参照组减焦点组）"),
    "aligned_mean": (
        "Aligned mean (standard deviations of {group})",
        "对齐后的均值（以 {group} 的标准差为单位）",
    ),
    "component": ("Component", "主成分"),
    "factor": ("Factor", "因子"),
    "eigenvalue": ("Eigenvalue", "特征值"),
    "random_mean": ("random data, mean", "随机数据均值"),
    "random_quantile": ("random data, {level} %", "随机数据第 {level} 百分位数"),
}


def word(key: str, language: str, **values: object) -> str:
    """Return a fixed text of the figures in `language`, with `values` filled in."""
    return _WORDS[key][LANGUAGES.index(language)].format(**values)


def require_language(language: str) -> str:
    """Return `language` when figures speak it; raise ArgumentError otherwise."""
    return one_of("language", language, LANGUAGES)


def chosen(text: str | Mapping[str, str], language: str) -> str:
    """Return `text` in `language`; in its first language when it has no such text."""
    if isinstance(text, str):
        return text
    return text.get(language) or next(iter(text.values()), "")
