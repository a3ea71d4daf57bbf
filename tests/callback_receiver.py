"""A receiver of callbacks on a real socket, as good or bad as a test wants it."""

from __future__ import annotations

import json

from septet.serving import Server


class Receiver:
    """Keeps what is posted and answers `status`; a context manager.

    Attributes:
        status: What it answers; may be changed.
        bodies: What it answered 2xx to.
        refused: What it answered otherwise to.
        headers: Those of the latest request.
    """

    def __init__(self, status=200, port=0):
        self.status = status
        self.bodies = []
        self.refused = []
        self.headers = {}
        self._server = Server(self, port=port)

    def __enter__(self):
        self._server.__enter__()
        self.url = f"{self._server.url}/callbacks"
        return self

    def __exit__(self, *exception):
        self._server.__exit__(*exception)

    @property
    def events(self):
        return [event for body in self.bodies for event in json.loads(body)]

    def event_fields(self, *fields):
        """Return the given fields of all events."""
        return [tuple(event.get(field) for field in fields) for event in self.events]

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        status = self.status
        (self.bodies if 200 <= status < 300 else self.refused).append(body)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})
