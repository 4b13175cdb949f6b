"""Letters are drawn newest first: who acts now does not wait behind a backlog."""
import os
import sqlite3
import time

import pytest

from conftest import Server
from demo import PASSWORD, drawn, submit

BACKLOG = 60


class Table:
    """The office's tables beside the program."""

    def __init__(self, server):
        if server.engine == "pg":
            import psycopg2
            with open(os.path.join(server.data, "huhang.conf"), encoding="utf-8") as f:
                url = next(line.partition("=")[2].strip() for line in f if line.startswith("db"))
            self.db = psycopg2.connect(url)
            self.db.autocommit = True
        else:
            self.db = sqlite3.connect(os.path.join(server.data, "huhang.db"), isolation_level=None, timeout=30)

    def ask(self, sql):
        cursor = self.db.cursor()
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None

    def close(self):
        self.db.close()


@pytest.fixture
def demo():
    s = Server(demo=True)
    try:
        yield s
        s.stop()
    finally:
        s.remove()


def test_a_new_receipt_comes_before_the_backlog(demo):
    table = Table(demo)
    last = table.ask(f"SELECT MIN(id) FROM (SELECT id FROM document WHERE data_sealed IS NOT NULL ORDER BY id DESC LIMIT {BACKLOG}) d")
    top = table.ask("SELECT MAX(id) FROM document")
    table.ask(f"UPDATE document SET status = 0 WHERE id >= {last} AND data_sealed IS NOT NULL")
    table.ask("UPDATE document SET status = 1 WHERE status = 0 AND id < %d" % last)
    table.close()
    demo.start()
    who = demo.client("citizen1", PASSWORD)
    matter = drawn(who, submit(who))
    table = Table(demo)
    waiting = f"SELECT COUNT(*) FROM document WHERE status = 0 AND data_sealed IS NOT NULL AND id <= {top}"
    left = table.ask(waiting)
    assert matter["documents"] and left > 0, "the new receipt waited for the whole backlog"
    end = time.monotonic() + 300
    while table.ask(waiting) > 0:
        assert time.monotonic() < end, f"{table.ask(waiting)} letters are still not drawn"
        time.sleep(0.5)
    table.close()
