"""A demo hall under load, for the fault tests: the data folder is made once and copied."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "api"))
from conftest import Server  # noqa: E402

# Rows that a restore keeps as they are.
KEPT = ("matter", "act", "act_body", "clock", "clock_event", "work", "fact", "document", "blob", "data_key", "party",
        "party_data", "person", "role_grant", "item", "item_version", "licence", "series", "definition", "calendar",
        "day", "publication", "hand_over", "link", "audit", "mandate", "one_time_code")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Load:
    """load.py as a process of its own, which keeps the acknowledgements."""

    def __init__(self, server, port, threads=3):
        self.acks_path = os.path.join(server.folder, "acks")
        self.stop_path = os.path.join(server.folder, "stop-load")
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "load.py"), f"http://127.0.0.1:{port}", self.acks_path, self.stop_path, str(threads)],
            stderr=subprocess.PIPE, text=True)

    def acks(self, what="submit"):
        if not os.path.exists(self.acks_path):
            return []
        with open(self.acks_path, encoding="utf-8") as f:
            rows = [json.loads(line) for line in f if line.endswith("\n")]
        return [r for r in rows if r["what"] == what]

    def wait_for(self, more, seconds=30):
        """Until so many more submissions were acknowledged."""
        want, end = len(self.acks()) + more, time.monotonic() + seconds
        while len(self.acks()) < want:
            assert self.process.poll() is None, self.process.stderr.read()
            assert time.monotonic() < end, "the load stands still"
            time.sleep(0.02)

    def finish(self):
        with open(self.stop_path, "w", encoding="utf-8"):
            pass
        _, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, err

    def abandon(self):
        self.process.kill()
        self.process.communicate()


class Original:
    """The demo folder that tests copy."""

    def __init__(self, engine="sqlite"):
        self.server = Server(engine=engine)

    def copy(self):
        s = Server.__new__(Server)
        s.engine, s.process, s.url, s.made = self.server.engine, None, None, self.server.made
        s.folder = tempfile.mkdtemp(prefix="huhang-fault-")
        s.data, s.log_path = os.path.join(s.folder, "data"), os.path.join(s.folder, "log")
        shutil.copytree(self.server.data, s.data)
        shutil.copy(self.server.env["HUHANG_KEY_FILE"], os.path.join(s.folder, "office.key"))
        s.env = {**self.server.env, "HUHANG_KEY_FILE": os.path.join(s.folder, "office.key")}
        return s

    def remove(self):
        self.server.remove()
