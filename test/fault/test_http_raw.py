"""Raw bytes against a live server: malformed requests, smuggling, path tricks, dawdling clients.

Refused means: every answer is a 4xx and the server closes the connection, so that nothing sent behind
can be taken for a request (c-models finding 4 and 4.1).
"""
import csv
import json
import os
import re
import socket
import sys
import time
import urllib.parse

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "unit", "http"))
import probe  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BAD = os.environ.get("HUHANG_BAD_INPUT", os.path.join(ROOT, "..", "shared", "data", "bad-input"))
RAW = os.path.join(BAD, "http")
NOTE = b"/api/v1/probe/notes"
PAGE = b"<!doctype html><title>probe</title>"


@pytest.fixture(scope="module")
def server():
    p = probe.Probe()
    yield p
    p.stop()


def files():
    manifest = os.path.join(RAW, "manifest.csv")
    if not os.path.exists(manifest):
        return []
    with open(manifest, encoding="utf-8") as f:
        return [(r["file"], r["gunicorn_verdict"], r["needs_gunicorn_setting"]) for r in csv.DictReader(f)]


def exchange(server, request):
    """Sends; a request that is only half there is ended by us after a second."""
    with server.connect(1.0) as s:
        try:
            s.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            pass
        got, closed = probe.read_all(s)
        if not closed:
            try:
                s.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            s.settimeout(5)
            more, _ = probe.read_all(s)
            got += more
        return got, closed


def with_host(raw):
    """The same request, good in all that the file does not mean to break: Host, and for POST a path that exists."""
    line, end, rest = raw.partition(b"\r\n")
    if not end or re.search(rb"(?im)^host:", rest):
        return raw
    line = re.sub(rb"^POST \S+", b"POST " + NOTE, line)
    return line + end + b"Host: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: raw-file-1\r\n" + rest


@pytest.mark.parametrize("name,verdict,setting", files())
def test_raw_file(server, name, verdict, setting):
    with open(os.path.join(RAW, name), "rb") as f:
        raw = f.read()
    for request in (raw, with_host(raw)):
        got, closed = exchange(server, request)
        codes = probe.statuses(got)
        assert server.alive()
        if verdict == "invalid" and (not setting or request is raw):
            assert all(400 <= c < 500 or c == 505 for c in codes), got
            # What is incomplete gets no answer; what is complete gets one, and the end.
            assert (len(codes) == 1 and closed) or (len(codes) == 0), got
        elif not closed:
            assert codes or request == raw, got


def test_there_are_files():
    if not os.path.isdir(RAW):
        pytest.skip("no shared test data here")
    assert len(files()) >= 90


HEAD = b"POST " + NOTE + b" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: smuggle-1\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
SMUGGLING = {
    "length and chunked": HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "chunked and length": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 44\r\n\r\n{}" + HIDDEN,
    "the same length twice": HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + HIDDEN,
    "blank before the colon": HEAD + b"Content-Length : 44\r\n\r\n" + HIDDEN,
    "tab before the colon": HEAD + b"Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "xchunked": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "chunked with a tab inside": HEAD + b"Transfer-Encoding: chun\tked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "gzip, chunked": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "identity": HEAD + b"Transfer-Encoding: identity\r\n\r\n" + HIDDEN,
    "folded encoding": HEAD + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "folded length": HEAD + b"Content-Length: 4\r\n 4\r\n\r\n" + HIDDEN,
    "folded at the very end": HEAD + b"X: a\r\n Content-Length: 44\r\n\r\n" + HIDDEN,
    "line feed hides a length": HEAD + b"X: a\nContent-Length: 44\r\n\r\n" + HIDDEN,
    "carriage return alone": HEAD + b"X: a\rContent-Length: 44\r\n\r\n" + HIDDEN,
    "NUL in a value": HEAD + b"X: a\0b\r\n\r\n" + HIDDEN,
    "NUL in a name": HEAD + b"X\0Y: b\r\n\r\n" + HIDDEN,
    "NUL in the target": b"GET /a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "negative length": HEAD + b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "signed length": HEAD + b"Content-Length: +44\r\n\r\n" + HIDDEN,
    "length of 2^64": HEAD + b"Content-Length: 18446744073709551616\r\n\r\n" + HIDDEN,
    "underscore": HEAD + b"Transfer_Encoding: chunked\r\nContent-Length: 44\r\n\r\n" + HIDDEN,
    "no Host": b"GET / HTTP/1.1\r\n\r\n" + HIDDEN,
    "two Hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + HIDDEN,
    "Host with a blank before the colon": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n" + HIDDEN,
    "absolute form": b"GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "two blanks": b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "tab for a blank": b"GET\t/ HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "blank in the target": b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "blank behind the version": b"GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n" + HIDDEN,
    "first line ends in a line feed": b"GET / HTTP/1.1\nHost: localhost\r\n\r\n" + HIDDEN,
    "no version": b"GET /\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "HTTP/2.0": b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "lower-case method": b"get / HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "bad chunk size": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n" + HIDDEN,
    "chunk size with a blank": HEAD + b"Transfer-Encoding: chunked\r\n\r\n2 \r\n{}\r\n0\r\n\r\n" + HIDDEN,
    "chunk of 2^64": HEAD + b"Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{}\r\n0\r\n\r\n" + HIDDEN,
    "GET with a body": b"GET /api/v1/probe/read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 43\r\n\r\n" + HIDDEN,
}


