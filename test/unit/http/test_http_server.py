"""The HTTP server over http_probe: replies, conditions, ranges, languages, sessions, streams, uploads, stop."""
import base64
import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time

import pytest
import requests

sys.path.insert(0, os.path.dirname(__file__))
import probe  # noqa: E402

POLICY = (
    "default-src 'none'; script-src 'self'; img-src 'self' blob:; style-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types vue")
KEY = iter(f"server-test-{i}" for i in range(100000))


@pytest.fixture(scope="module")
def server():
    p = probe.Probe("body_max_bytes=4096", "upload_max_bytes=3000000", "read_threads=2")
    yield p
    p.stop()


def note(server, number=None, cookies=None, **more):
    body = {"text": "申请", **({"number": number} if number is not None else {}), **more}
    return requests.post(f"{server.url}/api/v1/probe/notes", json=body, headers={"Idempotency-Key": next(KEY)},
                         cookies=cookies, timeout=10)


# Operations

def test_path_and_query_become_input(server):
    r = requests.get(f"{server.url}/api/v1/probe/echo/5?text=%E7%94%B3+x&number=-5&tags=a&tags=b&flag=true", timeout=10)
    assert r.status_code == 200
    assert r.json() | {"host": 0} == {"id": 5, "number": -5, "text": "申 x", "lang": "zh", "host": 0, "channel": "web",
                                      "tags": ["a", "b"], "flag": True}
    assert r.headers["Content-Type"] == "application/json" and r.headers["Cache-Control"] == "no-store"
    assert len(r.headers["X-Request-Id"]) == 12


@pytest.mark.parametrize("query,pointer,code", [
    ("number=x", "/number", "type"), ("number=1&number=2", "/number", "repeated"), ("foo=1", "/foo", "unknown"),
    ("number=9999", "/number", None), ("flag=yes", "/flag", None), ("a%2Fb=1", "/a~1b", "unknown"), ("id=7", "/id", "in_path"),
])
def test_bad_parameters_are_named(server, query, pointer, code):
    r = requests.get(f"{server.url}/api/v1/probe/echo/5?{query}", timeout=10)
    assert r.status_code == 422 and r.headers["Content-Type"] == "application/problem+json"
    fault = r.json()["errors"][0]
    assert fault["pointer"] == pointer and (code is None or fault["code"] == code)


def test_write_and_its_repetition(server):
    key = {"Idempotency-Key": next(KEY)}
    url = f"{server.url}/api/v1/probe/notes"
    first = requests.post(url, json={"text": "一"}, headers=key, timeout=10)
    again = requests.post(url, json={"text": "一"}, headers=key, timeout=10)
    other = requests.post(url, json={"text": "二"}, headers=key, timeout=10)
    assert first.status_code == 201 and first.headers["Location"] == "/api/v1/probe/notes/1"
    assert first.raw.headers.getlist("Set-Cookie") == ["a=1; Path=/", "b=2; Path=/"]
    assert again.status_code == 201 and again.json() == first.json() and again.headers["Idempotency-Replayed"] == "true"
    assert other.status_code == 422 and other.json()["code"] == "idempotency-mismatch"
    none = requests.post(url, json={"text": "一"}, timeout=10)
    assert none.status_code == 400 and none.json()["code"] == "idempotency-key-missing"


@pytest.mark.parametrize("body,media,status,code", [
    (b"{", "application/json", 400, "json-invalid"),
    (b"[]", "application/json", 400, "json-invalid"),
    (b'{"text":1}', "application/json", 422, "form-invalid"),
    (b'{"text":"a","text":"b"}', "application/json", None, None),
    (b'{"number":9223372036854775808}', "application/json", None, None),
    (b'{"text":"\xff"}', "application/json", None, None),
    (b"{}", "text/plain", 415, "media-type"),
    (b"{}", None, 415, "media-type"),
    (b"{}", "application/json; charset=gbk", 415, "media-type"),
    (b"{}", "application/json; charset=utf-8", 201, None),
])
def test_bodies(server, body, media, status, code):
    headers = {"Idempotency-Key": next(KEY), **({"Content-Type": media} if media else {})}
    r = requests.post(f"{server.url}/api/v1/probe/notes", data=body, headers=headers, timeout=10)
    assert r.status_code == status or (status is None and 400 <= r.status_code < 500)
    if code:
        assert r.json()["code"] == code


