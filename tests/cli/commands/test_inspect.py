"""`septet count` and `septet inspect`."""

import json
import re

import pytest

import septet
from septet.display.characters import describe

TEXT = "Tonight: jazz at the café ’til 2"


class TestCount:
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            (["Your code is 123456"], "1\n"),
            ([""], "1\n"),
            (["a" * 161], "2\n"),
            (["a" * 152 + "€" + "a" * 152], "3\n"),
            (["--reference-bits", "16", "a" * 305], "3\n"),
            (["--languages", "turkish,Spanish", "ş" * 70], "1\n"),
            (["--languages", "1,2", "ş" * 70], "1\n"),
            (["--provider", "telnyx", "€" * 71], "2\n"),
        ],
    )
    def test_prints_only_the_number(self, run, arguments, expected):
        """Only the number of segments is printed, by the given rules."""
        assert run("count", *arguments) == (0, expected, "")

    def test_keep_graphemes(self, run):
        """--keep-graphemes keeps clusters whole, which can take one more segment."""
        text = ("a" * 66 + "👩\u200d👩\u200d👧") * 2
        assert run("count", text)[1] == "3\n"
        assert run("count", "--keep-graphemes", ("a" * 60 + "👩\u200d👩\u200d👧") * 2)[1] == "3\n"

    def test_json(self, run):
        """--json adds the encoding and the units, by their names in Python."""
        status, out, err = run("count", "--json", TEXT)
        assert (status, err) == (0, "")
        assert json.loads(out) == {
            "encoding": "ucs2",
            "unit_count": 32,
            "segment_count": 1,
            "units_left": 38,
        }


class TestJson:
    def test_everything(self, run):
        """Results of the core are objects by their names in Python."""
        text = "“é” " * 20
        status, out, err = run("inspect", "--json", "--languages", "turkish", text)
        values = json.loads(out)
        segmenter = septet.Segmenter(languages=["turkish"])
        advice = segmenter.advise(text)
        assert (status, err) == (0, "")
        assert values["segment_count"] == segmenter.count(text) == 2
        assert values["segments"] == [segment._asdict() for segment in segmenter.split(text)]
        assert values["non_gsm_characters"][1] == {"char": "”", "index": 2}
        assert values["exceeded_limits"] == []
        assert values["locking_shift"] is values["single_shift"] is None
        assert values["rcs"] == {"byte_count": 180, "us_segment_count": 2, "kind": "single"}
        assert values["advice"]["segments_after"] == advice.segments_after == 1
        assert values["advice"]["changes"][0] == {"char": "“", "replacement": '"', "index": 0}
        assert values["advice"].keys() == advice._asdict().keys()

    def test_tables_and_limits(self, run):
        """National languages have their names, and a limit its source."""
        text = "ş" * 39_000
        values = json.loads(run("inspect", "--json", "--languages", "turkish", text)[1])
        assert "turkish" in (values["locking_shift"], values["single_shift"])
        assert [limit["limit"] for limit in values["exceeded_limits"]] == ["max_segments"]

    def test_the_names_are_those_of_the_server(self, run):
        """Fields that /v1/analyze has too have the same names."""
        pytest.importorskip("msgspec")
        from septet.web.api.analysis import Analysis, ExceededLimit, Rcs, Replacement

        text = "’" * 71 * 255
        values = json.loads(run("inspect", "--json", text)[1])
        assert values.keys() <= set(Analysis.__struct_fields__)
        assert values["rcs"].keys() == set(Rcs.__struct_fields__)
        assert values["exceeded_limits"][0].keys() == set(ExceededLimit.__struct_fields__)
        assert values["advice"]["changes"][0].keys() < set(Replacement.__struct_fields__)


