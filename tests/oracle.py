"""The judge: a third implementation of the counting rules, naive on purpose.

It is written clause by clause from 3GPP TS 23.038 (alphabets) and TS 23.040 (short messages), to be
held against them by a reader; it never imports septet. Where a kernel computes, this file lists:
every character with its cost, every pair of tables, every place where a text may be cut. The
characters come from vectors/alphabets.csv.

Options are plain values: `encoding` (None, "gsm7" or "ucs2"), `reference_bits` (8 or 16),
`languages` (identifiers of TS 23.038, table 6.2.1.2.4.1), `keep_graphemes` and `header_octets`
(of other information elements, without TP-UDHL). `provider` is None, or has as `excluded` the
characters that a provider sends in no table. They are taken as valid.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Protocol, TypedDict, Unpack

import oracle_clusters

# TS 23.038, table 6.2.1.2.4.1: the identifiers 1 to 13, in order. Here 0 is the default table.
LANGUAGES = (
    *("turkish", "spanish", "portuguese", "bengali", "gujarati", "hindi", "kannada"),
    *("malayalam", "oriya", "punjabi", "tamil", "telugu", "urdu"),
)

# TS 23.040, 9.2.3.24: TP-UD holds at most 140 octets.
USER_DATA_OCTETS = 140


class Provider(Protocol):
    """Whose own alphabet is smaller than the standard's."""

    @property
    def excluded(self) -> str: ...


class Options(TypedDict, total=False):
    """The options of every public function here, all of them optional."""

    encoding: str | None
    reference_bits: int
    languages: Iterable[int]
    keep_graphemes: bool
    header_octets: int
    provider: Provider | None


class Rules(NamedTuple):
    """The options with their defaults filled in."""

    encoding: str | None = None
    reference_bits: int = 8
    languages: Iterable[int] = ()
    keep_graphemes: bool = False
    header_octets: int = 0
    provider: Provider | None = None


class Answer(NamedTuple):
    """What a text takes; `units_left` is of the last segment, shift 0 is the default table."""

    encoding: str
    unit_count: int
    segment_count: int
    units_left: int
    locking_shift: int
    single_shift: int


class Piece(NamedTuple):
    """One segment: its text, its units, and where it stands in the whole text."""

    body: str
    unit_count: int
    start: int
    stop: int


class Pair(NamedTuple):
    """The main table and the table behind the escape, by language identifier."""

    locking: int
    single: int


class Plan(NamedTuple):
    """One way to send a text: units of each character, UDH octets and units of each segment."""

    encoding: str
    pair: Pair
    costs: list[int]
    octets: int
    capacity: int
    pieces: list[Piece]


class NotGsm7Error(ValueError):
    """GSM 7-bit was asked for, and the text has a character that it lacks."""

    def __init__(self, char: str, index: int) -> None:
        super().__init__(char, index)
        self.char = char
        self.index = index


def _read_tables() -> dict[str, set[str]]:
    tables: dict[str, set[str]] = {}
    path = Path(__file__).with_name("vectors") / "alphabets.csv"
    with path.open(encoding="ascii", newline="") as file:
        for row in csv.DictReader(file):
            characters = tables.setdefault(row["table"], set())
            characters.add(chr(int(row["code_point"].removeprefix("U+"), 16)))
    return tables


TABLES = _read_tables()

# TS 23.038, 6.2.1 and 6.2.1.1: without a shift, the default alphabet and its extension table.
# 6.2.1.2.3: a locking shift table replaces the default alphabet.
# 6.2.1.2.2: a single shift table replaces the extension table.
LOCKING = {0: TABLES["default"]}
SINGLE = {0: TABLES["extension"]}
for _number, _name in enumerate(LANGUAGES, start=1):
    SINGLE[_number] = TABLES[f"{_name}_single"]
    if f"{_name}_locking" in TABLES:  # Spanish has none
        LOCKING[_number] = TABLES[f"{_name}_locking"]


def analyze(text: str, **options: Unpack[Options]) -> Answer:
    """Return what a text takes.

    Args:
        text: The whole message.
        **options: See the module's first lines.

    Raises:
        NotGsm7Error: If GSM 7-bit is forced and a character of the text is not in it.
    """
    plan = _best_plan(text, _rules(options))
    return Answer(
        plan.encoding,
        sum(plan.costs),
        len(plan.pieces),
        plan.capacity - plan.pieces[-1].unit_count,
        plan.pair.locking,
        plan.pair.single,
    )


