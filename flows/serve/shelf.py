"""The reports that clients name, for a browser on this machine: a link on the page of a run opens."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote, unquote, urlsplit

from config.folder.load import LoadedClient

LOOPBACK = "127.0.0.1"
OWN_NAMES = (LOOPBACK, "localhost")
LOOKS_SECONDS = 0.05
"""How often an open shelf looks whether it shall close."""
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
}
"""A page of ours needs no script and no address outside."""


class Shelf:
    """Name of a client and name of a file → the file, while the service runs. Nothing else is given out."""

    def __init__(self) -> None:
        self.address = ""
        self._files: dict[tuple[str, str], Path] = {}

    def put(self, name: str, loaded: LoadedClient) -> None:
        """The files that a client's `reports` name can be had from now on."""
        for place in (place for edition in reversed(loaded.client.reports) for place in edition.files):
            self._files[name, Path(place).name] = loaded.path(place)

    def find(self, path: str) -> Path | None:
        """The path of a request in; the file out, None if it is none of the named ones or not written yet."""
        parts = [unquote(part) for part in urlsplit(path).path.split("/")[1:]]
        found = self._files.get((parts[0], parts[1])) if len(parts) == 2 else None
        return found if found is not None and found.is_file() else None


@contextmanager
def shelf(port: int) -> Iterator[Shelf]:
    """A port of this machine (any free one if it is taken) in; an open shelf, empty yet, out."""
    opened = Shelf()
    handler = type("Handler", (_Handler,), {"shelf": opened})
    try:
        server = ThreadingHTTPServer((LOOPBACK, port), handler)
    except OSError:
        server = ThreadingHTTPServer((LOOPBACK, 0), handler)
    server.daemon_threads = True
    opened.address = f"http://{LOOPBACK}:{server.server_port}"
    Thread(target=server.serve_forever, args=(LOOKS_SECONDS,), daemon=True).start()
    try:
        yield opened
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    shelf: Shelf
    server_version, sys_version = "svodka", ""

    def do_GET(self) -> None:
        """The file, whole."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """What would be answered."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        file = self.shelf.find(self.path) if self._is_asked_here() else None
        if file is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content = file.read_bytes()
        self.send_response(HTTPStatus.OK)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        is_page = file.suffix == ".html"
        self.send_header("Content-Type", "text/html; charset=utf-8" if is_page else kind)
        self.send_header("Content-Length", str(len(content)))
        if not is_page:
            self.send_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(file.name)}")
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def _is_asked_here(self) -> bool:
        """Whether the browser asked for this machine by its own name, and not for a foreign one that leads here."""
        return self.headers.get("Host", "").partition(":")[0] in OWN_NAMES

    def log_message(self, *_arguments: object) -> None:
        """Who opens a report is nobody's business."""
