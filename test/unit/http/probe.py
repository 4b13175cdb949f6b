"""Starts http_probe (http_probe.c) for the tests of the HTTP server and speaks raw HTTP to it."""
import glob
import os
import re
import signal
import socket
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def binary():
    named = os.environ.get("HUHANG_PROBE")
    found = [named] if named else glob.glob(os.path.join(ROOT, "build*", "test", "unit", "http", "http_probe"))
    if not found:
        raise FileNotFoundError("http_probe is not built: ninja -C build test/unit/http/http_probe")
    return max(found, key=os.path.getmtime)


class Probe:
    """A running probe in a folder of its own; settings are name=value."""

    def __init__(self, *settings, data=None):
        self.folder = tempfile.TemporaryDirectory(prefix="huhang-probe-")
        self.data = data or os.path.join(self.folder.name, "d")
        self.log = open(os.path.join(self.folder.name, "log"), "w+b")
        self.process = subprocess.Popen(
            [binary(), self.data, *settings], stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        match = re.match(r"listening on http://127\.0\.0\.1:(\d+)", line)
        if not match:
            self.process.wait(10)
            raise RuntimeError(f"no start: {line!r} {self.read_log()}")
        self.port = int(match.group(1))
        self.url = f"http://127.0.0.1:{self.port}"

    def read_log(self):
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")

    def alive(self):
        return self.process.poll() is None

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stop(self):
        """Ends it gracefully; a crash, a leak or a data race fails the test that calls this."""
        if self.alive():
            self.terminate()
        code = self.process.wait(60)
        log = self.read_log()
        self.process.stdout.close()
        self.log.close()
        self.folder.cleanup()
        assert code == 0, f"exit {code}\n{log[-8000:]}"
        for word in ("Sanitizer", "runtime error"):
            assert word not in log, log[-8000:]

    def connect(self, timeout=10):
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def raw(self, request, timeout=10):
        """Sends bytes, reads until the server closes. Returns (bytes, closed by the server in time)."""
        with self.connect(timeout) as s:
            try:
                s.sendall(request)
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before all was sent
            return read_all(s)


def read_all(s):
    got = b""
    try:
        while True:
            piece = s.recv(65536)
            if not piece:
                return got, True
            got += piece
    except ConnectionResetError:
        return got, True
    except socket.timeout:
        return got, False


def replies(got):
    """(status, headers, body) of each reply in what came over one connection, read by its Content-Length."""
    found = []
    while got.startswith(b"HTTP/1."):
        head, _, got = got.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        n = int(headers.get("content-length", 0))
        found.append((int(lines[0].split()[1]), headers, got[:n]))
        got = got[n:]
    return found


def statuses(got):
    return [status for status, _, _ in replies(got)]
