"""CSV files as batches: what is read, what is noted as unreadable, what stops."""

import bz2
import csv
import gzip
import io
import random
from contextlib import suppress
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_files import listed, read, write
from septet.costing import UnreadableRow, estimate, open_source
from septet.exceptions import SourceError


class TestCsv:
    def test_columns_are_found_by_name(self, tmp_path):
        """The columns asked for are read wherever they stand, in the order of the rows."""
        path = write(tmp_path, "body,id,phone\none,1,+12025550100\n,2,\n")
        texts, recipients, source = read(path, to="phone")
        assert texts == ["one", ""]
        assert recipients == ["+12025550100", ""]
        assert source.rows_read == 2

    def test_no_recipients_unless_asked(self, tmp_path):
        """Without a column of recipients a batch has none, rather than a list of nothing."""
        with open_source(write(tmp_path, "body\none\n"), "body") as source:
            assert [batch.recipients for batch in source] == [None]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_line_ends_of_the_file_are_not_those_of_a_text(self, tmp_path, end):
        """Any line end ends a row, and one inside quotes comes through as it is."""
        content = end.join(["id,body", '1,"Dear Ann', f'see you{end}Bob"', "2,two", ""])
        texts, _, source = read(write(tmp_path, content))
        assert texts == [f"Dear Ann{end}see you{end}Bob", "two"]
        assert source.unreadable.count == 0

    def test_byte_order_mark_is_no_part_of_the_first_name(self, tmp_path):
        """A file saved by a spreadsheet begins with a byte order mark, which is skipped."""
        texts, _, _ = read(write(tmp_path, b"\xef\xbb\xbfbody\none\n"))
        assert texts == ["one"]

    @pytest.mark.parametrize(
        ("delimiter", "name"), [(";", "a.csv"), ("\t", "a.csv"), ("\t", "A.TSV")]
    )
    def test_other_delimiters(self, tmp_path, delimiter, name):
        """Semicolons and tabs separate fields, also in records over lines; commas are text then."""
        rows = [
            ["Nummer", "Text, lang"],
            ["1", f"one, two{delimiter}"],
            ["2", "three\nfour"],
            ["3", "five"],
        ]
        file = io.StringIO()
        csv.writer(file, delimiter=delimiter).writerows(rows)
        path = write(tmp_path, f"\ufeff\n{file.getvalue()}", name)
        with open_source(path, "Text, lang", "Nummer") as source:
            (batch,) = source
        assert listed(batch.texts) == [text for _, text in rows[1:]]
        assert listed(batch.recipients) == ["1", "2", "3"]
        assert source.unreadable.count == 0

    def test_commas_come_first(self, tmp_path):
        """Where commas give the columns wanted, nothing else separates fields."""
        assert read(write(tmp_path, "body,a;b;body\none,1;2;3\n"))[0] == ["one"]
        assert read(write(tmp_path, "a;b,body\n1;2,one;two\n"))[0] == ["one;two"]
        path = write(tmp_path, "a;b\n1;2\n")
        with open_source(path, "a;b") as source:
            assert [listed(batch.texts) for batch in source] == [["1;2"]]

    def test_columns_by_other_delimiters_are_named(self, tmp_path):
        """The error about a wrong name lists the right ones."""
        message = r"no column 'body'; its columns are 'id', 'text', 'a,b'$"
        with pytest.raises(SourceError, match=message):
            read(write(tmp_path, 'id;text;"a,b"\n1;one;2\n'))

    def test_blank_lines_are_skipped(self, tmp_path):
        """Blank lines are no rows, before the header or after."""
        texts, _, source = read(write(tmp_path, "\nid,body\n\n1,one\n\n\n2,two\n\n"))
        assert texts == ["one", "two"]
        assert source.rows_read == 2

    def test_quoted_nothing_is_a_row(self, tmp_path):
        """An empty text in quotes is a row of a file with one column, not a blank line."""
        texts, _, _ = read(write(tmp_path, 'body\n""\none\n'))
        assert texts == ["", "one"]

    def test_last_line_may_lack_its_end(self, tmp_path):
        """The last row counts without a line end."""
        assert read(write(tmp_path, "body\none"))[0] == ["one"]

    def test_batches_are_bounded_and_lose_nothing(self, tmp_path):
        """A long file comes in several batches which together are the file."""
        expected = [str(number) for number in range(100_000)]
        path = write(tmp_path, "body\n" + "\n".join(expected))
        with open_source(path, "body") as source:
            batches = [listed(batch.texts) for batch in source]
        assert max(map(len, batches)) < 50_000
        assert [*chain.from_iterable(batches)] == expected

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
    def test_what_the_standard_library_writes_is_read_back(self, tmp_path_factory, texts):
        """Any text that `csv` writes comes back as it was."""
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([["body"], *([text] for text in texts)])
        path = write(tmp_path_factory.mktemp("csv"), stream.getvalue())
        assert read(path)[0] == texts

    def test_records_that_go_on_behind_what_is_read_at_once(self, tmp_path):
        """Wherever lines are read up to, a text over several of them is one, and places stay."""
        records = [f'{number},"one\ntwo {number}\n"\n' for number in range(3_000)]
        records[1_000] = '1000,"broken" here\n'
        texts, _, source = read(write(tmp_path, "id,body\n" + "".join(records) + "last,\n"))
        assert texts[:1_000] == [f"one\ntwo {number}\n" for number in range(1_000)]
        assert texts[1_000:] == [*(f"one\ntwo {number}\n" for number in range(1_001, 3_000)), ""]
        assert [row.place for row in source.unreadable.examples] == ["line 3002"]

    def test_fraction_grows_to_the_end(self, tmp_path):
        """The fraction that is done never falls and ends at one."""
        path = write(tmp_path, "body\n" + f"{'some text or other' * 50}\n" * 12_000)
        with open_source(path, "body") as source:
            fractions = [source.fraction for _ in source]
        assert fractions == sorted(fractions)
        assert 0 < fractions[0] < 0.5
        assert fractions[-1] == 1.0


