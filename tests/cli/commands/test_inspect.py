"""`septet count` and `septet inspect`."""

import re
import sys

import pytest

from septet.standard import graphemes

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
        """The number of segments stands alone on its line, under the rules asked for."""
        assert run("count", *arguments) == (0, expected, "")

    def test_keep_graphemes(self, run):
        """Clusters are kept whole on request, and that may take a segment more."""
        pytest.importorskip("regex")
        text = ("a" * 66 + "👩\u200d👩\u200d👧") * 2
        assert run("count", text)[1] == "3\n"
        assert run("count", "--keep-graphemes", ("a" * 60 + "👩\u200d👩\u200d👧") * 2)[1] == "3\n"

    def test_keep_graphemes_without_the_package(self, run, monkeypatch):
        """A missing package is one line that names the extra."""
        monkeypatch.setitem(sys.modules, "regex", None)
        graphemes.cluster_pattern.cache_clear()
        status, out, err = run("count", "--keep-graphemes", "a👩\u200d👩" * 100)
        assert (status, out) == (1, "")
        assert re.fullmatch(r"septet: .* needs regex: pip install 'septet\[graphemes\]'\n", err)


class TestPlain:
    def test_whole_output(self, run):
        """The summary, the segments with non-GSM characters marked, and a list of these."""
        status, out, err = run("inspect", TEXT)
        assert (status, err) == (0, "")
        assert out == (
            "UCS-2, 32 code units in 1 segment, 38 code units left\n"
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
        """A text in GSM-7 is only cut."""
        assert run("inspect", "a" * 152 + "€b")[1] == (
            f"GSM-7, 155 septets in 1 segment, 5 septets left\n\n  1/1  155  {'a' * 152}€b\n\n"
        )

    def test_segments(self, run):
        """Each segment stands on its own line with its number and units; none cuts an escape."""
        out = run("inspect", "a" * 152 + "€" + "b" * 10)[1]
        assert out.startswith("GSM-7, 164 septets in 2 segments, 141 septets left in the last\n")
        assert f"  1/2  152  {'a' * 152}\n" in out
        assert f"  2/2   12  €{'b' * 10}\n" in out

    def test_non_gsm_character_in_a_later_segment(self, run):
        """A non_gsm_character is marked where it stands, with its index in the whole text."""
        out = run("inspect", "a" * 70 + "’b’")[1]
        assert "  2/2   6  aaa[’]b[’]\n" in out
        assert "RIGHT SINGLE QUOTATION MARK  '            70, 72\n" in out

    def test_tables_are_named(self, run):
        """The national tables that were chosen are in the summary."""
        out = run("inspect", "--languages", "turkish", "ışık")[1]
        assert re.match("GSM-7 with Turkish (locking|single) shift, ", out)

    def test_nothing_reaches_the_terminal_raw(self, run):
        """Control characters, bidi controls and escapes are shown and not obeyed."""
        out = run("inspect", "a\x1b[2J\r\nb\u202ec\f\x9b")[1]
        assert r"a[␛][2J␍␊b[\u202e]c␌[\x9b]" in out
        assert set(out) & set("\x1b\r\f\u202e\x9b") == set()

    def test_spaces_that_end_a_segment_are_seen(self, run):
        """What was counted is what is shown."""
        out = run("inspect", "a b " + "c" * 149 + "    " + "d" * 20)[1]
        assert "a b " + "c" * 149 + "\n" in out
        assert "    " + "d" * 20 + "\n" in out
        out = run("inspect", "c" * 150 + "   " + "d" * 20)[1]
        assert "c" * 150 + "␠␠␠\n" in out

    def test_many_places_of_one_character(self, run):
        """Five indexes and how many more, whatever the length of the text."""
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
        """Below everything stands what to change and what it takes then; nothing if nothing can."""
        assert run("inspect", text)[1].rpartition("\n\n")[2] == advice

    def test_replacements(self, run):
        """What would stand for a character, by itself or with its letter, or that none can."""
        out = run("inspect", "\x1b e\u0301n\u0303 \xa0\u2060")[1]
        assert re.search("ESCAPE +none +0\n", out)
        assert re.search("COMBINING ACUTE ACCENT +é +3\n", out)
        assert re.search("COMBINING TILDE +ñ +5\n", out)
        assert re.search("NO-BREAK SPACE +␠ +7\n", out)

    def test_a_text_that_cannot_be_sent(self, run):
        """More segments than can be numbered are counted, with a word of warning."""
        warning = "262 segments: more than 255 cannot be sent (3GPP TS 23.040, 9.2.3.24.1).\n"
        assert warning in run("inspect", "a" * 40_000)[1]
        assert "cannot be sent" not in run("inspect", "a" * 153 * 255)[1]

    def test_a_text_that_the_provider_refuses(self, run):
        """The limit, what the text has, and who says so; the provider's characters count."""
        out = run("inspect", "--provider", "telnyx", "€" * 671)[1]
        assert "\n11 segments: more than 10 cannot be sent (https://developers.telnyx.com/" in out
        assert "EURO SIGN" in out
        out = run("inspect", "--provider", "vonage", "a" * 3201)[1]
        assert "\n3,201 characters: more than 3,200 cannot be sent (https://" in out

    def test_empty_text(self, run):
        """No text is one segment with nothing in it."""
        assert run("inspect", "")[1].startswith("GSM-7, 0 septets in 1 segment, 160 septets left\n")


class TestColour:
    @pytest.fixture(autouse=True)
    def terminal(self, on_terminal):
        pytest.importorskip("rich")

    def test_segments_alternate_and_non_gsm_characters_stand_out(self, run):
        """Neighbouring segments differ in colour, and non_gsm_characters from both."""
        out = run("inspect", "a" * 70 + "’")[1]
        styles = {
            text: style for style, text in re.findall(r"\x1b\[([\d;]+)m(a{67}|aaa|’)\x1b", out)
        }
        assert set(styles) == {"a" * 67, "aaa", "’"}
        assert len(set(styles.values())) == 3

    def test_whole_text_is_there(self, run):
        """Folding at the edge of the terminal loses no character."""
        text = "".join(chr(0x4E00 + n) for n in range(120))
        out = re.sub(r"\x1b\[[\d;]*m", "", run("inspect", text)[1])
        cut = out[: out.index("Characters that force")]
        assert "".join(char for char in cut if char in text) == text

    def test_markup_in_a_text_is_text(self, run):
        """A text in square brackets is no instruction to rich."""
        assert "[bold]hi[/bold]" in run("inspect", "[bold]hi[/bold]")[1]

    def test_without_rich(self, run, no_rich):
        """Without rich a terminal gets the plain text."""
        out = run("inspect", TEXT)[1]
        assert "café [’]til 2\n" in out
        assert "\x1b" not in out
