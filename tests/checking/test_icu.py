"""ICU messages."""

import time

import pytest

from septet.checking.icu import expand, is_icu


@pytest.mark.parametrize(
    ("text", "variants"),
    [
        ("{n, plural, one {# file} other {# files}}", ["{n} file", "{n} files"]),
        ("{n, plural, offset:1 =0 {none} other {#}}!", ["none!", "{n}!"]),
        ("{g, select, male {he} other {they}} {name}", ["he {name}", "they {name}"]),
        (
            "{g, select, a {{n, plural, one {1 #} other {2 #}}} other {x}}",
            ["1 {n}", "2 {n}", "x"],
        ),
        ("It''s '{'{n, plural, other {'#' #}}", ["It's {# {n}"]),
        ("{n, plural, one {a}", ["{n, plural, one {a}"]),
        ("{n, plural, }", ["{n, plural, }"]),
        ("{n, plural, other {a}} {", ["{n, plural, other {a}} {"]),
        ("{n, plural, other {a}} }", ["{n, plural, other {a}} }"]),
    ],
)
def test_expand(text, variants) -> None:
    """Every text that the message can become; what is not valid stays."""
    assert is_icu(text)
    assert expand(text) == variants


def test_plain_text_is_not_icu() -> None:
    assert not is_icu("Hello {name}, it''s plural")


def test_many_variants() -> None:
    """Beyond 64, only the longest branches are taken."""
    part = "{n, select, a {x} other {yy}}"
    assert len(expand(part * 6)) == 64
    assert expand(part * 7) == ["yy" * 7]


def test_no_text_takes_long() -> None:
    start = time.process_time()
    expand("{n, select, a {" * 10_000)
    expand("{n, plural, one {" + "'" * 100_000)
    assert time.process_time() - start < 1
