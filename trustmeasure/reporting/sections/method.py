"""A method text for a paper: every sentence says something that this run did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trustmeasure.instruments import Instrument
from trustmeasure.reporting.blocks import Block, Heading, Section, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.estimation import kind_of
from trustmeasure.reporting.frames import exclusion_counts, language_of, structural_outcomes, top_constructs

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult


def section(context: Context) -> Section:
    """Return the section."""
    t = context.words
    parts = {
        "sample": sample_sentences(context),
        "measures": measure_sentences(context),
        "reliability": reliability_sentences(context),
        "models": model_sentences(context),
        "software": software_sentences(context),
    }
    blocks: list[Block] = [Text(t("method.intro"))]
    for key, sentences in parts.items():
        if sentences:
            blocks += [Heading(t(f"method.{key}")), Text(t.joined(sentences))]
    return Section("method", t("section.method"), blocks)


def sample_sentences(context: Context) -> list[str]:
    """Return who answered, who was excluded, what is missing."""
    t, responses = context.words, context.findings.responses
    n_read = responses.n_rows + len(responses.excluded)
    found = [t("say.simulated" if responses.simulated else "say.read", n=context.count(n_read))]
    if len(responses.excluded):
        reasons = [
            t("say.reason", reason=reason, n=context.count(n))
            for reason, n in exclusion_counts(responses).itertuples(index=False)
        ]
        found.append(
            t(
                "say.excluded",
                n=context.count(len(responses.excluded)),
                reasons=t.listed(reasons),
                left=context.count(responses.n_rows),
            )
        )
    else:
        found.append(t("say.none_excluded"))
    share = float(responses.missing()["share"].sum())
    items = context.count(len(responses.item_ids))
    found.append(
        t("say.missing", share=context.percent(share), items=items)
        if share
        else t("say.complete", items=items)
    )
    return found


def measure_sentences(context: Context) -> list[str]:
    """Return what was asked, on which scales, and how answers were turned and scored."""
    t, responses = context.words, context.findings.responses
    titles = [_titled(context, instrument) for instrument in responses.instruments]
    found = [t("say.instruments", items=context.count(len(responses.item_ids)), titles=t.listed(titles))]
    found += _scale_sentences(context)
    turned = [id for id in responses.item_ids if responses.item(id).reverse]
    if turned:
        found.append(t("say.turned", items=t.listed(turned)))
    if context.findings.scores is not None:
        found.append(_scoring_sentence(context))
    if context.findings.remedies:
        found.append(t("say.remedies", remedies=t.listed(list(context.findings.remedies))))
    return found


def _titled(context: Context, instrument: Instrument) -> str:
    tag = language_of(instrument.language_tags, context.findings.language)
    asked = sum(item.id in context.findings.responses.data for item in instrument.items)
    return context.words("say.titled", title=instrument.title[tag], version=instrument.version, items=asked)


def _scale_sentences(context: Context) -> list[str]:
    """Return one sentence a response scale, the most used first."""
    responses, t = context.findings.responses, context.words
    used: dict[str, list[str]] = {}
    for id in responses.item_ids:
        used.setdefault(responses.scale_of(id).id, []).append(id)
    found = []
    for ids in sorted(used.values(), key=len, reverse=True):
        scale = responses.scale_of(ids[0])
        first, last = scale.points[0], scale.points[-1]
        tag = (
            context.findings.language if context.findings.language in first.label else next(iter(first.label))
        )
        key = "say.scale_one" if len(ids) == 1 else "say.scale"
        found.append(
            t(
                key,
                items=ids[0] if len(ids) == 1 else context.count(len(ids)),
                points=len(scale.points),
                low=_labelled(first.code, first.label[tag]),
                high=_labelled(last.code, last.label[tag]),
            )
        )
    return found


def _labelled(code: int, label: str) -> str:
    return label if label == str(code) else f"{code} = {label}"


def _scoring_sentence(context: Context) -> str:
    t, findings = context.words, context.findings
    if isinstance(findings.min_valid, int):
        rule = t("say.valid_count", n=findings.min_valid)
    else:
        rule = t("say.valid_share", share=context.percent(findings.min_valid, 0))
    return t(f"say.scored_{findings.score_method}", rule=rule)


def reliability_sentences(context: Context) -> list[str]:
    """Return how reliability was estimated; nothing when it was not."""
    frame, t = context.findings.reliability, context.words
    if frame is None:
        return []
    level = context.number(100 * context.findings.reliability_ci, 0)
    found = []
    if frame["alpha"].notna().any():
        found.append(t("say.alpha", level=level))
        found.append(t(f"say.alpha_{context.findings.reliability_missing}"))
    if frame["omega"].notna().any():
        found.append(t("say.omega", level=level))
    if "omega_categorical" in frame and frame["omega_categorical"].notna().any():
        found.append(t("say.omega_categorical", level=level))
    if (frame["higher_order"] & frame["alpha"].notna()).any():
        found.append(t("say.alpha_higher"))
    return found


def model_sentences(context: Context) -> list[str]:
    """Return how both models were specified and estimated; nothing when there are none."""
    t, findings = context.words, context.findings
    results = [r for r in (findings.measurement, findings.structural) if r is not None]
    if not results:
        return []
    found = []
    if findings.measurement is not None:
        found.append(_measurement_sentence(context, findings.measurement))
    if findings.structural is not None:
        outcomes = [context.inner(name) for name in structural_outcomes(findings.structural)]
        found.append(t("say.structural", outcomes=t.listed(outcomes)))
    found += _estimation_sentences(context, results[-1])
    if findings.structural is not None and findings.structural.model.definitions:
        found.append(t("say.effects"))
    kind = kind_of(results[-1])
    found.append(t("say.fit"))
    corrected = results[-1].missing == "fiml"
    source = "Zhang & Savalei, 2023" if corrected else "Brosseau-Liard & Savalei, 2014"
    found += [t(f"say.fit_{kind}", source=source)] if kind != "plain" else []
    found.append(t("say.cutoffs"))
    return found


def _measurement_sentence(context: Context, result: SemResult) -> str:
    tops = top_constructs(result)
    rows = result.parameters[result.parameters["op"] == "=~"]
    second = [name for name in tops if set(rows.loc[rows["lhs"] == name, "rhs"]) & set(result.model.latent)]
    key = "say.measurement_second" if second else "say.measurement"
    return context.words(
        key,
        constructs=context.words.listed([context.inner(name) for name in tops]),
        second=context.words.listed([context.inner(name) for name in second]),
        items=context.count(len(result.model.observed)),
    )


def _estimation_sentences(context: Context, last: SemResult) -> list[str]:
    t = context.words
    found = _rows_sentences(context)
    found.append(t(f"say.estimator_{last.estimator}"))
    if last.missing != "listwise":
        found.append(t(f"say.missing_{last.missing}"))
    identified = identification(last)
    if identified:
        found.append(t(f"say.{identified}"))
    found.append(t("say.intervals", level=context.number(100 * last.ci, 0)))
    return found


def identification(result: SemResult) -> str:
    """Return how all latent variables got their scale: "marker" or "unit_variance"; "" when mixed."""
    latent = set(result.model.latent)
    rows = [p for p in result.model.parameters if not p.free and p.value == 1.0]
    if latent and latent <= {p.lhs for p in rows if p.op == "=~"}:
        return "marker"
    if latent and latent <= {p.lhs for p in rows if p.op == "~~" and p.lhs == p.rhs}:
        return "unit_variance"
    return ""


def _rows_sentences(context: Context) -> list[str]:
    """Return how many respondents each model used; one sentence when both used the same."""
    findings = context.findings
    fits = {"measurement": findings.measurement, "structural": findings.structural}
    sizes = {stage: (r.n_dropped, r.n_obs) for stage, r in fits.items() if r is not None}
    if len(sizes) > 1 and len(set(sizes.values())) == 1:
        sizes = {"both": sizes["measurement"]}
    every = any(r.missing != "listwise" for r in fits.values() if r is not None)
    return [_rows_sentence(context, stage, *size, every=every) for stage, size in sizes.items()]


def _rows_sentence(context: Context, stage: str, dropped: int, left: int, *, every: bool) -> str:
    """Return how many respondents a model used; with `every` also those with missing answers."""
    t = context.words
    models, n = t(f"say.fitted_{stage}"), context.count(left)
    if every:
        return t("say.every_answer", models=models, left=n, n=context.count(dropped))
    if not dropped:
        return t("say.all_complete", models=models, left=n)
    share = context.percent(dropped / (dropped + left))
    return t("say.listwise", models=models, left=n, n=context.count(dropped), share=share)


def software_sentences(context: Context) -> list[str]:
    """Return the software with versions."""
    versions = dict(context.findings.provenance.versions)
    own = versions.pop("trustmeasure", "")
    if not own:
        return []
    others = [f"{_SPELLING.get(name, name)} {version}" for name, version in versions.items()]
    return [context.words("say.software", own=own, others=context.words.listed(others))]


_SPELLING = {"python": "Python", "numpy": "NumPy", "scipy": "SciPy", "pandas": "pandas"}
