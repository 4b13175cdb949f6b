"""Letters from outside: the text that a reader of the PDF finds is the text that was composed, in
readable order; the bytes do not depend on process, locale or time zone; line ends keep the Chinese
rules; and templates and procedures fit each other. PRINT_PROBE is the program print_probe."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PROBE = os.environ["PRINT_PROBE"]
FULL = json.loads((HERE / "full.json").read_text(encoding="utf-8"))
NAMES = sorted(p.stem for p in (ROOT / "letters").glob("*.yaml") if p.stem != "_common")
RARE = "㐂𠮷龘"


def run(*words, **env):
    full = {**os.environ, **env}
    return subprocess.run(words, check=True, capture_output=True, encoding="utf-8", env=full).stdout


def draw(folder, name, data, *more, **env):
    source, out = folder / "data.json", folder / "letter.pdf"
    source.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    run(PROBE, "pdf", name, source, out, *more, **env)
    return out


def composed(folder, name, data):
    """[(kind, text)] of one letter."""
    source = folder / "data.json"
    source.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return [line.split("\t", 1) for line in run(PROBE, "text", name, source).splitlines()[1:]]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Every letter with all data: name → ([(kind, text)], path of the PDF)."""
    folder = tmp_path_factory.mktemp("letters")
    run(PROBE, "pdf", "all", HERE / "full.json", folder, "https://hall.example/m/1")
    found = {}
    for line in run(PROBE, "text", "all", HERE / "full.json").splitlines():
        kind, part = line.split("\t", 1)
        if kind == "letter":
            parts = []
            found[part] = (parts, folder / f"{part}.pdf")
        else:
            parts.append((kind, part))
    return found


def read(pdf):
    return run("pdftotext", "-enc", "UTF-8", pdf, "-")


def bare(text):
    """Without blanks and without what the page adds: seal, page numbers, caption."""
    text = re.sub(r"—\s*\d+\s*—", "", re.sub(r"（印章）|扫码查进度", "", text))
    return re.sub(r"\s", "", text)


def long_data():
    name = f"示范高新技术产业开发区{RARE}（集团）食品科技与冷链物流综合服务股份有限公司第二分公司驻政务服务中心经营管理办公室"
    note = "复印件不清晰，“签名”处空白；请补交经法定代表人签名、盖章的原件——并注明日期2026年3月2日（一式两份）！"
    rows = [{"code": f"M-{i}", "name": f"第{i}项材料：《关于经营场所、设施设备布局的说明》（含附件）", "note": note, "result": "fix"} for i in range(12)]
    data = json.loads(json.dumps(FULL))
    data["party"]["name"] = name[:60]
    data["verdicts"] = rows
    data["materials"] = rows
    data["form"]["reason"] = note * 9
    return data


def test_the_program_has_the_templates():
    assert run(PROBE, "names").split() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_pdf_says_what_was_composed(drawn, name):
    parts, pdf = drawn[name]
    text, wanted = bare(read(pdf)), 0
    for kind, part in parts:
        if kind == "organ" and name == "licence":
            continue  # a certificate names it in the signature only
        part += "：" if kind == "addressee" else ""
        for word in part.split():  # tables are read column by column
            assert word in text, word
        wanted += len(bare(part))
    assert len(text) == wanted, text  # and nothing else


@pytest.mark.parametrize("name", ["acceptance", "licence", "receipt", "delivery"])
def test_pages_fonts_and_head(tmp_path, name):
    pdf = draw(tmp_path, name, FULL)
    info = dict(line.split(":", 1) for line in run("pdfinfo", pdf, TZ="Asia/Shanghai").splitlines())
    assert info["Pages"].strip() == "1"
    assert "A4" in info["Page size"]
    assert "Mar  9 00:00:00 2026" in info["CreationDate"]
    assert info["Subject"].strip() != "演示·样例"
    fonts = run("pdffonts", pdf).splitlines()[2:]
    assert fonts and all("NotoSerifCJKsc" in f and f.split()[-5:-2] == ["yes", "yes", "yes"] for f in fonts), fonts
    sample = draw(tmp_path, name, FULL, "https://hall.example/m/1", "sample")
    assert "演示·样例" in run("pdfinfo", sample)


