"""Work on many people as operations, beside COPY of the same rows on the same server."""
import csv
import io
import itertools
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.request

from rest import call, cpu, new_agency, patiently

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Import:
    """The validated import of PEOPLE employees over REST, and COPY of all rows it made (units, people, their accounts, what the feed
    tells of them) into tables alike (indexes, checks, foreign keys), on the same server."""

    HEADERS = {"Content-Type": "text/csv"}

    def __init__(self, place, folder, people):
        self.place, self.folder, self.people, self.round = place, folder, people, 0
        self.base = f"http://127.0.0.1:{place['rest']}"
        data = ROOT / "tests" / "data" / "kota-dumai"
        self.units = (data / "hierarki-unor.csv").read_bytes()
        with open(data / "export-data-asn.csv", newline="", encoding="utf-8-sig") as file:
            header, *rows = list(csv.reader(file))
        nip, external, email = header.index("NIP BARU"), header.index("PNS ID"), header.index("EMAIL GOV")
        text, seen = io.StringIO(), set()
        writer = csv.writer(text)
        writer.writerow(header)
        for number in itertools.count():
            if len(seen) == people:
                break
            row = list(rows[number % len(rows)])
            row[nip] = row[nip][:15] + f"{number // len(rows) + 100:03}"   # the same person's data, another number of that day
            if row[nip] in seen:
                continue
            seen.add(row[nip])
            row[external], row[email] = f"{number:032X}", f"e{number}@kota.example"
            writer.writerow(row)
        self.employees = text.getvalue().encode()

    def upload(self, token, job, kind, body):
        request = urllib.request.Request(f"{self.base}/v1/{job}/files/{kind}:upload", data=body, method="POST", headers=self.HEADERS)
        request.add_header("Authorization", "Bearer " + token)
        urllib.request.urlopen(request, timeout=300).read()

    def psql(self, statement, **options):
        return subprocess.run(["psql", "-qtA", "-v", "ON_ERROR_STOP=1", self.place["dsns"]["identity"], "-c", statement], check=True,
                              capture_output=True, text=True, **options).stdout

    def wait(self, token, operation):
        while not operation.get("done"):
            time.sleep(0.05)
            operation = call(self.base, "GET", "/v1/" + operation["name"], token=token)
        if "error" in operation:
            sys.exit(f"bench: the import failed: {operation['error']}")

    def run(self):
        """Rows per second of the import and of COPY."""
        self.round += 1
        agency = f"import{self.round}"
        token = new_agency(self.place, agency)()
        job = patiently(lambda: call(self.base, "POST", f"/v1/agencies/{agency}/importJobs", {}, token))["name"]
        begin = time.monotonic()
        self.upload(token, job, "units", self.units)
        self.upload(token, job, "employees", self.employees)
        self.wait(token, call(self.base, "POST", f"/v1/{job}:run", {}, token))
        imported = time.monotonic() - begin
        made = int(self.psql(f"SELECT count(*) FROM employees WHERE agency_id = '{agency}'"))
        if made < 0.99 * self.people:
            sys.exit(f"bench: only {made} of {self.people} employees were imported")
        copied = 0.0
        for table in ("units", "unit_states", "employees", "accounts", "outbox"):
            rows = self.folder / f"{table}.copy"
            self.psql(f"\\copy (SELECT * FROM {table} WHERE agency_id = '{agency}') TO '{rows}'")
            self.psql(f"DROP TABLE IF EXISTS bench_{table}; CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
            for key in self.psql(f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'f'").splitlines():
                self.psql(f"ALTER TABLE bench_{table} ADD {key}")
            begin = time.monotonic()
            self.psql(f"\\copy bench_{table} FROM '{rows}'")
            copied += time.monotonic() - begin
        return made / imported, made / copied


PLAN = """items { item_id: "hk1" kind: MAIN title: "Dokumen kependudukan terbit benar dan tepat waktu"
  indicators { indicator_id: "i1" aspect: QUALITY title: "Tanpa kesalahan" unit_of_measure: "persen" polarity: HIGHER_IS_BETTER target { value: "95" } }
  indicators { indicator_id: "i2" aspect: TIME title: "Hari" unit_of_measure: "hari" polarity: LOWER_IS_BETTER target { value: "7" } } }
items { item_id: "hk2" kind: MAIN title: "Layanan keliling ke kecamatan"
  indicators { indicator_id: "i3" aspect: QUANTITY title: "Kunjungan" unit_of_measure: "kunjungan" polarity: HIGHER_IS_BETTER target { value: "24" } } }"""


class Scoring:
    """A published year of people with a plan of three indicators, each with two realisations: computing the evidence, then, once rated,
    making every result final with its receipt, over REST. Beside it COPY of what that reads, to a file, and of what it writes, into
    tables alike (indexes and checks, no foreign keys), on the same server."""

    READS = ("evaluations", "work_plans", "progress_entries")
    WRITES = ("evaluations", "receipts", "annual_results", "audit_events", "outbox")

    def __init__(self, place, folder):
        self.place, self.folder, self.round = place, folder, 0
        self.base = f"http://127.0.0.1:{place['rest']}"
        plan = subprocess.run(["protoc", "-I", "proto", "-I", "proto/node_modules/google-proto-files", "--encode=teraju.evaluation.v1.WorkPlan",
                               "teraju/evaluation/v1/work_plan.proto"], input=PLAN.encode(), check=True, capture_output=True, cwd=ROOT)
        self.plan = plan.stdout.hex()

    def psql(self, statement):
        return subprocess.run(["psql", "-qtA", "-v", "ON_ERROR_STOP=1", self.place["dsns"]["evaluation"], "-c", statement], check=True,
                              capture_output=True, text=True).stdout

    def operate(self, token, path, body):
        """Seconds from the request to the end of the operation."""
        begin = time.monotonic()
        operation = patiently(lambda: call(self.base, "POST", path, body, token()))
        while not operation.get("done"):
            time.sleep(0.02 if time.monotonic() - begin < 10 else 0.5)
            operation = call(self.base, "GET", "/v1/" + operation["name"], token=token())
        if "error" in operation:
            sys.exit(f"bench: {path}: {operation['error']}")
        return time.monotonic() - begin

    def fill(self, agency, people):
        who = "'employees/e' || n, 'u', '{u}', 'Pengolah Data', 'GENERAL', false, '2025-01-01', '2025-12-31', 'officials/o', NULL, '', ''"
        columns = "employee, unit_id, unit_path, position_title, position_kind, leads_unit, start_date, end_date, appraiser, next_appraiser, " \
                  "explanation_id, explanation_en"
        key = "('01900000-0000-7%s-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
        self.psql(f"""
            INSERT INTO work_plans (agency_id, plan_id, cycle_id, {columns}, state, body, create_time, update_time)
            SELECT '{agency}', {key % '000'}, '2025', {who}, 'APPROVED', '\\x{self.plan}', now(), now() FROM generate_series(1, {people}) n;
            INSERT INTO evaluations (agency_id, evaluation_id, plan_id, cycle_id, period_id, {columns}, create_time)
            SELECT '{agency}', {key % '001'}, {key % '000'}, '2025', 'year', {who}, now() FROM generate_series(1, {people}) n;
            INSERT INTO progress_entries (agency_id, plan_id, entry_id, item_id, indicator_id, kind, date, activity, realisation, create_time, entered_by)
            SELECT '{agency}', {key % '000'}, gen_random_uuid(), CASE i WHEN 3 THEN 'hk2' ELSE 'hk1' END, 'i' || i, 'REALISATION', day, 'Rekap',
                   (ARRAY[90, 6, 20])[i] + n % 9, now(), 'employees/e' || n
            FROM generate_series(1, {people}) n, generate_series(1, 3) i, unnest('{{2025-06-30,2025-12-31}}'::date[]) day;""")
        self.psql("ANALYZE work_plans, evaluations, progress_entries, annual_results")

    def copy(self, agency):
        """Seconds of the COPY commands alone, in one session."""
        rows = self.folder / "rows.copy"
        script = []
        for table in self.READS:
            script += [r"\timing on", rf"\copy (SELECT * FROM {table} WHERE agency_id = '{agency}') TO '{rows}'", r"\timing off"]
        for table in self.WRITES:
            script += [rf"\copy (SELECT * FROM {table} WHERE agency_id = '{agency}') TO '{rows}'",
                       f"DROP TABLE IF EXISTS bench_{table}; CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL);",
                       r"\timing on", rf"\copy bench_{table} FROM '{rows}'", r"\timing off", f"DROP TABLE bench_{table};"]
        out = subprocess.run(["psql", "-tA", "-v", "ON_ERROR_STOP=1", self.place["dsns"]["evaluation"]], input="\n".join(script), check=True,
                             capture_output=True, text=True, env=os.environ | {"PGOPTIONS": "-c default_toast_compression=lz4"}).stdout  # as the services
        times = re.findall(r"^Time: ([\d.]+) ms", out, re.MULTILINE)
        if len(times) != len(self.READS) + len(self.WRITES):
            sys.exit(f"bench: psql told the time of {len(times)} copies")
        return sum(map(float, times)) / 1000

    def run(self, people):
        """People per second of scoring alone, of scoring and publishing, and of COPY; microseconds of the service's processor per person;
        the peak of its memory in MB."""
        self.round += 1
        agency = f"score{self.round}"
        token = new_agency(self.place, agency)
        year = f"/v1/agencies/{agency}/cycles/2025"
        patiently(lambda: call(self.base, "POST", f"/v1/agencies/{agency}/cycles?cycleId=2025", {
            "displayName": "2025", "periodKind": "QUARTERLY", "startDate": {"year": 2025, "month": 1, "day": 1},
            "endDate": {"year": 2025, "month": 12, "day": 31}}, token()))
        self.operate(token, year + ":open", {})
        self.fill(agency, people)
        pid = self.place["pids"]["evaluation"]
        pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew
        before = cpu(pid)
        scored = self.operate(token, year + "/periods/year:score", {})
        self.psql(f"UPDATE evaluations SET state = 'RATED', result_rating = 'AS_EXPECTED', behavior_rating = 'AS_EXPECTED', predicate = 'GOOD', "
                  f"rated_by = 'officials/o', rate_time = now() WHERE agency_id = '{agency}'")
        self.psql("ANALYZE evaluations, annual_results")
        published = self.operate(token, year + "/periods/year:publishResults", {})
        used = 1e6 * (cpu(pid) - before) / people
        peak = int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024
        final = int(self.psql(f"SELECT count(*) FROM receipts WHERE agency_id = '{agency}'"))
        if final != people:
            sys.exit(f"bench: {final} of {people} results are final")
        copied = self.copy(agency)
        return people / scored, people / (scored + published), people / copied, used, peak


def measure_scoring(scoring, args, rates, used, ratios):
    """Small and large in turn, up to three rounds; a million people once."""
    sizes = args.scored
    for people in sizes + ([1000000] if args.million else []):
        ratios.append((f"P6 score and publish {people} people to COPY out and in", f"score, publish {people}", f"COPY out, in {people}", "0.3 / 0.5"))
    for people in sizes[1:] + ([1000000] if args.million else []):
        ratios.append((f"P6 cost per person at {people} to that at {sizes[0]}", f"score, publish {sizes[0]}", f"score, publish {people}", "1.2"))
    for number in range(min(args.rounds, 3)):
        for people in sizes + ([1000000] if args.million and number == 0 else []):
            print(f"\rround {number + 1}: scoring of {people} people{'':20}", end="", file=sys.stderr, flush=True)
            scored, whole, copied, micros, peak = scoring.run(people)
            for subject, rate in ((f"score {people}", scored), (f"score, publish {people}", whole), (f"COPY out, in {people}", copied)):
                rates.setdefault(subject, []).append(rate)
            cost = used.setdefault(f"score, publish {people}", {})
            cost.setdefault("evaluation", []).append(micros)
            cost.setdefault("peak MB", []).append(peak)
