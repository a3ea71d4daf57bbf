"""JSON Lines as batches: what is read, what is noted as unreadable, what stops."""

import gzip
import json
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from json_lines import random_line
from message_files import listed, read, write
from septet.costing import open_source
from septet.costing.reading.sources import Columns
from septet.costing.reading.text.json_files import JsonLinesSource
from septet.exceptions import SourceError


def write_lines(tmp_path, *lines, name="campaign.jsonl"):
    return write(tmp_path, b"\n".join(line.encode() for line in lines) + b"\n", name)


def parse(line):
    """Return `body` and `to` of a line, None if they are not all texts or null."""
    try:
        values = json.loads(line.decode())
        cells = values.get("body"), values.get("to")
    except (AttributeError, ValueError, RecursionError):
        return None
    return cells if all(cell is None or isinstance(cell, str) for cell in cells) else None


class TestRows:
    @given(st.lists(st.none() | st.text(), min_size=1))
    @pytest.mark.parametrize("is_ascii", [True, False])
    def test_what_is_written_is_read_back(self, tmp_path_factory, is_ascii, texts):
        """Any text that JSON can carry, line breaks and lone surrogates in escapes included."""
        if not is_ascii:
            texts = [t and t.encode(errors="replace").decode() for t in texts]
        lines = [json.dumps({"body": text}, ensure_ascii=is_ascii) for text in texts]
        path = write_lines(tmp_path_factory.mktemp("json"), *lines)
        assert read(path)[0] == texts

    @pytest.mark.parametrize("name", ["a.ndjson", "A.JSONL.GZ", "a.ndjson.gz", "a.jsonl"])
    def test_names(self, tmp_path, name):
        """Both names of the format, compressed or not."""
        content = b'{"body": "one"}\n{"body": "two"}'
        path = write(tmp_path, gzip.compress(content) if "z" in name.lower()[-1] else content, name)
        assert read(path)[0] == ["one", "two"]

    def test_blank_lines_and_missing_names(self, tmp_path):
        """A blank line is no row; an object without the name is a row without text."""
        path = write_lines(tmp_path, "", '{"to": "+1"}', "  ", '{"body": "x", "to": null}', "{}")
        texts, recipients, source = read(path, to="to")
        assert (texts, recipients) == ([None, "x", None], ["+1", None, None])
        assert source.rows_read == 3

    @pytest.mark.parametrize("bound", ["_BLOCK_BYTES", "_BATCH_ROWS"])
    def test_batches_are_bounded_and_lose_nothing(self, tmp_path, monkeypatch, bound):
        """A long file comes in several batches, and the fraction grows to the end."""
        bounds = {"_BLOCK_BYTES": 1 << 15, "_BATCH_ROWS": 4096}
        monkeypatch.setattr(f"septet.costing.reading.text.json_files.{bound}", bounds[bound])
        path = write_lines(tmp_path, *(json.dumps({"body": str(n)}) for n in range(30_000)))
        with open_source(path, "body") as source:
            steps = [(listed(batch.texts), source.fraction) for batch in source]
        assert [text for texts, _ in steps for text in texts] == list(map(str, range(30_000)))
        assert max(len(texts) for texts, _ in steps) < 5_000
        assert 0 < steps[0][1] < 0.5 or bound == "_BATCH_ROWS"
        assert steps[-1][1] == 1.0


class TestBlocks:
    @given(
        st.randoms(use_true_random=False),
        st.sampled_from([1, 2, 7, 64, 300]),
        st.sampled_from([1, 50, 4000]),
        st.sampled_from([b"\n", b"\r\n"]),
        st.booleans(),
    )
    def test_every_split(self, tmp_path_factory, random, read_bytes, block_bytes, end, has_end):
        """The rows and unreadable lines are those of `json.loads`, however the file is read."""
        lines = [random_line(random) for _ in range(20)] + [b"", b'{"body": "\\ud800"}']
        random.shuffle(lines)
        lines.insert(0, b'{"body": null, "to": null}')
        path = write(tmp_path_factory.mktemp("json"), end.join(lines) + end * has_end, "a.jsonl")
        with (
            patch("septet.files.decompression._BLOCK_BYTES", read_bytes),
            patch("septet.costing.reading.text.json_files._BLOCK_BYTES", block_bytes),
        ):
            texts, recipients, source = read(path, to="to")
        rows = [parse(line) for line in lines if line.strip()]
        assert list(zip(texts, recipients, strict=True)) == list(filter(None, rows))
        assert source.rows_read == len(rows)
        unreadable = [n for n, line in enumerate(lines, 1) if line.strip() and not parse(line)]
        assert source.unreadable.count == len(unreadable)
        places = [row.place for row in source.unreadable.examples]
        assert places == [f"line {number}" for number in unreadable][:5]


