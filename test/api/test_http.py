"""The real program over HTTP: its contract, sessions in a browser's manner, refusals, stop and start."""
import base64
import json
import re
import time
import socket
import stat
import os

import requests

PASSWORD = "Zhengwu-2026-dating"


def first_admin(server):
    """The system administrator of a new office, signed in by the one-time code that init printed."""
    code = re.search(r"one-time code (\S+)", server.made).group(1)
    c = server.client()
    c.me = c.post("/session/code", {"login": "admin", "code": code, "new_password": PASSWORD}).json()
    c.csrf = c.me["csrf"]
    return c


def test_contract_is_what_the_program_prints(server):
    printed = json.loads(server.run("openapi"))
    served = requests.get(f"{server.url}/api/v1/openapi.json", timeout=30)
    assert served.json() == printed and printed["openapi"].startswith("3.1")
    tag = served.headers["ETag"]
    assert requests.get(served.url, headers={"If-None-Match": tag}, timeout=30).status_code == 304


def test_pages_health_and_metrics(server):
    page = requests.get(f"{server.url}/m/GX2026-000001", timeout=30)
    assert page.status_code == 200 and "<!doctype html>" in page.text.lower()
    assert "require-trusted-types-for 'script'" in page.headers["Content-Security-Policy"]
    assert requests.get(f"{server.url}/health/live", timeout=30).json()["status"] == "live"
    assert requests.get(f"{server.url}/health/ready", timeout=30).json()["status"] == "ready"
    assert "huhang_requests" in requests.get(f"{server.url}/metrics", timeout=30).text


def test_readiness_and_metrics_tell_of_the_signer(fresh_server):
    fresh_server.start()
    first_admin(fresh_server).post("/setup/administrators", {"security": {"login": "sec", "name": "安"}, "audit": {"login": "aud", "name": "审"}})

    def ledger():
        return requests.get(f"{fresh_server.url}/health/ready", timeout=30).json()["ledger"]
    end = time.monotonic() + 30
    while ledger()["signed"] < ledger()["leaves"]:  # a checkpoint each second with news
        assert time.monotonic() < end, ledger()
        time.sleep(0.2)
    now = ledger()
    assert now["signer"] == "signing" and now["leaves"] >= 1 and 0 <= now["age_s"] < 60 and now["last_checkpoint"]
    numbers = dict(line.rsplit(" ", 1) for line in requests.get(f"{fresh_server.url}/metrics", timeout=30).text.splitlines() if not line.startswith("#"))
    assert int(numbers["huhang_ledger_signed"]) == now["signed"] and numbers["huhang_ledger_signer_well"] == "1"
    assert 0 <= int(numbers["huhang_ledger_checkpoint_age_seconds"]) < 120
    assert int(numbers["huhang_ledger_checkpoint_timestamp_seconds"]) > 1_700_000_000
    fresh_server.stop()
    fresh_server.start()
    assert ledger()["last_checkpoint"] == now["last_checkpoint"], "known after a restart too"


def test_refusals_in_both_languages(server):
    zh, en = server.client(), server.client(lang="en")
    for path, status, code in (("/nothing", 404, "not-found"), ("/matters", 401, "sign-in-required")):
        a, b = zh.get(path, want=status).json(), en.get(path, want=status).json()
        assert a["code"] == b["code"] == code and a["title"] != b["title"]
        assert a["instance"] != b["instance"], "each request has its number"


def test_me_without_a_session(anonymous):
    me = anonymous.get("/me").json()
    assert me["person"] is None and me["time_trusted"] in (True, False)


def test_session_cookie_and_csrf(fresh_server):
    fresh_server.start()
    admin = first_admin(fresh_server)
    cookie = next(c for c in admin.session.cookies if c.name == "huhang")
    assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "Lax" and cookie.path == "/"
    assert admin.refresh()["person"]["login"] == "admin"
    token, admin.csrf = admin.csrf, "stale"
    assert admin.delete("/session", want=403).json()["code"] == "csrf"
    admin.csrf = token
    admin.delete("/session")
    assert admin.get("/me").json()["person"] is None