def test_body_over_the_limit_is_refused_before_it_comes(server):
    head = (b"POST /api/v1/probe/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Idempotency-Key: too-large-1\r\nContent-Length: 99999999\r\n\r\n")
    got, closed = server.raw(head, timeout=3)
    assert probe.statuses(got) == [413] and closed


def test_expect_continue(server):
    head = (b"POST /api/v1/probe/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Expect: 100-continue\r\nIdempotency-Key: %s\r\nContent-Length: %d\r\n\r\n")
    got, closed = server.raw(head % (b"continue-1", 99999), timeout=3)
    assert probe.statuses(got) == [413] and closed
    with server.connect() as s:
        s.sendall(head % (b"continue-2", 2))
        assert s.recv(4096).startswith(b"HTTP/1.1 100 ")
        s.sendall(b"{}")
        assert probe.statuses(probe.read_all(s)[0]) == [201]


def test_chunks_over_the_limit(server):
    head = (b"POST /api/v1/probe/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Idempotency-Key: too-large-2\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
    got, closed = server.raw(head + chunk * 3 + b"0\r\n\r\n", timeout=5)
    assert probe.statuses(got) == [413] and closed
    got, closed = server.raw(head + chunk * 400, timeout=5)
    assert probe.statuses(got) == [] and closed


def test_methods(server):
    r = requests.delete(f"{server.url}/api/v1/probe/notes", timeout=10)
    assert r.status_code == 405 and r.headers["Allow"] == "POST"
    r = requests.options(f"{server.url}/api/v1/probe/read", timeout=10)
    assert r.status_code == 405 and r.headers["Allow"] == "GET, HEAD"
    assert requests.get(f"{server.url}/api/v1/nothing", timeout=10).status_code == 404
    assert requests.get(f"{server.url}/api/nothing", timeout=10).status_code == 404
    r = requests.post(f"{server.url}/index.html", timeout=10)
    assert r.status_code == 405 and r.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/favicon.svg", "/api/v1/probe/read", "/api/v1/probe/file", "/health/live",
                                  "/health/ready", "/metrics", "/api/v1/openapi.json"])
def test_head_is_get_without_the_body(server, path):
    got, head = requests.get(server.url + path, timeout=10), requests.head(server.url + path, timeout=10)
    assert head.status_code == got.status_code == 200 and head.content == b""
    if path != "/metrics":
        assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert head.headers["Content-Type"] == got.headers["Content-Type"]


def test_accept(server):
    url = f"{server.url}/api/v1/probe/read"
    assert requests.get(url, headers={"Accept": "text/html"}, timeout=10).status_code == 406
    assert requests.get(url, headers={"Accept": "text/html, */*;q=0.1"}, timeout=10).status_code == 200


def test_languages(server):
    url = f"{server.url}/api/v1/probe/broken"
    zh = requests.get(url, timeout=10)
    en = requests.get(url, headers={"Accept-Language": "en-GB,zh;q=0.5"}, timeout=10)
    assert zh.status_code == 500 and zh.headers["Content-Language"] == "zh-CN"
    assert en.headers["Content-Language"] == "en" and en.json()["title"] != zh.json()["title"]
    assert requests.get(url + "?lang=en", timeout=10).headers["Content-Language"] == "en"
    assert requests.get(url, cookies={"lang": "en"}, timeout=10).headers["Content-Language"] == "en"
    assert "secret cause" not in zh.text and zh.json()["instance"] == f"/requests/{zh.headers['X-Request-Id']}"


# Sessions

