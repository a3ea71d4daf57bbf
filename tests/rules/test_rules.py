"""`Rules`: checked, immutable, comparable, and the same after every way to write them."""

from __future__ import annotations

import copy
import inspect
import json
import pickle

import pytest
from hypothesis import given

import septet
import strategies
from septet import Encoding, Language, Rules
from septet.standard.limits import code_unit_capacity, septet_capacity


def test_defaults_are_shown() -> None:
    """`help()` shows the values, although given values are distinguished from them."""
    for made in (Rules, septet.Segmenter):
        defaults = [parameter.default for parameter in inspect.signature(made).parameters.values()]
        assert repr(defaults) == "[None, 8, (), False, 0, None]"
    assert Rules(None, 8, (), False, 0, None) == Rules()


@given(options=strategies.options)
def test_rules_are_values(options) -> None:
    """Equal, with equal hashes, after pickling, copying and `repr`."""
    rules = Rules(**options)
    for made in (
        pickle.loads(pickle.dumps(rules)),
        copy.copy(rules),
        copy.deepcopy(rules),
        Rules(**rules.options),
        eval(repr(rules), vars(septet)),
    ):
        assert made == rules
        assert hash(made) == hash(rules)
        assert (made.pairs, made.ucs2) == (rules.pairs, rules.ucs2)


def test_rules_differ() -> None:
    """By each option, and from anything else."""
    rules = Rules()
    for options in (
        {"encoding": "ucs2"},
        {"reference_bits": 16},
        {"languages": ["urdu"]},
        {"header_octets": 1},
        {"provider": "vonage"},
    ):
        assert Rules(**options) != rules
    assert rules != "rules"


def test_rules_are_immutable() -> None:
    """Neither an attribute nor a second `__init__` changes them."""
    rules = Rules(reference_bits=16)
    with pytest.raises(AttributeError, match=r"^Rules are immutable: cannot set 'reference_bits'$"):
        rules.reference_bits = 8
    with pytest.raises(AttributeError, match=r"^Rules are immutable: cannot delete 'languages'$"):
        del rules.languages
    with pytest.raises(TypeError, match=r"^Rules are immutable$"):
        rules.__init__()
    assert rules.reference_bits == 16


def test_json() -> None:
    """Plain values, and the same rules from them; unknown keys are ignored."""
    rules = Rules(Encoding.GSM7, 16, [Language.URDU, "turkish"], False, 4, "telnyx")
    described = rules.to_dict()
    assert described == {
        "encoding": "gsm7",
        "reference_bits": 16,
        "languages": ["turkish", "urdu"],
        "keep_graphemes": False,
        "header_octets": 4,
        "provider": "telnyx",
    }
    assert Rules.from_dict(json.loads(json.dumps(described)) | {"newer": 1}) == rules
    assert Rules.from_dict({}) == Rules()
    assert Rules.from_dict(Rules().to_dict()) == Rules()


def test_pairs_and_capacities() -> None:
    """The septets and code units that each header leaves, the plainest pair first."""
    rules = Rules(languages=["turkish"], header_octets=2)
    assert rules.pairs[0] == (0, 0, septet_capacity(2), septet_capacity(7))
    assert rules.pairs[-1] == (1, 1, septet_capacity(8), septet_capacity(13))
    assert rules.ucs2 == (code_unit_capacity(2), code_unit_capacity(7))
    assert Rules(encoding="gsm7").ucs2 is None
    assert Rules(encoding="ucs2").pairs == ()
