"""`check_annotations` in dataclasses and msgspec structs."""

from __future__ import annotations

import dataclasses
import re
from typing import Annotated, Any, ClassVar, Optional

import pytest

from septet.integrations import MaxSegments, check_annotations

msgspec = pytest.importorskip("msgspec")

ONE = MaxSegments(1)
Text = Annotated[str, ONE, msgspec.Meta(extra_json_schema=ONE.json_schema())]
TOO_LONG = "a" * 161
MESSAGE = "This text takes 2 SMS segments; at most 1 is allowed."
PLACES = [
    ("text", TOO_LONG, "text"),
    ("footer", TOO_LONG, "footer"),
    ("optional", TOO_LONG, "optional"),
    ("others", ["a", TOO_LONG], "others[1]"),
    ("by_language", {"fr": ["a"], "de": ["a", TOO_LONG]}, "by_language['de'][1]"),
    ("pair", (TOO_LONG, "a"), "pair[0]"),
    ("many", ("a", TOO_LONG), "many[1]"),
    ("rest", [TOO_LONG], "rest[0]"),
]


class Reminder(msgspec.Struct):
    text: Text
    footer: Text | None = None
    optional: Annotated[Optional[str], ONE] = None  # noqa: UP045
    others: list[Text] = msgspec.field(default_factory=list)
    by_language: dict[str, list[Text]] = msgspec.field(default_factory=dict)
    pair: tuple[Text, str] = ("", TOO_LONG)
    many: tuple[Text, ...] = ()
    rest: list[Text] | msgspec.UnsetType = msgspec.UNSET
    free: str = TOO_LONG
    everything: Any = TOO_LONG
    note: ClassVar[Text] = TOO_LONG

    def __post_init__(self) -> None:
        check_annotations(self)


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    text: Text
    footer: Text | None = None
    __post_init__ = check_annotations


@pytest.mark.parametrize(("field", "value", "path"), PLACES)
def test_places(field, value, path) -> None:
    """The message begins with the field."""
    data = msgspec.json.encode([{"text": "a"}, {"text": "a", field: value}])
    with pytest.raises(msgspec.ValidationError, match=re.escape(f"{path}: {MESSAGE}")):
        msgspec.json.decode(data, type=list[Reminder])
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"text": "a", field: value}, Reminder)
    with pytest.raises(ValueError, match=re.escape(f"{path}: {MESSAGE}")):
        Reminder(**{"text": "a", field: value})


def test_allowed_texts() -> None:
    """They are decoded, and encoded again."""
    data = b'{"text":"a","footer":null,"others":["b"],"by_language":{"fr":["c"]},"pair":["","d"]}'
    reminder = msgspec.json.decode(data, type=Reminder)
    assert (reminder.text, reminder.others, reminder.pair) == ("a", ["b"], ("", "d"))
    assert msgspec.json.decode(msgspec.json.encode(reminder), type=Reminder) == reminder


def test_dataclasses() -> None:
    """Made by hand or by msgspec."""
    assert Record("a").footer is None
    with pytest.raises(ValueError, match=f"^footer: {MESSAGE}$"):
        Record("a", TOO_LONG)
    with pytest.raises(msgspec.ValidationError, match=MESSAGE):
        msgspec.json.decode(msgspec.json.encode({"text": TOO_LONG}), type=Record)


def test_a_field_without_value() -> None:
    """It is set later, and not checked."""

    @dataclasses.dataclass
    class Later:
        text: Text = dataclasses.field(init=False)
        __post_init__ = check_annotations

    assert not hasattr(Later(), "text")


class Limited:
    __value__ = Text


class Tree:
    __value__: Any = None


class Endless:
    __value__: Any = None


Tree.__value__ = list[Tree] | dict[str, Limited]
Endless.__value__ = list[Endless]


@dataclasses.dataclass
class Forest:
    trees: list[Tree]
    endless: Endless


def test_aliases() -> None:
    """Those of `type` statements, which Python 3.11 lacks, may contain themselves."""
    check_annotations(Forest([[{"a": "b"}]], [[]]))
    with pytest.raises(ValueError, match=re.escape("trees[0][1]['a']: ")):
        check_annotations(Forest([[{"a": "b"}, {"a": TOO_LONG}]], [[]]))


def test_json_schema() -> None:
    """What `Meta` says."""
    assert msgspec.json.schema(Text) == {"type": "string", **ONE.json_schema()}
