"""Backup under load and restore (issue 3 B): sign-in works, matters, files and letters are byte-identical,
verify passes over both logs, the new log cites the old one; without the office key nothing is restored."""
import os
import shutil
import sqlite3
import time

import pytest
import requests

import hall
from conftest import Postgres, Server

LETTERS = 3


@pytest.fixture(scope="module", params=["sqlite", "pg"])
def backed_up(request):
    """A server under load, and a backup taken meanwhile."""
    server = Server(engine=request.param)
    server.backup = os.path.join(server.folder, "backup")
    server.port = hall.free_port()
    load = None
    try:
        server.start(listen=f"127.0.0.1:{server.port}")
        load = hall.Load(server, server.port, threads=2)
        load.wait_for(3)
        done = len(load.acks())
        server.said = server.run("backup", "--data", server.data, "--to", server.backup)
        load.wait_for(2)
        server.acked_before = load.acks()[:done]
        load.finish()
        yield server
    finally:
        if load is not None and load.process.returncode is None:
            load.abandon()
        server.remove()


def restored(server, name):
    """The backup in a new folder (and data base); the server is not started yet."""
    s = Server.__new__(Server)
    s.engine, s.process, s.url, s.made = server.engine, None, None, server.made
    s.folder = os.path.join(server.folder, name)
    os.mkdir(s.folder)
    s.data, s.log_path, s.env = os.path.join(s.folder, "data"), os.path.join(s.folder, "log"), server.env
    s.words = ["restore", "--from", server.backup, "--data", s.data]
    if server.engine == "pg":
        s.words += ["--db", Postgres.new_database()]
    return s


@pytest.fixture(scope="module")
def twin(backed_up):
    s = restored(backed_up, "twin")
    s.said = s.run(*s.words)
    yield s
    if s.process is not None:
        s.stop()


def connect(server):
    """A connection to read rows: SQLite, or psycopg2 with the same face."""
    if server.engine == "sqlite":
        return sqlite3.connect(f"file:{server.data}/huhang.db?mode=ro", uri=True)
    import psycopg2
    with open(os.path.join(server.data, "huhang.conf"), encoding="utf-8") as f:
        url = [line.split("=", 1)[1].strip() for line in f if line.startswith("db")][0]
    return psycopg2.connect(url)


def query(server, sql):
    db = connect(server)
    try:
        cursor = db.cursor()
        cursor.execute(sql)
        return [tuple(bytes(x) if isinstance(x, memoryview) else x for x in row) for row in cursor.fetchall()]
    finally:
        db.close()


def table(server, name):
    return sorted(query(server, f"SELECT * FROM {name}"), key=repr)


def stored_files(data):
    root = os.path.join(data, "files")
    found = {}
    for folder, _, names in os.walk(root):
        if os.path.basename(folder) != "tmp":
            for n in names:
                with open(os.path.join(folder, n), "rb") as f:
                    found[os.path.relpath(os.path.join(folder, n), root)] = f.read()
    return found


def test_backup_holds_no_key(backed_up):
    names = [os.path.join(d, n) for d, _, ns in os.walk(backed_up.backup) for n in ns]
    assert not [n for n in names if n.endswith(".key")]
    with open(backed_up.env["HUHANG_KEY_FILE"], "rb") as f:
        office = f.read().strip()
    with open(os.path.join(backed_up.data, "keys", "log.key"), "rb") as f:
        log = f.read().strip()
    for name in names:
        with open(name, "rb") as f:
            content = f.read()
        assert office not in content and log not in content
    assert oct(os.stat(backed_up.backup).st_mode & 0o777) == "0o700"


def test_verify_passes_beside_the_server(backed_up):
    assert backed_up.run("verify", "--data", backed_up.data).startswith("ok ")


def test_restored_verifies_over_both_logs(twin):
    assert twin.said.startswith("ok ")
    assert ", log 2 size 1, " in twin.said
    assert twin.run("verify", "--data", twin.data).startswith("ok ")


