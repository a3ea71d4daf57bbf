"""Field effects against the naive way: each text without each value, counted and priced again."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from septet import Encoding, EncodingError, Segmenter
from septet.costing import Batch, Cost, Estimate, Group, RateCard, estimate
from septet.costing.insights.field_effects import FieldEffects

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.0079", "currency": "USD"},
        {"prefix": "44", "price": "0.04", "currency": "GBP", "surcharge": "0.001"},
        {"prefix": "33", "price": "0.5", "currency": "EUR", "per": "message"},
    ]
)
NAMES = ["a", "b", "c"]
TEMPLATES = st.sampled_from(
    [
        "{a}",
        "{a}{b}",
        "Hi {a}, " + "x" * 120 + "{b}{a}",
        "{a}" + "x" * 159 + "{b}",
        "’{a}{b}{c}" + "y" * 60,
        "y" * 300 + "{c}{{}}",
        "z" * 38_000 + "{a}",
        "to all",
    ]
)
VALUES = st.one_of(
    st.sampled_from(["", "Ann", "Łukasz", "’", "€", "x", "y" * 40, "😀", "e\u0301", "z" * 2000]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
RECIPIENTS = st.sampled_from([None, "", "+12", "+13", "+447", "+3363", "+999", "555"])
ROWS = st.lists(st.tuples(VALUES, VALUES, VALUES, RECIPIENTS), max_size=8)
RULES = [Segmenter(), Segmenter(languages=["turkish"]), Segmenter(reference_bits=16)]


def naive(template, rows, segmenter):
    """Return the field_effects of rows, one after the other."""
    blank = segmenter.analyze(template.format_map(dict.fromkeys(NAMES, "")))
    fields = list(dict.fromkeys(name for name in _names(template)))
    field_effects = FieldEffects.of(blank.encoding, blank.segment_count, fields)
    for *values, to in rows:
        filled = dict(zip(NAMES, values, strict=True))
        field_effects.empty.update(name for name in fields if not filled[name])
        its = segmenter.analyze(template.format_map(filled))
        is_foreign = its.encoding != blank.encoding
        beyond = its.segment_count - blank.segment_count
        if not is_foreign and not beyond:
            continue
        field_effects.affected = field_effects.affected + group(its, beyond, to)
        causes = {"ucs2": [], "segments": []}
        for name in fields:
            without = segmenter.analyze(template.format_map(filled | {name: ""}))
            less = its.segment_count - without.segment_count
            if without.encoding != its.encoding:
                causes["ucs2"].append((name, less))
            if less:
                causes["segments"].append((name, less))
        if is_foreign:
            for name, less in causes["ucs2"] or [(None, beyond)]:
                field_effects.into_ucs2[name] += group(its, less, to)
        if beyond:
            for name, less in causes["segments"] or [(None, beyond)]:
                field_effects.into_segments[name] += group(its, less, to)
    return field_effects


def _names(template):
    return (name for name in NAMES for _ in range(template.count("{" + name + "}")))


def group(its, segments, to):
    """Return one message with what it takes beyond."""
    rate = RATES.match(to) if to else None
    if rate is None or its.segment_count > 255:
        return Group(1, segments)
    price = {"33": "0", "1": "0.0079"}.get(rate.prefix, "0.041")
    return Group(1, segments, {rate.currency: Cost(1, segments, segments * Decimal(price))})


def table(rows):
    return {name: [row[at] for row in rows] for at, name in enumerate([*NAMES, "to"])}


def found(source, template, segmenter, **options):
    return estimate(source, template=template, to="to", rates=RATES, segmenter=segmenter, **options)


@pytest.mark.parametrize("segmenter", RULES)
@given(template=TEMPLATES, rows=ROWS, at=st.integers(0, 8))
@example(template="{a}{b}", rows=[("’", "’", "", "+12"), ("x" * 80, "x" * 81, "", "+447")], at=1)
def test_naive(segmenter, template, rows, at):
    """Lists and Arrow tables give the figures of the naive way, in one piece or in two."""
    pa = pytest.importorskip("pyarrow")
    expected = naive(template, rows, segmenter)
    whole = found(table(rows), template, segmenter)
    assert ordered(whole.field_effects) == ordered(expected)
    schema = pa.schema([(name, pa.string()) for name in [*NAMES, "to"]])
    arrow = pa.table(table(rows), schema=schema)
    parts = [arrow.slice(0, at), arrow.slice(at)]
    assert found(iter(parts), template, segmenter, threads=2).to_dict() == whole.to_dict()
    one, other = (found(part, template, segmenter) for part in parts)
    assert (other + one).to_dict() == whole.to_dict()
    assert Estimate.from_json(whole.to_json()).field_effects == whole.field_effects


def ordered(field_effects):
    """Return field_effects as plain values in which the order of the fields is nothing."""
    facts = field_effects.to_dict()
    return facts | {"fields": sorted(facts["fields"], key=lambda its: str(its["field"]))}


def test_who_did_it():
    """One field by itself, each of two by itself, and two only together."""
    rows = [("’", "b", "", "+12"), ("’", "’", "", "+12"), ("x" * 100, "x" * 100, "", "+12")]
    field_effects = found(table(rows), "{a} {b}", Segmenter()).field_effects
    assert (field_effects.encoding, field_effects.segments) == (Encoding.GSM7, 1)
    assert field_effects.affected == Group(3, 1, {"USD": Cost(3, 1, Decimal("0.0079"))})
    counts = {name: group.messages for name, group in field_effects.into_ucs2.items()}
    assert counts == {"a": 1, "b": 0, None: 1}
    assert field_effects.into_segments["a"] == field_effects.into_segments["b"]
    assert field_effects.into_segments["a"] == Group(1, 1, {"USD": Cost(1, 1, Decimal("0.0079"))})
    assert field_effects.into_segments[None] == Group()
    assert field_effects.empty == Counter()


def test_wrong_columns():
    """A batch has a column for each field, as long as that of texts; the encoding may be forced."""
    result = Estimate(template="{a} {b}")
    with pytest.raises(ValueError, match="expected 2 columns for the template, got 1"):
        result.add(Batch(["x y"], values=[["x"]]))
    with pytest.raises(ValueError, match="expected 1 values in a column, got 2"):
        result.add(Batch(["x y"], values=[["x"], ["y", "z"]]))
    with pytest.raises(EncodingError):
        Estimate(Segmenter(encoding="gsm7"), template="’{a}")


def test_other_templates_do_not_add_up():
    """What a field field_effects depends on the text around it."""
    with pytest.raises(ValueError, match="different rules"):
        Estimate(template="{a}") + Estimate(template="{a}!")
    assert (Estimate(template="{a}") + Estimate(template="{a}")).template == "{a}"
    assert Estimate().field_effects is None
