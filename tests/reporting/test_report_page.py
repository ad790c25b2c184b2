"""The page itself: self-contained, escaped, complete in both languages, readable in a browser."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from tests.programs import requires
from tests.reporting.findings_for_tests import findings, fitted, responses
from tests.study.surveys import MODEL, survey
from trustmeasure.display import number
from trustmeasure.errors import ArgumentError
from trustmeasure.reporting import Failure, Findings, report, report_html, tables

VOID = {
    "meta",
    "link",
    "br",
    "hr",
    "img",
    "input",
    "path",
    "use",
    "rect",
    "line",
    "circle",
    "ellipse",
    "stop",
}
SECTIONS = [
    "brief", "sample", "instruments", "items", "reliability", "measurement", "structural", "effects",
    "cutoffs", "method", "limitations", "references", "reproduction",
]  # fmt: skip


class Page(HTMLParser):
    """Reads a page: tags that stay open, ids, links, and everything that would be loaded."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        link = given.get("href") or given.get("xlink:href") or ""
        if tag == "a":
            self.links.append(link)
        elif link and not link.startswith(("#", "data:")):
            self.loaded.append(link)
        self.loaded += [given["src"] or ""] if "src" in given else []
        assert tag not in {"script", "iframe", "object", "link"}

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def html() -> str:
    return report_html(findings())


def cells(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.DOTALL)
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]


def test_the_page_is_well_formed_and_needs_nothing_else(html: str) -> None:
    page = Page(html)
    assert page.open == []
    assert page.loaded == []
    assert len(page.ids) == len(set(page.ids))
    assert all(link.removeprefix("#") in page.ids for link in page.links)
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_contents_and_sections_come_in_the_same_order(html: str) -> None:
    assert Page(html).links == [f"#{name}" for name in SECTIONS]
    assert re.findall(r'<section id="(\w+)"', html) == SECTIONS


def test_text_from_outside_is_escaped() -> None:
    found = replace(findings(), title="<script>alert(1)</script>", brand="<b>&", figures=())
    html = report_html(found)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "I am satisfied with &lt;b&gt;&amp;" in html or "&lt;b&gt;&amp;" in html
    assert Page(html).open == []


def test_tables_and_figures_are_numbered_through(html: str) -> None:
    assert re.findall(r"<b>Table (\d+)\.</b>", html) == [str(i + 1) for i in range(html.count("<table"))]
    assert re.findall(r"<b>Figure (\d+)\.</b>", html) == [str(i + 1) for i in range(html.count("<svg"))]
    assert html.count("<svg") == 5


def test_the_figures_in_the_tables_are_those_of_the_results(html: str) -> None:
    found = findings()
    assert found.structural is not None
    assert found.reliability is not None
    path = found.structural.parameters.query("op == '~'").iloc[0]
    row = next(row for row in cells(html) if row[0] == "← Satisfaction")
    assert row[1:4] == [number(path["estimate"]), number(path["se"]), number(path["z"], 2)]
    assert row[5:] == [f"[{number(path['ci_lower'])}, {number(path['ci_upper'])}]", number(path["std_all"])]
    alpha = found.reliability.iloc[0]
    row = next(row for row in cells(html) if row[0] == "Satisfaction" and len(row) == 8)
    assert row[3] == number(alpha["alpha"])
    assert row[4] == f"[{number(alpha['alpha_ci_lower'])}, {number(alpha['alpha_ci_upper'])}]"
    cfi = next(row for row in cells(html) if row[0] == "CFI" and len(row) == 3)
    assert cfi[1:] == [
        number(found.measurement.fit_measures["cfi"]),
        number(found.structural.fit_measures["cfi"]),
    ]  # type: ignore[union-attr]


def test_values_are_described_beside_cut_offs_and_never_judged(html: str) -> None:
    assert "Hu &amp; Bentler, 1999" in html
    assert re.search(r"<td class=\"c\">[012] of 2</td>", html)
    for verdict in ("acceptable fit", "good fit", "poor fit", "excellent"):
        assert verdict not in html


def test_the_banner_is_there_only_for_simulated_answers(html: str) -> None:
    assert "SIMULATED" not in html
    simulated = Findings(responses=responses(simulated=True), figures=())
    assert '<p class="banner">SIMULATED DATA</p>' in report_html(simulated)
    assert '<p class="banner">模拟数据</p>' in report_html(replace(simulated, language="zh"))


def test_the_chinese_page_has_chinese_headings_wording_and_caveats() -> None:
    html = report_html(replace(findings(), language="zh"))
    assert '<html lang="zh-CN">' in html
    for part in (
        "目录",
        "结构模型",
        "间接效应与总效应",
        "总的来说，我对该公司是满意的",
        "满意度",
        "原文为“接近 .95”",
    ):
        assert part in html
    body = re.sub(r"<svg.*?</svg>|<style.*?</style>|<pre>.*?</pre>", "", html, flags=re.DOTALL)
    heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", body)
    assert [head for head in heads if re.fullmatch(r"[A-Za-z ]{4,}", head)] == []


