"""compiled == python == oracle, on every string Python can hold and under all options."""

from __future__ import annotations

import csv
import gzip
import inspect
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings

import oracle
import strategies

CORPUS = Path(__file__).parents[2] / "shared/data/nus_sms.csv.gz"


def told(module: ModuleType, text: str, options: dict[str, Any]) -> tuple[object, ...]:
    """Return all that the API over a twin says of a text, or the error."""
    segmenter = module.Segmenter(**options)
    try:
        found = segmenter.analyze(text)
    except ValueError as error:
        return type(error).__name__, error.char, error.index
    return (
        found.encoding.value,
        found.unit_count,
        found.segment_count,
        found.units_left,
        found.locking_shift or 0,
        found.single_shift or 0,
        [
            (segment.body, segment.unit_count, segment.start, segment.stop)
            for segment in segmenter.split(text)
        ],
        list(found.blockers),
        segmenter.count(text),
    )


def expected(text: str, options: dict[str, Any]) -> tuple[object, ...]:
    """Return the same, as the oracle says it."""
    try:
        answer = oracle.analyze(text, **options)
    except oracle.NotGsm7Error as error:
        return "EncodingError", error.char, error.index
    return (
        *answer,
        list(oracle.split(text, **options)),
        list(oracle.blockers(text, **options)),
        oracle.count(text, **options),
    )


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=strategies.cases)
@example(case=("é" * 20, {}))
@example(case=("é" * 40 + "[", {}))
@example(case=("Δ" * 40 + "é[", {}))
@example(case=("a" * 66 + "\ud83d\ude00\u0301" + "b" * 10, {"keep_graphemes": True}))
@example(case=("a" * 66 + "\ud83d\ude00" + "b" * 10, {}))
@example(
    case=("a" * 152 + "\r\n" + "a" * 136 + "€" * 8, {"languages": (1,), "keep_graphemes": True})
)
@example(case=("ç" * 70 + "\u0915" * 70, {"languages": (1, 6)}))
def test_twins_and_oracle_agree(twins, case) -> None:
    """Everything said of a text is the same three times over."""
    text, options = case
    answer = expected(text, options)
    for twin in twins.values():
        assert told(twin, text, options) == answer


@given(text=strategies.texts)
def test_twins_and_oracle_agree_by_default(twins, text) -> None:
    """The same without options: what `count`, `analyze` and `split` of the module say."""
    answer = expected(text, {})
    for twin in twins.values():
        assert told(twin, text, {}) == answer
        assert twin.count(text) == answer[2]


def test_real_messages(twins) -> None:
    """87,300 messages that people wrote count alike in both twins and the oracle."""
    if not CORPUS.exists():
        assert not os.environ.get("CI"), f"{CORPUS.name} must be there in CI"
        pytest.skip(f"{CORPUS.name} is not here")
    with gzip.open(CORPUS, "rt", encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert len(texts) == 87_300
    total = 0
    for text in texts:
        answer = oracle.analyze(text)
        total += answer.segment_count
        bodies = [piece.body for piece in oracle.split(text)]
        for twin in twins.values():
            found = twin.analyze(text)
            assert (
                found.encoding,
                found.unit_count,
                found.segment_count,
                found.units_left,
            ) == answer[:4]
            assert twin.count(text) == answer.segment_count
            assert [segment.body for segment in twin.split(text)] == bodies
    assert total == 90_018


def test_twins_have_the_same_face() -> None:
    """Equal names, parameters and documentation: a caller cannot tell which twin answers."""
    compiled = pytest.importorskip("septet._kernels._compiled")
    from septet._kernels import _python

    assert compiled.__all__ == _python.__all__
    for name in ("count", "analyze", "_cut", "_foreign"):
        one, other = getattr(compiled.Kernel, name), getattr(_python.Kernel, name)
        assert list(inspect.signature(one).parameters) == list(inspect.signature(other).parameters)
        assert inspect.cleandoc(one.__doc__) == inspect.cleandoc(other.__doc__)
    for name in _python.Measurement.__slots__:
        assert hasattr(compiled.Measurement, name)


def test_facts_cannot_be_changed(kernels) -> None:
    """What was measured stays as it was measured, in both twins."""
    found = kernels.analyze("text")
    for name in ("text", "unit_count", "segment_count", "units_left", "segmenter", "other"):
        with pytest.raises(AttributeError):
            setattr(found, name, 1)
        with pytest.raises(AttributeError):
            delattr(found, name)
    assert found.text == "text"
