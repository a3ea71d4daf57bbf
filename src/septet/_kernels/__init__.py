"""Choose the implementation of the kernels, once, at import.

The environment variable `SEPTET_IMPLEMENTATION` selects `compiled` or `python`. If it is unset, the
compiled implementation is used if it was built. Compiled modules that exist but cannot be imported
are an error: there is no silent change to Python.
"""

import os

_selected = os.environ.get("SEPTET_IMPLEMENTATION")
IS_FALLBACK = False  # the Python implementation is used although it was not selected

TYPE_CHECKING = False
if TYPE_CHECKING or _selected == "python":
    from .python.kernel import *
    from .python.tally import *
    from .python.wire import *
elif _selected == "compiled":
    from ._compiled import *
    from ._compiled_tally import *
    from ._compiled_wire import *
elif _selected is None:
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
        f"SEPTET_IMPLEMENTATION must be 'compiled', 'python' or unset, not {_selected!r}"
    )
