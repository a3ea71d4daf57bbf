"""CSV files as batches: what is read, what is noted as unreadable, what stops."""

import csv
import gzip
import io
import random
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_files import read, write
from septet.costing import UnreadableRow, open_source
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
        assert batch.texts == [text for _, text in rows[1:]]
        assert batch.recipients == ["1", "2", "3"]
        assert source.unreadable.count == 0

    def test_commas_come_first(self, tmp_path):
        """Where commas give the columns wanted, nothing else separates fields."""
        assert read(write(tmp_path, "body,a;b;body\none,1;2;3\n"))[0] == ["one"]
        assert read(write(tmp_path, "a;b,body\n1;2,one;two\n"))[0] == ["one;two"]
        path = write(tmp_path, "a;b\n1;2\n")
        with open_source(path, "a;b") as source:
            assert [batch.texts for batch in source] == [["1;2"]]

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
        expected = [str(number) for number in range(10_000)]
        path = write(tmp_path, "body\n" + "\n".join(expected))
        with open_source(path, "body") as source:
            batches = [batch.texts for batch in source]
        assert max(map(len, batches)) < 5_000
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
        path = write(tmp_path, "body\n" + "some text or other\n" * 20_000)
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
        assert source.unreadable.examples == [UnreadableRow("line 2", "not valid UTF-8")]

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

    def test_field_limit_of_the_process_is_left_alone(self, tmp_path):
        """Reading changes no setting that other users of `csv` share."""
        before = csv.field_size_limit()
        read(write(tmp_path, f'id,body\n1,"{"x" * 200_000}\n'))
        assert csv.field_size_limit() == before


class TestGzip:
    CONTENT = "body\n" + "".join(f"text {number}\n" for number in range(50_000))

    def test_is_read_like_the_file_in_it(self, tmp_path):
        """A compressed file gives the same texts, in any case of its name's end."""
        path = write(tmp_path, gzip.compress(self.CONTENT.encode()), "Campaign.CSV.GZ")
        assert read(path)[0] == self.CONTENT.split("\n")[1:-1]

    def test_fraction_is_of_the_compressed_file(self, tmp_path):
        """Progress goes by the compressed octets, the only size that is known."""
        generator = random.Random(1)
        lines = "".join(f"{generator.getrandbits(400):x}\n" for _ in range(20_000))
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

    def test_damaged_in_the_middle(self, tmp_path):
        """A changed byte is found, at the latest by the checksum."""
        content = bytearray(gzip.compress(self.CONTENT.encode()))
        content[len(content) // 2] ^= 0xFF
        with pytest.raises(SourceError, match="is damaged after"):
            read(write(tmp_path, bytes(content), "campaign.csv.gz"))

    @pytest.mark.parametrize("content", [b"body\none\n", gzip.compress(b"body\n", mtime=0)[:12]])
    def test_damaged_before_the_header(self, tmp_path, content):
        """What is no compressed file at all is refused at once."""
        with pytest.raises(SourceError, match="is damaged after 0 rows"):
            open_source(write(tmp_path, content, "campaign.csv.gz"), "body")