def count(text: str, **options: Unpack[Options]) -> int:
    """Return how many segments a text takes."""
    return analyze(text, **options).segment_count


def split(text: str, **options: Unpack[Options]) -> list[Piece]:
    """Cut a text into its segments."""
    return _best_plan(text, _rules(options)).pieces


def non_gsm_characters(text: str, **options: Unpack[Options]) -> list[tuple[str, int]]:
    """List every character, with its index, that keeps a text out of GSM 7-bit.

    None does if UCS-2 is forced: GSM 7-bit was not asked for.
    """
    rules = _rules(options)
    if rules.encoding == "ucs2" or _best_plan(text, rules).encoding == "gsm7":
        return []
    return _missing(text, rules)


def fewest_segments(text: str, **options: Unpack[Options]) -> int:
    """Find the fewest segments by trying every cut in every allowed pair of tables.

    What `count` answers is found by greedy filling; this shows that no other division is shorter.
    It is dynamic programming in quadratic time: for short texts.
    """
    rules = _rules(options)
    best_plan = _best_plan(text, rules)
    plans = [best_plan] if best_plan.encoding == "ucs2" else _gsm7_plans(text, rules)
    return min(_fewest_by_every_cut(text, plan, rules) for plan in plans)


def _rules(options: Options) -> Rules:
    rules = Rules(**options)
    return rules._replace(languages=tuple(rules.languages))


def _best_plan(text: str, rules: Rules) -> Plan:
    """Choose the encoding, and in GSM 7-bit the tables."""
    if rules.encoding == "ucs2":
        return _ucs2_plan(text, rules)
    plans = _gsm7_plans(text, rules)
    if plans:
        return min(plans, key=_bill)
    if rules.encoding == "gsm7":
        raise NotGsm7Error(*_missing(text, rules)[0])
    return _ucs2_plan(text, rules)


