"""The demo office for tests: its accounts, and applications that a test makes for itself."""
import time

PASSWORD = "huhang-demo"
ITEM, MATERIAL = "fund-open", "fund-open-01"
ANSWERS = {"content": "单位缴存登记", "contact": "何青", "phone": "13812345678", "way": "window"}


def form(**answers):
    return {"answers": {**ANSWERS, **answers}, "materials": [{"code": MATERIAL, "paper": 1}]}


def submit(client, **more):
    """A new application of a simple service, just received."""
    return client.post("/matters", {"item": ITEM, "form": form(), **more}).json()


def act(client, matter, name, values=None, **more):
    """One act on the matter as it is now; the matter afterwards."""
    now = client.get(f"/matters/{matter['id']}").json()
    return client.post(f"/matters/{matter['id']}/acts", {"act": name, "form": values or {}}, if_match=now["etag"], **more)


def drawn(client, matter, seconds=120):
    """The matter, once all its letters are drawn."""
    end = time.monotonic() + seconds
    while True:
        now = client.get(f"/matters/{matter['id']}").json()
        if all(d["status"] != "rendering" for d in now["documents"]):
            return now
        assert time.monotonic() < end, now["documents"]
        time.sleep(0.2)
