"""Choose the implementation of the kernels, once, at import.

The environment variable `SEPTET_IMPLEMENTATION` selects `compiled` or `python`. If it is unset, the
compiled implementation is used if it was built. Compiled modules that exist but cannot be imported
are an error: there is no silent change to Python. A process can load the compiled implementation
in one of its interpreters only; the others use Python.
"""

import os
from functools import cache
from importlib import import_module
from types import SimpleNamespace

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


_MODULES = {
    "compiled": (
        "_compiled",
        "_compiled_hashing",
        "_compiled_savings",
        "_compiled_tally",
        "_compiled_wire",
    ),
    "python": ("python.kernel", "python.hashing", "python.savings", "python.tally", "python.wire"),
}

TYPE_CHECKING = False
if TYPE_CHECKING or _selected == "python":
    from .python.hashing import *
    from .python.kernel import *
    from .python.savings import *
    from .python.tally import *
    from .python.wire import *
elif _selected == "compiled":
    from ._compiled import *
    from ._compiled_hashing import *
    from ._compiled_savings import *
    from ._compiled_tally import *
    from ._compiled_wire import *
elif _selected is None:
    try:
        from ._compiled import *
        from ._compiled_hashing import *
        from ._compiled_savings import *
        from ._compiled_tally import *
        from ._compiled_wire import *
    except ImportError as error:
        is_missing = (error.name or "").startswith(f"{__name__}._compiled")
        if not (is_missing and isinstance(error, ModuleNotFoundError)):
            if _is_main_interpreter():
                raise
            IS_SECOND_INTERPRETER = True
        IS_FALLBACK = True
        from .python.hashing import *
        from .python.kernel import *
        from .python.savings import *
        from .python.tally import *
        from .python.wire import *
else:
    raise ImportError(
        f"SEPTET_IMPLEMENTATION must be 'compiled', 'python' or unset, not {_selected!r}"
    )


@cache
def load(implementation: str) -> SimpleNamespace:
    """Return the names of one implementation, whichever is in use.

    Args:
        implementation: "compiled" or "python".

    Raises:
        ModuleNotFoundError: The compiled implementation was not built.
    """
    modules = [import_module(f".{name}", __name__) for name in _MODULES[implementation]]
    return SimpleNamespace(**{name: vars(part)[name] for part in modules for name in part.__all__})
