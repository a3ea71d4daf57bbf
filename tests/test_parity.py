"""compiled == python == oracle, on every string Python can hold and under all options."""

from __future__ import annotations

import csv
import gzip
import importlib
import inspect
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

import oracle
import oracle_wire
import septet
import strategies
from conftest import Implementation
from septet.standard.graphemes import cluster_rules

GSM7 = oracle.TABLES["default"] | oracle.TABLES["extension"]
CORPUS = Path(__file__).parents[2] / "shared/data/nus_sms.csv.gz"


def answer_of(
    implementation: Implementation, text: str, options: dict[str, Any]
) -> tuple[object, ...]:
    """Return all that the API over a implementation says of a text, or the error."""
    segmenter = implementation.Segmenter(**options)
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
        list(found.non_gsm_characters),
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
        list(oracle.non_gsm_characters(text, **options)),
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
@example(case=("€" * 70 + "a", {"provider": strategies.provider_without("€"), "languages": (1,)}))
@example(case=("😀ığ", {"provider": strategies.provider_without("😀ğ"), "languages": (1,)}))
@example(case=("ककகక", {"provider": strategies.provider_without("क"), "languages": (6, 11, 12)}))
@example(case=("a[", {"provider": strategies.provider_without("["), "encoding": "gsm7"}))
@example(
    case=("a" * 71, {"provider": strategies.provider_without("".join(oracle.TABLES["extension"]))})
)
@example(case=("[a\n" * 30, {"provider": strategies.provider_without("".join(GSM7))}))
def test_implementations_and_oracle_agree(implementations, case) -> None:
    """Everything said of a text is the same three times over."""
    text, options = case
    answer = expected(text, options)
    for implementation in implementations.values():
        assert answer_of(implementation, text, options) == answer


@given(text=strategies.texts)
def test_implementations_and_oracle_agree_by_default(implementations, text) -> None:
    """The same without options: what `count`, `analyze` and `split` of the module say."""
    answer = expected(text, {})
    for implementation in implementations.values():
        assert answer_of(implementation, text, {}) == answer
        assert implementation.count(text) == answer[2]


def test_real_messages(implementations) -> None:
    """87,300 messages that people wrote count alike in both implementations and the oracle."""
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
        for implementation in implementations.values():
            found = implementation.analyze(text)
            assert (
                found.encoding,
                found.unit_count,
                found.segment_count,
                found.units_left,
            ) == answer[:4]
            assert implementation.count(text) == answer.segment_count
            assert [segment.body for segment in implementation.split(text)] == bodies
    assert total == 90_018


def test_kernels_have_the_same_interface() -> None:
    """Equal names, parameters and documentation: a caller sees no difference."""
    compiled = pytest.importorskip("septet._kernels._compiled")
    from septet._kernels.python import kernel as _python

    assert compiled.__all__ == _python.__all__
    for name in ("count", "analyze", "split", "non_gsm_characters", "non_gsm_indexes"):
        one, other = getattr(compiled.Kernel, name), getattr(_python.Kernel, name)
        assert list(inspect.signature(one).parameters) == list(inspect.signature(other).parameters)
        assert inspect.cleandoc(one.__doc__) == inspect.cleandoc(other.__doc__)
    for name in ("implementation", "pairs", "clusters", "excluded", "rules"):
        assert hasattr(compiled.Kernel, name)
        assert hasattr(_python.Kernel, name)


def test_wire_functions_have_the_same_interface() -> None:
    """The same of the modules that make and read octets."""
    compiled = pytest.importorskip("septet._kernels._compiled_wire")
    from septet._kernels.python import wire as _python_wire

    assert compiled.__all__ == _python_wire.__all__
    names = {*compiled.__all__} - {"Encoder"}
    functions = [(getattr(compiled, name), getattr(_python_wire, name)) for name in names]
    for one, other in (*functions, (compiled.Encoder.encode, _python_wire.Encoder.encode)):
        assert [
            (parameter.name, parameter.default)
            for parameter in inspect.signature(one).parameters.values()
        ] == [
            (parameter.name, parameter.default)
            for parameter in inspect.signature(other).parameters.values()
        ]
        assert one.__doc__.splitlines()[0][:40] == other.__doc__.splitlines()[0][:40]


septets = st.binary(max_size=60).map(lambda octets: bytes(octet & 0x7F for octet in octets))


@given(septets=septets, fill_bits=st.integers(0, 6))
@example(septets=b"", fill_bits=0)
@example(septets=b"", fill_bits=3)
@example(septets=b"\x7f" * 161, fill_bits=6)
def test_packing(implementations, septets, fill_bits) -> None:
    """Bits in the order of TS 23.038, 6.1.2.1, behind the fill bits, and back."""
    expected = oracle_wire._octets(
        "0" * fill_bits + "".join(f"{septet:07b}"[::-1] for septet in septets)
    )
    for implementation in implementations.values():
        assert implementation.functions.pack(septets, fill_bits) == expected
        for count in range(len(septets) + 1):
            assert implementation.functions.unpack(expected, count, fill_bits) == septets[:count]


