"""Text files: encodings, delimiters, broken lines."""

from __future__ import annotations

import pandas as pd
import pytest

from trustmeasure.errors import ResponseError
from trustmeasure.responses import read_responses
from trustmeasure.responses.readers.csv import decode, find_delimiter

HEADER = "sat_1,sat_2,sat_3,sat_4,城市\n"
BODY = "7,6,5,4,北京\n1,2,3,4,上海\n"


def read(path, **options):
    return read_responses(path, ["satisfaction"], **options)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_give_the_same_answers(write_csv, encoding):
    responses = read(write_csv(HEADER + BODY, encoding))
    assert responses.data["城市"].tolist() == ["北京", "上海"]
    assert responses.data["sat_1"].tolist() == [7.0, 1.0]


def test_only_a_guessed_encoding_is_noted(write_csv):
    guessed = read(write_csv(HEADER + BODY, "gb18030"))
    assert any("gb18030" in note for note in guessed.notes)
    assert not any("gb18030" in note for note in read(write_csv(HEADER + BODY)).notes)


def test_western_european_text_is_not_taken_for_chinese(write_csv):
    text = "sat_1,sat_2,sat_3,sat_4,city\n7,6,5,4,Málaga\n1,2,3,4,Düsseldorf\n"
    responses = read(write_csv(text, "cp1252"))
    assert responses.data["city"].tolist() == ["Málaga", "Düsseldorf"]


def test_given_encoding_is_used_and_checked():
    assert decode("ä".encode("latin-1"), "x.csv", "latin-1") == ("ä", ())
    with pytest.raises(ResponseError, match="byte 1 does not fit"):
        decode("ä".encode("latin-1"), "x.csv", "utf-8")
    with pytest.raises(ResponseError, match="encoding='utf-99' is not known"):
        decode(b"a", "x.csv", "utf-99")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(write_csv, delimiter):
    responses = read(write_csv((HEADER + BODY).replace(",", delimiter)))
    assert responses.items().to_numpy().tolist() == [[7, 6, 5, 4], [1, 2, 3, 4]]


def test_delimiter_inside_quotes_does_not_count():
    assert find_delimiter('a;"b,c,d,e";f\n1;2;3') == ";"


def test_given_delimiter(write_csv):
    responses = read(write_csv((HEADER + BODY).replace(",", "|")), delimiter="|")
    assert responses.n_rows == 2


def test_decimal_comma_in_a_file_with_semicolons(write_csv):
    text = "sat_1;sat_2;sat_3;sat_4;weight;free\n5,0;6;5;4;1,25;a,b\n1;2;3;4;0,75;c\n"
    responses = read(write_csv(text))
    assert responses.data["sat_1"].tolist() == [5.0, 1.0]
    assert responses.data["weight"].tolist() == [1.25, 0.75]
    assert responses.data["free"].tolist() == ["a,b", "c"]


def test_line_with_too_many_cells_is_an_error(write_csv):
    with pytest.raises(ResponseError, match=r"line 3: 6 cells, but the header has 5.*quotation marks"):
        read(write_csv(HEADER + "7,6,5,4,a\n7,6,5,4,b,c\n"))


def test_line_with_too_few_cells_is_an_error(write_csv):
    with pytest.raises(ResponseError, match="line 2: 3 cells"):
        read(write_csv(HEADER + "7,6,5\n"))


def test_open_quotation_mark_is_an_error(write_csv):
    with pytest.raises(ResponseError, match="Check the quotes"):
        read(write_csv(HEADER + '7,6,5,4,"abc\n'))


def test_text_with_delimiters_and_line_breaks_in_quotes(write_csv):
    responses = read(write_csv(HEADER + '7,6,5,4,"a, b\nc"\n1,2,3,4,d\n'))
    assert responses.data["城市"].tolist() == ["a, b\nc", "d"]


def test_empty_file_and_file_without_rows(write_csv):
    with pytest.raises(ResponseError, match=r"answers\.csv is empty"):
        read(write_csv("\n  \n"))
    with pytest.raises(ResponseError, match="no rows of answers"):
        read(write_csv(HEADER))


def test_empty_lines_are_left_out_and_rows_keep_their_number(write_csv):
    responses = read(write_csv(HEADER + "7,6,5,4,a\n\n,,,,\n1,2,3,99,b\n"))
    assert responses.n_rows == 2
    assert "2 empty rows were left out." in responses.notes
    assert responses.dropped["row"].tolist() == [4]


def test_ids_with_leading_zeros_stay_text(write_csv):
    text = "respondent_id,serial,sat_1,sat_2,sat_3,sat_4\n007,12345678901234567890,1,2,3,4\n010,1,1,2,3,4\n"
    responses = read(write_csv(text))
    assert responses.respondents.tolist() == ["007", "010"]
    assert responses.data["serial"].tolist() == ["12345678901234567890", "1"]


def test_numbers_in_other_columns_become_numbers(write_csv):
    text = "sat_1,sat_2,sat_3,sat_4,age,income,note\n1,2,3,4,30,1.5,\n1,2,3,4,,2,x\n"
    data = read(write_csv(text)).data
    assert data["income"].tolist() == [1.5, 2.0]
    assert data["age"].tolist()[0] == 30.0
    assert data[["age", "note"]].isna().sum().tolist() == [1, 1]


def test_column_without_a_name(write_csv):
    responses = read(write_csv("sat_1,sat_2,sat_3,sat_4,,\n1,2,3,4,,9\n"))
    assert responses.data.columns.tolist()[4:] == ["unnamed_6"]
    assert any("Column 6 has no name" in note for note in responses.notes)


def test_ending_is_read_in_any_case(write_csv):
    assert read(write_csv(HEADER + BODY, name="A.CSV")).n_rows == 2
    assert read(write_csv((HEADER + BODY).replace(",", "\t"), name="a.tsv")).n_rows == 2


def test_raw_holds_the_codes_as_read(write_csv):
    responses = read(write_csv(HEADER + "7,6,5,99,a\n1,2,3,,b\n"))
    expected = pd.Series([99.0, float("nan")], name="sat_4")
    pd.testing.assert_series_equal(responses.raw["sat_4"], expected)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(write_csv, end):
    text = HEADER + '7,6,5,4,"two\nlines"\n1,2,3,4,b\n'
    responses = read(write_csv(text.replace("\n", end)))
    assert responses.data["sat_1"].tolist() == [7.0, 1.0]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;"])
def test_excels_first_line_names_the_delimiter(write_csv, line):
    responses = read(write_csv(f"{line}\r\nsat_1;sat_2;sat_3;sat_4;free\r\n5;6;5;4;a,b,c\r\n"))
    assert responses.data["free"].tolist() == ["a,b,c"]
    assert responses.data["sat_1"].tolist() == [5.0]


def test_a_cell_that_is_too_long_is_an_error_with_its_line(write_csv):
    with pytest.raises(ResponseError, match="line 2: field larger than field limit"):
        read(write_csv(HEADER + f'7,6,5,4,"{"x" * 200_000}"\n'))
