"""The ASGI application: the inspector page, and the JSON API that it uses like any other client.

Counting runs in a thread, so that a large batch does not delay other requests; the core releases
the GIL while it counts columns. This is the only module of `web` that imports Starlette.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ..exceptions import MissingExtraError
from ..serving import read_body, read_origins, shared
from .api import schema
from .api.endpoints import ENDPOINTS, Endpoint
from .api.health import health
from .inspector import inspector
from .openapi import document

try:
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.exceptions import HTTPException
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import Response
    from starlette.routing import Route
except ImportError as error:
    raise MissingExtraError("starlette", "serve", "the inspector") from error

if TYPE_CHECKING:
    from ..costing import RateCard

__all__ = ["application"]

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def application(
    rates: RateCard | None = None,
    provider: str | None = None,
    allow_origins: Iterable[str] = (),
) -> Any:
    """Return the ASGI application with the inspector page and the JSON API.

    It may be mounted under any path, because the page uses relative addresses.

    Args:
        rates: The rate card for prices; without one, nothing is priced.
        provider: The provider whose published rules apply to requests that name none.
        allow_origins: Origins of pages of other sites that may use the API, such as
            "https://example.com"; "*" for all. Cookies and passwords are never allowed.

    Returns:
        An ASGI application.

    Raises:
        ValueError: One of `allow_origins` is not an origin, or the provider is unknown.
        MissingExtraError: The extra `serve` is not installed.
    """
    origins = read_origins(allow_origins)
    page = inspector(provider, has_server=True, has_prices=rates is not None)
    openapi = json.dumps(document()).encode()

    async def show_page(_: Request) -> Response:
        return Response(page.html, media_type="text/html", headers=page.headers())

    async def show_health(_: Request) -> Response:
        return _json(schema.write(health()))

    async def openapi_document(_: Request) -> Response:
        return _json(openapi)

    def respond(endpoint: Endpoint, body: bytes) -> bytes:
        request = schema.read(endpoint.request, body)
        return schema.write(endpoint.respond(request, rates, provider))

    app = Starlette(
        routes=[
            Route("/", show_page),
            Route("/healthz", show_health),
            Route("/v1/openapi.json", openapi_document),
            *(
                Route(f"/v1/{each.name}", _endpoint(partial(respond, each)), methods=["POST"])
                for each in ENDPOINTS
            ),
        ],
        exception_handlers={
            HTTPException: _routing_error,  # type: ignore[dict-item]
            ClientDisconnect: _unread,
        },
    )
    return shared(app, origins) if origins else app


def _endpoint(answer: Callable[[bytes], bytes]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            body = await read_body(request.stream(), schema.MAX_BODY_BYTES)
            if body is None:
                raise schema.RequestError(413, schema.BODY_TOO_LARGE)
            return _json(await run_in_threadpool(answer, body))
        except schema.RequestError as error:
            return _json(schema.write(error.refusal), error.status)

    return endpoint


async def _routing_error(_: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    response = _json(schema.write(schema.Refusal(status.phrase)), status)
    response.headers.update(error.headers or {})
    return response


async def _unread(_: Request, __: Exception) -> Response:
    """Answer a client that has gone before its request was complete; this is not sent."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


def _json(body: bytes, status: int = HTTPStatus.OK) -> Response:
    return Response(body, status, _HEADERS, "application/json")