class TestUnreadableRows:
    def test_wrong_number_of_fields(self, tmp_path):
        """A row with too few or too many fields is noted with its line, and the rest is read."""
        path = write(tmp_path, "id,body\n1,one\n2\n3,three,3\n4,four\n")
        texts, _, source = read(path)
        assert texts == ["one", "four"]
        assert source.rows_read == 4
        assert source.unreadable.examples == [
            UnreadableRow("line 3", "expected 2 fields, got 1"),
            UnreadableRow("line 4", "expected 2 fields, got 3"),
        ]

    def test_place_of_a_row_over_several_lines(self, tmp_path):
        """A row with line breaks in it is placed by its first and last line."""
        path = write(tmp_path, 'id,body\n1,"a\nb\nc",x\n2,two\n')
        texts, _, source = read(path)
        assert texts == ["two"]
        assert source.unreadable.examples[0].place == "lines 2-4"

    def test_broken_quotes(self, tmp_path):
        """A quote inside a quoted text that is not doubled spoils its own row only."""
        path = write(tmp_path, 'id,body\n1,"one" more\n2,two\n')
        texts, _, source = read(path)
        assert texts == ["two"]
        assert source.unreadable.examples[0].place == "line 2"

    @pytest.mark.parametrize("count", [3, 20_000], ids=["to the end", "past the field limit"])
    def test_quote_that_is_never_closed_does_not_take_the_rest(self, tmp_path, count):
        """Only the line with the open quote is lost, however much text follows."""
        expected = [f"text {number}" for number in range(count)]
        content = "".join(f"2,{text}\n" for text in expected)
        texts, _, source = read(write(tmp_path, f'id,body\n1,"one\n{content}'))
        assert texts == expected
        assert source.rows_read == count + 1
        assert [row.place for row in source.unreadable.examples] == ["line 2"]
        reason = source.unreadable.examples[0].reason
        assert reason.endswith("; the lines after it are read as separate rows")

    def test_lines_are_counted_on_after_a_broken_one(self, tmp_path):
        """Places stay right behind a row from which lines were taken back."""
        path = write(tmp_path, 'id,body\n1,"one\n2,two\n3\n4,"four\n')
        _, _, source = read(path)
        assert [row.place for row in source.unreadable.examples] == ["line 2", "line 4", "line 5"]

    def test_bytes_that_are_not_utf8(self, tmp_path):
        """A needed cell that is not UTF-8 makes its row unreadable; another cell does not."""
        path = write(tmp_path, b"name,body\nA,caf\xe9\nRen\xe9,two\n\xc3\xa9,caf\xc3\xa9\n")
        texts, _, source = read(path)
        assert texts == ["two", "café"]
        reason = "not valid UTF-8; if it is Windows-1252, give --encoding windows-1252"
        assert source.unreadable.examples == [UnreadableRow("line 2", reason)]

    def test_recipient_that_is_not_utf8(self, tmp_path):
        """The column of recipients is needed as well."""
        path = write(tmp_path, b"phone,body\n\xff,one\n+12025550100,two\n")
        texts, recipients, _ = read(path, to="phone")
        assert (texts, recipients) == (["two"], ["+12025550100"])

    def test_only_the_first_few_are_kept(self, tmp_path):
        """All unreadable rows are counted, and a few of them kept."""
        _, _, source = read(write(tmp_path, "id,body\n" + "x\n" * 1_000))
        assert source.unreadable.count == 1_000
        assert [row.place for row in source.unreadable.examples] == [
            f"line {number}" for number in range(2, 7)
        ]


