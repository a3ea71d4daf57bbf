"""The ASGI application: the page, and the JSON API that it asks like any other client.

Whatever counts runs in a thread, so that a large batch keeps nobody waiting; the core lets go of
the interpreter's lock where it counts columns. This is the only place that imports Starlette here.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from .. import IMPLEMENTATION, __version__
from ..display.pages import render_page
from ..exceptions import MissingExtraError
from ..rules.providers import provider_names
from ..standard.encoding import Language
from . import answers, schema
from .openapi import document

try:
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route
except ImportError as error:
    raise MissingExtraError("starlette", "serve", "the inspector") from error

if TYPE_CHECKING:
    from ..costing import RateCard

__all__ = ["application"]

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def application(rates: RateCard | None = None, provider: str | None = None) -> Starlette:
    """Return the application; it may be mounted anywhere, for the page asks relative to itself.

    Args:
        rates: The card to price by; nothing is priced without one.
        provider: Whose published rules hold where a request does not say.

    Raises:
        MissingExtraError: The extra `serve` is not installed.
    """
    page = render_page(
        Path(__file__).with_name("page.html"),
        connects=True,
        languages=[language.name.lower() for language in Language],
        provider=provider,
        providers=provider_names(),
        has_rates=rates is not None,
    )
    policy = f"{page.policy}; frame-ancestors 'none'"
    headers = _HEADERS | {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
    openapi = json.dumps(document()).encode()

    async def inspector(_: Request) -> Response:
        return Response(page.html, media_type="text/html", headers=headers)

    async def health(_: Request) -> Response:
        return _json(schema.write(schema.Health("ok", __version__, IMPLEMENTATION)))

    async def described(_: Request) -> Response:
        return _json(openapi)

    def analyze(body: bytes) -> bytes:
        request = schema.read(schema.AnalyzeRequest, body)
        return schema.write(answers.analyze(request, provider))

    def estimate(body: bytes) -> bytes:
        request = schema.read(schema.EstimateRequest, body)
        return schema.write(answers.estimate(request, rates, provider))

    return Starlette(
        routes=[
            Route("/", inspector),
            Route("/healthz", health),
            Route("/v1/openapi.json", described),
            Route("/v1/analyze", _answering(analyze), methods=["POST"]),
            Route("/v1/estimate", _answering(estimate), methods=["POST"]),
        ],
        exception_handlers={HTTPException: _nothing_there},  # type: ignore[dict-item]
    )


def _answering(answer: Callable[[bytes], bytes]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return _json(await run_in_threadpool(answer, await _body(request)))
        except schema.RefusedError as error:
            return _json(schema.write(error.refusal), error.status)

    return endpoint


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for octets in request.stream():
        body += octets
        if len(body) > schema.MAX_BODY_OCTETS:
            error = f"the body has more than {schema.MAX_BODY_OCTETS} octets"
            raise schema.RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error)
    return bytes(body)


async def _nothing_there(_: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    response = _json(schema.write(schema.Refusal(status.phrase)), status)
    response.headers.update(error.headers or {})
    return response


def _json(body: bytes, status: int = HTTPStatus.OK) -> Response:
    return Response(body, status, _HEADERS, "application/json")
