"""The machines that find clusters: complete, and small enough for the tables."""

from __future__ import annotations

import pytest

from septet.standard.cluster_machines import MACHINES, START
from septet.standard.graphemes import WIDTH


@pytest.mark.parametrize("name", MACHINES)
def test_states(name) -> None:
    """Every character has a next state, and the tables have room for all states."""
    classes, step = MACHINES[name]
    assert len(set(classes)) == len(classes) < WIDTH
    states, waiting = {START}, [START]
    while waiting:
        state = waiting.pop()
        for char in classes:
            joins, following = step(state, char)
            assert isinstance(joins, bool)
            if following not in states:
                states.add(following)
                waiting.append(following)
    assert len(states) < WIDTH


@pytest.mark.parametrize("name", MACHINES)
def test_a_cluster_begins_with_the_text(name) -> None:
    """And behind a line end, whatever the character."""
    classes, step = MACHINES[name]
    for char in classes:
        assert not step(START, char)[0]
        for line in ("lf", "control"):
            assert not step(step(START, line)[1], char)[0]


@pytest.mark.parametrize(
    ("name", "joins"), [("unicode", True), ("unicode-10", False)], ids=["unicode", "unicode-10"]
)
def test_carriage_return_and_line_feed(name, joins) -> None:
    """One cluster by UAX #29, two in Twilio's calculator."""
    step = MACHINES[name].step
    assert step(step(START, "cr")[1], "lf")[0] is joins
