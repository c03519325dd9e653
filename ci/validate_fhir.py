#!/usr/bin/env python3
"""Gives every FHIR export of a folder to a validator that others wrote, and proves that it can refuse.

    python3 -m venv VENV && VENV/bin/pip install -r ci/requirements.txt
    cargo run -p fhir --example export -- DIR
    VENV/bin/python ci/validate_fhir.py DIR

The validator is fhir.resources. It knows R4B (4.3.0), not R4 (4.0.1); Bundle, Condition, Observation,
Patient, Procedure, Questionnaire and QuestionnaireResponse are the same in both.

What a pass proves: every element has a name of the standard and stands where it may, has the type and the
number of values that it must have, and nothing that is required is missing. Beside it, this script checks
what the validator does not: that every reference inside a bundle leads to a resource of it, that addresses
differ, that every unit is one of the UCUM codes below, and some of R4's invariants.

What it does not prove: the other invariants, the codes of LOINC and ICD-10-CM, national profiles.
"""

import copy
import json
import re
import sys
from pathlib import Path

from fhir.resources.R4B import get_fhir_model_class

UCUM = "http://unitsofmeasure.org"
# The units that the exports use. Source: UCUM, case sensitive.
UNITS = {"a", "cm", "kg", "min", "{score}", "d", "h/d", "d/wk", "h", "mm", "deg", "1"}
KINDS = {
    "Bundle", "Condition", "Observation", "Patient", "Procedure", "Questionnaire", "QuestionnaireResponse",
}
# Required bindings of R4, which the validator leaves unchecked.
CODES = {
    ("Bundle", "type"): {"collection"},
    ("Observation", "status"): {"final"},
    ("Procedure", "status"): {"completed", "unknown"},
    ("Questionnaire", "status"): {"draft", "active", "retired", "unknown"},
    ("QuestionnaireResponse", "status"): {"in-progress", "completed"},
}
DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T.*)?)?)?")


