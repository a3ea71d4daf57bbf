"""The door to the twins: chooses one, once, at import; nothing else.

`SEPTET_IMPLEMENTATION` = `compiled` or `python` chooses; unset takes the compiled twin if it was
built. A compiled twin that is there but broken is an error and never a silent change of twin.
"""

import os

_wanted = os.environ.get("SEPTET_IMPLEMENTATION")
IS_FALLBACK = False  # the Python implementation runs, and nobody asked for it

TYPE_CHECKING = False
if TYPE_CHECKING or _wanted == "python":
    from .python.kernel import *
    from .python.tally import *
    from .python.wire import *
elif _wanted == "compiled":
    from ._compiled import *
    from ._compiled_tally import *
    from ._compiled_wire import *
elif _wanted is None:
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
        f"SEPTET_IMPLEMENTATION must be 'compiled', 'python' or unset, not {_wanted!r}"
    )
