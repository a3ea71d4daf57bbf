"""The ASGI application of the sandbox: routes, answers and errors. Extra `serve`."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias
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
from .errors import (
    CHALLENGE,
    MULTI_CHANNEL,
    UNAUTHORIZED,
    APIError,
    bad_request,
    invalid_message,
    queue_full,
    refused,
    too_large,
    too_many_searches,
    unsupported,
)
from .media import MAX_MEDIUM_BYTES, MediaStore
from .message_requests import InvalidMessageError, read_message
from .page import activity, render
from .search import QueryError, search
from .search_limit import SearchLimit

try:
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import JSONResponse, PlainTextResponse, Response
    from starlette.routing import Route
except ImportError as error:
    raise MissingExtraError("starlette", "serve", "septet.bandwidth.sandbox") from error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    Endpoint: TypeAlias = Callable[[Request], Awaitable[Response | BrokenAnswer]]

__all__ = ["API", "TOKEN", "Application"]

API = "/api/v2"
TOKEN = "/api/v1/oauth2/token"  # noqa: S105 -- an address
_MAX_BODY_BYTES = 1 << 20

_MEDIA_TYPE = re.compile(r"[\w!#$%&'*+.^`|~-]+/[\w!#$%&'*+.^`|~-]+[ \t]*(?:;.*)?", re.ASCII)


class Application:
    """The ASGI application: the API under `/api/`, and the page."""

    def __init__(
        self,
        processor: MessageProcessor,
        log: Log,
        access: Access,
        searches: SearchLimit,
        on_start: Callable[[], None],
    ) -> None:
        """Set up the routes.

        Args:
            processor: Accepts the messages.
            log: The log of requests.
            access: The credentials that requests must give.
            searches: Limits the searches.
            on_start: Called in the event loop before the first request.
        """
        self._processor = processor
        self._log = log
        self._access = access
        self._searches = searches
        self._media = MediaStore(processor.clock)
        self._page = render(processor)
        self._on_start = on_start
        users = API + "/users/{account_id}"
        messages = {"POST": self._post_message, "GET": self._search}
        multi_channel = {"POST": self._refuse_multi_channel}
        media = {"GET": self._list_media}
        medium = {"PUT": self._put_medium, "GET": self._get_medium, "DELETE": self._delete_medium}
        self._app = Starlette(
            routes=[
                # A slash at the end is accepted, because clients do not repeat a POST elsewhere.
                self._route(f"{users}/messages", messages),
                self._route(f"{users}/messages/", messages),
                self._route(f"{users}/messages/{MULTI_CHANNEL}", multi_channel),
                self._route(f"{users}/media", media),
                self._route(f"{users}/media/{{name:path}}", medium),
                _route(TOKEN, {"POST": self._grant}),
                _route(f"{TOKEN}/", {"POST": self._grant}),
                self._page_route("/", self._show_page),
                self._page_route("/activity", self._show_activity),
            ],
            lifespan=self._lifespan,
            exception_handlers={
                HTTPException: _framework_error,
                ClientDisconnect: _break,  # type: ignore[dict-item]
            },
        )
        self._app.router.redirect_slashes = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and log it."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        status: int | None = None

        async def logging_send(message: Scope) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self._app(scope, receive, logging_send)
        message_id = scope.get("septet.message_id")
        self._log.add_request(scope["method"], scope["path"], status, message_id)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._on_start()
        yield
        await self._processor.close()

    async def _post_message(self, request: Request) -> Response | BrokenAnswer:
        if not _is_json(request):
            return _failed(request, unsupported("Content-Type must be application/json"))
        faults = self._processor.faults
        if faults.draw("break-before"):
            return BrokenAnswer(transport_of(request.scope))
        if fault := faults.draw("refuse"):
            return _failed(request, refused(fault))
        body = await read_body(request.stream(), _MAX_BODY_BYTES)
        if body is None:
            return _failed(request, too_large(_MAX_BODY_BYTES))
        try:
            message = read_message(body, self._processor.clock.now())
        except InvalidMessageError as error:
            return _failed(request, invalid_message(error))
        account_id = request.path_params["account_id"]
        accepted = self._processor.accept(account_id, message)
        if accepted is None:
            return _failed(request, queue_full(message, self._processor.queue_of(account_id)))
        request.scope["septet.message_id"] = accepted.id
        if delay := faults.draw("delay-answer"):
            await asyncio.sleep(delay.seconds or 0)
        transport = transport_of(request.scope)
        if faults.draw("break-after"):
            return BrokenAnswer(transport)
        answer = _accepted(accepted, faults.draw("odd-answer"))
        if faults.draw("break-answer"):
            return BrokenAnswer(transport, answer.status_code, bytes(answer.body))
        return answer

    async def _search(self, request: Request) -> Response:
        address = "" if request.client is None else request.client.host
        if seconds := self._searches.seconds_to_wait(address):
            return _failed(request, too_many_searches(seconds))
        account_id = request.path_params["account_id"]
        messages = [
            message
            for message in self._processor.messages.values()
            if message.account_id in (account_id, EVERY_ACCOUNT)
        ]
        url = _address_of(request)
        try:
            now = self._processor.clock.now()
            return JSONResponse(search(messages, account_id, request.query_params, url, now))
        except QueryError as error:
            return _failed(request, bad_request(str(error)))

    async def _refuse_multi_channel(self, request: Request) -> Response:
        reason = "the sandbox does not simulate messages by several channels"
        return _failed(request, APIError(404, "not-found", reason))

    async def _put_medium(self, request: Request) -> Response:
        account_id, name = _medium(request)
        if not name.strip("/"):
            return _failed(request, bad_request("the name of the media file is missing"))
        content_type = request.headers.get("content-type") or "application/octet-stream"
        if not _MEDIA_TYPE.fullmatch(content_type):
            return _failed(request, unsupported("Content-Type must be a type such as image/png"))
        content = await read_body(request.stream(), MAX_MEDIUM_BYTES)
        if content is None:
            return _failed(request, too_large(MAX_MEDIUM_BYTES))
        cache_control = request.headers.get("cache-control")
        self._media.put(account_id, name, content, content_type, cache_control)
        return Response(status_code=204)

    async def _get_medium(self, request: Request) -> Response:
        account_id, name = _medium(request)
        if not name:
            return await self._list_media(request)
        medium = self._media.get(account_id, name)
        if medium is None:
            return _failed(request, APIError(404, "not-found", f"there is no media file {name!r}"))
        headers = {"Content-Type": medium.content_type}
        if medium.cache_control is not None:
            headers["Cache-Control"] = medium.cache_control
        return Response(medium.content, headers=headers)

    async def _delete_medium(self, request: Request) -> Response:
        account_id, name = _medium(request)
        if not name.strip("/"):
            return _failed(request, bad_request("the name of the media file is missing"))
        # Bandwidth answers 204 even if the file does not exist.
        self._media.delete(account_id, name)
        return Response(status_code=204)

    async def _list_media(self, request: Request) -> Response:
        account_id = request.path_params["account_id"]
        try:
            page, token = self._media.page(account_id, request.headers.get("continuation-token"))
        except ValueError:
            return _failed(request, bad_request("the Continuation-Token is invalid"))
        url = _address_of(request)
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
        headers = {"Cache-Control": "no-store"} | (CHALLENGE if status == 401 else {})
        return JSONResponse(answer, status, headers)

    async def _show_page(self, _: Request) -> Response:
        return Response(self._page.html, media_type="text/html", headers=self._page.headers())

    async def _show_activity(self, request: Request) -> Response:
        after = request.query_params.get("after", "")
        number = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0
        data = activity(self._processor, self._log, number)
        return JSONResponse(data, headers={"Cache-Control": "no-store"})

    def _route(self, path: str, endpoints: Mapping[str, Endpoint]) -> Route:
        """Return a route of the API, which requires credentials."""

        def with_credentials(endpoint: Endpoint) -> Endpoint:
            async def checked(request: Request) -> Response | BrokenAnswer:
                if not self._access.is_allowed(request.headers.get("authorization", "")):
                    return _failed(request, UNAUTHORIZED)
                return await endpoint(request)

            return checked

        return _route(path, {name: with_credentials(each) for name, each in endpoints.items()})

    def _page_route(self, path: str, endpoint: Endpoint) -> Route:
        """Return a route for a browser, which asks for credentials if they are required."""

        async def checked(request: Request) -> Response | BrokenAnswer:
            if not self._access.is_allowed(request.headers.get("authorization", "")):
                text = "the credentials are missing or wrong\n"
                return PlainTextResponse(text, 401, CHALLENGE)
            return await endpoint(request)

        return _route(path, {"GET": checked})


def _route(path: str, endpoints: Mapping[str, Endpoint]) -> Route:
    """Return a route that chooses the endpoint by the method; a HEAD request is a GET request."""

    async def endpoint(request: Request) -> Response | BrokenAnswer:
        return await endpoints["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, endpoint, methods=list(endpoints))


def _accepted(message: SandboxMessage, odd: Fault | None) -> Response:
    answer = message.answer()
    if odd is not None and odd.body is not None:
        return Response(odd.body, 202, media_type="application/json")
    return JSONResponse(answer | dict((odd and odd.fields) or {}), 202)


def _address_of(request: Request) -> str:
    """Return the address of a list, without a query and a slash at the end."""
    return str(request.url.replace(path=quote(request.scope["path"]).rstrip("/"), query=""))


def _medium(request: Request) -> tuple[str, str]:
    return request.path_params["account_id"], request.path_params["name"]


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0]
    return kind.strip().lower() == "application/json"


def _failed(request: Request, error: APIError) -> Response:
    return JSONResponse(error.body_for(request.url.path), error.status, dict(error.headers))


async def _break(request: Request, _: Exception) -> BrokenAnswer:
    """Give no answer to a client that has gone before its request was complete."""
    return BrokenAnswer(transport_of(request.scope))


async def _framework_error(request: Request, error: Exception) -> Response:
    """Answer a request to an unknown address in the form of the provider's web framework.

    The API's own form is for an address with another method.
    """
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this type only
    path, status = request.url.path, error.status_code
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        reason = f"{request.method} is not a method of {path}"
        wrong = APIError(status, "method-not-allowed", reason, headers=error.headers or {})
        return _failed(request, wrong)
    body = {
        "timestamp": timestamp(time.time()),
        "status": status,
        "error": HTTPStatus(status).phrase,
        "message": error.detail,
        "path": path,
    }
    return JSONResponse(body, status, error.headers)
