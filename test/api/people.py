"""People for the API tests: valid fictitious numbers, the first administrators, staff with roles."""
import itertools
import re

PASSWORD = "Zhengwu-2026-dating"
COMPANY = "91510700205412308D"
SERIAL = itertools.count(100)


def id_number(serial=None):
    """A valid citizen id of a fictitious person (GB 11643), another one at each call."""
    first = f"51170219900101{next(SERIAL) if serial is None else serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, weights)) % 11]


def by_code(server, made, password=PASSWORD):
    """A client signed in with the printed code."""
    c = server.client()
    c.me = c.post("/session/code", {"login": made["login"], "code": made["code"], "new_password": password}).json()
    c.csrf = c.me["csrf"]
    return c


def first_admin(server):
    """The system administrator of a new office by the code that init printed; setup is still to do."""
    return by_code(server, {"login": "admin", "code": re.search(r"one-time code (\S+)", server.made).group(1)})


class Hall:
    """A new office with its three administrators and whoever a test hires."""

    def __init__(self, server):
        self.server = server.start()
        self.system = first_admin(server)
        made = self.system.post("/setup/administrators", {
            "security": {"login": "sec", "name": "安全管理员"}, "audit": {"login": "aud", "name": "审计管理员"}}).json()
        self.security = by_code(server, made["security"])
        self.audit = by_code(server, made["audit"])

    def hire(self, login, role=None, **grant):
        """Staff; (client, id)."""
        made = self.system.post("/bureau/staff", {"login": login, "name": "周敏"}).json()
        if role:
            self.security.post(f"/bureau/staff/{made['id']}/roles", {"role": role, **grant})
        return by_code(self.server, made), made["id"]

    def applicant(self, login, number=None):
        c = self.server.client()
        c.me = c.post("/registrations", {"name": "张三丰", "id_number": number or id_number(), "phone": "13812345678",
                                         "login": login, "password": PASSWORD}).json()
        c.csrf = c.me["csrf"]
        return c
