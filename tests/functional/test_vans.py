"""What is uploaded to VANS, and the scores of CVSS vectors, by the command line."""

import csv
import gzip
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from opsteward import BINARY

ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}
OID = "2.16.886.101.20003"
EDGE = {"name": "Microsoft Edge", "version": "120.0", "publisher": "Microsoft Corporation",
        "cpe": "cpe:2.3:a:Microsoft:edge:120.0:*:*:*:*:*:*:*", "cpe_name": "Microsoft Edge 120.0"}
V2_FIELDS = ["oid", "orgName", "identifier", "assetGroupCode", "assetName", "brand", "version", "cpe", "cpeName"]
V1_FIELDS = ["oid", "unit_name", "asset_number", "product_name", "product_vendor", "product_version", "category", "cpe23", "product_cpename"]
KEY = "K" * 88


def command(*arguments, stdin: bytes = b"", language: str = "C.UTF-8") -> subprocess.CompletedProcess:
    return subprocess.run([str(BINARY), *map(str, arguments)], input=stdin, capture_output=True, timeout=300, check=False,
                          env={**ENVIRONMENT, "LC_ALL": language})


class Export:
    """An inventory and what is made of it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.inventory = folder / "inventory.ndjson"
        self.out = folder / "out"

    def write(self, *lines) -> "Export":
        self.inventory.write_text("".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines), encoding="utf-8")
        return self

    def run(self, form: str, *more, inventory=None, stdin: bytes = b"", as_json: bool = True, language: str = "C.UTF-8") -> subprocess.CompletedProcess:
        return command(*(["--json"] if as_json else []), "vans", "export", "--inventory", inventory or self.inventory, "--format", form, "--out", self.out,
                       "--oid", OID, "--org", "測試局", *more, stdin=stdin, language=language)

    def answer(self, form: str, *more, **options) -> dict:
        done = self.run(form, *more, **options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def payload(self) -> dict:
        return json.loads(self.out.read_bytes())

    def faults(self, form: str = "v2", *more) -> list[tuple]:
        done = self.run(form, *more)
        assert done.returncode == 3, (done.stdout, done.stderr)
        assert not self.out.exists(), "nothing is written"
        error = json.loads(done.stderr)["error"]
        assert error["fault_count"] == len(error["faults"])
        for fault in error["faults"]:
            assert fault["message"]["zh"] and fault["message"]["en"]
        return [(fault["line"], fault["where"]) for fault in error["faults"]]

    def csv_rows(self) -> list[list[str]]:
        text = self.out.read_bytes().decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline="")))

    def ods_rows(self) -> list[list[str]]:
        names = {"table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0", "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0"}
        with zipfile.ZipFile(self.out) as package:
            assert package.testzip() is None
            first = package.infolist()[0]
            assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
            assert package.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
            root = ElementTree.fromstring(package.read("content.xml"))
        rows = []
        for row in root.iterfind(".//table:table-row", names):
            rows.append(["".join((cell.text or "") + "".join(" " + (s.tail or "") for s in cell)) for cell in row.iterfind("table:table-cell/text:p", names)])
        return rows


@pytest.fixture
def export(tmp_path) -> Export:
    return Export(tmp_path)


def host(name: str, *packages, **more) -> dict:
    return {"host": name, "packages": list(packages), **more}


def test_v2_tells_what_each_machine_has(export):
    export.write(host("h1", EDGE, {"name": "Frobnicator Suite", "version": "1"}, id="A-1", os={"name": "Windows 10", "version": "22H2"}), host("h2", EDGE, os="Debian 12"))
    answer = export.answer("v2")
    assert answer == {"file": str(export.out), "items": 5, "machines": 2, "products": 4, "products_without_cpe": 3, "duplicates": 0, "has_api_key": False}
    payload = export.payload()
    assert list(payload) == ["api_key", "data"] and payload["api_key"] == ""
    for item in payload["data"]:
        assert list(item) == V2_FIELDS
        assert all(isinstance(value, str) and value for value in item.values())
    edge = payload["data"][1]
    assert edge == dict(zip(V2_FIELDS, [OID, "測試局", hashlib.sha256(b"A-1").hexdigest(), "DEFAULT", "Microsoft Edge", "Microsoft Corporation", "120.0",
                                        "cpe:2.3:a:microsoft:edge:120.0:*:*:*:*:*:*:*", "Microsoft Edge 120.0"]))
    assert payload["data"][2]["cpe"] == payload["data"][2]["cpeName"] == payload["data"][2]["brand"] == "N/A"
    assert payload["data"][3]["assetName"] == "Debian 12"
    assert stat.S_IMODE(export.out.stat().st_mode) == 0o600


def test_software_without_cpe_is_named_by_its_title_where_that_is_sure(export, tmp_path):
    export.write(host("h1", {"name": "7-Zip 23.01 (x64)", "version": "23.01", "publisher": "Igor Pavlov"}, {"name": "Frobnicator Suite", "version": "1"}))
    assert export.answer("v2")["products_without_cpe"] == 1
    assert [item["cpe"] for item in export.payload()["data"]] == ["cpe:2.3:a:7-zip:7-zip:23.01:*:*:*:*:*:*:*", "N/A"]


def test_v1_counts_the_machines_of_a_product(export):
    export.write(host("h1", EDGE), host("h2", EDGE, {"name": "switch", "version": "1", "category": "hardware"}), host("h1", EDGE), host("h3", EDGE, org="另一局"))
    answer = export.answer("v1")
    assert (answer["items"], answer["duplicates"]) == (3, 1)
    data = export.payload()["data"]
    assert all(list(item) == V1_FIELDS for item in data)
    assert [(item["product_name"], item["unit_name"], item["asset_number"], item["category"]) for item in data] == [
        ("Microsoft Edge", "測試局", "2", "software"), ("switch", "測試局", "1", "hardware"), ("Microsoft Edge", "另一局", "1", "software")]
    assert data[0]["cpe23"] == "cpe:2.3:a:microsoft:edge:120.0:*:*:*:*:*:*:*"


def test_duplicates_are_left_out(export):
    machine = host("h1", EDGE, EDGE, {**EDGE, "version": "121"})
    export.write(machine, machine, host("h2", EDGE))
    assert export.answer("v2")["duplicates"] == 4
    items = [json.dumps(item) for item in export.payload()["data"]]
    assert len(items) == len(set(items)) == 3


def test_every_fault_is_told_and_nothing_is_written(export):
    export.write(host("h1", {"name": "a"}, {"version": "1", "name": "b", "cpe": "cpe:2.3:a:b:c:1"}),
                 "", "{not json",
                 host("h2", {"name": "c", "version": "1", "cpe": "cpe:2.3:q:b:c:1:*:*:*:*:*:*:*"}, {"name": "x" * 1025, "version": "1"}),
                 {"packages": []}, host("h3", oid="not an OID"), "7")
    assert export.faults() == [(1, "packages[0].version"), (1, "packages[1].cpe"), (3, ""), (4, "packages[0].cpe"), (4, "packages[1].name"), (5, "host"),
                               (6, "oid"), (7, "")]
    done = export.run("csv", as_json=False)
    assert b"has 8 faults; nothing was written" in done.stderr and b"line 1 (h1) packages[1].cpe: has 6 components" in done.stderr
    assert "第 1 行 (h1) packages[0].version：缺少必要的文字。" in export.run("csv", as_json=False, language="zh_TW.UTF-8").stderr.decode()


def test_an_agency_is_needed(export):
    export.write(host("h1", EDGE))
    done = command("--json", "vans", "export", "--inventory", export.inventory, "--format", "v2", "--out", export.out)
    assert done.returncode == 3
    assert [fault["where"] for fault in json.loads(done.stderr)["error"]["faults"]] == ["oid", "org"]
    for option in ("--oid", "x"), ("--org", "a\tb"), ("--group", " "):
        done = command("vans", "export", "--inventory", export.inventory, "--format", "v2", "--out", export.out, *option)
        assert done.returncode == 3 and not export.out.exists()


def test_a_file_that_was_there_stays_when_there_is_a_fault(export):
    export.out.write_text("before")
    export.write(host("h1", {"name": "a"}))
    assert export.run("v2").returncode == 3
    assert export.out.read_text() == "before"
    export.write(host("h1", EDGE))
    export.answer("v2")
    assert export.payload()["data"]
    assert sorted(path.name for path in export.folder.iterdir()) == ["inventory.ndjson", "out"], "nothing is left beside it"


def test_what_cannot_be_written_is_told_and_leaves_nothing(export):
    export.write(host("h1", EDGE))
    for out in export.folder / "none" / "out", export.folder:
        export.out = out
        done = export.run("v2")
        assert done.returncode in (1, 3) and json.loads(done.stderr)["error"]["message"]["en"]
    assert [path.name for path in export.folder.iterdir()] == ["inventory.ndjson"]


def test_the_output_may_be_named_without_a_folder(export, monkeypatch):
    monkeypatch.chdir(export.folder)
    export.write(host("h1", EDGE))
    export.out = Path("out.json")
    export.answer("v2")
    assert export.payload()["data"]


def test_the_api_key_is_in_the_payload_and_nowhere_else(export):
    key_file = export.folder / "key"
    key_file.write_text(KEY + "\n")
    export.write(host("h1", EDGE))
    for form in ("v1", "v2"):
        done = export.run(form, "--api-key-file", key_file)
        assert done.returncode == 0 and json.loads(done.stdout)["has_api_key"]
        assert KEY.encode() not in done.stdout + done.stderr
        assert export.payload()["api_key"] == KEY
    done = export.run("v1", as_json=False)
    assert b"holds no API key" in done.stdout
    export.out.unlink()
    for secret in (KEY[:-1], KEY + "K", "秘密" * 44, ""):
        key_file.write_text(secret)
        done = export.run("v1", "--api-key-file", key_file)
        assert done.returncode == 3 and not export.out.exists()
        assert not secret or secret.encode() not in done.stdout + done.stderr
    key_file.write_text(KEY)
    assert export.run("csv", "--api-key-file", key_file).returncode == 3
    assert export.run("v2", "--api-key-file", export.folder / "none").returncode == 1


def test_identifiers_are_digests(export):
    export.write(host("h1", EDGE, id="00:11:22:33:44:55"))
    export.answer("v2", "--identifier", "md5")
    assert export.payload()["data"][0]["identifier"] == hashlib.md5(b"00:11:22:33:44:55").hexdigest()
    export.answer("v2")
    assert b"00:11:22" not in export.out.read_bytes()


DANGEROUS = ["=1+1", "+1", "-2", "@scope/name", "'x", 'say "x", y', "a  b", "<b>&amp;", "0012", "測試"]


def test_csv_and_ods_keep_what_is_written_and_run_nothing(export):
    export.write(host("h1", *({"name": name, "version": "1"} for name in DANGEROUS), group="G1"))
    export.answer("csv")
    assert export.out.read_bytes().startswith(b"\xef\xbb\xbfoid,orgName,")
    rows = export.csv_rows()
    assert rows[0] == V2_FIELDS
    for name, row in zip(DANGEROUS, rows[1:], strict=True):
        cell = row[4]
        assert cell[0] not in "=+-@"
        assert (cell[1:] if cell.startswith("'") else cell) == name
        assert row[3] == "G1"
    export.answer("ods")
    rows = export.ods_rows()
    assert rows[0] == V2_FIELDS
    assert [row[4] for row in rows[1:]] == DANGEROUS


def test_columns_are_chosen_and_named(export):
    export.write(host("h1", EDGE))
    export.answer("csv", "--columns", "assetName=名稱,category")
    assert export.csv_rows() == [["名稱", "category"], ["Microsoft Edge", "software"]]
    export.answer("ods", "--columns", "version,oid=機關OID")
    assert export.ods_rows() == [["version", "機關OID"], ["120.0", OID]]
    assert export.run("csv", "--columns", "nothing").returncode == 3


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_both_tables_as_they_are_meant(export):
    export.write(host("h1", *({"name": name, "version": "1"} for name in DANGEROUS)))
    read = {}
    for form in ("ods", "csv"):
        export.out = export.folder / f"table.{form}"
        export.answer(form)
        encoding = ["--infilter=CSV:44,34,76"] if form == "csv" else []  # without a window it does not look for the byte order mark
        subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{export.folder}/profile", *encoding, "--convert-to",
                        "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(export.folder / form), str(export.out)],
                       check=True, capture_output=True, timeout=120)
        with open(export.folder / form / "table.csv", encoding="utf-8-sig", newline="") as file:
            read[form] = [row[4] for row in csv.reader(file)]
    assert read["ods"][1:] == DANGEROUS
    # A table in text has no types: what looks like a number is read as one. The apostrophe may be shown; nothing was computed.
    for name, cell in zip(DANGEROUS, read["csv"][1:], strict=True):
        assert cell in (name, "'" + name) or (name, cell) == ("0012", "12")


def test_an_inventory_comes_from_standard_input_or_packed(export):
    text = (json.dumps(host("h1", EDGE)) + "\r\n").encode()
    assert export.answer("v2", inventory="-", stdin=text)["items"] == 1
    packed = export.folder / "inventory.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + text + text.strip()))
    assert export.answer("v2", inventory=packed)["duplicates"] == 1
    assert export.run("v2", inventory=export.folder / "none").returncode == 1


def test_an_overlong_line_and_deep_json_are_refused(export):
    export.write(host("h1", EDGE), '{"host":' + "[" * 40 + "]" * 40 + "}")
    assert export.faults() == [(2, "")]
    with open(export.inventory, "wb") as file:
        file.write(json.dumps(host("h1", EDGE)).encode() + b"\n" + b" " * (64 << 20) + b"x")
    done = export.run("v2")
    assert done.returncode == 3 and "Line 2" in json.loads(done.stderr)["error"]["message"]["en"]
    assert not export.out.exists()


def test_two_thousand_machines(export):
    packages = [{"name": f"package {number}", "version": f"{number}.0", "publisher": "maker"} for number in range(100)]
    export.write(*(host(f"h{number}", *packages, os="Debian 12") for number in range(2000)))
    answer = export.answer("v2")
    assert (answer["items"], answer["machines"], answer["products"]) == (202_000, 2000, 101)
    assert len({(item["identifier"], item["assetName"]) for item in export.payload()["data"]}) == 202_000
    export.answer("v1")
    assert {item["asset_number"] for item in export.payload()["data"]} == {"2000"}
    export.answer("csv")
    assert len(export.csv_rows()) == 202_001
    export.answer("ods")
    assert len(export.ods_rows()) == 202_001


SCORES = [
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H/E:P/MS:C", ("3.1", 9.6, 9.1, 9.2, 9.2, "CRITICAL")),
    ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", ("3.0", 0.0, None, None, 0.0, "NONE")),
    ("(AV:N/AC:L/Au:N/C:P/I:P/A:P)", ("2.0", 7.5, None, None, 7.5, "HIGH")),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:P", ("4.0", 10.0, 9.3, None, 9.3, "CRITICAL")),
]


@pytest.mark.parametrize("vector, expected", SCORES)
def test_scores_of_a_cvss_vector(vector, expected):
    done = command("--json", "vuln", "cvss", vector)
    assert done.returncode == 0, done.stderr
    names = ("version", "base", "temporal", "environmental", "overall", "severity")
    assert json.loads(done.stdout) == {"vector": vector, **dict(zip(names, expected))}


def test_scores_are_told_in_both_languages():
    vector = SCORES[0][0]
    assert command("vuln", "cvss", vector).stdout.decode() == "CVSS 3.1\nbase            9.6  critical\ntemporal        9.1  critical\nenvironmental   9.2  critical\n"
    assert "基本評分　 9.6　重大" in command("vuln", "cvss", vector, language="zh_TW.UTF-8").stdout.decode()


def test_a_wrong_cvss_vector_is_refused_with_its_reason():
    done = command("--json", "vuln", "cvss", "CVSS:4.0/AC:L/AV:N")
    assert done.returncode == 3
    assert "metric AV" in json.loads(done.stderr)["error"]["message"]["en"]
