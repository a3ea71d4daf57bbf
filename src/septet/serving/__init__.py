"""Run ASGI applications with uvicorn, with limits on what clients can use of the server.

`serve` runs an application until a signal, `Server` runs one in a thread. Both limit the size of
heads, the time to a complete request and the number of connections (`Limits`), and can reject
requests of pages of other sites, but for origins that are allowed. `shared` tells browsers which
these are. `read_body` and `gunzip` limit request bodies.
"""

from .bodies import gunzip, read_body
from .limits import Limits
from .origins import read_origins, shared
from .server import Server, serve

__all__ = ["Limits", "Server", "gunzip", "read_body", "read_origins", "serve", "shared"]