class TestLongCells:
    """`csv` refuses fields of more than 131,072 characters, unless the whole process agrees."""

    CELLS = (
        "x" * 200_000,
        "é" * 131_073,
        "<p>one, two</p>\r\n" * 10_000,
        '"quoted"; \t' * 20_000,
        "+12025550123,row,0\n" * 7_000,
    )

    @pytest.mark.parametrize("cell", CELLS, ids=["plain", "wide", "lines", "quotes", "rows"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("column", [0, 1])
    def test_are_cells_like_others(self, tmp_path, cell, delimiter, column):
        """In a column that is read or not, in the middle or at the end of a file."""
        file = io.StringIO()
        writer = csv.writer(file, delimiter=delimiter)
        row = ["Ann", "Hi"]
        row[column] = cell
        writer.writerows([["name", "body"], ["Ann", "Hi"], row, ["Bob", "Ho"], row])
        for name, data in (
            ("a.csv", file.getvalue().encode()),
            ("a.csv.gz", gzip.compress(file.getvalue().removesuffix("\r\n").encode())),
        ):
            texts, names, source = read(write(tmp_path, data, name), to="name")
            assert texts == ["Hi", row[1], "Ho", row[1]]
            assert names == ["Ann", row[0], "Bob", row[0]]
            assert source.unreadable.count == 0

    @pytest.mark.parametrize("limit", [5, 1_000, 1_000_000])
    def test_limit_of_the_process_does_not_matter_and_stays(self, tmp_path, limit):
        """Whatever a program has set, the same rows are read, and the setting is never touched."""
        cell = "some words, a\nline " * 50
        file = io.StringIO()
        csv.writer(file).writerows([["body"], [cell], ["x"], [cell * 200]])
        path = write(tmp_path, file.getvalue())
        before = csv.field_size_limit(limit)
        try:
            with open_source(path, "body") as source:
                for batch in source:
                    assert listed(batch.texts) == [cell, "x", cell * 200]
                    assert csv.field_size_limit() == limit
            assert csv.field_size_limit() == limit
        finally:
            csv.field_size_limit(before)

    def test_in_the_header(self, tmp_path):
        """The name of a column may be long too."""
        name = "n" * 200_000
        assert read(write(tmp_path, f"{name},body\n1,one\n"))[0] == ["one"]

    def test_one_column(self, tmp_path):
        """A text with a comma needs quotes there too."""
        texts, _, source = read(write(tmp_path, "body\none, two\nthree\n"))
        assert texts == ["three"]
        assert source.unreadable.examples == [UnreadableRow("line 2", "expected 1 field, got 2")]

    def test_wrong_width(self, tmp_path):
        """A row of too many or too few fields is noted as such, with its lines."""
        cell = '"' + "a\n" * 100_000 + '"'
        path = write(tmp_path, f"id,body\n1,{cell},3\n{cell}\n" + "," * 200_000 + "\n2,two\n")
        texts, _, source = read(path)
        assert texts == ["two"]
        assert list(map(str, source.unreadable.examples)) == [
            "lines 2-100002: expected 2 fields, got 3",
            "lines 100003-200003: expected 2 fields, got 1",
            "line 200004: expected 2 fields, got 200,001",
        ]


class TestLimits:
    @pytest.fixture(autouse=True)
    def small_limits(self, monkeypatch):
        """Limits of this many bytes, so that small files reach them."""
        for module in ("csv_records", "csv_rows"):
            name = f"septet.costing.reading.text.{module}.MAX_RECORD_BYTES"
            monkeypatch.setattr(name, 3 << 20)
        monkeypatch.setattr("septet.costing.reading.text.csv_files._MAX_HEADER_BYTES", 1 << 20)

    @pytest.mark.parametrize(
        ("record", "line_count"),
        [
            ("1," + "x" * (4 << 20), 1),
            ('1,"' + "x" * (4 << 20) + '"', 1),
            ('1,"' + "+1,text\n" * (1 << 19) + '"', (1 << 19) + 1),
            ('1,"' + "\r\n" * (1 << 21) + '"', (1 << 21) + 1),
            ('1,"' + '""' * (1 << 21) + 'a\n","b"', 2),
            ("," * (4 << 20), 1),
            ('1,"' + "x\n" * (1 << 21) + 'x" y,"z"', (1 << 21) + 1),
        ],
        ids=["plain", "quoted", "lines", "line ends", "doubled quotes", "fields", "invalid"],
    )
    @pytest.mark.parametrize("is_compressed", [False, True])
    def test_record_beyond_the_limit(self, tmp_path, record, line_count, is_compressed):
        """It is given up as a whole, none of its lines becomes a row, and the rest is read."""
        data = f"id,body\n1,one\n{record}\n2,two\n3\n".encode()
        path = write(tmp_path, gzip.compress(data) if is_compressed else data)
        texts, _, source = read(path)
        assert texts == ["one", "two"]
        place = "line 3" if line_count == 1 else f"lines 3-{2 + line_count}"
        assert list(map(str, source.unreadable.examples)) == [
            f"{place}: longer than 3 MiB",
            f"line {line_count + 4}: expected 2 fields, got 1",
        ]

    @pytest.mark.parametrize("end", ["", "\n"])
    def test_quote_that_is_never_closed(self, tmp_path, end):
        """Its text is one unreadable record to the end of the file, for no quote closes it."""
        lines = "1,some text or other\n" * 200_000
        path = write(tmp_path, f'id,body\n1,one\n1,"{lines}x{end}')
        texts, _, source = read(path)
        assert texts == ["one"]
        assert list(map(str, source.unreadable.examples)) == [
            "lines 3-200003: longer than 3 MiB, with a quote that is never closed"
        ]

    @pytest.mark.parametrize("spare", [0, 1])
    def test_limit_is_exact(self, tmp_path, spare):
        """It is the size of the record with its line end, wherever blocks end."""
        text = "x" * ((3 << 20) - len("1,\n") + 1 - spare)
        texts, _, source = read(write(tmp_path, f"id,body\n1,{text}\n2,two\n"))
        assert texts == [*[text][:spare], "two"]
        assert source.unreadable.count == 1 - spare

    @pytest.mark.parametrize(
        "lead", ["x" * (1 << 20), '"' + "x\n" * (1 << 20), "\n" * (1 << 20), ",,\n" * (1 << 19)]
    )
    def test_header_beyond_the_limit(self, tmp_path, lead):
        """A header that is too long, or not found in the first mebibyte, is one clear error."""
        with pytest.raises(SourceError, match=r"campaign\.csv: the header .*1 MiB"):
            read(write(tmp_path, f"{lead},body\none,1\n"))

    def test_rows_that_cannot_be_read_are_not_remembered(self, tmp_path):
        """Their numbers are kept only until the next batch."""
        path = write(tmp_path, "id,body\n" + "x\n" * 3_000_000 + "1,one\n")
        with open_source(path, "body") as source:
            (batch,) = source
        assert len(batch.skipped) < 3_000_000
        assert batch.row_number(0) == 3_000_001
        assert source.rows_read == 3_000_001


class TestManyBadQuotes:
    def test_take_no_time_that_grows_with_their_square(self, tmp_path):
        """Each line opens a quote that the next one closes and opens again, to the end."""
        path = write(tmp_path, "id,body\n1,one\n" + 'a","b\n' * 20_000 + "2,two")
        texts, _, source = read(path)
        assert texts == ["one", "two"]
        assert source.unreadable.count == 20_000
        assert source.unreadable.examples[4].place == "line 7"

    def test_lines_behind_an_open_quote_are_rows_up_to_the_error(self, tmp_path):
        """A record that begins in the line with the error may have more lines."""
        path = write(tmp_path, 'id,body\n1,"one\n2,two\n3,"th\nree"\n4,"x\n5,"four"\n6,six\n')
        texts, _, source = read(path)
        assert texts == ["two", "th\nree", "four", "six"]
        assert [row.place for row in source.unreadable.examples] == ["line 2", "line 6"]


class TestSpreadsheets:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ":"])
    @pytest.mark.parametrize("line", ["sep={}", '"sep={}"', "SEP={}", "sep={} ", "sep={0}{0}"])
    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_separator_line(self, tmp_path, delimiter, line, mark):
        """It says what separates fields, is no row, and counts as a line."""
        rows = ["id,x;y\tz|body", "1,one", "2", "3,three;four,x"]
        lines = [line.format(delimiter), *(row.replace(",", delimiter) for row in rows)]
        path = write(tmp_path, mark + "\r\n".join(lines).encode(), "a.tsv")
        names = rows[0].replace(",", delimiter).split(delimiter)
        texts, _, source = read(path, text=names[-1], to="id")
        if len(names) == 2 and delimiter not in rows[3].replace(",", "", 2):
            assert texts[0] == "one"
        assert "line 4" in [row.place for row in source.unreadable.examples]

    @pytest.mark.parametrize("line", ["sep=", "sep=ab", "sep=a", 'sep="', "sep=  "])
    def test_other_lines_like_it_are_headers(self, tmp_path, line):
        """Only one character that is no letter, digit, space or quote separates fields."""
        with pytest.raises(SourceError, match=r"its columns are 'sep="):
            read(write(tmp_path, f"{line}\nbody\none\n"))

    def test_separator_line_further_down(self, tmp_path):
        """Only the first line of the file can be one."""
        with pytest.raises(SourceError, match=r"its columns are 'sep=', ''"):
            read(write(tmp_path, "\nsep=;\nid;body\n1;one\n"))

    @pytest.mark.parametrize(
        "lead",
        [",,,\n", ";;\r\n", "\t\t\r", "\n\n", ' , "",\n', '"",""\n,\n\n', "sep=,\n,,\n"],
    )
    def test_blank_rows_above_the_header(self, tmp_path, lead):
        """Rows of nothing but delimiters are skipped like blank lines, and counted as lines."""
        texts, _, source = read(write(tmp_path, f"{lead}id,body\n1,one\n2\n"))
        assert texts == ["one"]
        line = len(lead.splitlines()) + 3
        assert [row.place for row in source.unreadable.examples] == [f"line {line}"]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_titles_above_the_header(self, tmp_path, delimiter, line_end, mark):
        """They are no rows, count as lines, and are named; a copy of the file lacks them."""
        lines = ["Spring,,", "", '"Made\nby us",Ann,', "id,name,body", "1,Ann,one", "2"]
        content = mark + line_end.join(lines).replace(",", delimiter) + line_end
        path = write(tmp_path, content.encode())
        output = tmp_path / "priced.csv"
        result = estimate(path, text="body", to="id", output=output)
        assert (result.messages, result.unreadable.count) == (1, 1)
        assert result.unreadable.examples[0].place == f"{path}, line 7"
        (remark,) = result.heading.remarks
        assert remark == f"{path}: the header is line 5, below 'Spring', 'Made\\nby us Ann'"
        written = output.read_bytes().decode().split(line_end)
        assert written[0].startswith(mark + "id,name,body,encoding".replace(",", delimiter))
        assert written[1].startswith("1,Ann,one,gsm7,3,1".replace(",", delimiter))

    def test_rows_above_that_may_be_messages(self, tmp_path):
        """They are never left out: the error says where the names are."""
        path = write(tmp_path, "number,text\n1,one\nid,body\n2,two\n")
        message = r"its columns are 'number', 'text'; line 3 has the wanted names: delete the rows"
        with pytest.raises(SourceError, match=message):
            read(path, text="body", to="id")

    @pytest.mark.parametrize("content", [",,\n", '"",""\n', "sep=;\n;;;", "\n;\n"])
    def test_nothing_but_blank_rows(self, tmp_path, content):
        """There is no header then."""
        with pytest.raises(SourceError, match=r"campaign\.csv has no header"):
            read(write(tmp_path, content))

    def test_rows_of_delimiters_below_the_header_have_no_text(self, tmp_path):
        """A spreadsheet writes them where cells were once filled; they cost nothing."""
        found = estimate(write(tmp_path, "id,body\n1,one\n,\n,\n"), text="body")
        assert (found.messages, found.without_text, found.segments) == (1, 2, 1)

    def test_header_over_lines(self, tmp_path):
        """A name may have line breaks, also where semicolons separate fields."""
        assert read(write(tmp_path, '"the\nid";body\n1;one\n2;"two, three"\n'))[0] == [
            "one",
            "two, three",
        ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["", '"', "\r", "\n", "\r\n", "a,b;c\td", '""', "\0", "\u2028\x85\x0b", "😀", " "]
)


