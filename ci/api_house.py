"""A house for scripts that ask its API: `ondol serve` with a twin, in a folder of its own."""

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

PHRASE = "river anvil planted moth"


def harmless(question):
    takes, name = question["takes"], question["id"]
    return {
        "yes_no": name == "moving_changes_it",
        "number": {"age_years": 38, "days_since_start": 10}.get(name, takes["min"]),
        "choice": takes["options"][0]["id"] if takes["options"] else None,
        "many": ["lumbar"] if name == "regions" else [],
    }[takes["kind"]]


class House:
    """Runs as long as the `with` around it; `host` is its address, `data` its folder."""

    def __init__(self, ondol, speed):
        self.ondol = Path(ondol).resolve()
        self.speed = speed

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.data = Path(self.folder.name) / "people"
        self.errors = (Path(self.folder.name) / "errors").open("w+")
        words = ["serve", "--no-open", "--port", "0", "--speed", str(self.speed), "--data", str(self.data)]
        self.process = subprocess.Popen(
            [self.ondol, *words], stdout=subprocess.PIPE, stderr=self.errors, text=True
        )
        first = self.process.stdout.readline()
        self.host = first.split()[-1].rstrip("/")
        end = time.monotonic() + 60
        while not self.ask("/api/health")["bed"]:
            if time.monotonic() > end:
                raise SystemExit("no bed answers")
            time.sleep(0.2)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.errors.close()
        self.folder.cleanup()

    def ask(self, path, body=None, headers=None):
        return self.whole(path, body, headers)[0]

    def whole(self, path, body=None, headers=None):
        """The answer with its headers."""
        data = None if body is None else json.dumps(body).encode()
        told = {"content-type": "application/json", **(headers or {})}
        with urllib.request.urlopen(urllib.request.Request(self.host + path, data, told)) as answer:
            text = answer.read()
            return (json.loads(text) if text else None), answer.headers

    def person(self, name):
        """What a new person sends with every request."""
        return self.cookie(self.whole("/api/v1/people", {"name": name}))

    def clear(self, person):
        """Answers all that is asked, as somebody with an everyday strain; this is a twin's person."""
        told = {}
        while screen := self.ask("/api/v1/interview", {"told": told})["next"]:
            told |= {question["id"]: harmless(question) for question in screen["questions"]}
        today = self.ask("/api/v1/today/interview", {"told": told}, person)
        while today["stage"] == "ask":
            asked = today["ask"]
            reply = {
                "rows": {row["id"]: "no" for row in asked["rows"]},
                "facts": {fact["id"]: harmless(fact) for fact in asked["facts"]},
                "person": {"stature_mm": 1720, "mass_kg": 70},
            }
            today = self.ask("/api/v1/today", reply, person)
        if today["said"]["summary"]["verdict"] == "refuse":
            raise SystemExit(f"the bed should be for this person: {today}")

    def staff(self, role):
        """What a new account of the staff sends with every request."""
        words = ["account", "add", "--role", role, "--name", "planted", "--data", str(self.data)]
        subprocess.run([self.ondol, *words], input=PHRASE + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
        claim = {"staff": {"role": role, "label": "planted", "secret": PHRASE}}
        return self.cookie(self.whole("/api/v1/sign-in", claim))

    def token(self, name, scope):
        words = ["account", "token", "add", "--scope", scope, "--role", "person", "--name", name]
        told = subprocess.run(
            [self.ondol, *words, "--data", str(self.data)], check=True, stdout=subprocess.PIPE, text=True
        )
        token = next(line for line in told.stdout.splitlines() if line.startswith("ondol_"))
        return {"Authorization": f"Bearer {token}"}

    @staticmethod
    def cookie(answer):
        body, headers = answer
        return {"Cookie": headers["set-cookie"].split(";")[0], "x-ondol-csrf": body["form_secret"]}

    def stands(self):
        """Whether it still runs, and never panicked."""
        self.errors.flush()
        self.errors.seek(0)
        told = self.errors.read()
        if self.process.poll() is not None:
            raise SystemExit(f"the house fell down: {told}")
        if "panicked" in told:
            raise SystemExit(f"a thread panicked: {told}")
        if not self.ask("/api/health")["status"] == "ok":
            raise SystemExit("the house is not well")

    def environment(self):
        path = f"{self.ondol.parent}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, "ONDOL": self.host, "DATA": str(self.data), "PATH": path}
