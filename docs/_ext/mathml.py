"""Show formulas as MathML, which browsers draw by themselves: the site needs no script from elsewhere."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx


def show_inline(writer: Any, node: nodes.math) -> None:
    """Write a formula that stands in a line of text."""
    writer.body.append(tex2mathml(node.astext(), as_block=False))
    raise nodes.SkipNode


def show_block(writer: Any, node: nodes.math_block) -> None:
    """Write a formula that stands on its own."""
    writer.body.append(f'<div class="formula">{tex2mathml(node.astext(), as_block=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer under the name `mathml`."""
    inline, block = (show_inline, None), (show_block, None)
    app.add_html_math_renderer("mathml", inline_renderers=inline, block_renderers=block)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