def test_event_stream_ends_with_the_program(fresh_server):
    fresh_server.start()
    admin = first_admin(fresh_server)
    url = f"{fresh_server.url}/api/v1/events"
    assert requests.get(url, timeout=30).status_code == 401
    stream = admin.session.get(url, stream=True, timeout=30)
    assert stream.headers["Content-Type"] == "text/event-stream"
    assert b"event: hello" in next(stream.iter_content(None))
    fresh_server.stop()
    assert b"".join(stream.iter_content(None)) == b""


def test_data_survives_stop_and_start(fresh_server):
    fresh_server.start()
    first_admin(fresh_server)
    fresh_server.stop()
    fresh_server.start()
    assert fresh_server.client("admin", PASSWORD).me["person"]["login"] == "admin"
    fresh_server.kill()
    fresh_server.start()
    assert fresh_server.client("admin", PASSWORD).me["person"]["login"] == "admin"


def test_admin_socket_is_private(server):
    path = os.path.join(server.data, "admin.sock")
    mode = os.stat(path).st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(10)
        s.connect(path)
        s.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert s.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_second_server_on_the_folder_or_the_port_is_refused(server, fresh_server):
    same = server.run("serve", "--data", server.data, "--listen", "127.0.0.1:0", check=False)
    assert same.returncode == 3
    port = server.url.rsplit(":", 1)[1]
    taken = fresh_server.run("serve", "--data", fresh_server.data, "--listen", f"127.0.0.1:{port}", check=False)
    assert taken.returncode == 3 and "PORT=" in taken.stdout + taken.stderr


def test_upload_and_read_back(fresh_server):
    fresh_server.start()
    admin = first_admin(fresh_server)
    content = b"\x89PNG\r\n\x1a\n" + os.urandom(300000)
    token = admin.upload("章程.png", "image/png", content, piece=100000)
    about = admin.get(f"/uploads/{token}").json()
    assert about["name"] == "章程.png" and about["size"] == len(content) and about["complete"] is True
    got = admin.get(f"/uploads/{token}/content")
    assert got.content == content and got.headers["Content-Type"] == "image/png"
    assert fresh_server.client().get(f"/uploads/{token}", want=401).json()["code"] == "sign-in-required"


def test_an_upload_goes_on_after_a_restart(fresh_server):
    """HEAD tells what is durably on the disk; the client goes on there (tus 1.0)."""
    fresh_server.start()
    admin = first_admin(fresh_server)
    content = b"\x89PNG\r\n\x1a\n" + os.urandom(400000)
    tus = {"Tus-Resumable": "1.0.0", "X-CSRF-Token": admin.csrf}
    about = "filename " + base64.b64encode("现场照片.png".encode()).decode() + ",filetype " + base64.b64encode(b"image/png").decode()
    made = admin.session.post(f"{fresh_server.url}/api/v1/uploads", timeout=30, headers={**tus, "Upload-Length": str(len(content)), "Upload-Metadata": about})
    path = made.headers["Location"]

    def at():
        head = admin.session.head(fresh_server.url + path, headers=tus, timeout=30)
        assert head.status_code == 200 and int(head.headers["Upload-Length"]) == len(content)
        return int(head.headers["Upload-Offset"])

    def send(offset, end):
        return admin.session.patch(fresh_server.url + path, data=content[offset:end], timeout=30, headers={
            **tus, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"})
    assert send(0, 150000).status_code == 204 and at() == 150000
    fresh_server.stop()
    fresh_server.start()
    first = at()
    assert first == 2 * 65536 and admin.get(path[7:]).json()["offset"] == first
    wrong = send(150000, 150010)
    assert wrong.status_code == 409 and wrong.json()["offset"] == first
    assert send(first, 333333).status_code == 204
    fresh_server.kill()  # as if the power went
    fresh_server.start()
    second = at()
    assert second % 65536 == 0 and first <= second <= 333333
    assert send(second, len(content)).status_code == 204 and at() == len(content)
    assert admin.get(path[7:] + "/content").content == content
    assert os.listdir(os.path.join(fresh_server.data, "files", "tmp")) == []
