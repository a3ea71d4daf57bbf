"""`MaxSegments` as an annotation of pydantic, and in FastAPI."""

from __future__ import annotations

import dataclasses
import enum
import json
import pickle
from typing import Annotated, Any
from urllib.parse import urlencode

import jsonschema
import pytest

from asgi_requests import ask
from septet.integrations import MaxSegments

pydantic = pytest.importorskip("pydantic", minversion="2")
pytest.importorskip("fastapi")

from fastapi import FastAPI, Query  # noqa: E402
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter  # noqa: E402

ONE = MaxSegments(1)
Text = Annotated[str, ONE]
TOO_LONG = "’" * 71
MESSAGE = (
    "This text takes 2 SMS segments; at most 1 is allowed. ’ (U+2019) at position 1 forces UCS-2. "
    "This would help: ’ to '"
)


class Reminder(BaseModel):
    text: Text
    footer: Text | None = None
    others: list[Text] = []
    optional: Annotated[str | None, ONE] = None


def errors_of(adapter: Any, value: object, **kwargs: Any) -> list[Any]:
    with pytest.raises(pydantic.ValidationError) as raised:
        adapter.validate_python(value, **kwargs)
    return raised.value.errors(include_url=False)


def test_an_error() -> None:
    """It has the code, the message and the parameters of the violation."""
    (error,) = errors_of(TypeAdapter(Text), TOO_LONG)
    violation = ONE.check(TOO_LONG)
    assert error == {
        "type": "max_segments",
        "loc": (),
        "msg": MESSAGE,
        "input": TOO_LONG,
        "ctx": violation.params,
    }
    (error,) = errors_of(TypeAdapter(Annotated[str, MaxSegments(1, encoding="gsm7")]), "’")
    assert error["type"] == "encoding"


def test_places() -> None:
    """Fields, optional texts and items."""
    reminder = Reminder(text="a", footer="b", others=["c"], optional=None)
    assert Reminder.model_validate_json(reminder.model_dump_json()) == reminder
    assert pickle.loads(pickle.dumps(reminder)) == reminder
    validator = pickle.loads(pickle.dumps(TypeAdapter(Text).validator))
    assert validator.validate_python("a") == "a"
    with pytest.raises(pydantic.ValidationError) as raised:
        Reminder(text=TOO_LONG, footer=TOO_LONG, others=["a", TOO_LONG], optional=TOO_LONG)
    assert [error["loc"] for error in raised.value.errors()] == [
        ("text",),
        ("footer",),
        ("others", 1),
        ("optional",),
    ]
    assert json.loads(raised.value.json())[0]["ctx"]["position"] == 1


def test_other_constraints() -> None:
    """They are checked too, and the type before all."""
    adapter = TypeAdapter(Annotated[str, Field(min_length=2), ONE])
    assert adapter.validate_python("aa") == "aa"
    assert [error["type"] for error in errors_of(adapter, "a")] == ["string_too_short"]
    assert [error["type"] for error in errors_of(adapter, TOO_LONG)] == ["max_segments"]
    assert [error["type"] for error in errors_of(TypeAdapter(Text), 1)] == ["string_type"]
    assert [error["type"] for error in errors_of(TypeAdapter(Text), None)] == ["string_type"]
    (error,) = errors_of(TypeAdapter(Text), "\ud800" * 71)
    assert error["ctx"]["character"] == "\\ud800"
    assert [error["type"] for error in errors_of(TypeAdapter(Text), b"a", strict=True)] == [
        "string_type"
    ]
    assert TypeAdapter(Text).validate_python("a", strict=True) == "a"
    with pytest.raises(TypeError, match="expected str, got list"):
        TypeAdapter(Annotated[list[str], ONE]).validate_python(["a"])


@pytest.mark.parametrize("type_", [int | str, int | str | None, str | list[str]])
def test_unions(type_) -> None:
    """Of a union, only texts have the limit."""
    adapter: Any = TypeAdapter(Annotated[type_, ONE])
    other = [TOO_LONG] if type_ == str | list[str] else 5
    assert [adapter.validate_python(value) for value in ("a", other)] == ["a", other]
    assert [error["type"] for error in errors_of(adapter, TOO_LONG)] == ["max_segments"]


