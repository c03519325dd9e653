#!/usr/bin/env python3
"""Runs the examples of docs/api.md as they stand, against a twin.

    ci/api_examples.py target/release/ondol

Needs bash, curl and Python; the blocks of one language are one script.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from api_house import House

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "api.md"
# A session of some minutes of the bed's time, on a computer that is busy.
PATIENCE_S = 300


def blocks(language):
    return "\n".join(re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT.read_text(), re.M | re.S))


def main():
    # With the words by which the last of them shows that it came to its end.
    scripts = [
        (["bash", "-euo", "pipefail", "-c"], blocks("sh"), ",day,4,420,"),
        ([sys.executable, "-c"], blocks("python"), "The session ended as wished, and the bed let go."),
    ]
    for interpreter, script, end in scripts:
        if len(script) < 500:
            raise SystemExit(f"{DOCUMENT} shows no example for {interpreter[0]}")
        with House(sys.argv[1], speed=3) as house, tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [*interpreter, script], cwd=folder, env=house.environment(), timeout=PATIENCE_S,
                stdout=subprocess.PIPE, text=True,
            )
            print(done.stdout[-2000:])
            if done.returncode != 0:
                raise SystemExit(f"the examples for {interpreter[0]} ended with {done.returncode}")
            if end not in done.stdout:
                raise SystemExit(f"the examples for {interpreter[0]} did not say: {end}")
            house.stands()
    print("The examples of docs/api.md do what they say.")


if __name__ == "__main__":
    main()
