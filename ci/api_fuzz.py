#!/usr/bin/env python3
"""Asks the API everything that its own document allows, and much that it does not: no panic, no 5xx, and every
answer as it is described.

    python3 -m venv VENV && VENV/bin/pip install -r ci/requirements.txt
    VENV/bin/python ci/api_fuzz.py target/release/ondol

As nobody, as a person who may use the bed, as a clinician, as service, and as a program with a token; what ends a
sign-in comes last. The client is schemathesis; what it sends is the same in every run. Before all, a lie is planted
in the document, which has to be found.
"""

import collections
import json
import subprocess
import sys
import time
from pathlib import Path

from api_house import House

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# What never ends cannot be asked for its end; a test of the door reads these.
STREAMS = "^/api/v1/(live/stream|service/live)$"
# What ends the sign-in of whoever asks.
LEAVES = "^/api/v1/(people|sign-in|sign-out|me/secret|me/erase)$"


def client(house, document, headers, words):
    """Runs the client in the house's own folder: whether it found nothing, what it said, and what was answered."""
    report = Path(house.folder.name) / "report.har"
    report.unlink(missing_ok=True)
    words = [
        Path(sys.executable).parent / "st", "run", document, "--url", house.host, "--checks", CHECKS,
        "--generation-deterministic", "--no-color", "--warnings", "off", "--continue-on-failure",
        "--generation-with-security-parameters", "false", "--suppress-health-check", "all",
        "--phases", "examples,coverage,fuzzing", "--request-timeout", "30", "--report-har-path", report, *words,
    ]
    for header in headers.items():
        words += ["-H", ": ".join(header)]
    pipe = subprocess.PIPE
    done = subprocess.run(words, stdout=pipe, stderr=subprocess.STDOUT, text=True, cwd=house.folder.name)
    house.stands()
    codes = collections.Counter()
    if report.exists():
        codes.update(entry["response"]["status"] for entry in json.loads(report.read_text())["log"]["entries"])
    return done.returncode == 0, done.stdout, codes


def fuzz(house, name, headers, examples, paths, expected):
    """As somebody: every route of `paths`; `expected` is an answer that shows that they came in."""
    began = time.monotonic()
    document = f"{house.host}/api/openapi.json"
    fine, said, codes = client(house, document, headers, [*paths, "--max-examples", str(examples)])
    seconds = time.monotonic() - began
    told = ", ".join(f"{count} x {code}" for code, count in sorted(codes.items()))
    print(f"-- as {name}, {seconds:.0f} s: {told}", flush=True)
    if not fine:
        print(said[-12000:])
    if not codes[expected]:
        raise SystemExit(f"as {name} nothing was answered with {expected}: was anybody let in?")
    return fine


def finds_a_lie(house):
    """Whether a wrong document is found out."""
    document = house.ask("/api/openapi.json")
    document["components"]["schemas"]["Health"]["properties"]["version"]["type"] = "integer"
    lie = Path(house.folder.name) / "lie.json"
    lie.write_text(json.dumps(document))
    fine, said, _ = client(house, lie, {}, ["--include-path", "/api/health", "--max-examples", "2"])
    return not fine and "Response violates schema" in said


def main():
    with House(sys.argv[1], speed=3) as house:
        if not finds_a_lie(house):
            raise SystemExit("a lie in the document was not found: the client checks nothing")
        print("-- a planted lie was found")
        ann = house.person("Ann")
        house.clear(ann)
        (Path(house.folder.name) / "schemathesis.toml").write_text(
            f'[parameters]\n"path.id" = "{house.ask("/api/v1/people")[0]["id"]}"\n'
        )
        all_, others = ["--exclude-path-regex", STREAMS], ["--exclude-path-regex", f"{STREAMS}|{LEAVES}"]
        runs = [
            ("a person", ann, 15, others, 202),
            ("a clinician", house.staff("clinician"), 6, others, 204),
            ("service", house.staff("service"), 6, others, 200),
            ("a program", house.token("Ann", "read"), 3, others, 403),
            ("somebody who leaves", house.person("Ben"), 10, ["--include-path-regex", LEAVES], 204),
            ("nobody", {}, 4, all_, 401),
        ]
        if not all([fuzz(house, *run) for run in runs]):
            raise SystemExit("the API does what its document does not say")
    print("The API holds to its document.")


if __name__ == "__main__":
    main()