def test_rows_are_the_same(backed_up, twin):
    """SQLite: the snapshot is a file, compared whole; on both engines what the acts say is as in the original."""
    if backed_up.engine == "sqlite":
        for name in hall.KEPT:
            snapshot = sqlite3.connect(f"file:{backed_up.backup}/huhang.db?mode=ro&immutable=1", uri=True)
            rows = sorted(snapshot.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            snapshot.close()
            assert rows == table(twin, name), name
    for name, key in (("act", "id"), ("act_body", "act_id"), ("definition", "id"), ("calendar", "id")):
        original = {r[0]: r for r in query(backed_up, f"SELECT {key}, x.* FROM {name} x")}
        for row in query(twin, f"SELECT {key}, x.* FROM {name} x"):
            assert original[row[0]] == row, (name, row[0])
    there = {r[0] for r in query(twin, "SELECT id FROM matter")}
    assert {r["id"] for r in backed_up.acked_before} <= there


def test_files_are_the_same(backed_up, twin):
    original, copy = stored_files(backed_up.data), stored_files(twin.data)
    assert copy and all(original[n] == content for n, content in copy.items())
    named = {row[0].hex() for row in query(twin, "SELECT sha256 FROM blob")}
    assert named <= {n.replace("/", "") for n in copy}


def test_new_log_cites_the_old(backed_up, twin):
    leaf = query(twin, "SELECT leaf FROM ledger_leaf WHERE log = 2 AND leaf_index = 0")[0][0].decode("utf-8", "replace")
    size, note = query(twin, "SELECT size, note FROM checkpoint WHERE log = 1 ORDER BY size DESC LIMIT 1")[0]
    with open(os.path.join(backed_up.backup, "MANIFEST.json"), encoding="utf-8") as f:
        assert note.splitlines()[0] in f.read()
    cited = leaf.split("\n\n", 1)[1]
    assert cited.splitlines()[0] == note.splitlines()[0] and int(cited.splitlines()[1]) <= size
    with open(os.path.join(backed_up.data, "keys", "log.key"), encoding="utf-8") as a, \
            open(os.path.join(twin.data, "keys", "log.key"), encoding="utf-8") as b:
        assert a.read() != b.read()


def fetch(server, login, path):
    s = requests.Session()
    r = s.post(server.url + "/api/v1/session", json={"login": login, "password": "huhang-demo"},
               headers={"Idempotency-Key": os.urandom(8).hex()}, timeout=30)
    assert r.status_code == 200, r.text
    s.headers["X-CSRF-Token"] = r.json()["csrf"]
    r = s.get(server.url + path, timeout=30)
    assert r.status_code == 200, r.text
    return r.content


def test_restored_serves(backed_up, twin):
    """Sign-in works, letters and files come out byte for byte, a new application goes through."""
    twin.start(listen=f"127.0.0.1:{hall.free_port()}")
    matter = backed_up.acked_before[0]["id"]
    letters = query(twin, f"SELECT id FROM document WHERE status = 1 AND matter_id = {matter}")[:LETTERS]
    files = query(twin, f"SELECT sha256 FROM blob WHERE matter_id = {matter}")
    paths = [f"/api/v1/documents/{i}" for (i,) in letters]
    paths += [f"/api/v1/matters/{matter}/files/{sha.hex()}" for (sha,) in files]
    for path in paths:
        content = fetch(twin, "citizen1", path)
        assert content and content == fetch(backed_up, "citizen1", path)
    load = hall.Load(twin, int(twin.url.rsplit(":", 1)[1]), threads=1)
    load.wait_for(1)
    load.finish()
    end = time.monotonic() + 20
    while not query(twin, "SELECT 1 FROM checkpoint WHERE log = 2") and time.monotonic() < end:
        time.sleep(0.2)
    note = requests.get(twin.url + "/api/v1/ledger/checkpoint/note", timeout=30).text
    assert note.splitlines()[0].endswith("/2")
    twin.stop()
    said = twin.run("verify", "--data", twin.data)
    assert said.startswith("ok ") and ", log 2 size " in said


def test_restore_of_a_restored_hall(backed_up, twin):
    backup = os.path.join(twin.folder, "backup")
    twin.run("backup", "--data", twin.data, "--to", backup)
    third = restored(backed_up, "third")
    third.words[2] = backup
    assert ", log 3 size 1, " in third.run(*third.words)


@pytest.mark.parametrize("what", ["no key", "wrong key", "folder in use", "changed file", "no manifest"])
def test_refused(backed_up, what):
    if backed_up.engine == "pg" and what == "wrong key":
        pytest.skip("the same check")
    s = restored(backed_up, "refused-" + what.replace(" ", "-"))
    s.env = dict(backed_up.env)
    if what == "no key":
        del s.env["HUHANG_KEY_FILE"]
    if what == "wrong key":
        s.env["HUHANG_KEY_FILE"] = os.path.join(s.folder, "other.key")
        with open(s.env["HUHANG_KEY_FILE"], "w", encoding="utf-8") as f:
            f.write("42" * 32 + "\n")
        os.chmod(s.env["HUHANG_KEY_FILE"], 0o600)
    if what == "folder in use":
        os.mkdir(s.data)
        with open(os.path.join(s.data, "mine"), "w", encoding="utf-8"):
            pass
    if what in ("changed file", "no manifest"):
        s.words[2] = os.path.join(s.folder, "backup")
        shutil.copytree(backed_up.backup, s.words[2])
    if what == "changed file":
        folder = os.path.join(s.words[2], "files")
        one = [os.path.join(d, n) for d, _, ns in os.walk(folder) for n in ns][0]
        with open(one, "r+b") as f:
            f.seek(40)
            f.write(b"\x00\x01")
    if what == "no manifest":
        os.remove(os.path.join(s.words[2], "MANIFEST.json"))
    r = s.run(*s.words, check=False)
    assert r.returncode == 3 and r.stdout == "", r.stdout + r.stderr
    if what == "no key":
        assert "HUHANG_KEY_FILE" in r.stderr
    if what == "folder in use":
        assert os.listdir(s.data) == ["mine"]