class TestUnreadableRows:
    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b"{", "not valid JSON: "),
            (b'["one"]', "expected a JSON object, got a list"),
            (b'{"body": 7}', "expected text for 'body', got a number"),
            (b'{"body": true}', "expected text for 'body', got a boolean"),
            (b'{"body": ["x"]}', "expected text for 'body', got a list"),
            (b'"one"', "expected a JSON object, got a string"),
            (b"null", "expected a JSON object, got null"),
            (b'{"body": "caf\xe9"}', "not valid UTF-8"),
            (b'{"body": "a"}, {"body": "b"}', "not valid JSON: "),
            (b"[" * 100_000, "not valid JSON: "),
        ],
    )
    def test_a_line_that_cannot_be_read(self, tmp_path, line, reason):
        """It is noted with its number, and the rest is read."""
        path = write(tmp_path, b'{"body": "one"}\n\n' + line + b'\n{"body": "two"}\n', "a.jsonl")
        texts, _, source = read(path)
        assert texts == ["one", "two"]
        assert source.rows_read == 3
        (row,) = source.unreadable.examples
        assert row.place == "line 3"
        assert row.reason.startswith(reason)

    def test_values_to_add_up_by(self, tmp_path):
        """Numbers and booleans are taken as JSON writes them; lists and objects are none."""
        lines = [f'{{"body": "x", "kind": {kind}}}' for kind in ("7", "true", "null", '"é"', "[]")]
        path = write_lines(tmp_path, *lines)
        with JsonLinesSource(str(path), Columns("body", by=("kind",))) as source:
            (batch,) = source
        assert list(map(listed, batch.groups)) == [["7", "true", None, "é"]]
        assert list(map(str, source.unreadable.examples)) == [
            "line 5: expected text or a number for 'kind', got a list"
        ]

    def test_a_batch_without_any_row(self, tmp_path):
        """It is skipped, and the rows after it are read."""
        path = write_lines(tmp_path, *['{"body": "x"}'] * 4_096, *["x"] * 5_000, '{"body": "y"}')
        texts, _, source = read(path)
        assert (texts[4_095:], source.rows_read) == (["x", "y"], 9_097)

    def test_places_behind_the_first_batch(self, tmp_path):
        """Lines are counted on from batch to batch."""
        path = write_lines(tmp_path, *['{"body": "x"}'] * 9_000, "x")
        assert read(path)[2].unreadable.examples[0].place == "line 9001"


