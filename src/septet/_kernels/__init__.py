"""Choose the implementation of the kernels, once, at import.

The environment variable `SEPTET_IMPLEMENTATION` selects `compiled` or `python`. If it is unset, the
compiled implementation is used if it was built. Compiled modules that exist but cannot be imported
are an error: there is no silent change to Python. A process can load the compiled implementation
in one of its interpreters only; the others use Python.
"""

import os
import sys
from functools import cache
from importlib import import_module
from types import ModuleType, SimpleNamespace

_selected = os.environ.get("SEPTET_IMPLEMENTATION")
# The Python implementation is used although it was not selected, because the compiled one was not
# built, or because another interpreter of this process may have loaded it.
IS_FALLBACK = IS_SECOND_INTERPRETER = False


def _is_main_interpreter() -> bool:
    for name in ("_interpreters", "_xxsubinterpreters"):  # of Python 3.13 and newer, and of older
        try:
            interpreters = import_module(name)
        except ModuleNotFoundError:
            continue
        return bool(interpreters.get_current() == interpreters.get_main())
    return True


_NAMES = {
    "callbacks": ("keep_pending_exceptions",),
    "decoding": ("GSM7", "UCS2", "read_segment", "read_text"),
    "delimited": ("NO_WHOLE_RECORD", "OTHER_RECORD", "VIEWS_FULL", "WHOLE_RECORD", "read_records"),
    "examples": ("find_shortest",),
    "filling": ("fill_rows",),
    "hashing": ("HashSet", "Hasher", "find_sent_rows"),
    "json_lines": ("JsonRows",),
    "pages": ("longest_value",),
    "parquet": ("TextPages",),
    "rcs": ("RcsCounter", "utf8_length"),
    "rewriting": ("Rewriter", "encode_texts"),
    "savings": ("SavingsCounts",),
    "snappy": ("decompress_snappy",),
    "sums": ("sum_counts",),
    "tally": (
        *("ADDED_DECIMALS", "LOST_DIGITS", "NOT_E164", "NO_NUMBER", "NO_RATE"),
        *("PrefixIndex", "add_to_sums", "are_utf8", "copy_dictionary_facts"),
        *(
            "count_distinct_rows",
            "count_empty",
            "find_rows_beyond",
            "find_wrong_decoding",
            "join_rows",
        ),
    ),
    "texts": ("Transliterator", "truncate"),
    "values": ("GroupCounts", "ValueIndex", "choose_by_network"),
    "wire": ("Encoder", "from_septets", "pack", "to_septets", "unpack"),
    "writing": ("append_fields", "make_records", "number_prices"),
}
"""The modules of an implementation besides the kernel of the rules: loaded when first used."""
_PATH = globals()["__path__"]
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}


def _check_modules() -> None:
    """Raise ModuleNotFoundError if a compiled module is missing, without loading the others."""
    for module in _NAMES:
        name = f"{__name__}._compiled_{module}"
        if not any(finder.find_spec(name, _PATH) for finder in sys.meta_path):
            import_module(name)


TYPE_CHECKING = False
if TYPE_CHECKING or _selected == "python":
    from .python.kernel import *
elif _selected == "compiled":
    from ._compiled import *

    _check_modules()
elif _selected is None:
    try:
        from ._compiled import *

        _check_modules()
    except ImportError as error:
        is_missing = (error.name or "").startswith(f"{__name__}._compiled")
        if not (is_missing and isinstance(error, ModuleNotFoundError)):
            if _is_main_interpreter():
                raise
            IS_SECOND_INTERPRETER = True
        IS_FALLBACK = True
        from .python.kernel import *
else:
    raise ImportError(
        f"SEPTET_IMPLEMENTATION must be 'compiled', 'python' or unset, not {_selected!r}"
    )
if TYPE_CHECKING:
    from typing import Any

    from .python.callbacks import *
    from .python.decoding import *
    from .python.delimited import *
    from .python.examples import *
    from .python.filling import *
    from .python.hashing import *
    from .python.json_lines import *
    from .python.pages import *
    from .python.parquet import *
    from .python.rcs import *
    from .python.rewriting import *
    from .python.savings import *
    from .python.snappy import *
    from .python.sums import *
    from .python.tally import *
    from .python.texts import *
    from .python.values import *
    from .python.wire import *
    from .python.writing import *
else:

    def __getattr__(name):
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = vars(_import(_MODULE_OF[name], globals()["IMPLEMENTATION"]))[name]
        globals()[name] = value
        return value


def _import(module: str, implementation: str) -> ModuleType:
    path = f".python.{module}" if implementation == "python" else f"._compiled_{module}"
    return import_module(path.removesuffix("_kernel"), __name__)


class Functions(SimpleNamespace):
    """The names of one implementation; its modules are loaded when first used, as above."""

    def __getattr__(self, name: str) -> "Any":
        if name not in _MODULE_OF:
            raise AttributeError(f"the kernels have no attribute {name!r}")
        value = vars(_import(_MODULE_OF[name], self.IMPLEMENTATION))[name]
        setattr(self, name, value)
        return value


@cache
def load(implementation: str) -> Functions:
    """Return the names of one implementation, whichever is in use.

    Args:
        implementation: "compiled" or "python".

    Raises:
        ModuleNotFoundError: The compiled implementation was not built.
    """
    kernel = _import("kernel", implementation)
    return Functions(**{name: vars(kernel)[name] for name in kernel.__all__})
