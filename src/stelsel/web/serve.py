"""Show the page in a browser on this machine, and to nobody else.

The server listens on 127.0.0.1 only, knows one page, reads nothing from disk, and answers only to
its own name: a site elsewhere that points its name at this machine (DNS rebinding) gets nothing.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from stelsel.errors import StelselError
from stelsel.web.page import policy

ADDRESS = "127.0.0.1"
PORT = 8765
PATHS = ("/", "/report.html")

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What every answer says, beside its content security policy."""


class PageServer(ThreadingHTTPServer):
    """A server of one page on this machine; :func:`serve` is the usual way to it.

    Parameters
    ----------
    page
        The HTML that it shows.
    port
        Where it listens; 0 takes a free port.

    Raises
    ------
    StelselError
        When the port is taken, may not be used, or is none.

    Examples
    --------
    >>> with PageServer("<!doctype html>", port=0) as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True
    """

    daemon_threads = True

    def __init__(self, page: str, port: int = PORT) -> None:
        self.page = page.encode()
        try:
            super().__init__((ADDRESS, port), _Handler)
        except (OSError, OverflowError) as error:
            taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            what, what_nl = (
                ("is taken by another program", "is bezet door een ander programma")
                if taken
                else (f"cannot be used ({error})", f"kan niet worden gebruikt ({error})")
            )
            raise StelselError(
                f"Port {port} {what}.",
                where="--port",
                remedy=f"Choose another, such as --port {PORT + 1}, or --port 0 for a free one.",
                what_nl=f"Poort {port} {what_nl}.",
                remedy_nl=f"Kies een andere, zoals --port {PORT + 1}, of --port 0 voor een vrije.",
            ) from error

    def server_bind(self) -> None:
        """Bind without asking the network for the name of this machine."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, int(self.server_address[1])

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{ADDRESS}:{self.server_port}/"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names to which it answers."""
        return tuple(f"{name}:{self.server_port}" for name in (ADDRESS, "localhost"))


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    server_version = "stelsel"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:
        status, body = self._answer()
        self._send(status, body)

    def do_HEAD(self) -> None:
        status, body = self._answer()
        self._send(status, body, head=True)

    def _answer(self) -> tuple[HTTPStatus, bytes]:
        if self.headers.get("Host") not in self.server.hosts:
            return HTTPStatus.MISDIRECTED_REQUEST, b""
        if self.path.partition("?")[0] not in PATHS:
            return HTTPStatus.NOT_FOUND, b""
        return HTTPStatus.OK, self.server.page

    def _send(self, status: HTTPStatus, body: bytes, *, head: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not head:
            self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", f"{policy()}; frame-ancestors 'none'")
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing: what someone looks at on their own machine is theirs."""


def serve(page: str, port: int = PORT, *, say: Callable[[str], None]) -> None:
    """Show the page until someone stops it with Ctrl-C.

    Parameters
    ----------
    page
        The HTML, as :func:`stelsel.web.page.render` gives it.
    port
        Where to listen; 0 takes a free port.
    say
        Is told the address as soon as the page can be opened.

    Raises
    ------
    StelselError
        When the port is taken, may not be used, or is none.
    """
    with PageServer(page, port) as server:
        try:
            say(server.url)
            server.serve_forever()
        except KeyboardInterrupt:
            return