@pytest.mark.parametrize("name", SMUGGLING)
def test_smuggling(server, name):
    got, closed = server.raw(SMUGGLING[name], timeout=3)
    codes = probe.statuses(got)
    assert len(codes) == 1 and (400 <= codes[0] < 500 or codes == [505]), got
    assert closed, "the connection stayed open"
    assert PAGE not in got, "the hidden request was answered"


def test_ordinary_pipelining_is_fine(server):
    two = b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\nGET /b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    got, closed = server.raw(two)
    assert probe.statuses(got) == [200, 200] and closed


def test_ordinary_bodies_are_fine(server):
    chunked = HEAD.replace(b"smuggle-1", b"ordinary-1") + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"num\r\n8\r\nber\":1 }\r\n0\r\n\r\n"
    got, closed = server.raw(chunked)
    assert probe.statuses(got) == [201] and closed, got
    padded = HEAD.replace(b"smuggle-1", b"ordinary-2") + b"Connection:   close  \r\nContent-Length:\t2\r\n\r\n{}"
    got, closed = server.raw(padded)
    assert probe.statuses(got) == [201] and closed, got


TRICKS = [
    "/../../../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../etc/passwd",
    "/assets/%2e%2e%2f%2e%2e%2fetc/passwd", "/..%5c..%5cetc%5cpasswd", "/%c0%ae%c0%ae/etc/passwd", "/a%00b",
    "/index.html%00.js", "/%252e%252e/etc/passwd", "/....//....//etc/passwd", "//etc/passwd", "/api/v1/../../etc/passwd",
    "/api/v1/probe/echo/..%2f..%2fetc", "/api/v1/probe/echo/%2e%2e", "/%61pi/v1/probe/mine", "/api/%76%31/probe/mine",
    "/api/v1//probe/read", "/api/v1/probe/read/", "/etc/passwd", "/proc/self/environ", "/huhang.db", "/keys/log.key",
    "/assets", "/assets/", "/assets/app-Abcdef12.js/", "/assets/app-Abcdef12.js.br",
]


def traversal_lines():
    lines = []
    for name in ("Traversal.txt", "dirTraversal-nix.txt", "All_attack.txt"):
        path = os.path.join(BAD, "injection", name)
        if os.path.exists(path):
            with open(path, "rb") as f:
                lines += [line for line in f.read().splitlines() if line]
    return lines


def nothing_leaks(got):
    assert b"root:" not in got and b"SQLite format" not in got and b"PATH=" not in got, got
    for code in probe.statuses(got):
        assert code in (200, 400, 404, 405), got
    if probe.statuses(got)[:1] == [200]:
        body = got.partition(b"\r\n\r\n")[2]
        assert body in (PAGE, b"let plain = 1\n"), got


@pytest.mark.parametrize("path", TRICKS)
def test_path_trick(server, path):
    got, closed = server.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert closed and probe.statuses(got)
    nothing_leaks(got)