def test_session_and_csrf(server):
    mine = f"{server.url}/api/v1/probe/mine"
    assert requests.get(mine, timeout=10).status_code == 401
    assert "WWW-Authenticate" in requests.get(mine, timeout=10).headers
    assert requests.get(mine, cookies={"huhang": "staff-1"}, timeout=10).status_code == 200
    twice = requests.get(mine, headers={"Cookie": "huhang=staff-1; huhang=staff-2"}, timeout=10)
    assert twice.status_code == 401, "a planted second cookie is not believed"
    change = f"{server.url}/api/v1/probe/notes/3"
    headers = {"Idempotency-Key": next(KEY), "If-Match": '"v1"'}
    cookie = {"huhang": "staff-1"}
    assert requests.put(change, json={}, headers=headers, cookies=cookie, timeout=10).status_code == 403
    headers |= {"X-CSRF-Token": "csrf-1", "Idempotency-Key": next(KEY)}
    assert requests.put(change, json={}, headers=headers, cookies=cookie, timeout=10).json()["id"] == 3
    del headers["If-Match"]
    headers["Idempotency-Key"] = next(KEY)
    assert requests.put(change, json={}, headers=headers, cookies=cookie, timeout=10).status_code == 428
    headers |= {"If-Match": 'W/"v1"', "Idempotency-Key": next(KEY)}
    assert requests.put(change, json={}, headers=headers, cookies=cookie, timeout=10).status_code == 428
    twisted = {"id": 4, "text": "x"}
    headers |= {"If-Match": '"v1"', "Idempotency-Key": next(KEY)}
    r = requests.put(change, json=twisted, headers=headers, cookies=cookie, timeout=10)
    assert r.status_code == 422 and r.json()["errors"][0]["pointer"] == "/id"


def test_secure_cookie_name():
    p = probe.Probe("secure_cookies=yes")
    try:
        mine = f"{p.url}/api/v1/probe/mine"
        assert requests.get(mine, cookies={"huhang": "staff-1"}, timeout=10).status_code == 401
        assert requests.get(mine, cookies={"__Host-huhang": "staff-1"}, timeout=10).status_code == 200
    finally:
        p.stop()


# Conditions and ranges

def test_etag(server):
    url = f"{server.url}/api/v1/probe/tagged"
    r = requests.get(url, timeout=10)
    assert r.headers["ETag"] == '"v1"' and r.headers["Cache-Control"] == "private, no-cache"
    same = requests.get(url, headers={"If-None-Match": '"v0", "v1"'}, timeout=10)
    assert same.status_code == 304 and same.content == b"" and same.headers["ETag"] == '"v1"'
    assert same.headers.get("Content-Length") in (None, r.headers["Content-Length"])
    assert requests.get(url, headers={"If-None-Match": '"v0"'}, timeout=10).status_code == 200


def test_connection_lives_on_after_304(server):
    with requests.Session() as s:
        for _ in range(3):
            assert s.get(f"{server.url}/api/v1/probe/tagged", headers={"If-None-Match": '"v1"'}, timeout=10).status_code == 304
            assert s.get(f"{server.url}/api/v1/probe/read", timeout=10).json()["id"] is None


def test_ranges(server):
    url = f"{server.url}/api/v1/probe/file"
    whole = requests.get(url, timeout=10)
    assert whole.content == b"%PDF-0123456789" and whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Content-Disposition"] == "inline; filename=\"__.pdf\"; filename*=UTF-8''%E5%8F%97%E7%90%86.pdf"
    assert "default-src" not in whole.headers["Content-Security-Policy"]
    part = requests.get(url, headers={"Range": "bytes=5-7"}, timeout=10)
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"012", "bytes 5-7/15")
    tail = requests.get(url, headers={"Range": "bytes=-2"}, timeout=10)
    assert (tail.status_code, tail.content) == (206, b"89")
    outside = requests.get(url, headers={"Range": "bytes=15-"}, timeout=10)
    assert outside.status_code == 416 and outside.headers["Content-Range"] == "bytes */15"
    for if_range, status in (('"pdf1"', 206), ('"pdf0"', 200), ('W/"pdf1"', 200)):
        assert requests.get(url, headers={"Range": "bytes=0-0", "If-Range": if_range}, timeout=10).status_code == status


# Pages

