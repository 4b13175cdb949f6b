"""kill -9 under load, 30 rounds (issue 3 H): what was acknowledged is there, once; no act is half done; the
ledger verifies. The acknowledgements are kept by another process (load.py), synced before it goes on."""
import os
import random
import sqlite3
import time

import pytest

import hall

ROUNDS = int(os.environ.get("HUHANG_KILL_ROUNDS", "30"))
VERIFY_EVERY = 6


@pytest.fixture()
def server():
    original = hall.Original()
    yield original.server
    original.remove()


def rows(server, sql, *args):
    db = sqlite3.connect(f"file:{server.data}/huhang.db?mode=ro", uri=True)
    try:
        return db.execute(sql, args).fetchall()
    finally:
        db.close()


def no_half_act(server):
    assert rows(server, "SELECT a.id FROM act a LEFT JOIN act_body b ON b.act_id = a.id WHERE b.act_id IS NULL") == []
    assert rows(server, "SELECT a.id FROM act a LEFT JOIN ledger_leaf l ON l.office_id = a.office_id AND l.log = a.log"
                        " AND l.leaf_index = a.leaf_index AND l.act_id = a.id WHERE l.act_id IS NULL") == []
    assert rows(server, "SELECT l.leaf_index FROM ledger_leaf l LEFT JOIN act a ON a.id = l.act_id"
                        " WHERE l.type = 0 AND a.id IS NULL") == []
    assert rows(server, "SELECT matter_id FROM act GROUP BY matter_id HAVING max(seq) <> count(*)") == []
    assert rows(server, "SELECT m.id FROM matter m WHERE m.acts <> (SELECT count(*) FROM act a WHERE a.matter_id = m.id"
                        " AND NOT (a.shown = 0 AND a.actor_id IS NULL))") == []
    assert rows(server, "SELECT m.id FROM matter m WHERE NOT EXISTS (SELECT 1 FROM act a WHERE a.matter_id = m.id)") == []


def once_each(server, load, before):
    submitted, urged = load.acks("submit"), load.acks("urge")
    there = {i: n for i, n in rows(server, "SELECT id, number FROM matter WHERE parent_id IS NULL AND id > ?", before)}
    assert {r["id"]: r["number"] for r in submitted} == there
    assert len(submitted) == len(there) == len({r["key"] for r in submitted}) == len(set(there.values()))
    urges = dict(rows(server, "SELECT matter_id, count(*) FROM act WHERE name = 'urge' AND matter_id > ? GROUP BY matter_id", before))
    assert urges == {r["id"]: 1 for r in urged}
    files = rows(server, "SELECT count(*) FROM blob WHERE media = 'application/pdf' AND matter_id > ?"
                         " AND sha256 NOT IN (SELECT sha256 FROM document WHERE sha256 IS NOT NULL)", before)[0][0]
    assert files == sum(r["size"] > 0 for r in submitted)


def test_kill(server):
    seed = int(os.environ.get("HUHANG_KILL_SEED", str(random.randrange(1 << 32))))
    chance = random.Random(seed)
    print("seed", seed)
    before = rows(server, "SELECT max(id) FROM matter")[0][0]
    port = hall.free_port()
    server.start(listen=f"127.0.0.1:{port}")
    load = hall.Load(server, port)
    try:
        for n in range(ROUNDS):
            load.wait_for(1)
            time.sleep(chance.random() * 0.7)
            server.kill()
            if n % VERIFY_EVERY == 0:
                # Read-only on what the crash left, before anybody recovers it.
                assert server.run("verify", "--data", server.data).startswith("ok ")
            server.start(listen=f"127.0.0.1:{port}")
        load.wait_for(3)
        load.finish()
    finally:
        load.abandon() if load.process.returncode is None else None
    server.stop()
    assert len(load.acks()) >= ROUNDS
    no_half_act(server)
    once_each(server, load, before)
    assert server.run("verify", "--data", server.data).startswith("ok ")
