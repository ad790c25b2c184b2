from __future__ import annotations

from pathlib import Path

from trustmeasure.questionnaires import writers as package


def test_a_new_file_is_all_that_a_new_format_needs(tmp_path: Path, monkeypatch):
    """The promise of the design: one new module with a WRITER, and no list to edit."""
    (tmp_path / "plain_text_for_tests.py").write_text(
        "from trustmeasure.questionnaires.writers.base import Writer\n"
        "WRITER = Writer('text', '.txt', 'Plain text', lambda q: '\\n'.join(q.columns).encode())\n"
    )
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    package.writers.cache_clear()
    try:
        assert {"docx", "html", "text"} <= set(package.list_formats()["format"])
        assert package.writer_for(Path("form.txt"), None).name == "text"
    finally:
        package.writers.cache_clear()