def test_bytes_do_not_depend_on_the_machine(tmp_path):
    def drawn(**env):
        return draw(tmp_path, "correction", long_data(), "https://hall.example/m/1", **env).read_bytes()

    first = drawn()
    assert drawn() == first
    assert drawn(LC_ALL="de_DE.UTF-8", TZ="America/New_York", LANG="ja_JP.UTF-8", LANGUAGE="ja", PANGO_LANGUAGE="ja") == first


@pytest.mark.parametrize("name", ["correction", "refusal", "receipt"])
def test_long_letters(tmp_path, name):
    data = long_data()
    pdf = draw(tmp_path, name, data, "https://hall.example/m/1")
    text = read(pdf)
    assert RARE in bare(text)
    for kind, part in composed(tmp_path, name, data):
        if kind != "body":  # a paragraph may be cut by a page's number
            assert bare(part) in bare(text), part
    pages = text.split("\f")[:-1]
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert re.search(rf"—\s*{number}\s*—", page)
    # GB/T 9704: the signature does not stand alone on a page.
    last = next(p for p in reversed(pages) if "2026年3月9日\n" in p)
    assert len(bare(last.split("（印章）")[0])) > 10
    for line in text.splitlines():
        assert line[:1] not in "，。、；：！？）》〉」』〕”’…·".replace("", " ").split(), line
        assert line.strip()[-1:] not in "（《〈「『〔“‘".replace("", " ").split(), line


# ---- templates and procedures ----

FIELD = re.compile(r"\b(form|facts|clocks|earlier)\.([a-z0-9_]+)(?:\.([a-z0-9_]+))?")
# Given by the engine, not by a form of the act itself.
ALWAYS = {"correction", "answer_receipt"}


def read_yaml(text):
    return yaml.load(text, yaml.BaseLoader)  # all scalars are texts, as in ours: `on` is no truth value


def procedures():
    common = read_yaml((ROOT / "procedures/_common.yaml").read_text(encoding="utf-8"))
    for path in sorted((ROOT / "procedures").glob("*.yaml")):
        data = read_yaml(path.read_text(encoding="utf-8"))
        if isinstance(data, dict) and "kind" in data:
            yield data, {**{k: common[k] for k in data.get("include", [])}, **data["acts"]}


def uses():
    """letter → [(kind, act)]"""
    found = {}
    for kind, acts in procedures():
        for act in acts.values():
            if isinstance(act, dict) and "letter" in act:
                found.setdefault(act["letter"], []).append((kind, act))
    return found


def template(name):
    return (ROOT / f"letters/{name}.yaml").read_text(encoding="utf-8")


def test_every_letter_of_a_procedure_has_a_template_and_is_used():
    assert sorted(uses()) == NAMES


def test_templates_ask_for_what_procedures_have():
    faults = []
    for name, users in uses().items():
        fields = {f for _, act in users for f in (act.get("form") or {})}
        facts = {f for kind, _ in users for f in (kind.get("facts") or {})}
        clocks = {c for kind, _ in users for c in (kind.get("clocks") or {})}
        acts = {a for kind, _ in users for a in kind["acts"]}
        for root, member, _ in FIELD.findall(template(name)):
            known = {"form": fields, "facts": facts, "clocks": clocks | ALWAYS, "earlier": acts}[root]
            if member not in known and (name, f"{root}.{member}") not in ALTERNATIVES:
                faults.append(f"{name}: {root}.{member}")
    assert faults == []


# Alternatives for other procedures or for what the engine may add.
ALTERNATIVES = {
    ("receipt", "form.material"),
    ("extension", "form.reason"),
    ("extension", "facts.extension_reason"),
}


def choices(act, field):
    line = act.get("form", {}).get(field, "")
    found = re.match(r"choice\((.*?)\)", line if isinstance(line, str) else "")
    return {c.split()[0] for c in found.group(1).split("|")} if found else set()


def test_every_choice_has_a_word():
    shared = read_yaml((ROOT / "letters/_common.yaml").read_text(encoding="utf-8"))["words"]
    checked = 0
    for name, users in uses().items():
        words = {**shared, **read_yaml(template(name)).get("words", {})}
        for field, group in re.findall(r"\{form\.([a-z_]+):([a-z_]+)", template(name)):
            for _, act in users:
                assert choices(act, field) <= set(words[group]), (name, field)
                checked += 1
    assert checked > 5
