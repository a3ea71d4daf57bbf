"""Run ASGI applications with uvicorn, with limits on what clients can use of the server.

`serve` runs an application until a signal, `Server` runs one in a thread. Both limit the size of
heads, the time to a complete request and the number of connections (`Limits`), and can reject
requests of pages of other sites. `read_body` and `gunzip` limit request bodies.
"""

from .bodies import gunzip, read_body
from .limits import Limits
from .server import Server, serve

__all__ = ["Limits", "Server", "gunzip", "read_body", "serve"]