class TestPlain:
    def test_an_emoji_newer_than_python(self, run):
        """It is shown as itself, with its name or the reason why there is none."""
        out = run("inspect", "Love \U0001fac8 you")[1]
        assert "Love [\U0001fac8] you" in out
        assert "UNASSIGNED" not in out
        assert f"U+1FAC8     {describe(chr(0x1FAC8))}" in out

    def test_whole_output(self, run):
        """The summary, the segments with non-GSM characters marked, and a list of these."""
        status, out, err = run("inspect", TEXT)
        assert (status, err) == (0, "")
        assert out == (
            "UCS-2, 32 code units in 1 segment, 38 code units left\n"
            "As RCS: 35 bytes, 1 segment in the US, a basic message elsewhere\n"
            "\n"
            "  1/1  32  Tonight: jazz at the café [’]til 2\n"
            "\n"
            "Characters that force UCS-2\n"
            "  Character  Code point  Name                         Replacement  Index\n"
            "  ---------  ----------  ---------------------------  -----------  -----\n"
            "  ’          U+2019      RIGHT SINGLE QUOTATION MARK  '            26\n"
            "\n"
        )

    def test_gsm7_lists_no_non_gsm_characters(self, run):
        """A text in GSM-7 has no table of characters."""
        assert run("inspect", "a" * 152 + "€b")[1] == (
            "GSM-7, 155 septets in 1 segment, 5 septets left\n"
            "As RCS: 156 bytes, 1 segment in the US, a basic message elsewhere\n"
            f"\n  1/1  155  {'a' * 152}€b\n\n"
        )

    def test_as_rcs(self, run):
        """Bytes, segments in the US and the kind elsewhere; nothing for empty text."""
        expected = "As RCS: 322 bytes, 3 segments in the US, a single message elsewhere\n"
        assert expected in run("inspect", "é" * 161)[1]
        assert "As RCS: 1 byte, 1 segment in the US, " in run("inspect", "a")[1]
        assert "RCS" not in run("inspect", "")[1]

    def test_segments(self, run):
        """Each segment has a line with its number and units; no escape pair is split."""
        out = run("inspect", "a" * 152 + "€" + "b" * 10)[1]
        assert out.startswith("GSM-7, 164 septets in 2 segments, 141 septets left in the last\n")
        assert f"  1/2  152  {'a' * 152}\n" in out
        assert f"  2/2   12  €{'b' * 10}\n" in out

    def test_non_gsm_character_in_a_later_segment(self, run):
        """A non-GSM character is marked in its segment; its index is that in the whole text."""
        out = run("inspect", "a" * 70 + "’b’")[1]
        assert "  2/2   6  aaa[’]b[’]\n" in out
        assert "RIGHT SINGLE QUOTATION MARK  '            70, 72\n" in out

    def test_tables_are_named(self, run):
        """The summary names the chosen national tables."""
        out = run("inspect", "--languages", "turkish", "ışık")[1]
        assert re.match("GSM-7 with Turkish (locking|single) shift, ", out)

    def test_nothing_reaches_the_terminal_raw(self, run):
        """Control characters, bidi controls and escapes are made visible."""
        out = run("inspect", "a\x1b[2J\r\nb\u202ec\f\x9b")[1]
        assert r"a[␛][2J␍␊b[\u202e]c␌[\x9b]" in out
        assert set(out) & set("\x1b\r\f\u202e\x9b") == set()

    def test_spaces_that_end_a_segment_are_seen(self, run):
        """Spaces at the end of a segment are visible."""
        out = run("inspect", "a b " + "c" * 149 + "    " + "d" * 20)[1]
        assert "a b " + "c" * 149 + "\n" in out
        assert "    " + "d" * 20 + "\n" in out
        out = run("inspect", "c" * 150 + "   " + "d" * 20)[1]
        assert "c" * 150 + "␠␠␠\n" in out

    def test_many_indexes_of_one_character(self, run):
        """Five indexes are shown, and the number of the others."""
        out = run("inspect", "ğ" * 10_000)[1]
        assert "  0, 1, 2, 3, 4 and 9,995 more\n" in out

    @pytest.mark.parametrize(
        ("text", "advice"),
        [
            ("a", ""),
            ("’" * 70, ""),
            ("a" * 161, "Without the last septet: 1 segment\n"),
            ("]" * 153, "Without the last 2 septets: at most 2 segments\n"),
            (
                "It’s " * 20,
                "With the replacements above: 1 segment\n"
                "Without the last 30 code units: 1 segment\n",
            ),
            (
                "line\r\n" * 27,
                "With LF instead of CR LF: 1 segment\nWithout the last 2 septets: 1 segment\n",
            ),
            (
                "ab\r\n’" * 33,
                "With the replacements above and LF instead of CR LF: 1 segment\n"
                "Without the last 31 code units: at most 2 segments\n",
            ),
        ],
    )
    def test_what_saves_segments(self, run, text, advice):
        """The last lines say which changes save segments."""
        assert run("inspect", text)[1].rpartition("\n\n")[2] == advice

    def test_replacements(self, run):
        """Each character is listed with its replacement, alone or with its letter, or none."""
        out = run("inspect", "\x1b e\u0301n\u0303 \xa0\u2060")[1]
        assert re.search("ESCAPE +nothing +0\n", out)
        assert re.search("COMBINING ACUTE ACCENT +é +3\n", out)
        assert re.search("COMBINING TILDE +ñ +5\n", out)
        assert re.search("NO-BREAK SPACE +␠ +7\n", out)

    def test_what_goes_with_its_letter(self, run):
        """Marks and invisible characters that become nothing are not shown as letters."""
        out = run("inspect", "vt\u00adshy e\u200d\u0301 \ue000")[1]
        assert re.search("SOFT HYPHEN +nothing +2\n", out)
        assert re.search("ZERO WIDTH JOINER +nothing +8\n", out)
        assert re.search("COMBINING ACUTE ACCENT +é +9\n", out)
        assert re.search(r"PRIVATE USE +none +11\n", out)
        pytest.importorskip("anyascii")
        out = run("inspect", "ж\u0301 x\u0302 \u1112\u1161\u11ab ❤\ufe0f")[1]
        assert re.search("CYRILLIC SMALL LETTER ZHE +zh +0\n", out)
        assert re.search("COMBINING ACUTE ACCENT +nothing +1\n", out)
        assert re.search("COMBINING CIRCUMFLEX ACCENT +nothing +4\n", out)
        assert re.search("HANGUL CHOSEONG HIEUH +Han +6\n", out)
        assert re.search("HANGUL JONGSEONG NIEUN +nothing +8\n", out)
        assert re.search("VARIATION SELECTOR-16 +nothing +11\n", out)

    def test_a_text_that_cannot_be_sent(self, run):
        """A text of more than 255 segments is counted, with a warning."""
        warning = "262 segments: more than 255 cannot be sent (3GPP TS 23.040, 9.2.3.24.1).\n"
        assert warning in run("inspect", "a" * 40_000)[1]
        assert "cannot be sent" not in run("inspect", "a" * 153 * 255)[1]

    def test_a_text_that_the_provider_refuses(self, run):
        """The warning has the limit, the text's figure, and the source."""
        out = run("inspect", "--provider", "telnyx", "€" * 671)[1]
        assert "\n11 segments: more than 10 cannot be sent (https://developers.telnyx.com/" in out
        assert "EURO SIGN" in out
        out = run("inspect", "--provider", "vonage", "a" * 3201)[1]
        assert "\n3,201 characters: more than 3,200 cannot be sent (https://" in out

    @pytest.mark.parametrize(
        ("text", "was"), [("Â¿Apoya?", "¿Apoya?"), ("Ð¿Ñ€Ð¸", "при"), ("ðŸ˜€ donâ€™t", "😀 don’t")]
    )
    def test_a_wrongly_decoded_text(self, run, text, was):
        """A hint says what the text probably was; the figures are those of the text."""
        status, out, err = run("inspect", text)
        assert status == 0
        assert out.startswith("UCS-2, ")
        assert err == (
            "septet: the text looks like UTF-8 read as Windows-1252 or Latin-1; "
            f"it probably was: {was}\n"
        )
        assert run("inspect", was)[2] == ""

    def test_empty_text(self, run):
        """An empty text is one segment without units."""
        assert run("inspect", "")[1].startswith("GSM-7, 0 septets in 1 segment, 160 septets left\n")


