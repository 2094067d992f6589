"""The server as an ASGI application: API, token endpoint, admin endpoint and a page to look at."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .admin import administer
from .faults import Fault
from .handling import Incoming, Outgoing, handle
from .page import show_index, show_page
from .world import World

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_transports: dict[tuple[str, int], asyncio.Transport] = {}


class DroppingProtocol(H11Protocol):
    """HTTP/1.1 that remembers its connections, so that a fault can reset one."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Notes the connection."""
        super().connection_made(transport)
        if self.client is not None:
            _transports[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the connection."""
        if self.client is not None:
            _transports.pop(self.client, None)
        super().connection_lost(exc)


class Dropped:
    """An answer that is a dropped connection: silence, a reset, or half a body."""

    def __init__(self, outgoing: Outgoing, fault: Fault) -> None:
        self.outgoing = outgoing
        self.fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carries the fault out."""
        if self.fault.kind == "timeout":
            await silence(receive, self.fault.seconds)
        if self.fault.kind == "truncated":
            body = self.outgoing.body
            length = str(len(body) + 20).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", length)]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            await asyncio.sleep(0.02)
        reset(scope)


async def silence(receive: Receive, seconds: float) -> None:
    """Says nothing until the client gives up or the time is over."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(gone(), seconds)
    except TimeoutError:
        return


def reset(scope: Scope) -> None:
    """Ends the connection with a TCP reset."""
    transport = _transports.get(tuple(scope.get("client") or ()))
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def make_app(world: World) -> Starlette:
    """The state of a server in; the application that shows it over HTTP out."""

    async def api(request: Request) -> Any:
        incoming = await incoming_of(request)
        outgoing = handle(world, incoming)
        if outgoing.drop is not None:
            return Dropped(outgoing, outgoing.drop)
        headers = {"Content-Type": outgoing.content_type, **outgoing.headers} if outgoing.status != 204 else {}
        return Response(outgoing.body, outgoing.status, headers)

    async def index(request: Request) -> Response:
        return Response(show_index(world), media_type="text/html")

    async def page(request: Request) -> Response:
        return Response(show_page(world, request.path_params["book"]), media_type="text/html")

    async def admin(request: Request) -> Response:
        status, body = administer(world, request.method, request.path_params["what"], await request.body())
        return Response(body, status, media_type="application/json")

    return Starlette(
        routes=[
            Route("/", index),
            Route("/spreadsheets/{book}", page),
            Route("/admin/{what}", admin, methods=["GET", "POST", "DELETE"]),
            Route("/{path:path}", api, methods=METHODS),
        ]
    )


async def incoming_of(request: Request) -> Incoming:
    """An ASGI request in; the request as it came, its path still encoded, out."""
    scope = request.scope
    raw_path = scope.get("raw_path") or scope["path"].encode()
    return Incoming(
        request.method,
        raw_path.decode("ascii").partition("?")[0],
        scope["query_string"].decode("ascii"),
        dict(request.headers),
        await request.body(),
    )
