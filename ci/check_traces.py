#!/usr/bin/env python3
"""Reads a scan's log without our code and compares it, cell by cell, with the table that the scan kept.

    ci/check_traces.py FOLDER     with scan.json, scan.mcap, scan.csv, from_log.json and from_csv.json in it

The answers from log and table must be the scan's own.
"""

import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python"))
from read_ondol import Log, NotOurs, answer  # noqa: E402

# The table's names for the log's columns, with the places after the point of one count.
NAMES = {
    "carriage_mm": ("carriage0.position_um", 3),
    "left_height_mm": ("head0.height_um", 3),
    "left_force_n": ("head0.force_dN", 1),
    "left_thrust_n": ("head0.thrust_dN", 1),
    "right_height_mm": ("head1.height_um", 3),
    "right_force_n": ("head1.force_dN", 1),
    "right_thrust_n": ("head1.thrust_dN", 1),
    "corner_head_left_n": ("corner0_dN", 1),
    "corner_head_right_n": ("corner1_dN", 1),
    "corner_foot_left_n": ("corner2_dN", 1),
    "corner_foot_right_n": ("corner3_dN", 1),
}
FOUND = ["levels", "length_t1_l5_mm", "kyphosis_deg", "lordosis_deg", "lateral_deviation_mm", "tension"]


def same_cells(log, table):
    with table.open(encoding="utf-8") as file:
        lines = (line for line in file if not line.startswith("#"))
        rows = list(csv.DictReader(lines))
    assert set(rows[0]) == {"time_s", *NAMES}, rows[0]
    cycles = {moment: row for moment, row in log.cycles()}
    cells = 0
    for row in rows:
        cycle = cycles[round(float(row["time_s"]) * 1e6)]
        for name, (column, places) in NAMES.items():
            if row[name] != "":
                count, _ = cycle[column]
                assert round(float(row[name]) * 10**places) == count, (row["time_s"], name, row[name], count)
                cells += 1
    assert cells > 5 * len(rows), (cells, len(rows))
    return len(rows), cells


def main():
    folder = Path(sys.argv[1])
    scan = answer(folder / "scan.json")
    for name in ["from_log.json", "from_csv.json"]:
        again = answer(folder / name)
        for key in FOUND:
            assert again[key] == scan[key], (name, key)
    lines, cells = same_cells(Log(folder / "scan.mcap"), folder / "scan.csv")
    for wrong, reads in [("scan.csv", answer), ("scan.json", Log)]:
        try:
            reads(folder / wrong)
        except NotOurs as error:
            assert wrong in str(error), error
        else:
            raise SystemExit(f"{wrong} was taken for what it is not")
    print(f"The log says what the table says: {cells} cells in {lines} lines; log and table give the scan's own answer.")


if __name__ == "__main__":
    main()
