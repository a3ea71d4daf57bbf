"""Rates of all rows together: which one counts where several are for the same numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time
from itertools import chain
from typing import NamedTuple, TypeAlias

from ..rate import Rate
from ..rate_range import network_key
from .cells import Terms
from .destinations import DEFAULT_PREFIX, Place
from .report import Problems, Report
from .values.countries import Country, countries_of_code

__all__ = ["ListedRates", "merge_rates"]


class ListedRates(NamedTuple):
    """The rates that the rows of a list give, in two lists of one length.

    Attributes:
        rates: The rates; their prefix may be `DEFAULT_PREFIX`.
        terms: For each of them, what its row tells beside prefixes and prices.
        unpriced: The prefixes and countries of rows without a price.
        expanded: The countries that have their own prefixes instead of a code that is shared.
    """

    rates: list[Rate]
    terms: list[Terms]
    unpriced: list[tuple[tuple[str, ...], Place]]
    expanded: dict[Country, tuple[str, ...]]

    def countries(self) -> set[Country]:
        """Return the countries that the list names."""
        distinct = {id(terms): terms.place for terms in self.terms}  # many rows share them
        places = chain(distinct.values(), (place for _, place in self.unpriced))
        return {place.country for place in places if place.country is not None}


_Key: TypeAlias = tuple[str, str, str, date | None]


def merge_rates(listed: ListedRates, problems: Problems, report: Report) -> list[Rate]:
    """Return the rates of a list.

    Args:
        listed: What its rows give.
        problems: Gets an error for each two prices of the same numbers, network and day.
        report: Gets what was settled.
    """
    rates = _without_conflicts(listed, problems, report)
    countries = listed.countries()
    defaults = [rate for rate in rates if rate.prefix == DEFAULT_PREFIX]
    if defaults:
        rates = [rate for rate in rates if rate.prefix != DEFAULT_PREFIX]
        rates += _default_rates(defaults, rates, countries)
        report.add("Countries that are not listed", "have the default price of the list")
    for country, prefixes in listed.expanded.items():
        if not country.is_main:
            _report_own_prefixes(country, prefixes, report)
        elif not defaults:
            _report_others(country, countries, report)
    return _without_unpriced(rates, [prefixes for prefixes, _ in listed.unpriced], report)


def _without_conflicts(listed: ListedRates, problems: Problems, report: Report) -> list[Rate]:
    """Return the rates, with one at most for some numbers, network and day.

    A row that is repeated stays, so that a check can find it, unless it stands for one more code of
    a network.
    """
    first: dict[_Key, int] = {}
    rates = listed.rates
    dropped = set()
    for index, rate in enumerate(rates):
        key = rate.kind, rate.prefix, network_key(rate.network), rate.valid_from
        earlier_index = first.setdefault(key, index)
        if earlier_index == index:
            continue
        earlier = rates[earlier_index]
        terms, earlier_terms = listed.terms[index], listed.terms[earlier_index]
        if _is_same(earlier, rate):
            if terms.network_code or rate.place == earlier.place:
                dropped.add(index)
        elif terms.network_code != earlier_terms.network_code and rate.network is not None:
            name = f"{rate.network} ({terms.network_code or 'no code'})"
            report.add("Networks of one name and different prices", f"{name}, {rate.country}")
            rates[index] = replace(rate, network=name)
            first[(rate.kind, rate.prefix, network_key(name), rate.valid_from)] = index
        elif (when := _time(terms)) != (earlier_when := _time(earlier_terms)):
            report.add("Prices of one day", "the last one counts", str(rate.place))
            dropped.add(min((when, index), (earlier_when, earlier_index))[1])
            first[key] = max((when, index), (earlier_when, earlier_index))[1]
        else:
            since = "" if rate.valid_from is None else f" from {rate.valid_from}"
            of_network = "" if rate.network is None else f" of network {rate.network}"
            problems.add(
                str(rate.place),
                f"prefix {rate.prefix}{of_network}{since} already has another rate in "
                f"{earlier.place}",
            )
    return [rate for index, rate in enumerate(rates) if index not in dropped]


def _is_same(one: Rate, other: Rate) -> bool:
    return one == other or replace(one, country=None, network=None) == replace(
        other, country=None, network=None
    )


def _time(terms: Terms) -> time:
    moment = terms.moment
    return time.min if moment is None or moment.time is None else moment.time


def _default_rates(
    defaults: Iterable[Rate], rates: Iterable[Rate], named: set[Country]
) -> list[Rate]:
    """Return rates of the countries that a list does not name, by its default price.

    A country that is not named may share the code of one that is, whose price it must not get.
    """
    taken = {(rate.kind, rate.prefix) for rate in rates}
    others = [
        prefix
        for code in sorted({country.code for country in named})
        for country in _others_of_code(code, named)
        for prefix in country.prefixes
    ]
    return [
        replace(rate, prefix=prefix, country=rate.country or "Other countries")
        for rate in defaults
        for prefix in (*"123456789", *others)
        if (rate.kind, prefix) not in taken
    ]


def _others_of_code(code: str, named: set[Country]) -> list[Country]:
    """Return the countries with a code that a list does not name, but the main one."""
    return [
        country
        for country in countries_of_code(code)
        if country.prefixes and not country.is_main and country not in named
    ]


def _report_own_prefixes(country: Country, prefixes: Sequence[str], report: Report) -> None:
    main = countries_of_code(country.code)[0]
    shown = ", ".join(prefixes[:3]) + (", …" if len(prefixes) > 3 else "")
    report.add(
        "Shared codes", f"{country.name} shares +{country.code} with {main.name}, and has {shown}"
    )


def _report_others(country: Country, named: set[Country], report: Report) -> None:
    names = [other.name for other in _others_of_code(country.code, named)]
    if names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        report.add(
            "Shared codes",
            f"+{country.code} is also the code of {', '.join(names[:3])}{more}, which the list "
            f"does not name: their numbers have the price of {country.name}",
        )


def _without_unpriced(
    rates: Sequence[Rate], unpriced: Sequence[Sequence[str]], report: Report
) -> list[Rate]:
    """Return rates that give numbers without a price of SMS none, not even a shorter prefix's.

    A shorter prefix is replaced by longer ones of all other numbers.
    """
    if not unpriced:
        return [*rates]
    by_prefix: defaultdict[str, list[Rate]] = defaultdict(list)
    for rate in rates:
        if rate.kind == "sms":
            by_prefix[rate.prefix].append(rate)
    for prefixes in unpriced:
        for hole in prefixes:
            if hole in by_prefix:
                continue
            for size in range(len(hole) - 1, 0, -1):
                covering = by_prefix.pop(hole[:size], None)
                if covering is None:
                    continue
                report.add("Numbers without a price", f"+{hole} is left out of +{hole[:size]}")
                for length in range(size, len(hole)):
                    for digit in "0123456789":
                        prefix = hole[:length] + digit
                        if prefix != hole[: length + 1] and prefix not in by_prefix:
                            by_prefix[prefix] = [replace(rate, prefix=prefix) for rate in covering]
    others = (rate for rate in rates if rate.kind != "sms")
    return [*chain.from_iterable(by_prefix.values()), *others]
