"""Gives the bill of materials to the validator of the people who made the format.

usage: check_sbom.py FILE
"""

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing
from packageurl import PackageURL


def faults(text: str) -> list[str]:
    """Everything that is wrong with a bill, one line each."""
    found = []
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error is not None:
        found.append(f"schema: {error}")
    bill = json.loads(text)
    spdx = get_spdx_licensing()
    for component in bill["components"]:
        name = component["name"]
        try:
            PackageURL.from_string(component["purl"])
        except (KeyError, ValueError) as why:
            found.append(f"{name}: package URL: {why}")
        for licence in component.get("licenses", []):
            told = spdx.validate(licence["expression"])
            found += [f"{name}: licence: {why}" for why in told.errors]
    return found


def main() -> int:
    """Checks the bill, and that the check itself would find something."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    found = faults(text)
    for line in found:
        print(line)
    bill = json.loads(text)
    broken = {
        "no such key": bill | {"parts": []},
        "a serial number that is none": bill | {"serialNumber": "urn:uuid:1"},
        "a checksum of the wrong length": bill
        | {"components": [bill["components"][0] | {"hashes": [{"alg": "SHA-256", "content": "ab"}]}]},
        "a licence that nobody knows": bill
        | {"components": [bill["components"][0] | {"licenses": [{"expression": "Nobody-1.0"}]}]},
    }
    missed = [what for what, case in broken.items() if not faults(json.dumps(case))]
    for what in missed:
        print(f"not found although broken on purpose: {what}")
    if found or missed:
        return 1
    count = len(bill["components"])
    print(f"{sys.argv[1]}: {count} components, valid CycloneDX 1.6; {len(broken)} broken ones are refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
