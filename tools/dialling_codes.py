"""Write the dialling codes of costing/rates/lists/values/countries.csv, by phonenumbers.

The prefixes of the first country of a code are the code. Those of another country that shares it
are the first digits of its own mobile and fixed-line numbers: the fewest that no other country of
the code has. The columns `alpha2` and `alpha3` are ISO 3166-1, `mcc` is ITU-T E.212; they and
`names` are written by hand.
"""

import csv
import re._constants as kinds  # the only parser of regular expressions in the standard library
import re._parser as parser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

COUNTRIES = Path(__file__).parents[1] / "src/septet/costing/rates/lists/values/countries.csv"
DIGITS = "0123456789"
KINDS = ("mobile", "fixed_line")
ALL_KINDS = (*KINDS, "pager", "personal_number", "premium_rate", "shared_cost", "toll_free", "voip")


def main() -> None:
    """Write the columns `code` and `prefixes`."""
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = {}
    for code, regions in COUNTRY_CODE_TO_REGION_CODE.items():
        if regions != ("001",):  # not a country
            for region, prefixes in own_prefixes(regions).items():
                codes[region] = str(code), " ".join(f"{code}{prefix}" for prefix in prefixes)
    for row in rows:
        row["code"], row["prefixes"] = codes.get(row["alpha2"], ("", ""))
    with COUNTRIES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def own_prefixes(regions: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the national prefixes of each of the countries that have one code."""
    numbers = {region: set(national_prefixes(region, *ALL_KINDS)) for region in regions}
    own = {regions[0]: [""]}
    for region in regions[1:]:
        others = set().union(*(numbers[other] for other in regions if other != region))
        own[region] = []
        for kind in KINDS:  # with mobile numbers that are another's too, the others are no help
            prefixes = set(national_prefixes(region, kind))
            of_kind = {prefix for prefix in prefixes if not prefix.startswith(tuple(others))}
            if prefixes and not of_kind:
                break
            own[region] += [prefix[: length_of_own(prefix, others)] for prefix in of_kind]
        own[region] = sorted(merged(set(own[region])))
    return own


def length_of_own(prefix: str, others: set[str]) -> int:
    """Return how many digits of a prefix tell its numbers from those of the others."""
    for length in range(1, len(prefix)):
        if not any(other.startswith(prefix[:length]) for other in others):
            return length
    return len(prefix)


def merged(prefixes: set[str]) -> set[str]:
    """Return the shortest prefixes that stand for the same numbers."""
    for length in range(max(map(len, prefixes), default=0), 1, -1):
        for stem in {prefix[:-1] for prefix in prefixes if len(prefix) == length}:
            if prefixes >= (ten := {stem + digit for digit in DIGITS}):
                prefixes = prefixes - ten | {stem}
    return {
        prefix
        for prefix in prefixes
        if not any(prefix[:length] in prefixes for length in range(1, len(prefix)))
    }


def national_prefixes(region: str, *kinds_of_numbers: str) -> Iterator[str]:
    """Yield the first digits of a country's numbers of some kinds."""
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata.leading_digits:
        yield from expand(metadata.leading_digits)
        return
    for kind in kinds_of_numbers:
        numbers = getattr(metadata, kind)
        if numbers and numbers.national_number_pattern:
            yield from expand(numbers.national_number_pattern)


def expand(pattern: str) -> set[str]:
    """Return the shortest prefixes after which a pattern takes any digits."""
    prefixes = set()
    for sequence in sequences(list(parser.parse(pattern))):
        while sequence and len(sequence[-1]) == len(DIGITS):
            sequence.pop()
        found = [""]
        for digits in sequence:
            found = [prefix + digit for prefix in found for digit in digits]
        prefixes |= set(found)
    return merged(prefixes)


def sequences(items: list[Any]) -> Iterator[list[str]]:
    """Yield the digits that are possible at each position, for each way through a pattern."""
    if not items:
        yield []
        return
    (kind, value), *rest = items
    for first in alternatives(kind, value):
        for tail in sequences(rest):
            yield [*first, *tail]


def alternatives(kind: Any, value: Any) -> Iterator[list[str]]:
    """Yield the ways through one item of a pattern."""
    if kind is kinds.LITERAL:
        yield [chr(value)]
    elif kind is kinds.IN:
        yield ["".join(digit for digit in DIGITS if any(has(item, digit) for item in value))]
    elif kind is kinds.SUBPATTERN:
        yield from sequences(list(value[-1]))
    elif kind is kinds.BRANCH:
        for branch in value[1]:
            yield from sequences(list(branch))
    elif kind is kinds.MAX_REPEAT:
        least, most, item = value
        for count in {least, most}:  # further digits do not matter, as all are taken
            yield from sequences(list(item) * count)
    else:
        raise ValueError(f"unknown item {kind} {value}")


def has(item: tuple[Any, Any], digit: str) -> bool:
    """Return whether an item of a character class takes a digit."""
    kind, value = item
    if kind is kinds.LITERAL:
        return chr(value) == digit
    if kind is kinds.RANGE:
        return value[0] <= ord(digit) <= value[1]
    return (kind, value) == (kinds.CATEGORY, kinds.CATEGORY_DIGIT)


if __name__ == "__main__":
    main()
