"""Chooses the implementation of the kernels, once, at import.

`SEPTET_IMPLEMENTATION` = `compiled` or `python` chooses one. If it is unset, the compiled one is
used where it was built. A compiled implementation that is there but broken is an error: it is never
silently replaced.
"""

import os
from functools import cache
from importlib import import_module
from types import SimpleNamespace

_chosen = os.environ.get("SEPTET_IMPLEMENTATION")
IS_FALLBACK = False  # True if the Python implementation is used only because no other was built

_MODULES = {
    "compiled": ("_compiled", "_compiled_tally", "_compiled_wire"),
    "python": ("python.kernel", "python.tally", "python.wire"),
}

TYPE_CHECKING = False
if TYPE_CHECKING or _chosen == "python":
    from .python.kernel import *
    from .python.tally import *
    from .python.wire import *
elif _chosen == "compiled":
    from ._compiled import *
    from ._compiled_tally import *
    from ._compiled_wire import *
elif _chosen is None:
    try:
        from ._compiled import *
        from ._compiled_tally import *
        from ._compiled_wire import *
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith(f"{__name__}._compiled"):
            raise
        IS_FALLBACK = True
        from .python.kernel import *
        from .python.tally import *
        from .python.wire import *
else:
    raise ImportError(
        f"SEPTET_IMPLEMENTATION must be 'compiled', 'python' or unset, not {_chosen!r}"
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