def test_line_ends() -> None:
    """The text is changed only by what is there for it."""
    limit = MaxSegments(1, line_ends="lf")
    text = "a\r\n" * 80
    assert TypeAdapter(Annotated[str, limit]).validate_python(text) == text
    changing = TypeAdapter(Annotated[str, limit, AfterValidator(limit.as_sent)])
    assert changing.validate_python(text) == "a\n" * 80


def test_other_classes() -> None:
    """Dataclasses and enumerations of texts."""

    @pydantic.dataclasses.dataclass
    class Record:
        text: Text

    @dataclasses.dataclass
    class Plain:
        text: Annotated[str, MaxSegments(1)]

    with pytest.raises(pydantic.ValidationError):
        Record(text=TOO_LONG)
    assert errors_of(TypeAdapter(Plain), {"text": TOO_LONG})[0]["loc"] == ("text",)
    kinds = enum.StrEnum("Kinds", {"SHORT": "a", "LONG": TOO_LONG})
    adapter = TypeAdapter(Annotated[kinds, ONE])
    assert adapter.validate_python("a") is kinds.SHORT
    assert errors_of(adapter, TOO_LONG)[0]["type"] == "max_segments"


def test_assignments() -> None:
    """Are checked where the model says so."""

    class Checked(BaseModel):
        model_config = ConfigDict(validate_assignment=True)
        text: Text

    checked = Checked(text="a")
    with pytest.raises(pydantic.ValidationError):
        checked.text = TOO_LONG
    assert checked.text == "a"


def test_json_schema() -> None:
    """The bound, the limit, and a description unless there is one."""
    own = {
        "description": "At most 1 SMS segment.",
        "maxLength": 160,
        "type": "string",
        "x-sms": {"max_segments": 1},
    }
    for mode in ("validation", "serialization"):
        schema = Reminder.model_json_schema(mode=mode)
        jsonschema.Draft202012Validator.check_schema(schema)
        properties = schema["properties"]
        assert properties["text"] == {**own, "title": "Text"}
        assert properties["footer"]["anyOf"] == [own, {"type": "null"}]
        assert properties["others"]["items"] == own
        assert properties["optional"]["maxLength"] == 160
    for annotation in (
        Annotated[str, ONE, Field(description="Mine", max_length=20)],
        Annotated[str, Field(description="Mine", max_length=20), ONE],
    ):
        schema = TypeAdapter(annotation).json_schema()
        assert (schema["description"], schema["maxLength"]) == ("Mine", 20)
    longer = TypeAdapter(Annotated[str, Field(max_length=500), ONE])
    assert longer.json_schema()["maxLength"] == 160


def test_fastapi() -> None:
    """Bodies, queries and the OpenAPI description."""
    app = FastAPI()

    @app.post("/reminders")
    def create(reminder: Reminder) -> Reminder:
        return reminder

    @app.get("/count")
    def read(text: Annotated[str, Query(), ONE]) -> str:
        return text

    body = json.dumps({"text": "a"}).encode()
    assert ask(app, "POST", "/reminders", body, "application/json")[0] == 200
    body = json.dumps({"text": "a", "others": [TOO_LONG]}).encode()
    status, answer = ask(app, "POST", "/reminders", body, "application/json")
    (error,) = answer["detail"]
    assert status == 422
    assert (error["type"], error["loc"]) == ("max_segments", ["body", "others", 0])
    assert (error["msg"], error["ctx"]["segment_count"]) == (MESSAGE, 2)
    assert ask(app, "GET", f"/count?{urlencode({'text': TOO_LONG})}")[0] == 422
    assert ask(app, "GET", "/count?text=a") == (200, "a")
    openapi = ask(app, "GET", "/openapi.json")[1]
    schema = openapi["components"]["schemas"]["Reminder"]["properties"]["text"]
    assert (schema["maxLength"], schema["x-sms"]) == (160, {"max_segments": 1})
    (parameter,) = openapi["paths"]["/count"]["get"]["parameters"]
    assert parameter["schema"]["maxLength"] == 160