class TestLimits:
    @pytest.fixture(autouse=True)
    def small_limit(self, monkeypatch):
        """A limit of this many bytes, so that small files reach it."""
        monkeypatch.setattr("septet.costing.reading.text.json_files.MAX_RECORD_BYTES", 200_000)

    @pytest.mark.parametrize("place", [0, 1, 2])
    @pytest.mark.parametrize("is_compressed", [False, True])
    @pytest.mark.parametrize("end", ["", "\n"])
    def test_line_beyond_the_limit(self, tmp_path, place, is_compressed, end):
        """It is noted with its number, and the rest is read, wherever it is."""
        lines = ['{"body": "one"}', '{"body": "two"}']
        lines.insert(place, '{"body": "' + "x" * 500_000 + '"}')
        data = ("\n".join(lines) + end).encode()
        path = write(tmp_path, gzip.compress(data) if is_compressed else data, "a.jsonl")
        texts, _, source = read(path)
        assert texts == ["one", "two"]
        assert [row.place for row in source.unreadable.examples] == [f"line {place + 1}"]
        assert source.unreadable.examples[0].reason.startswith("longer than ")

    @pytest.mark.parametrize("spare", [0, 1])
    def test_limit_is_exact(self, tmp_path, spare):
        """It is the size of the line without its end."""
        text = "x" * (200_000 - len('{"body": ""}') + 1 - spare)
        lines = ['{"body": "one"}', json.dumps({"body": text}), "{}"]
        texts, _, source = read(write_lines(tmp_path, *lines))
        assert texts == ["one", *[text][:spare], None]
        assert source.unreadable.count == 1 - spare

    def test_array_in_one_line(self, tmp_path):
        """A file without objects is an error, also if no line is short enough to be parsed."""
        path = write(tmp_path, "[" + '{"body": "x"},' * 50_000 + "{}]", "a.jsonl")
        with pytest.raises(SourceError, match=r"a\.jsonl has no JSON objects: longer than"):
            open_source(path, "body")

    def test_line_of_many_values(self, tmp_path, monkeypatch):
        """A large line of tiny values would take many times its size in memory."""
        monkeypatch.setattr("septet.costing.reading.text.json_files._SMALL_BYTES", 1_000)
        monkeypatch.setattr("septet.costing.reading.text.json_files._MAX_VALUES", 500)
        many = '{"a": [' + "[]," * 400 + '[]], "body": "x"}'
        path = write_lines(tmp_path, '{"body": "one"}', many, '{"body": "two"}')
        texts, _, source = read(path)
        assert texts == ["one", "two"]
        assert list(map(str, source.unreadable.examples)) == ["line 2: more than 500 values"]


def test_utf16(tmp_path):
    """A file with the mark of UTF-16 is read, and what is invalid in it is said to be."""
    text = '\ufeff{"body": "é😀"}\n{"body": "two"}\n'
    assert read(write(tmp_path, text.encode("utf-16-be"), "a.jsonl"))[0] == ["é😀", "two"]
    broken = text.encode("utf-16-le") + b'{\0"\0\x00\xd8}\0'
    texts, _, source = read(write(tmp_path, broken, "b.jsonl"))
    assert texts == ["é😀", "two"]
    assert list(map(str, source.unreadable.examples)) == ["line 3: not valid UTF-16"]


def test_json_arrays_are_named(tmp_path):
    """The error about an array says how to make lines of it."""
    path = write(tmp_path, '[{"body": "x"}]', "a.jsonl")
    with pytest.raises(SourceError, match=r"expected a JSON object, got a list; .*jq -c '\.\[\]'"):
        open_source(path, "body")


class TestFilesThatCannotBeRead:
    @pytest.mark.parametrize("content", ["", "\n \n"])
    def test_empty(self, tmp_path, content):
        """A file of nothing."""
        with pytest.raises(SourceError, match=r"a\.jsonl is empty$"):
            open_source(write(tmp_path, content, "a.jsonl"), "body")

    def test_no_such_name(self, tmp_path):
        """A name that no line has, with the names there are."""
        path = write_lines(tmp_path, "broken", '{"Body": "x"}', '{"to": "+1"}')
        with pytest.raises(
            SourceError, match=r"no column 'body' \(did you mean 'Body'\?\); .*'Body', 'to'"
        ):
            open_source(path, "body")

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b'[{"body": "x"},\n{"body": "y"}]\n', "not valid JSON: "),
            ('{"body": "x"}\n'.encode("utf-16-le"), "not valid JSON: "),
            (b'\xff{"body": "x"}\n', "not valid UTF-8"),
        ],
    )
    def test_no_objects(self, tmp_path, content, reason):
        """The error about a file without objects gives the reason."""
        with pytest.raises(SourceError, match=rf"a\.jsonl has no JSON objects: {reason}"):
            open_source(write(tmp_path, content, "a.jsonl"), "body")

    def test_truncated(self, tmp_path):
        """A compressed file that was cut off."""
        lines = "".join(json.dumps({"body": f"text {n * n}"}) + "\n" for n in range(50_000))
        path = write(tmp_path, gzip.compress(lines.encode())[:-2_000], "a.jsonl.gz")
        with pytest.raises(SourceError, match=r"a\.jsonl\.gz is damaged after 4\d,\d{3} rows"):
            read(path)
