"""API tests drive the real program: `server` is `huhang serve` over a fresh folder, `Client` speaks to it.

HUHANG            the program (default: the newest build*/src/main/huhang)
HUHANG_TEST_DB    sqlite (default) or pg, which starts a private PostgreSQL by tools/pg
HUHANG_COVERAGE   strict: the run fails when an operation or one of its declared errors was never seen

Every request and reply of a Client is checked against /api/v1/openapi.json (contract.py); a reply that the
contract does not allow fails the test that asked for it.
"""
import atexit
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import uuid

import pytest
import requests

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from contract import Contract  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ENGINE = os.environ.get("HUHANG_TEST_DB", "sqlite")
CONTRACTS = []


def binary():
    named = os.environ.get("HUHANG")
    found = [named] if named else glob.glob(os.path.join(ROOT, "build*", "src", "main", "huhang"))
    if not found:
        pytest.skip("the program is not built: tools/build")
    return max(found, key=os.path.getmtime)


class Postgres:
    """One private cluster for the whole run; a database for each server."""

    running = None

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="huhang-pg-", dir="/tmp")
        self.tool = os.path.join(ROOT, "tools", "pg")
        r = subprocess.run([self.tool, "start", self.dir], capture_output=True, text=True, timeout=120)
        if r.returncode == 77:
            pytest.skip("PostgreSQL is not installed")
        assert r.returncode == 0, r.stderr
        self.url = r.stdout.strip().splitlines()[-1]
        atexit.register(self.stop)

    @classmethod
    def new_database(cls):
        import psycopg2
        cls.running = cls.running or cls()
        name = "t" + uuid.uuid4().hex[:12]
        db = psycopg2.connect(cls.running.url)
        db.autocommit = True  # CREATE DATABASE wants no transaction
        db.cursor().execute(f"CREATE DATABASE {name}")
        db.close()
        return re.sub(r"@/huhang\b", f"@/{name}", cls.running.url)

    def stop(self):
        subprocess.run([self.tool, "stop", self.dir], capture_output=True, timeout=60, check=False)
        shutil.rmtree(self.dir, ignore_errors=True)