class TestColour:
    @pytest.fixture(autouse=True)
    def terminal(self, on_terminal):
        pytest.importorskip("rich")

    def test_segments_alternate_and_non_gsm_characters_stand_out(self, run):
        """Neighbouring segments differ in colour, and non-GSM characters from both."""
        out = run("inspect", "a" * 70 + "’")[1]
        styles = {
            text: style for style, text in re.findall(r"\x1b\[([\d;]+)m(a{67}|aaa|’)\x1b", out)
        }
        assert set(styles) == {"a" * 67, "aaa", "’"}
        assert len(set(styles.values())) == 3

    def test_whole_text_is_there(self, run):
        """Wrapping loses no character."""
        text = "".join(chr(0x4E00 + n) for n in range(120))
        out = re.sub(r"\x1b\[[\d;]*m", "", run("inspect", text)[1])
        cut = out[: out.index("Characters that force")]
        assert "".join(char for char in cut if char in text) == text

    def test_markup_in_a_text_is_text(self, run):
        """Square brackets are not interpreted by rich."""
        assert "[bold]hi[/bold]" in run("inspect", "[bold]hi[/bold]")[1]

    def test_without_rich(self, run, no_rich):
        """Without rich a terminal gets the plain text."""
        out = run("inspect", TEXT)[1]
        assert "café [’]til 2\n" in out
        assert "\x1b" not in out
