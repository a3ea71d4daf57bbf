"""The HTTP API: requests to answers; the only place that knows Starlette. Extra `serve`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ....exceptions import MissingExtraError
from ....serving import read_body
from ..access import Access
from ..clock import timestamp
from ..delivery.processor import EVERY_ACCOUNT, Provider
from ..faults import Fault
from ..log import Log
from ..messages import Record
from .media import MAX_MEDIUM_BYTES, MediaStore
from .message_requests import RefusedError, read_message
from .page import happenings, page
from .search import SearchError, search

try:
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route
except ImportError as error:
    raise MissingExtraError("starlette", "serve", "septet.bandwidth.sandbox") from error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["API", "TOKEN", "Application"]

API = "/api/v2"
TOKEN = "/api/v1/oauth2/token"  # noqa: S105 -- where they are had
_MAX_BODY_BYTES = 1 << 20

_TYPES = {
    400: "request-validation",
    415: "unsupported-content-type",
    429: "max-message-queue-size-exceeded",
}

_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Scope]]
_Send = Callable[[_Scope], Awaitable[None]]


class Application:
    """The ASGI application of a provider."""

    def __init__(
        self,
        provider: Provider,
        log: Log,
        access: Access,
        on_start: Callable[[], None],
    ) -> None:
        """Answer for a provider.

        Args:
            provider: Who does what is asked for.
            log: Where requests are noted.
            access: Who may ask.
            on_start: Called in the event loop when requests can be answered.
        """
        self._provider = provider
        self._log = log
        self._access = access
        self._media = MediaStore(provider.clock)
        self._page = page(provider)
        self._on_start = on_start
        users = API + "/users/{account_id}"
        self._app = Starlette(
            routes=[
                Route(f"{users}/messages", self._post_message, methods=["POST"]),
                Route(f"{users}/messages", self._search, methods=["GET"]),
                Route(f"{users}/media", self._list_media, methods=["GET"]),
                Route(f"{users}/media/{{name:path}}", self._put_medium, methods=["PUT"]),
                Route(f"{users}/media/{{name:path}}", self._get_medium, methods=["GET"]),
                Route(f"{users}/media/{{name:path}}", self._delete_medium, methods=["DELETE"]),
                Route(TOKEN, self._grant, methods=["POST"]),
                Route("/", self._show_page, methods=["GET"]),
                Route("/happenings", self._happenings, methods=["GET"]),
            ],
            lifespan=self._lifespan,
            exception_handlers={HTTPException: _framework_error},
        )

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """Answer one request, and note it."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        status: int | None = None
        # ASGI has no way to break a connection; `send` is a method of what uvicorn keeps of it.
        scope["septet.transport"] = getattr(getattr(send, "__self__", None), "transport", None)

        async def noting_send(message: _Scope) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self._app(scope, receive, noting_send)
        message_id = scope.get("septet.message_id")
        self._log.request(scope["method"], scope["path"], status, message_id)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._provider.start()
        self._on_start()
        yield
        await self._provider.close()

    async def _post_message(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        if not _is_json(request):
            return _error(415, "unsupported-content-type", "Content-Type must be application/json")
        faults = self._provider.faults
        if faults.draw("break-before"):
            return _Broken()
        if fault := faults.draw("refuse"):
            return _refused(fault)
        body = await read_body(request.stream(), _MAX_BODY_BYTES)
        if body is None:
            return _too_large(_MAX_BODY_BYTES)
        try:
            message = read_message(body, self._provider.clock.now())
        except RefusedError as error:
            return _invalid(error)
        record = self._provider.take(request.path_params["account_id"], message)
        if record is None:
            queue = self._provider.queue
            return _error(
                429,
                "max-message-queue-size-exceeded",
                f"the queue of {queue.capacity} segments is full; "
                f"it is emptied at {queue.rate:g} segments per second",
            )
        request.scope["septet.message_id"] = record.id
        if late := faults.draw("delay-answer"):
            await asyncio.sleep(late.seconds or 0)
        if faults.draw("break-after"):
            return _Broken()
        answer = _accepted(record, faults.draw("odd-answer"))
        return _Broken(answer) if faults.draw("break-answer") else answer

    async def _search(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        account_id = request.path_params["account_id"]
        records = [
            record
            for record in self._provider.records.values()
            if record.account_id in (account_id, EVERY_ACCOUNT)
        ]
        url = str(request.url.replace(query=""))
        try:
            return JSONResponse(search(records, request.query_params, url))
        except SearchError as error:
            return _error(400, "request-validation", str(error))

    async def _put_medium(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        octets = await read_body(request.stream(), MAX_MEDIUM_BYTES)
        if octets is None:
            return _too_large(MAX_MEDIUM_BYTES)
        kind = request.headers.get("content-type", "application/octet-stream")
        account_id, name = _medium(request)
        self._media.put(account_id, name, octets, kind, request.headers.get("cache-control"))
        return Response(status_code=204)

    async def _get_medium(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        medium = self._media.get(*_medium(request))
        if medium is None:
            raise HTTPException(404)
        headers = {"Content-Type": medium.content_type}
        if medium.cache_control is not None:
            headers["Cache-Control"] = medium.cache_control
        return Response(medium.octets, headers=headers)

    async def _delete_medium(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        if not self._media.delete(*_medium(request)):
            raise HTTPException(404)
        return Response(status_code=204)

    async def _list_media(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        account_id = request.path_params["account_id"]
        try:
            page, token = self._media.page(account_id, request.headers.get("continuation-token"))
        except ValueError:
            return _error(400, "request-validation", "the Continuation-Token is not known")
        url = str(request.url.replace(query=""))
        entries = [
            {
                "content": f"{url}/{quote(name)}",
                "contentLength": len(medium.octets),
                "mediaName": name,
            }
            for name, medium in page.items()
        ]
        return JSONResponse(entries, headers={} if token is None else {"Continuation-Token": token})

    async def _grant(self, request: Request) -> Response:
        form = await read_body(request.stream(), _MAX_BODY_BYTES)
        status, answer = self._access.grant(request.headers.get("authorization", ""), form or b"")
        return JSONResponse(answer, status)

    async def _show_page(self, _: Request) -> Response:
        return Response(self._page.html, media_type="text/html", headers=self._page.headers())

    async def _happenings(self, request: Request) -> Response:
        after = request.query_params.get("after", "")
        number = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0
        facts = happenings(self._provider, self._log, number)
        return JSONResponse(facts, headers={"Cache-Control": "no-store"})

    def _refusal(self, request: Request) -> Response | None:
        """Return the answer to a request that does not say who it is."""
        if self._access.admits(request.headers.get("authorization", "")):
            return None
        return _error(401, "unauthorized", "the credentials are not those of the sandbox")


class _Broken(Response):
    """The end of a connection, after half of an answer or none."""

    def __init__(self, answer: Response | None = None) -> None:
        super().__init__()
        self._octets = b""
        if answer is not None:
            body = bytes(answer.body)
            head = f"HTTP/1.1 {answer.status_code} \r\nContent-Type: application/json\r\n"
            self._octets = head.encode() + b"Content-Length: %d\r\n\r\n" % len(body)
            self._octets += body[: len(body) // 2]

    async def __call__(self, scope: _Scope, receive: _Receive, _: _Send) -> None:
        transport = scope["septet.transport"]
        transport.write(self._octets)
        transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass


def _accepted(record: Record, odd: Fault | None) -> Response:
    answer = record.answer()
    if odd is not None and odd.body is not None:
        return Response(odd.body, 202, media_type="application/json")
    return JSONResponse(answer | dict((odd and odd.fields) or {}), 202)


def _refused(fault: Fault) -> Response:
    status = fault.status or 500
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    kind = _TYPES.get(status, phrase.lower().replace(" ", "-"))
    return _error(status, kind, "The sandbox was asked to refuse this request.")


def _medium(request: Request) -> tuple[str, str]:
    return request.path_params["account_id"], request.path_params["name"]


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0]
    return kind.strip().lower() == "application/json"


def _error(status: int, kind: str, description: str, **more: Any) -> JSONResponse:
    return JSONResponse({"type": kind, "description": description, **more}, status)


def _too_large(max_bytes: int) -> JSONResponse:
    return _too_large(max_bytes)


def _invalid(error: RefusedError) -> JSONResponse:
    if error.field is None:
        return _error(400, "request-validation", error.reason)
    faults = [{"fieldName": error.field, "description": f"'{error.field}': {error.reason}"}]
    return _error(
        400, "request-validation", "Your request could not be accepted.", fieldErrors=faults
    )


async def _framework_error(request: Request, error: Exception) -> Response:
    """Answer as the provider's framework does where no part of the API is reached."""
    assert isinstance(error, HTTPException)  # noqa: S101 -- it is registered for nothing else
    body = {
        "timestamp": timestamp(time.time()),
        "status": error.status_code,
        "error": HTTPStatus(error.status_code).phrase,
        "message": error.detail,
        "path": request.url.path,
    }
    return JSONResponse(body, error.status_code, error.headers)