def test_traversal_lists(server):
    lines = traversal_lines()
    if not lines:
        pytest.skip("no shared test data here")
    for line in lines:
        target = b"/" + line.lstrip(b"/")
        got, _ = server.raw(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        nothing_leaks(got)
        query = b"/api/v1/probe/read?text=" + line
        got, _ = server.raw(b"GET " + query + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert all(c in (200, 400, 422) for c in probe.statuses(got)), got
    assert server.alive()


def post(server, body, key):
    head = HEAD.replace(b"smuggle-1", key) + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    got, _ = server.raw(head + body)
    reply, = probe.replies(got)
    return reply


def test_json_suite(server):
    """JSONTestSuite as bodies: never a 5xx, a problem in every refusal; what must be refused is."""
    folder = os.path.join(BAD, "json", "test_parsing")
    if not os.path.isdir(folder):
        pytest.skip("no shared test data here")
    names = sorted(os.listdir(folder))
    assert len(names) > 300
    for i, name in enumerate(names):
        with open(os.path.join(folder, name), "rb") as f:
            body = f.read()
        status, headers, text = post(server, body, b"json-suite-%d" % i)
        # An empty body is no JSON at all, and a whole one when nothing is required.
        assert status in (400, 413, 422) or (status == 201 and not name.startswith("n_")) or not body, (name, status, text)
        if status >= 400:
            assert headers["content-type"] == "application/problem+json" and json.loads(text)["detail"], name


def test_naughty_strings(server):
    path = os.path.join(BAD, "strings", "blns.json")
    if not os.path.exists(path):
        pytest.skip("no shared test data here")
    with open(path, encoding="utf-8") as f:
        strings = json.load(f)
    for i, text in enumerate(strings):
        body = json.dumps({"text": text}, ensure_ascii=bool(i % 2)).encode("utf-8", "surrogatepass")
        status, _, reply = post(server, body, b"naughty-%d" % i)
        if status == 201:
            assert json.loads(reply)["text"] == text, text
        else:
            assert status == 422 and json.loads(reply)["errors"][0]["pointer"] == "/text", (text, reply)
        query = "/api/v1/probe/read?" + urllib.parse.urlencode({"text": text})
        got, _ = server.raw(f"GET {query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        (status, _, reply), = probe.replies(got)
        assert (status == 200 and json.loads(reply)["text"] == text) or status in (400, 422), (text, reply)


def test_bytes_that_are_no_utf8(server):
    path = os.path.join(BAD, "utf8", "UTF-8-test_2003_kuhn.txt")
    if not os.path.exists(path):
        pytest.skip("no shared test data here")
    with open(path, "rb") as f:
        lines = f.read().split(b"\n")
    for i, line in enumerate(lines):
        body = b'{"text":"' + re.sub(rb'[\x00-\x1f"\\\\]', b"", line) + b'"}'
        status, _, reply = post(server, body, b"utf8-test-%d" % i)
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            assert status in (400, 422), (line, reply)
        else:
            assert status in (201, 422), (line, reply)


def answers(server):
    began = time.monotonic()
    got, _ = server.raw(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    return probe.statuses(got) == [200] and time.monotonic() - began < 2


def test_dawdlers_are_cut(server):
    """A byte every other second keeps the library's idle time-out away, not our deadlines (http/watch.h)."""
    heads = [server.connect() for _ in range(40)]
    bodies = [server.connect() for _ in range(10)]
    for s in bodies:
        s.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    began = time.monotonic()
    left = set(heads + bodies)
    while left and time.monotonic() - began < 45:
        for s in list(left):
            s.setblocking(False)
            try:
                s.send(b"G" if s in heads else b" ")
                if s.recv(4096) == b"":
                    left.discard(s)
            except BlockingIOError:
                pass
            except OSError:
                left.discard(s)
        assert answers(server)
        time.sleep(2)
    for s in heads + bodies:
        s.close()
    assert not left, f"{len(left)} dawdlers still hold a connection after {time.monotonic() - began:.0f} s"


def test_connection_limit_recovers():
    small = probe.Probe("connections_max=32")
    try:
        idle = [small.connect() for _ in range(60)]
        time.sleep(0.5)
        for s in idle:
            s.close()
        time.sleep(1.5)
        assert answers(small)
    finally:
        small.stop()


def test_large_head_and_many_fields(server):
    for request in (
        b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: 1\r\n" * 100 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200000 + b"\r\n\r\n",
    ):
        got, closed = server.raw(request, timeout=5)
        codes = probe.statuses(got)
        assert closed and all(400 <= c < 500 for c in codes), got[:300]
