from __future__ import annotations

import io
import zipfile

from trustmeasure.questionnaires.archive import without_times


def archive(date: tuple[int, int, int, int, int, int], method: int) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, text in (("b.xml", "second"), ("a.xml", "first" * 100)):
            made.writestr(zipfile.ZipInfo(name, date), text, method)
    return written.getvalue()


def test_archives_that_differ_in_time_and_packing_only_become_the_same_bytes():
    early = archive((1999, 1, 2, 3, 4, 6), zipfile.ZIP_STORED)
    late = archive((2024, 5, 6, 7, 8, 10), zipfile.ZIP_DEFLATED)
    assert early != late
    assert without_times(early) == without_times(late)


def test_names_order_and_content_stay():
    plain = zipfile.ZipFile(io.BytesIO(without_times(archive((2024, 5, 6, 7, 8, 10), zipfile.ZIP_STORED))))
    assert plain.namelist() == ["b.xml", "a.xml"]
    assert plain.read("a.xml") == b"first" * 100
    assert {member.date_time for member in plain.infolist()} == {(1980, 1, 1, 0, 0, 0)}