def test_an_instrument_without_the_language_falls_back_to_its_own(tmp_path: Path) -> None:
    file = Path(__file__).resolve().parents[1] / "studies" / "ecsi-mobile" / "ecsi-mobile.yaml"
    from trustmeasure.instruments import load_instrument
    from trustmeasure.responses import read_responses

    items = [item.id for item in load_instrument(file).items]
    data = np.random.default_rng(1).integers(1, 11, size=(30, len(items)))
    import pandas as pd

    answers = read_responses(pd.DataFrame(data, columns=items), file)
    html = report_html(Findings(responses=answers, language="zh"))
    assert "Perceived quality" in html
    assert "量表与题目" in html


def test_a_failed_stage_is_said_with_its_message() -> None:
    found = replace(
        findings(), structural=None, failures=(Failure("structural", "Too few rows: 3 < 5."),), figures=()
    )
    html = report_html(found)
    assert "Structural model: could not be computed" in html
    assert html.count("Too few rows: 3 &lt; 5.") == 2
    assert 'id="effects"' not in html


def test_an_item_without_answers_does_not_stop_the_report() -> None:
    answers = responses(survey().assign(sat_1=np.nan))
    html = report_html(Findings(responses=answers, scores=answers.scores()))
    assert "Item sat_1 has no answers" in html


def test_a_saturated_and_a_restricted_structure_are_told_apart() -> None:
    answers = responses()
    assert "both models fit equally well" in report_html(replace(findings(), figures=()))
    apart = fitted(MODEL.replace("b*satisfaction", "0*satisfaction").replace("double := 2*b", ""), answers)
    html = report_html(replace(findings(), structural=apart, figures=()))
    assert "leaves out 1 of the relations" in html


def test_warnings_of_the_engine_are_shown_and_the_listwise_one_is_said_in_words() -> None:
    found = replace(findings(), figures=())
    assert found.structural is not None
    warned = replace(found.structural, warnings=(*found.structural.warnings, "A negative variance."))
    html = report_html(replace(found, structural=warned))
    assert "<li>A negative variance.</li>" in html
    assert "(listwise)." not in html


def test_only_the_figures_wanted_are_drawn() -> None:
    html = report_html(replace(findings(), figures=("path-diagram",)))
    assert html.count("<svg") == 1
    assert report_html(replace(findings(), figures=())).count("<svg") == 0


def test_decimals_are_those_asked_for() -> None:
    found = replace(findings(), decimals=2, figures=())
    assert found.structural is not None
    row = next(row for row in cells(report_html(found)) if row[0] == "← Satisfaction")
    assert row[1] == number(found.structural.parameters.query("op == '~'").iloc[0]["estimate"], 2)


def test_the_report_is_written_whole_and_only_in_a_known_format(tmp_path: Path) -> None:
    found = replace(findings(), figures=())
    assert report(found, tmp_path / "new" / "a.html").read_text(encoding="utf-8") == report_html(found)
    with pytest.raises(ArgumentError, match=r"the ending of path"):
        report(found, tmp_path / "a.pdf")
    with pytest.raises(ArgumentError, match="give Findings, or what run_study returned"):
        report(found.responses, tmp_path / "b.html")  # type: ignore[arg-type]  # what a wrong call says
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_the_tables_are_those_of_the_findings() -> None:
    found = tables(findings())
    assert list(found) == [
        "sample-stages", "sample-exclusions", "sample-missing", "items-wording", "items-statistics", "scores",
        "reliability", "measurement-fit", "measurement-parameters", "construct-correlations",
        "structural-fit", "structural-parameters", "r-squared", "effects",
    ]  # fmt: skip
    assert list(tables(Findings(responses=responses()))) == [
        "sample-stages", "sample-exclusions", "sample-missing", "items-wording", "items-statistics"
    ]  # fmt: skip
    correlation = found["construct-correlations"]["correlation"].item()
    assert findings().measurement is not None
    rows = findings().measurement.parameters  # type: ignore[union-attr]
    both = rows[
        (rows["op"] == "~~") & (rows["lhs"] == "satisfaction") & (rows["rhs"] == "repurchase_intention")
    ]
    assert correlation == both["std_all"].item()


@requires("chromium")
@requires("pdftotext")
def test_the_report_prints_to_pages_with_all_of_it(tmp_path: Path) -> None:
    file = report(findings(), tmp_path / "report.html")
    pdf = tmp_path / "report.pdf"
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command = ["chromium", *flags, f"--print-to-pdf={pdf}", f"file://{file}"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - our own command
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True)  # noqa: S603, S607 - our own command
    printed = done.stdout.decode("utf-8")
    assert printed.count("\f") >= 5
    for part in (
        "A <small> study & more",
        "Table 1.",
        "Structural paths",
        "How to make this report again",
        "乙",
    ):
        assert part in printed