def _bill(plan: Plan) -> tuple[int, int, tuple[int, bool, int, int]]:
    """Sort plans: fewest segments, fewest septets with all their headers, plainest tables."""
    # TS 23.040, 9.2.3.24: the text begins at the next septet boundary behind the header, which
    # so takes whole septets. Every segment has one.
    header_septets = -(-8 * plan.octets // 7)
    segment_count = len(plan.pieces)
    return segment_count, sum(plan.costs) + segment_count * header_septets, _plainness(plan.pair)


def _plainness(pair: Pair) -> tuple[int, bool, int, int]:
    """Sort pairs: fewest national tables, single shift alone before locking alone, lowest ids."""
    national_tables = (pair.locking != 0) + (pair.single != 0)
    locking_alone = pair.locking != 0 and pair.single == 0
    return national_tables, locking_alone, pair.locking, pair.single


def _pairs(rules: Rules) -> list[Pair]:
    """List the allowed pairs of tables.

    TS 23.038, 6.2.1.2: both shifts may be there, and they need not be of one language.
    """
    enabled = [0, *rules.languages]
    return [
        Pair(locking, single) for locking in enabled if locking in LOCKING for single in enabled
    ]


def _missing(text: str, rules: Rules) -> list[tuple[str, int]]:
    """List what the pair lacks that lacks the fewest occurrences, and is plainest of those."""

    def lacks(pair: Pair) -> list[tuple[str, int]]:
        known = (LOCKING[pair.locking] | SINGLE[pair.single]) - _excluded(rules)
        return [(char, index) for index, char in enumerate(text) if char not in known]

    best_pair = min(_pairs(rules), key=lambda pair: (len(lacks(pair)), _plainness(pair)))
    return lacks(best_pair)


def _excluded(rules: Rules) -> set[str]:
    return set(rules.provider.excluded) if rules.provider else set()


def _gsm7_plans(text: str, rules: Rules) -> list[Plan]:
    """List one plan for every allowed pair of tables that has all characters of the text."""
    plans = []
    for pair in _pairs(rules):
        costs = None if _excluded(rules) & set(text) else _septets(text, pair)
        if costs is not None:
            plans.append(_plan(text, "gsm7", pair, costs, rules))
    return plans


def _septets(text: str, pair: Pair) -> list[int] | None:
    """List the septets of each character, or None if the pair cannot carry the text.

    TS 23.038, 6.2.1.1: a character of the second table is sent as the escape and its code. The
    escape itself (0x1B) is no character: no table has one at that place.
    """
    costs = []
    for char in text:
        if char in LOCKING[pair.locking]:
            costs.append(1)
        elif char in SINGLE[pair.single]:
            costs.append(2)
        else:
            return None
    return costs


def _ucs2_plan(text: str, rules: Rules) -> Plan:
    """Plan for 16-bit code units (TS 23.038, 6.2.3); astral characters take two (UTF-16)."""
    costs = [2 if ord(char) > 0xFFFF else 1 for char in text]
    return _plan(text, "ucs2", Pair(0, 0), costs, rules)  # the shifts mean nothing with UCS-2


def _plan(text: str, encoding: str, pair: Pair, costs: list[int], rules: Rules) -> Plan:
    """Send in one segment if all fits, else in several with a concatenation element in each."""
    octets = _udh_octets(pair, rules, concatenated=False)
    capacity = _capacity(encoding, octets)
    if sum(costs) <= capacity:
        return Plan(
            encoding, pair, costs, octets, capacity, [Piece(text, sum(costs), 0, len(text))]
        )
    octets = _udh_octets(pair, rules, concatenated=True)
    capacity = _capacity(encoding, octets)
    return Plan(encoding, pair, costs, octets, capacity, _fill(text, costs, capacity, rules))


def _udh_octets(pair: Pair, rules: Rules, *, concatenated: bool) -> int:
    """Add up the octets of the user data header.

    TS 23.040, 9.2.3.24: TP-UDHL takes one more; without any element there is no header at all.
    """
    elements = rules.header_octets
    if concatenated:
        elements += 5 if rules.reference_bits == 8 else 6  # 9.2.3.24.1 and 9.2.3.24.8
    if pair.single:
        elements += 3  # 9.2.3.24.15
    if pair.locking:
        elements += 3  # 9.2.3.24.16
    return 1 + elements if elements else 0


def _capacity(encoding: str, octets: int) -> int:
    """Compute the units behind a header; fill bits and an odd last octet stay unused (9.2.3.24)."""
    bits = 8 * (USER_DATA_OCTETS - octets)
    return bits // 7 if encoding == "gsm7" else bits // 16


def _fill(text: str, costs: list[int], capacity: int, rules: Rules) -> list[Piece]:
    """Fill greedily: what stands between two allowed cuts joins the segment if it still fits."""
    pieces = []
    start = end = used = 0
    for cut in _cuts(text, costs, capacity, rules):
        cost = sum(costs[end:cut])
        if used + cost > capacity:
            pieces.append(Piece(text[start:end], used, start, end))
            start, used = end, 0
        used += cost
        end = cut
    pieces.append(Piece(text[start:end], used, start, end))
    return pieces


def _cuts(text: str, costs: list[int], capacity: int, rules: Rules) -> list[int]:
    """List the indexes at which a segment may end, the end of the text included.

    TS 23.040, 9.2.3.24.1: neither an escape pair nor a UCS-2 character is divided. Each is one
    character of a `str`, and so is an astral one; only a surrogate pair that stands in the `str`
    as two characters needs care.
    """
    indexes = range(1, len(text) + 1)
    cuts = [index for index in indexes if not _is_surrogate_pair(text[index - 1 : index + 1])]
    if not rules.keep_graphemes:
        return cuts

    # A cluster reaches from one place that both rules allow to the next.
    ends = oracle_clusters.cluster_ends(text)
    kept = []
    cluster: list[int] = []  # the cuts within the cluster, and its end
    start = 0
    for cut in cuts:
        cluster.append(cut)
        if cut in ends:
            fits = sum(costs[start:cut]) <= capacity
            kept.extend([cut] if fits else cluster)  # too large for a segment: as if no cluster
            start, cluster = cut, []
    return kept


def _is_surrogate_pair(chars: str) -> bool:
    return len(chars) == 2 and "\ud800" <= chars[0] <= "\udbff" and "\udc00" <= chars[1] <= "\udfff"


def _fewest_by_every_cut(text: str, plan: Plan, rules: Rules) -> int:
    """Compute, for each allowed cut, the fewest segments that reach it."""
    single_capacity = _capacity(plan.encoding, _udh_octets(plan.pair, rules, concatenated=False))
    if sum(plan.costs) <= single_capacity:
        return 1
    capacity = _capacity(plan.encoding, _udh_octets(plan.pair, rules, concatenated=True))
    fewest = {0: 0}
    for stop in _cuts(text, plan.costs, capacity, rules):
        reached = []
        for start in reversed(range(stop)):
            if sum(plan.costs[start:stop]) > capacity:
                break  # and from further back it is still more
            if start in fewest:
                reached.append(1 + fewest[start])
        fewest[stop] = min(reached)
    return fewest[len(text)]