class Server:
    """A data folder and, between start and stop, the process that serves it."""

    def __init__(self, demo=True, engine=ENGINE, settings=()):
        self.engine = engine
        self.folder = tempfile.mkdtemp(prefix="huhang-api-")
        self.data = os.path.join(self.folder, "data")
        self.log_path = os.path.join(self.folder, "log")
        self.env = {**os.environ, "HUHANG_KEY_FILE": os.path.join(self.folder, "office.key")}
        for setting in settings:
            name, _, value = setting.partition("=")
            self.env["HUHANG_" + name.upper()] = value
        self.process = None
        self.url = None
        try:
            self.made = self.run("init", "--data", self.data, *(["--demo"] if demo else []),
                                 *(["--db", Postgres.new_database()] if engine == "pg" else []))
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def run(self, *words, check=True, timeout=600):
        """A command of the program; its standard output."""
        r = subprocess.run([binary(), *words], env=self.env, capture_output=True, text=True, timeout=timeout)
        assert not check or r.returncode == 0, f"huhang {' '.join(words)}: exit {r.returncode}\n{r.stdout}{r.stderr}"
        return r.stdout if check else r

    def start(self, *more, listen="127.0.0.1:0"):
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen([binary(), "serve", "--data", self.data, "--listen", listen, *more],
                                        env=self.env, stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        match = re.match(r"listening on (https?://\S+)", line)
        if not match:
            code = self.process.wait(30)
            self.process = None
            self.log.close()
            raise AssertionError(f"no start: exit {code}\n{self.read_log()[-4000:]}")
        self.url = match.group(1)
        # Nobody reads on; the pipe must not fill.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        return self

    def read_log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def stop(self):
        """Gracefully; a crash or a sanitizer's report fails."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.process = None
        self.log.close()
        log = self.read_log()
        assert code == 0, f"exit {code}\n{log[-6000:]}"
        assert "Sanitizer" not in log and "runtime error" not in log, log[-6000:]

    def kill(self):
        """As if the power went."""
        self.process.kill()
        self.process.wait(60)
        self.process = None
        self.log.close()

    def remove(self):
        try:
            self.stop()
        finally:
            if self.process is not None:
                self.kill()
            shutil.rmtree(self.folder, ignore_errors=True)

    def client(self, login=None, password=None, **more):
        return Client(self, **more) if login is None else Client(self, **more).sign_in(login, password)


class Problem(AssertionError):
    """An answer that the test did not ask for."""


class Client:
    """A browser's manners: one session, its CSRF token, a fresh Idempotency-Key for each write.

    Methods take a path below /api/v1 and return the reply; `want` is the status expected (None: any, else
    2xx). if_match takes an etag without quotes; key repeats an Idempotency-Key.
    """

    def __init__(self, server, lang="zh", contract=None):
        self.server = server
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = lang
        self.csrf = None
        self.me = None
        self.contract = contract if contract is not None else contract_of(server)

    def sign_in(self, login, password):
        self.me = self.post("/session", {"login": login, "password": password}).json()
        self.csrf = self.me["csrf"]
        return self

    def refresh(self):
        """GET /me again (after a change of password or of the party acted for)."""
        self.me = self.get("/me").json()
        self.csrf = self.me["csrf"]
        return self.me

    def request(self, method, path, body=None, *, want="good", if_match=None, key=None, headers=None, params=None, **more):
        own = dict(headers or {})
        if method not in ("GET", "HEAD", "OPTIONS"):
            own.setdefault("Idempotency-Key", key or uuid.uuid4().hex)
            if self.csrf:
                own.setdefault("X-CSRF-Token", self.csrf)
        if if_match is not None:
            own.setdefault("If-Match", f'"{if_match}"')
        r = self.session.request(method, f"{self.server.url}/api/v1{path}", json=body, headers=own, params=params,
                                 timeout=more.pop("timeout", 30), **more)
        self.contract.check(r, sent=body)
        good = 200 <= r.status_code < 300 if want == "good" else want is None or r.status_code == want
        if not good:
            raise Problem(f"{method} {path}: {r.status_code}, not {want}: {r.text[:2000]}")
        return r

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.request("POST", path, {} if body is None else body, **more)

    def put(self, path, body=None, **more):
        return self.request("PUT", path, {} if body is None else body, **more)

    def patch(self, path, body=None, **more):
        return self.request("PATCH", path, {} if body is None else body, **more)

    def delete(self, path, **more):
        return self.request("DELETE", path, **more)

    def pages(self, path, limit=100, **params):
        """All rows of a key-set list, page by page."""
        rows, after = [], None
        while True:
            page = self.get(path, params={**params, "limit": limit, **({"after": after} if after else {})}).json()
            rows += page["rows"]
            after = page.get("next")
            if not after:
                return rows

    def upload(self, name, media, content, piece=1 << 20):
        """A whole file by tus; its token."""
        import base64
        b64 = lambda text: base64.b64encode(text.encode()).decode()  # noqa: E731
        tus = {"Tus-Resumable": "1.0.0", "X-CSRF-Token": self.csrf or ""}
        made = self.session.post(f"{self.server.url}/api/v1/uploads", timeout=30, headers={
            **tus, "Upload-Length": str(len(content)), "Upload-Metadata": f"filename {b64(name)},filetype {b64(media)}"})
        if made.status_code != 201:
            raise Problem(f"upload {name}: {made.status_code} {made.text}")
        where = self.server.url + made.headers["Location"]
        for at in range(0, len(content), piece):
            sent = self.session.patch(where, data=content[at:at + piece], timeout=60, headers={
                **tus, "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"})
            if sent.status_code != 204:
                raise Problem(f"upload {name} at {at}: {sent.status_code} {sent.text}")
        return where.rsplit("/", 1)[1]


def contract_of(server):
    """One contract for each run of each server's program: all count together."""
    document = requests.get(f"{server.url}/api/v1/openapi.json", timeout=30).json()
    for known in CONTRACTS:
        if known.document == document:
            return known
    CONTRACTS.append(Contract(document))
    return CONTRACTS[-1]


@pytest.fixture(scope="session")
def server():
    """A running demo office for the whole run. Tests share it: make your own matters, assume no counts."""
    s = Server(demo=True)
    try:
        s.start()
        yield s
        s.stop()
    finally:
        s.remove()


@pytest.fixture
def fresh_server():
    """An empty office of its own (huhang init without --demo), not started; `made` holds what init said."""
    s = Server(demo=False)
    try:
        yield s
    finally:
        s.remove()


@pytest.fixture
def anonymous(server):
    return server.client()


def pytest_terminal_summary(terminalreporter):
    for contract in CONTRACTS:
        for line in contract.report():
            terminalreporter.write_line(line)


def pytest_sessionfinish(session):
    if os.environ.get("HUHANG_COVERAGE") == "strict" and any(c.unseen() for c in CONTRACTS) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