@given(text=strategies.texts, start=st.integers(0, 5))
def test_spelling(implementations, text, start) -> None:
    """Septets up to the first character that the tables lack, from any place on."""
    assume(start <= len(text))
    for locking, single in ((0, 0), (1, 2), (6, 6), (13, 0)):
        known = oracle.LOCKING[locking] | oracle.SINGLE[single]
        stop = next((i for i in range(start, len(text)) if text[i] not in known), len(text))
        expected = oracle_wire._septets(text[start:stop], oracle.Pair(locking, single))
        for implementation in implementations.values():
            assert implementation.functions.to_septets(text, start, locking, single) == (
                expected,
                stop,
            )


@pytest.mark.parametrize(
    ("function", "arguments", "error", "message"),
    [
        ("pack", (b"ab\x80",), ValueError, "octet 0x80 at index 2 is not a septet"),
        ("pack", (b"\xffab",), ValueError, "octet 0xFF at index 0 is not a septet"),
        ("pack", (b"ab", 7), ValueError, "fill_bits must be 0 to 6, not 7"),
        ("unpack", (b"ab", 1, -1), ValueError, "fill_bits must be 0 to 6, not -1"),
        ("unpack", (b"ab", 3), ValueError, "2 octets do not hold 3 septets"),
        ("unpack", (b"ab", 2, 3), ValueError, "2 octets do not hold 2 septets"),
        ("unpack", (b"ab", -1), ValueError, "2 octets do not hold -1 septets"),
        ("to_septets", ("ab", 3, 0, 0), ValueError, "start 3 is not within 0 to 2"),
        ("to_septets", (b"ab", 0, 0, 0), TypeError, "text must be str, not bytes"),
        ("to_septets", ("ab", 0, 2, 0), KeyError, "2"),
        ("to_septets", ("ab", 0, 0, 14), KeyError, "14"),
        ("from_septets", (b"ab", -1, 0, 0, True), ValueError, "start -1 is not within 0 to 2"),
        ("from_septets", (b"ab", 0, -1, 0, True), KeyError, "-1"),
    ],
)
def test_wrong_arguments_for_octets(kernels, function, arguments, error, message) -> None:
    """Nothing is read or written outside of what there is."""
    with pytest.raises(error) as caught:
        getattr(kernels.functions, function)(*arguments)
    assert str(caught.value) == message


def test_facts_cannot_be_changed(kernels) -> None:
    """What was measured stays as it was measured, in both implementations."""
    found = kernels.analyze("text")
    for name in ("text", "unit_count", "segment_count", "units_left", "rules", "other"):
        with pytest.raises(AttributeError):
            setattr(found, name, 1)
        with pytest.raises(AttributeError):
            delattr(found, name)
    assert found.text == "text"


@pytest.mark.parametrize("implementation", ["python", "compiled"])
def test_a_kernel_is_made_once(implementation) -> None:
    """Threads that count with it never see other rules."""
    if implementation == "compiled":
        pytest.importorskip("septet._kernels._compiled")
    module = {"python": "python.kernel", "compiled": "_compiled"}[implementation]
    kernel_type = importlib.import_module(f"septet._kernels.{module}").Kernel
    rules = (((0, 0, 160, 153),), (70, 67), septet.Analysis)
    kernel = kernel_type(*rules)
    with pytest.raises(TypeError, match=r"^Kernel is immutable$"):
        kernel.__init__(*rules)


def test_the_compiled_implementation_checks_before_it_reads() -> None:
    """What would have it read or write beyond its memory is an error instead."""
    compiled = pytest.importorskip("septet._kernels._compiled")
    octets = pytest.importorskip("septet._kernels._compiled_wire")
    without_rules = compiled.Kernel.__new__(compiled.Kernel)
    with pytest.raises(TypeError, match=r"^Kernel\.__init__\(\) was not called$"):
        without_rules.count("text")
    half_made = compiled.Kernel.__new__(compiled.Kernel)
    with pytest.raises(TypeError):
        half_made.__init__(((0, 0, 160, 153),), ("70", 67), septet.Analysis)
    with pytest.raises(TypeError, match=r"^Kernel\.__init__\(\) was not called$"):
        half_made.analyze("text")
    rules = (((0, 0, 160, 153),), (70, 67), septet.Analysis)
    kernel = compiled.Kernel(*rules)
    encoder = octets.Encoder(kernel, tuple, (0, 8), 8, lambda *_: ((0, 8), bytes(141)))
    with pytest.raises(ValueError, match=r"^elements of 141 octets do not fit$"):
        encoder.encode("text", reference=1)


def test_the_compiled_implementation_keeps_the_tables_of_clusters() -> None:
    """Whoever made a kernel may change the list that they came in."""
    compiled = pytest.importorskip("septet._kernels._compiled")
    rules = cluster_rules("unicode")
    tables = [bytes([*rules.classes]), bytes([*rules.transitions]), rules.certain]
    kernel = compiled.Kernel(((0, 0, 160, 153),), (70, 67), septet.Analysis, tables)
    del tables[:]
    assert [units for _, units, *_ in kernel.split("e\u0301" * 40)] == [66, 14]
