"""Limits, and exceptions from them."""

import time

import pytest

from septet.checking import Entry, LimitException, Limits
from septet.checking.limits import CommentedLimits, has_key


def test_folder_of_exception(tmp_path, monkeypatch) -> None:
    """Patterns begin in a folder, wherever the paths of the command line begin."""
    exception = LimitException(files=["locale/zz/*"], folder=str(tmp_path))
    folder = tmp_path / "locale/zz"
    folder.mkdir(parents=True)
    for current, path in [(tmp_path, "locale/zz/a"), (folder, "a"), (folder, str(folder / "a"))]:
        monkeypatch.chdir(current)
        assert exception.is_for_file(path)
        assert not exception.is_for_file("../a")


@pytest.mark.parametrize(
    "options", [{"max_segments": 0}, {"max_units": "1"}, {"max_units": True}, {"encoding": "ucs2"}]
)
def test_wrong_limits(options) -> None:
    with pytest.raises(ValueError, match=next(iter(options)).replace("_", "-")):
        Limits(**options)


def test_keys() -> None:
    """A pattern is compared with the key and the context."""
    entry = Entry("sms.code", "", 1, 1, context="menu")
    assert has_key(entry, ["x", "sms.*"])
    assert has_key(entry, ["menu"])
    assert not has_key(entry, ["sms"])


def test_exception() -> None:
    entry = Entry("sms.code", "", 1, 1)
    exception = LimitException(["sms.*"], ["locale/*"], {"max_segments": 2})
    assert exception.is_for(entry)
    assert not exception.is_for(Entry("code", "", 1, 1))
    assert exception.is_for_file("./locale/fr.json")
    assert not exception.is_for_file("fr.json")
    assert LimitException(["sms.*"]).is_for_file("fr.json")
    assert exception.apply(Limits(1, 5)) == Limits(2, 5)
    assert LimitException(ignore=True).apply(Limits(1)) is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["# septet: ignore", "a"], LimitException(ignore=True)),
        (["<!-- septet: max-segments=2 -->", "a"], LimitException(limits={"max_segments": 2})),
        (["// septet: max-units=9", "# more", "a"], LimitException(limits={"max_units": 9})),
        (["/* septet: ignore */", "", "a"], None),
        (["x: septet: ignore", "a"], None),
        (["", "a # septet: ignore"], LimitException(ignore=True)),
        (["", 'a = "septet: ignore"'], None),
        (["# see https://septet:80/", "a"], None),
        (["#. septet: ignore", "b", "a"], None),
    ],
)
def test_comments(lines, expected) -> None:
    """The comments directly above a text, or in its line."""
    assert CommentedLimits("\n".join(lines)).find(Entry("", "", len(lines), 1)) == expected


@pytest.mark.parametrize(
    "words", ["ignored", "max-segments", "max-segments=0", "max-units=-1", "x=1"]
)
def test_wrong_comment(words) -> None:
    with pytest.raises(ValueError, match="line 1: expected septet: ignore"):
        CommentedLimits(f"# septet: {words}\na")


def test_many_comments() -> None:
    """Each line of a file is looked at once, however many texts are below it."""
    comments = CommentedLimits("# septet: ignore\n\n" + "#\n" * 50_000 + "a")
    start = time.process_time()
    assert [comments.find(Entry("", "", 50_003, 1)) for _ in range(2_000)] == [None] * 2_000
    assert time.process_time() - start < 1