@st.composite
def tables(draw):
    """Draw rows of one width, with names that nothing else can be taken for."""
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(TEXTS, min_size=width, max_size=width), max_size=12))
    return [[f"column {number}" for number in range(width)], *rows]


COMPRESSIONS = {"plain": bytes, "gzip": gzip.compress, "bz2": bz2.compress}


@given(
    table=tables(),
    dialect=st.fixed_dictionaries(
        {
            "delimiter": st.sampled_from(",;\t"),
            "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
            "lineterminator": st.sampled_from(["\n", "\r\n", "\r"]),
        }
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "UTF-16BE with mark"]),
    compression=st.sampled_from(sorted(COMPRESSIONS)),
)
def test_files_of_every_dialect_encoding_and_compression(
    tmp_path_factory, table, dialect, encoding, compression
):
    """What `csv` writes comes back as it was, whatever the file is called."""
    file = io.StringIO(newline="")
    if dialect["lineterminator"] != "\r\n":  # else `csv` leaves other line ends without quotes
        dialect["quoting"] = csv.QUOTE_ALL
    csv.writer(file, **dialect).writerows(table)
    if encoding.startswith("UTF-16BE"):
        data = ("\ufeff" + file.getvalue()).encode("utf-16-be")
    else:
        data = file.getvalue().encode(encoding)
    path = write(tmp_path_factory.mktemp("csv"), COMPRESSIONS[compression](data), "a.csv")
    texts, first, source = read(path, text=table[0][-1], to=table[0][0])
    assert (texts, first) == ([row[-1] for row in table[1:]], [row[0] for row in table[1:]])
    assert source.unreadable.count == 0


