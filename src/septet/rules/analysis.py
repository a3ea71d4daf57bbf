"""`Analysis`, how a text is counted, and the kernel that makes it from a text and rules."""

from __future__ import annotations

from .._kernels import Kernel, load
from ..standard.encoding import Encoding, Language
from ..standard.graphemes import cluster_rules
from .records import NonGsmCharacter, Segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, NoReturn, TypeAlias

    from .providers import ExceededLimit
    from .rules import Rules

    Implementation: TypeAlias = Literal["compiled", "python"]

__all__ = ["Analysis", "make_kernel"]

_UCS2 = -1  # in place of the index of a pair of tables
_ENCODINGS = Encoding.GSM7, Encoding.UCS2  # members of an enumeration are slow to look up


class Analysis:
    """How a text is counted under some rules: immutable, comparable, hashable, picklable.

    `analyze` makes it. Two are equal if their texts and rules are.
    """

    # A kernel writes to these slots directly.
    __slots__ = {
        "_kernel": None,
        "_pair": None,
        "segment_count": "Segments that are billed.",
        "text": "The text, as a plain `str`.",
        "unit_count": "Septets (GSM-7) or code units (UCS-2) of the text, without any header.",
        "units_left": "Units that still fit into the last segment.",
    }

    _kernel: Kernel
    _pair: int
    segment_count: int
    text: str
    unit_count: int
    units_left: int

    def __init__(self) -> None:
        raise TypeError("analyze() makes an Analysis; it has no constructor")

    @property
    def rules(self) -> Rules:
        """The rules that the text was counted by."""
        rules: Rules = self._kernel.rules
        return rules

    @property
    def encoding(self) -> Encoding:
        """How the text is counted (3GPP TS 23.038, 6.2.1 and 6.2.3)."""
        return _ENCODINGS[self._pair == _UCS2]

    @property
    def locking_shift(self) -> Language | None:
        """The language whose table replaces the default alphabet (6.2.1.2.3), if any."""
        return self._language(0)

    @property
    def single_shift(self) -> Language | None:
        """The language whose table replaces the extension table (6.2.1.2.2), if any."""
        return self._language(1)

    @property
    def non_gsm_characters(self) -> tuple[NonGsmCharacter, ...]:
        """The characters that force UCS-2, each time they occur; searched for on each access.

        With national languages, the pair of tables counts that lacks the fewest of them.
        """
        return self._kernel.non_gsm_characters(self.text) if self._pair == -1 else ()

    @property
    def exceeded_limits(self) -> tuple[ExceededLimit, ...]:
        """The limits that the text exceeds: the provider's first, then the standard's."""
        from .providers import exceeded_limits

        return exceeded_limits(
            self.rules.provider, self.encoding, len(self.text), self.segment_count
        )

    def _repr_html_(self) -> str:
        from ..display.notebook import analysis_html

        return analysis_html(self, self._kernel.split(self.text))

    def _language(self, shift: int) -> Language | None:
        identifier = 0 if self._pair == _UCS2 else self._kernel.pairs[self._pair][shift]
        return Language(identifier) if identifier else None

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"an Analysis is immutable: cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"an Analysis is immutable: cannot delete {name!r}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Analysis):
            return NotImplemented
        return (self.text, self.rules) == (other.text, other.rules)

    def __hash__(self) -> int:
        return hash((self.text, self.rules))

    def __reduce__(self) -> tuple[object, ...]:
        return _analyze, (self.rules, self.text)

    def __repr__(self) -> str:
        return (
            f"Analysis(encoding={self.encoding!r}, unit_count={self.unit_count}, "
            f"segment_count={self.segment_count}, units_left={self.units_left})"
        )


def make_kernel(rules: Rules, implementation: Implementation | None = None) -> Kernel:
    """Return a kernel that counts by some rules.

    Args:
        rules: The rules.
        implementation: "compiled" or "python"; None for the one in use.

    Raises:
        ModuleNotFoundError: The compiled implementation was not built.
    """
    kernel_type = Kernel if implementation is None else load(implementation).Kernel
    kernel: Kernel = kernel_type(
        rules.pairs,
        rules.ucs2,
        Analysis,
        cluster_rules(rules.cluster_rules) if rules.keep_graphemes else None,
        rules.excluded,
        rules,
        Segment,
        NonGsmCharacter,
    )
    return kernel


def _analyze(rules: Rules, text: str) -> Analysis:
    """Restore a pickled `Analysis`."""
    analysis: Analysis = make_kernel(rules).analyze(text)
    return analysis
