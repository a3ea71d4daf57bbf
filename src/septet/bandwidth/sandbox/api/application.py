"""The ASGI application of the sandbox: routes, answers and errors. Extra `serve`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ....exceptions import MissingExtraError
from ....serving import read_body
from ..access import Access
from ..clock import timestamp
from ..delivery.processor import EVERY_ACCOUNT, MessageProcessor
from ..faults import Fault
from ..log import Log
from ..messages import SandboxMessage
from .connections import BrokenAnswer, Receive, Scope, Send, transport_of
from .media import MAX_MEDIUM_BYTES, MediaStore
from .message_requests import InvalidMessageError, read_message
from .page import activity, render
from .search import QueryError, search

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
TOKEN = "/api/v1/oauth2/token"  # noqa: S105 -- an address
_MAX_BODY_BYTES = 1 << 20

_ERROR_TYPES = {
    400: "request-validation",
    415: "unsupported-content-type",
    429: "max-message-queue-size-exceeded",
}


class Application:
    """The ASGI application: the API under `/api/`, and the page."""

    def __init__(
        self,
        processor: MessageProcessor,
        log: Log,
        access: Access,
        on_start: Callable[[], None],
    ) -> None:
        """Set up the routes.

        Args:
            processor: Accepts the messages.
            log: The log of requests.
            access: The credentials that requests must give.
            on_start: Called in the event loop before the first request.
        """
        self._processor = processor
        self._log = log
        self._access = access
        self._media = MediaStore(processor.clock)
        self._page = render(processor)
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
                Route("/activity", self._show_activity, methods=["GET"]),
            ],
            lifespan=self._lifespan,
            exception_handlers={HTTPException: _framework_error},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and log it."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        status: int | None = None
        scope["septet.transport"] = transport_of(send)

        async def logging_send(message: Scope) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self._app(scope, receive, logging_send)
        message_id = scope.get("septet.message_id")
        self._log.add_request(scope["method"], scope["path"], status, message_id)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._processor.start()
        self._on_start()
        yield
        await self._processor.close()

    async def _post_message(self, request: Request) -> Response | BrokenAnswer:
        if refusal := self._refusal(request):
            return refusal
        if not _is_json(request):
            return _error(415, "unsupported-content-type", "Content-Type must be application/json")
        faults = self._processor.faults
        if faults.draw("break-before"):
            return BrokenAnswer(request.scope["septet.transport"])
        if fault := faults.draw("refuse"):
            return _refused(fault)
        body = await read_body(request.stream(), _MAX_BODY_BYTES)
        if body is None:
            return _too_large(_MAX_BODY_BYTES)
        try:
            message = read_message(body, self._processor.clock.now())
        except InvalidMessageError as error:
            return _invalid(error)
        accepted = self._processor.accept(request.path_params["account_id"], message)
        if accepted is None:
            queue = self._processor.queue
            return _error(
                429,
                "max-message-queue-size-exceeded",
                f"the queue of {queue.capacity} segments is full; "
                f"it sends {queue.segments_per_second:g} segments per second",
            )
        request.scope["septet.message_id"] = accepted.id
        if delay := faults.draw("delay-answer"):
            await asyncio.sleep(delay.seconds or 0)
        transport = request.scope["septet.transport"]
        if faults.draw("break-after"):
            return BrokenAnswer(transport)
        answer = _accepted(accepted, faults.draw("odd-answer"))
        if faults.draw("break-answer"):
            return BrokenAnswer(transport, answer.status_code, bytes(answer.body))
        return answer

    async def _search(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        account_id = request.path_params["account_id"]
        messages = [
            message
            for message in self._processor.messages.values()
            if message.account_id in (account_id, EVERY_ACCOUNT)
        ]
        url = str(request.url.replace(query=""))
        try:
            return JSONResponse(search(messages, request.query_params, url))
        except QueryError as error:
            return _error(400, "request-validation", str(error))

    async def _put_medium(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        content = await read_body(request.stream(), MAX_MEDIUM_BYTES)
        if content is None:
            return _too_large(MAX_MEDIUM_BYTES)
        content_type = request.headers.get("content-type", "application/octet-stream")
        account_id, name = _medium(request)
        cache_control = request.headers.get("cache-control")
        self._media.put(account_id, name, content, content_type, cache_control)
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
        return Response(medium.content, headers=headers)

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
            return _error(400, "request-validation", "the Continuation-Token is invalid")
        url = str(request.url.replace(query=""))
        entries = [
            {
                "content": f"{url}/{quote(name)}",
                "contentLength": len(medium.content),
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

    async def _show_activity(self, request: Request) -> Response:
        after = request.query_params.get("after", "")
        number = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0
        data = activity(self._processor, self._log, number)
        return JSONResponse(data, headers={"Cache-Control": "no-store"})

    def _refusal(self, request: Request) -> Response | None:
        """Return the answer to a request without valid credentials."""
        if self._access.is_allowed(request.headers.get("authorization", "")):
            return None
        return _error(401, "unauthorized", "the credentials are missing or wrong")


def _accepted(message: SandboxMessage, odd: Fault | None) -> Response:
    answer = message.answer()
    if odd is not None and odd.body is not None:
        return Response(odd.body, 202, media_type="application/json")
    return JSONResponse(answer | dict((odd and odd.fields) or {}), 202)


def _refused(fault: Fault) -> Response:
    status = fault.status or 500
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    error_type = _ERROR_TYPES.get(status, phrase.lower().replace(" ", "-"))
    return _error(status, error_type, "A fault of the sandbox refuses this request.")


def _medium(request: Request) -> tuple[str, str]:
    return request.path_params["account_id"], request.path_params["name"]


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0]
    return kind.strip().lower() == "application/json"


def _error(status: int, error_type: str, description: str, **fields: Any) -> JSONResponse:
    return JSONResponse({"type": error_type, "description": description, **fields}, status)


def _too_large(max_bytes: int) -> JSONResponse:
    return _error(413, "request-validation", f"the body is larger than {max_bytes} bytes")


def _invalid(error: InvalidMessageError) -> JSONResponse:
    if error.field is None:
        return _error(400, "request-validation", error.reason)
    errors = [{"fieldName": error.field, "description": f"'{error.field}': {error.reason}"}]
    return _error(
        400, "request-validation", "Your request could not be accepted.", fieldErrors=errors
    )


async def _framework_error(request: Request, error: Exception) -> Response:
    """Answer in the form of the provider's web framework, for requests outside the API."""
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this type only
    body = {
        "timestamp": timestamp(time.time()),
        "status": error.status_code,
        "error": HTTPStatus(error.status_code).phrase,
        "message": error.detail,
        "path": request.url.path,
    }
    return JSONResponse(body, error.status_code, error.headers)
