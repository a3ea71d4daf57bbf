"""The tables of `alphabet_data`, compared with an independent list."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from septet import Language
from septet.standard.alphabets import (
    ESCAPE,
    LOCKING_IDS,
    SINGLE_IDS,
    locking_chars,
    locking_table,
    single_chars,
    single_table,
)

FACTS: dict[str, dict[str, int]] = defaultdict(dict)
CHARS: dict[str, list[str]] = defaultdict(lambda: [""] * 128)
with (Path(__file__).parents[1] / "vectors/alphabets.csv").open(
    encoding="utf-8", newline=""
) as file:
    for row in csv.DictReader(file):
        char = chr(int(row["code_point"].removeprefix("U+"), 16))
        FACTS[row["table"]].setdefault(char, int(row["septet"], 16))
        CHARS[row["table"]][int(row["septet"], 16)] = char


def name(identifier: int, shift: str, default: str) -> str:
    """Return the name of a table in the list."""
    return f"{Language(identifier).name.lower()}_{shift}" if identifier else default


@pytest.mark.parametrize("identifier", LOCKING_IDS)
def test_locking_tables(identifier) -> None:
    """Every character of every locking table has the lowest of its septets."""
    assert dict(locking_table(identifier)) == FACTS[name(identifier, "locking", "default")]


@pytest.mark.parametrize("identifier", SINGLE_IDS)
def test_single_shift_tables(identifier) -> None:
    """Every character of every single shift table has the lowest of its septets."""
    assert dict(single_table(identifier)) == FACTS[name(identifier, "single", "extension")]


@pytest.mark.parametrize("identifier", LOCKING_IDS)
def test_what_a_septet_reads(identifier) -> None:
    """All 128 septets, including those that senders do not use, have their characters."""
    assert list(locking_chars(identifier)) == CHARS[name(identifier, "locking", "default")]


@pytest.mark.parametrize("identifier", SINGLE_IDS)
def test_what_an_escaped_septet_reads(identifier) -> None:
    """All 128 escaped septets have their characters; the Indic tables have * and ¡ twice."""
    assert list(single_chars(identifier)) == CHARS[name(identifier, "single", "extension")]


def test_every_handset_has_the_default() -> None:
    """Without an identifier, functions use the default tables (TS 23.038, 6.2.1, 6.2.1.1)."""
    assert (locking_chars(), single_chars()) == (locking_chars(0), single_chars(0))
    assert (locking_table(), single_table()) == (locking_table(0), single_table(0))


def test_all_tables_are_there() -> None:
    """27 tables: two default tables, 12 locking and 13 single shift tables."""
    assert len(LOCKING_IDS) + len(SINGLE_IDS) == len(FACTS) == 27
    assert LOCKING_IDS[0] == SINGLE_IDS[0] == 0
    assert Language.SPANISH not in LOCKING_IDS
    with pytest.raises(KeyError):
        locking_table(Language.SPANISH)


def test_no_character_is_an_escape() -> None:
    """No table has a character for 0x1B (TS 23.038, 6.2.1)."""
    for identifier in LOCKING_IDS:
        assert ESCAPE not in locking_table(identifier).values()
    for identifier in SINGLE_IDS:
        assert ESCAPE not in single_table(identifier).values()


def test_tables_cannot_be_changed() -> None:
    """Callers cannot change the tables that the kernels use."""
    with pytest.raises(TypeError):
        locking_table()["ç"] = 9  # type: ignore[index]