def test_pages(server):
    page = requests.get(f"{server.url}/m/GX2026-003172", timeout=10)
    assert page.status_code == 200 and page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Content-Security-Policy"] == POLICY and page.headers["Cache-Control"] == "no-cache"
    for name, value in {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
                        "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}.items():
        assert page.headers[name] == value
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in page.headers and "Server" not in page.headers
    report = requests.get(f"{server.url}/report.html", timeout=10)
    assert "'wasm-unsafe-eval'" in report.headers["Content-Security-Policy"]
    assert "blob:" not in report.headers["Content-Security-Policy"]
    assert report.headers["Referrer-Policy"] == "no-referrer"
    assert requests.get(f"{server.url}/missing.js", timeout=10).status_code == 404


def test_twins(server):
    url = f"{server.url}/assets/app-Abcdef12.js"
    tags = set()
    for accept, coding, body in (("br, gzip", "br", b"BROTLI"), ("gzip", "gzip", b"GZIP"), ("identity", None, b"let plain = 1\n"),
                                 ("br;q=0, gzip;q=0", None, b"let plain = 1\n")):
        s = requests.get(url, headers={"Accept-Encoding": accept}, timeout=10, stream=True)
        assert s.headers.get("Content-Encoding") == coding and s.raw.read(decode_content=False) == body
        assert s.headers["Cache-Control"] == "public, max-age=31536000, immutable" and s.headers["Vary"] == "Accept-Encoding"
        tags.add(s.headers["ETag"])
    assert len(tags) == 3
    part = requests.get(url, headers={"Accept-Encoding": "br", "Range": "bytes=0-2"}, timeout=10)
    assert part.status_code == 206 and part.content == b"let" and "Content-Encoding" not in part.headers
    assert requests.get(url, headers={"If-None-Match": part.headers["ETag"], "Accept-Encoding": "identity"}, timeout=10).status_code == 304


def test_health_and_metrics(server):
    assert requests.get(f"{server.url}/health/live", timeout=10).json() == {"status": "live"}
    assert requests.get(f"{server.url}/health/ready", timeout=10).json()["status"] == "ready"
    text = requests.get(f"{server.url}/metrics", timeout=10).text
    assert text.endswith("# EOF\n")
    assert requests.get(f"{server.url}/metrics", headers={"X-Forwarded-For": "1.2.3.4"}, timeout=10).status_code == 404
    contract = requests.get(f"{server.url}/api/v1/openapi.json", timeout=10)
    assert contract.json()["openapi"].startswith("3.1")


def test_log_names_no_query_and_no_address(server):
    requests.get(f"{server.url}/api/v1/probe/echo/5?text=geheim", timeout=10)
    assert "what=probe.echo" in server.read_log()
    assert "geheim" not in server.read_log() and "127.0.0.1" not in server.read_log()


# admin.sock

def local(server, request):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(5)
        s.connect(os.path.join(server.data, "admin.sock"))
        s.sendall(request)
        return probe.replies(probe.read_all(s)[0])


def test_admin_socket(server):
    mode = os.stat(os.path.join(server.data, "admin.sock")).st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600
    get = b"GET /api/v1/probe/host HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    (status, _, body), = local(server, get)
    assert status == 200 and json.loads(body)["channel"] == "cli"
    assert requests.get(f"{server.url}/api/v1/probe/host", timeout=10).status_code == 404, "only for the host itself"


# Events

class Events:
    """Reads a stream in a thread, off the bare socket so that closing it is simple."""

    def __init__(self, server, cookie="staff-1", reading=True, **headers):
        lines = [f"{name}: {value}" for name, value in {"Host": "localhost", "Cookie": f"huhang={cookie}", **headers}.items()]
        self.socket = socket.socket()
        if not reading:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(60)
        self.socket.connect(("127.0.0.1", server.port))
        self.socket.sendall(("GET /api/v1/events HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        while (line := self.file.readline().strip()):
            name, _, value = line.decode().partition(":")
            self.headers[name] = value.strip()
        self.text = ""
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        if reading:
            self.read()

    def read(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.thread.start()

    def run(self):
        try:
            while (size := int(self.file.readline().strip() or b"0", 16)) > 0:
                self.text += self.file.read(size).decode()
                self.file.readline()
        except (OSError, ValueError):
            pass
        self.ended.set()

    def wait_for(self, text, seconds=5):
        end = time.monotonic() + seconds
        while text not in self.text and time.monotonic() < end:
            time.sleep(0.02)
        assert text in self.text, self.text
        return self.text

    def wait_for_events(self, n, seconds=20):
        end = time.monotonic() + seconds
        while self.text.count("event: probe.note") < n and time.monotonic() < end:
            time.sleep(0.02)
        assert self.text.count("event: probe.note") == n

    def ids(self):
        return [int(line[4:]) for line in self.text.splitlines() if line.startswith("id: ")]

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)
        self.file.close()
        self.socket.close()


def test_events_need_a_session(server):
    assert requests.get(f"{server.url}/api/v1/events", timeout=10).status_code == 401
    assert requests.post(f"{server.url}/api/v1/events", timeout=10).status_code == 405
    r = requests.get(f"{server.url}/api/v1/events", cookies={"huhang": "staff-1"}, headers={"Last-Event-ID": "x"}, timeout=10)
    assert r.status_code == 400


def test_events_arrive_replay_and_are_for_their_reader(server):
    first = Events(server)
    assert first.headers["Content-Type"] == "text/event-stream" and first.headers["X-Accel-Buffering"] == "no"
    first.wait_for("event: hello")
    assert note(server, 1).status_code == 201
    first.wait_for("event: probe.note")
    data = json.loads(next(line for line in first.text.splitlines() if line.startswith('data: {"topic":"probe.note"'))[6:])
    assert data["matter_id"] == 5 and data["act_id"] == 6 and data["at"].endswith("+08:00")
    last = first.ids()[-1]
    first.close()
    note(server, 1)
    note(server, 2)  # for somebody else
    note(server)  # for the office
    again = Events(server, **{"Last-Event-ID": str(last)})
    again.wait_for("event: probe.note")
    again.wait_for_events(2)
    assert all(i >= last for i in again.ids())
    assert again.ids() == sorted(set(again.ids())) or again.ids()[0] == last
    again.close()
    by_query = requests.get(f"{server.url}/api/v1/events?last_id={last}", cookies={"huhang": "staff-2"}, stream=True, timeout=10)
    text = b""
    for piece in by_query.iter_content(None):
        text += piece
        if text.count(b"event: probe.note") >= 2:
            break
    by_query.close()


def test_long_replay_comes_whole(server):
    """More than one round of the pump."""
    start = Events(server)
    start.wait_for("event: hello")
    from_id = start.ids()[0]
    start.close()
    for _ in range(250):
        assert note(server, 1).status_code == 201
    stream = Events(server, **{"Last-Event-ID": str(from_id)})
    stream.wait_for_events(250)
    assert stream.ids()[1:] == sorted(set(stream.ids()[1:]))
    stream.close()


def test_streams_of_one_session_are_limited(server):
    streams = [Events(server, "staff-9") for _ in range(6)]
    over = requests.get(f"{server.url}/api/v1/events", cookies={"huhang": "staff-9"}, timeout=10)
    assert over.status_code == 429 and int(over.headers["Retry-After"]) > 0
    for s in streams:
        s.close()


def test_slow_reader_loses_nothing_and_holds_up_nobody(server):
    """Far more than a stream holds (64 KiB) and the kernel buffers: the rest waits in the outbox."""
    slow = Events(server, "staff-7", reading=False)
    good = Events(server, "staff-7")
    good.wait_for("event: hello")
    for _ in range(600):
        assert note(server, 7, flag=True).status_code == 201
    good.wait_for_events(600)
    slow.read()
    slow.wait_for_events(600)
    assert slow.ids() == good.ids()
    good.close()
    slow.close()


def test_heartbeats():
    """A stream ends with its session, and a client that left makes room at the second beat: it cannot be seen earlier."""
    p, crowded = probe.Probe(), probe.Probe("connections_max=16")
    try:
        for _ in range(6):  # all that one session may have; of 8 in all
            s = crowded.connect()
            s.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nCookie: huhang=staff-1\r\n\r\n")
            assert s.recv(4096)
            s.close()
        left = time.monotonic()
        stream = Events(p)
        stream.wait_for(": beat", 20)
        assert requests.post(f"{p.url}/api/v1/probe/revoke", timeout=10).status_code == 204
        assert stream.ended.wait(20), "the stream outlived its session"
        time.sleep(max(0, left + 34 - time.monotonic()))
        again = Events(crowded)
        again.wait_for("event: hello")
        again.close()
    finally:
        p.stop()
        crowded.stop()


# Uploads (tus 1.0)

TUS = {"Tus-Resumable": "1.0.0"}
STAFF = {"huhang": "staff-1"}
PNG = b"\x89PNG\r\n\x1a\n"


def tus_create(server, size, name="图.png", media="image/png", **headers):
    about = f"filename {base64.b64encode(name.encode()).decode()},filetype {base64.b64encode(media.encode()).decode()}"
    return requests.post(f"{server.url}/api/v1/uploads", cookies=STAFF, timeout=10,
                         headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": about, **headers})


def tus_patch(server, where, offset, data, **headers):
    return requests.patch(server.url + where, data=data, cookies=STAFF, timeout=10,
                          headers={**TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream", **headers})


def tus_offset(server, where):
    r = requests.head(server.url + where, cookies=STAFF, headers=TUS, timeout=10)
    assert r.status_code == 200 and r.headers["Cache-Control"] == "no-store", r.status_code
    return int(r.headers["Upload-Offset"])


def test_tus_options(server):
    r = requests.options(f"{server.url}/api/v1/uploads", timeout=10)
    assert r.status_code == 204 and r.headers["Tus-Version"] == "1.0.0"
    assert set(r.headers["Tus-Extension"].split(",")) == {"creation", "termination"}
    assert r.headers["Tus-Max-Size"] == "3000000"


def test_tus_whole_story(server):
    file = PNG + os.urandom(1500000)
    r = tus_create(server, len(file))
    assert r.status_code == 201 and r.headers["Tus-Resumable"] == "1.0.0", r.text
    where = r.headers["Location"]
    assert tus_offset(server, where) == 0
    r = tus_patch(server, where, 0, file[:700000])
    assert r.status_code == 204 and r.headers["Upload-Offset"] == "700000"
    assert tus_patch(server, where, 0, file[:10]).status_code == 409
    assert tus_offset(server, where) == 700000
    r = tus_patch(server, where, 700000, file[700000:])
    assert r.status_code == 204 and int(r.headers["Upload-Offset"]) == len(file)
    assert tus_offset(server, where) == len(file)
    r = requests.delete(server.url + where, cookies=STAFF, headers=TUS, timeout=10)
    assert r.status_code == 204 and r.headers["Tus-Resumable"] == "1.0.0"
    assert requests.head(server.url + where, cookies=STAFF, headers=TUS, timeout=10).status_code in (404, 410)


def test_tus_goes_on_after_a_break(server):
    where = tus_create(server, 200000).headers["Location"]
    head = (f"PATCH {where} HTTP/1.1\r\nHost: localhost\r\nCookie: huhang=staff-1\r\nTus-Resumable: 1.0.0\r\n"
            "Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: 200000\r\n\r\n").encode()
    with server.connect() as s:
        s.sendall(head + PNG + b"x" * 100000)
        time.sleep(0.3)
    end = time.monotonic() + 5
    while (at := tus_offset(server, where)) == 0 and time.monotonic() < end:
        time.sleep(0.1)
    assert 0 < at <= 100008
    assert tus_patch(server, where, at, b"y" * (200000 - at)).headers["Upload-Offset"] == "200000"


@pytest.mark.parametrize("change,status", [
    ({"Tus-Resumable": "0.2.2"}, 412), ({"Upload-Length": "-1"}, 400), ({"Upload-Length": "x"}, 400),
    ({"Upload-Metadata": "filename %%%"}, 400), ({"Upload-Length": "3000001"}, 413),
])
def test_tus_creation_refused(server, change, status):
    r = tus_create(server, 10, **change)
    assert r.status_code == status and r.headers["Tus-Resumable"] == "1.0.0", r.text


def test_tus_refusals(server):
    assert tus_create(server, 10, media="text/html", name="a.html").status_code == 415
    where = tus_create(server, 100).headers["Location"]
    assert tus_patch(server, where, 0, b"x" * 101).status_code == 413
    assert tus_patch(server, where, 0, b"not a png, not at all").status_code == 415
    assert tus_patch(server, where, 0, PNG, **{"Content-Type": "text/plain"}).status_code == 415
    nobody = requests.head(server.url + where, headers=TUS, timeout=10)
    other = requests.head(server.url + where, headers=TUS, cookies={"huhang": "staff-2"}, timeout=10)
    assert nobody.status_code == 401 and other.status_code == 404
    assert requests.put(server.url + where, headers=TUS, cookies=STAFF, timeout=10).status_code == 405
    assert requests.head(f"{server.url}/api/v1/uploads/none", headers=TUS, cookies=STAFF, timeout=10).status_code == 404
    chunks = (b"x" * 50 for _ in range(3))
    over = tus_patch(server, tus_create(server, 100).headers["Location"], 0, chunks)
    assert over.status_code in (413, 415)


# Start and stop

def test_taken_port_is_named(server):
    r = subprocess.run([probe.binary(), os.path.join(server.folder.name, "second"), f"listen=127.0.0.1:{server.port}"],
                       capture_output=True, text=True, timeout=20)
    assert r.returncode == 3 and "PORT=" in r.stderr and f"127.0.0.1:{server.port}" in r.stderr
    assert "占用" in r.stderr and "already uses" in r.stderr


def test_stop_answers_what_is_under_way():
    p = probe.Probe()
    replies = []
    get = lambda path: replies.append(requests.get(p.url + path, timeout=20).status_code)  # noqa: E731
    threads = [threading.Thread(target=get, args=(f"/api/v1/probe/{lane}?wait_ms=1500",)) for lane in ("slow", "read", "read")]
    for t in threads:
        t.start()
    streams = [Events(p, f"staff-{i}") for i in range(1, 6)]
    idle = [p.connect() for _ in range(5)]
    time.sleep(0.5)
    p.terminate()
    for t in threads:
        t.join(20)
    assert replies == [200, 200, 200]
    for s in streams:
        assert s.ended.wait(10)
    p.stop()
    for s in idle:
        s.close()


def test_acknowledged_writes_survive_a_stop_under_load():
    p = probe.Probe()
    good = []

    def write():
        with requests.Session() as s:
            while True:
                try:
                    r = s.post(f"{p.url}/api/v1/probe/notes", json={"text": "x"}, headers={"Idempotency-Key": next(KEY)}, timeout=10)
                except requests.exceptions.RequestException:
                    return
                if r.status_code != 201:
                    assert r.status_code == 503
                    return
                good.append(1)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for t in threads:
        t.start()
    time.sleep(1)
    p.terminate()
    for t in threads:
        t.join(20)
    assert p.process.wait(30) == 0 and good
    import sqlite3
    with sqlite3.connect(os.path.join(p.data, "huhang.db")) as db:
        assert db.execute("SELECT COUNT(*) FROM outbox").fetchone()[0] >= len(good)
    p.stop()


def test_tls():
    p = None
    folder = os.path.join("/tmp", f"huhang-tls-{os.getpid()}")
    os.makedirs(folder, exist_ok=True)
    cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", cert],
                   check=True, capture_output=True)
    try:
        p = probe.Probe(f"tls_cert={cert}", f"tls_key={key}")
        r = requests.get(f"https://127.0.0.1:{p.port}/", verify=cert, timeout=10)
        assert r.status_code == 200 and r.headers["Strict-Transport-Security"].startswith("max-age=")
    finally:
        if p:
            p.stop()
        for f in (cert, key):
            os.unlink(f)
        os.rmdir(folder)


def test_our_client(server):
    """sys/http_client.h, in C, against the same server."""
    program = os.path.join(os.path.dirname(probe.binary()), "http_client_probe")
    r = subprocess.run([program, str(server.port), os.path.join(server.data, "admin.sock")], capture_output=True, text=True, timeout=60)
    assert r.returncode == 0, r.stdout + r.stderr
