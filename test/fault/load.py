#!/usr/bin/env python3
"""An applicant who never stops: load.py URL ACKS STOP THREADS

Each thread uploads a file now and then, submits an application, and urges it once. What the server
acknowledged goes to the file ACKS, a JSON line each, synced before the next request. A request that got no
answer is sent again with the same Idempotency-Key until it is answered, over any number of crashes. When the
file STOP appears, each thread finishes what it began. Exit 1: an answer that should not be.
"""
import base64
import json
import os
import random
import sys
import threading
import time
import uuid

import requests

ITEM, MATERIAL = "fund-open", "fund-open-01"
FORM = {"content": "单位缴存登记", "contact": "何青", "phone": "13812345678", "way": "window"}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
AGAIN = (408, 429, 502, 503)


class Wrong(Exception):
    pass


class Applicant:
    def __init__(self, url):
        self.url = url
        self.session = requests.Session()
        self.headers = {}
        me = self.send("POST", "/api/v1/session", json={"login": "citizen1", "password": "huhang-demo"}).json()
        self.headers = {"X-CSRF-Token": me["csrf"]}

    def send(self, method, path, headers=None, want=(200, 201, 204), **more):
        """Until there is an answer."""
        own = {"Idempotency-Key": uuid.uuid4().hex, **self.headers, **(headers or {})}
        while True:
            try:
                r = self.session.request(method, self.url + path, headers=own, timeout=10, **more)
            except requests.RequestException:
                time.sleep(0.02)
                continue
            if r.status_code in AGAIN:
                time.sleep(0.05)
                continue
            if r.status_code not in want:
                raise Wrong(f"{method} {path}: {r.status_code} {r.text[:500]}")
            return r

    def upload(self):
        """The token of a whole file; one that a crash cut short is given up."""
        content = PDF + os.urandom(random.randrange(20, 200_000)).hex().encode()
        name = base64.b64encode(b"a.pdf").decode(), base64.b64encode(b"application/pdf").decode()
        while True:
            tus = {"Tus-Resumable": "1.0.0"}
            r = self.send("POST", "/api/v1/uploads", headers={
                **tus, "Upload-Length": str(len(content)), "Upload-Metadata": f"filename {name[0]},filetype {name[1]}"})
            place = r.headers["Location"]
            r = self.send("PATCH", place, data=content, want=(204, 404, 409, 410, 500), headers={
                **tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"})
            token = place.rsplit("/", 1)[1]
            whole = self.send("GET", f"/api/v1/uploads/{token}", want=(200, 404, 410))
            if whole.status_code == 200 and whole.json().get("complete"):
                return token, content

    def submit(self, token, key):
        material = {"code": MATERIAL, "files": [token]} if token else {"code": MATERIAL, "paper": 1}
        body = {"item": ITEM, "form": {"answers": FORM, "materials": [material]}}
        return self.send("POST", "/api/v1/matters", headers={"Idempotency-Key": key}, json=body).json()

    def urge(self, matter, key):
        return self.send("POST", f"/api/v1/matters/{matter['id']}/acts", json={"act": "urge", "form": {"text": "请尽快办理"}},
                         headers={"Idempotency-Key": key, "If-Match": f'"{matter["etag"]}"'}).json()


def work(url, acks, lock, stop, failures):
    try:
        me = Applicant(url)
        while not os.path.exists(stop):
            token, content = me.upload() if random.random() < 0.3 else (None, b"")
            keys = uuid.uuid4().hex, uuid.uuid4().hex
            matter = me.submit(token, keys[0])
            put(acks, lock, what="submit", key=keys[0], id=matter["id"], number=matter["number"], size=len(content))
            me.urge(matter, keys[1])
            put(acks, lock, what="urge", key=keys[1], id=matter["id"])
            time.sleep(random.random() * 0.05)
    except Exception as e:  # noqa: BLE001: the test reads what it was
        failures.append(repr(e))


def put(acks, lock, **row):
    with lock:
        acks.write(json.dumps(row) + "\n")
        acks.flush()
        os.fsync(acks.fileno())


def main(url, path, stop, n):
    lock, failures = threading.Lock(), []
    with open(path, "a", encoding="utf-8") as acks:
        threads = [threading.Thread(target=work, args=(url, acks, lock, stop, failures)) for _ in range(int(n))]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    print("\n".join(failures), file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