@given(
    content=st.binary() | st.lists(st.sampled_from(list(b'a1,;\t"\r\n\xe9\0 '))).map(bytes),
    is_gzip=st.booleans(),
)
def test_any_bytes(tmp_path_factory, content, is_gzip):
    """Random bytes are read, or refused with the error for files."""
    data = b"id,body\n" + content
    path = write(tmp_path_factory.mktemp("csv"), gzip.compress(data) if is_gzip else data)
    texts, _, source = read(path)
    assert len(texts) + source.unreadable.count == source.rows_read
    with suppress(SourceError):
        read(write(path.parent, content))


class TestGzip:
    CONTENT = "body\n" + "".join(f"text {number}\n" for number in range(50_000))

    def test_is_read_like_the_file_in_it(self, tmp_path):
        """A compressed file gives the same texts, in any case of its name's end."""
        path = write(tmp_path, gzip.compress(self.CONTENT.encode()), "Campaign.CSV.GZ")
        assert read(path)[0] == self.CONTENT.split("\n")[1:-1]

    def test_fraction_is_of_the_compressed_file(self, tmp_path):
        """Progress goes by the compressed octets, the only size that is known."""
        generator = random.Random(1)
        lines = "".join(f"{generator.getrandbits(4_000):x}\n" for _ in range(12_000))
        path = write(tmp_path, gzip.compress(f"body\n{lines}".encode()), "campaign.csv.gz")
        with open_source(path, "body") as source:
            fractions = [source.fraction for _ in source]
        assert fractions == sorted(fractions)
        assert 0 < fractions[0] < 0.5
        assert fractions[-1] == 1.0

    def test_truncated(self, tmp_path):
        """A file that ends too early is an error that says how far reading came."""
        path = write(tmp_path, gzip.compress(self.CONTENT.encode())[:-2_000], "campaign.csv.gz")
        with pytest.raises(SourceError, match=r"campaign\.csv\.gz is damaged after 4\d,\d{3} rows"):
            read(path)

    def test_long_lines_before_the_damage(self, tmp_path):
        """All rows before the damage are read, also those that a kernel leaves to `csv`."""
        content = gzip.compress(b"body\n" + b'5" %b\n' % (b"x" * 200) * 20)[:-4]
        with pytest.raises(SourceError, match="is damaged after 20 rows"):
            read(write(tmp_path, content, "campaign.csv.gz"))

    def test_damaged_in_the_middle(self, tmp_path):
        """A changed byte is found, at the latest by the checksum."""
        content = bytearray(gzip.compress(self.CONTENT.encode()))
        content[len(content) // 2] ^= 0xFF
        with pytest.raises(SourceError, match="is damaged after"):
            read(write(tmp_path, bytes(content), "campaign.csv.gz"))

    def test_damaged_before_the_header(self, tmp_path):
        """A file that is cut in its header is refused at once."""
        content = gzip.compress(b"body\n", mtime=0)[:12]
        with pytest.raises(SourceError, match="is damaged after 0 rows"):
            open_source(write(tmp_path, content, "campaign.csv.gz"), "body")