def walk(value):
    """Every object inside a value, itself first."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def check(resource):
    """Raises ValueError when a resource is not fit."""
    kind = resource.get("resourceType")
    if kind not in KINDS:
        raise ValueError(f"a {kind} is none of the kinds that are exported")
    for (of, element), codes in CODES.items():
        if kind == of and resource.get(element) not in codes:
            raise ValueError(f"{kind}.{element} is {resource.get(element)!r}")
    for inner in walk(resource):
        if inner.get("system") == UCUM and inner.get("code") not in UNITS:
            raise ValueError(f"the unit {inner.get('code')!r} is not known")
        for name, value in inner.items():
            if value in ("", [], {}, None):
                raise ValueError(f"{name} is empty")
            if re.search("Date(Time)?$|^authored$", name) and not DATE.fullmatch(str(value)):
                raise ValueError(f"{name} is {value!r}")
    get_fhir_model_class(kind).model_validate(copy.deepcopy(resource))
    if kind == "Observation":
        if "valueQuantity" in resource and "dataAbsentReason" in resource:
            raise ValueError("obs-6: a value and a reason for having none")
    if kind == "Condition" and "abatementDateTime" in resource:
        status = resource["clinicalStatus"]["coding"][0]["code"]
        if status not in ("inactive", "resolved", "remission"):
            raise ValueError("con-4: it has ended and is active")
    if kind == "Questionnaire":
        ids = [item["linkId"] for item in walk(resource) if "linkId" in item]
        if len(ids) != len(set(ids)):
            raise ValueError("que-2: a linkId stands there twice")
    if kind == "Bundle":
        check_bundle(resource)


def check_bundle(bundle):
    entries = bundle.get("entry", [])
    urls = [entry["fullUrl"] for entry in entries]
    if len(urls) != len(set(urls)):
        raise ValueError("bdl-7: two entries have one address")
    for entry in entries:
        check(entry["resource"])
        for inner in walk(entry["resource"]):
            if "reference" in inner and inner["reference"] not in urls:
                raise ValueError(f"{inner['reference']} leads nowhere")


def breaks(bundle, form, sheet):
    """Broken resources, each with what is wrong with it."""
    def of(kind, has=None):
        resources = (entry["resource"] for entry in bundle["entry"])
        found = next(r for r in resources if r["resourceType"] == kind and (has is None or has in r))
        return copy.deepcopy(found)

    def change(resource, what, **fields):
        for name, value in fields.items():
            if value is None:
                resource.pop(name)
            else:
                resource[name] = value
        return what, resource

    yield change(of("Observation"), "no status", status=None)
    yield change(of("Observation"), "no code", code=None)
    yield change(of("Observation"), "an element that R4 does not have", triggeredBy=[{"type": "reflex"}])
    yield change(of("Observation"), "a code where a list is wanted", category={"text": "survey"})
    yield change(of("Observation"), "two values", valueInteger=4, valueString="four")
    yield change(of("Observation"), "a day that does not exist", effectiveDateTime="2026-02-30")
    yield change(of("Observation"), "a day as people write it", effectiveDateTime="22.11.2026")
    yield change(of("Observation", "valueQuantity"), "a unit that is none",
                 valueQuantity={"value": 4, "system": UCUM, "code": "points"})
    yield change(of("Observation", "valueQuantity"), "a number as a word", valueQuantity={"value": "many"})
    yield change(of("Observation"), "a status that there is not", status="done")
    yield change(of("Observation"), "an empty note", note=[{"text": ""}])
    yield change(of("Condition"), "nobody has it", subject=None)
    yield change(of("Condition", "abatementDateTime"), "ended and active",
                 clinicalStatus={"coding": [{"code": "active"}]})
    yield change(of("Procedure"), "no status", status=None)
    yield change(of("Procedure", "performedPeriod"), "a period that is a word", performedPeriod="this morning")
    yield change(copy.deepcopy(form), "no status", status=None)
    yield change(copy.deepcopy(form), "a form of R5", copyrightLabel="x")
    yield change(copy.deepcopy(form), "an item without a linkId", item=[{"type": "string"}])
    yield change(copy.deepcopy(form), "one linkId twice", item=form["item"][:1] * 2)
    yield change(copy.deepcopy(sheet), "an answer of no type", item=[{"linkId": "a", "answer": [{"value": 1}]}])
    yield change(copy.deepcopy(sheet), "no status", status=None)
    twice = copy.deepcopy(bundle)
    twice["entry"].append(twice["entry"][0])
    yield "one address twice", twice
    lost = copy.deepcopy(bundle)
    lost["entry"] = [e for e in lost["entry"] if e["resource"]["resourceType"] != "Patient"]
    yield "references that lead nowhere", lost
    yield "another kind of resource", {"resourceType": "Ghost"}


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) == 2 else sys.exit(__doc__)
    good = {path.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    faults = []
    for name, resource in good.items():
        try:
            check(resource)
        except ValueError as error:
            faults.append(f"{name}: {' '.join(str(error).split())[:600]}")

    def biggest(kind):
        return max((r for r in good.values() if r["resourceType"] == kind), key=lambda r: len(str(r)))

    refused = by_validator = 0
    for what, broken in breaks(biggest("Bundle"), good["form-back-today.json"], good["sheet-back-today-0.json"]):
        try:
            check(broken)
            faults.append(f"a broken {broken['resourceType']} was let through: {what}")
        except ValueError:
            refused += 1
        try:
            get_fhir_model_class(broken["resourceType"]).model_validate(copy.deepcopy(broken))
        except (ValueError, KeyError):
            by_validator += 1
    if by_validator < 10:
        faults.append(f"the validator alone refused only {by_validator} broken resources")
    for fault in faults:
        print(fault, file=sys.stderr)
    resources = sum(len(r.get("entry", [])) + 1 for r in good.values())
    print(f"{len(good)} files, {resources} resources; {refused} broken ones refused "
          f"({by_validator} by the validator alone); {len(faults)} faults")
    sys.exit(1 if faults or not good else 0)


if __name__ == "__main__":
    main()
