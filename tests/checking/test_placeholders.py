"""Placeholders of texts."""

import time

import pytest

from septet.checking.placeholders import fill


@pytest.mark.parametrize(
    "text",
    [
        *("{name}", "{{name}}", "{{ name }}", "{{{name}}}", "{{name, uppercase}}", "${name}"),
        *("%{name}", "%<name>s", "%(name)s", "%(name)05.2f", "{name!r:>10}", "{name:5}"),
        *("{name, number, integer}", "{name[0]}", "#{name}", "{{- name}}", "$t(name)", "%#@name@"),
    ],
)
def test_named(text) -> None:
    """The stated length counts."""
    assert fill(f"a{text}b", {"name": 3}) == "axxxb"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("%s and %d", "x and xx"),
        ("%2$s and %1$@", "xx and x"),
        ("{} and {}", "xxxx and x"),
        ("{1} and {0}", "x and xxxx"),
        ("%%, 5%%", "%, 5%"),
        ("%-5.2f%lld", "xxx"),
        ("%arg, %1$arg", "xxx, xxx"),
        ("50%discount, 100% sure, 5 %", "50%discount, 100% sure, 5 %"),
        ("5%s", "5x"),
        ("{ and; }, {a b}", "{ and; }, {a b}"),
    ],
)
def test_by_position(text, filled) -> None:
    """The first %s is 1, the first {} is 0; what is no placeholder stays."""
    assert fill(text, {"0": 4, "1": 1, "2": 2, "arg": 3}) == filled


def test_default_length() -> None:
    assert fill("{a}", {}) == "x" * 10
    assert fill("{a}", {}, 2) == "xx"


@pytest.mark.parametrize("piece", ["{", "{{", "%0", "%(", "$t(", "{a[", " ", "%1", "{a", "%'"])
def test_no_text_takes_long(piece) -> None:
    start = time.process_time()
    fill("{ " + "%" + piece * 50_000, {})
    assert time.process_time() - start < 1


@pytest.mark.parametrize("start", ["{{", "${"])
def test_no_name_takes_long(start) -> None:
    text = start + "a" * 50_000
    begin = time.process_time()
    assert fill(text, {}) == text
    assert time.process_time() - begin < 1
