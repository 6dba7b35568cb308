"""The page is shown on this machine only, under strict headers, and to its own name only."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator

import pytest

from stelsel.errors import StelselError
from stelsel.web.page import policy
from stelsel.web.serve import PageServer, serve

PAGE = "<!doctype html><title>Wachten</title><p>één kind</p>"


@pytest.fixture(scope="module")
def server() -> Iterator[PageServer]:
    with PageServer(PAGE, port=0) as found:
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join(timeout=5)


def ask(
    server: PageServer, path: str, *, method: str = "GET", host: str | None = None
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    headers = {} if host is None else {"Host": host}
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, body


@pytest.mark.parametrize("path", ["/", "/report.html", "/?x=1"])
def test_the_page(server: PageServer, path: str) -> None:
    status, headers, body = ask(server, path)
    assert status == 200
    assert body.decode() == PAGE
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert int(headers["content-length"]) == len(body)


@pytest.mark.parametrize(
    "path",
    ["/report", "/register/", "/..%2f..%2fetc/passwd", "/../../etc/passwd", "/index.html"],
)
def test_there_is_nothing_else(server: PageServer, path: str) -> None:
    status, _, body = ask(server, path)
    assert (status, body) == (404, b"")


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/other", 404)])
def test_every_answer_is_strict(server: PageServer, path: str, status: int) -> None:
    found, headers, _ = ask(server, path)
    assert found == status
    assert headers["content-security-policy"] == f"{policy()}; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert "python" not in headers["server"].lower()


def test_head_gives_the_headers_alone(server: PageServer) -> None:
    status, headers, body = ask(server, "/", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) == len(PAGE.encode())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_sent(server: PageServer, method: str) -> None:
    status, headers, _ = ask(server, "/", method=method)
    assert status == 501
    assert "content-security-policy" in headers


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example"],
)
def test_another_name_gets_nothing(server: PageServer, host: str) -> None:
    status, _, body = ask(server, "/", host=host.format(port=server.server_port))
    assert (status, body) == (421, b"")


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}"])
def test_its_own_names_do(server: PageServer, host: str) -> None:
    assert ask(server, "/", host=host.format(port=server.server_port))[0] == 200


def test_it_listens_on_this_machine_only(server: PageServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"
    assert server.url == f"http://127.0.0.1:{server.server_port}/"


def test_a_taken_port_is_said_to_be_taken(server: PageServer) -> None:
    with pytest.raises(StelselError, match=r"is taken by another program.*--port 0"):
        PageServer(PAGE, server.server_port)


@pytest.mark.parametrize("port", [-1, 65536, 10**9])
def test_a_port_that_is_none(port: int) -> None:
    with pytest.raises(StelselError, match=str(port)):
        PageServer(PAGE, port)


def test_ctrl_c_ends_it_quietly_and_frees_the_port() -> None:
    said: list[str] = []

    def interrupt(url: str) -> None:
        said.append(url)
        raise KeyboardInterrupt

    serve(PAGE, 0, say=interrupt)
    port = int(said[0].rsplit(":", 1)[1].strip("/"))
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
