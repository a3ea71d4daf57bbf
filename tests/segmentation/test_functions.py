"""The functions of the package."""

from __future__ import annotations

import septet


def test_module_functions_are_those_of_the_default_segmenter() -> None:
    """One set of rules, one way to count."""
    text = "’" * 68
    assert septet.count(text) == septet.Segmenter().count(text) == 1
    assert septet.analyze(text) == septet.Segmenter().analyze(text)
    assert septet.split(text=text) == septet.Segmenter().split(text=text)
    assert septet.count(text=text) == 1
