#!/usr/bin/env python3
"""Reads what Ondol writes: the answer of a scan (JSON) and a bed's log (MCAP).

    python/read_ondol.py scan.json
    python/read_ondol.py scan.json scan.mcap --plot scan.png

As a module: `answer(path)` gives the JSON as it stands, `Log(path)` the header, `cycles()` (one dict a cycle, by the
names of the columns, in the counts of the wire), `messages(topic)` and `table()` (lists in s, mm and N).

Needs `mcap` (python/requirements.txt); `--plot` needs matplotlib. See docs/traces.md for the format.
"""

import argparse
import json
import sys
from pathlib import Path

MAGIC = b"\x89MCAP0\r\n"
READINGS = "/bed/readings"


class NotOurs(Exception):
    """A file that Ondol did not write, with the way out."""


def answer(path):
    """The answer of a scan: `ondol scan --json`, as it stands."""
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise NotOurs(f"{path}: is no JSON ({error}); give the output of `ondol scan --json`") from error
    if not isinstance(found, dict) or not ("levels" in found or "refused" in found):
        raise NotOurs(f"{path}: is no answer of a scan; give the output of `ondol scan --json`")
    return found


class _Bytes:
    """Numbers as LEB128, signed ones zigzag-coded."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def byte(self):
        value = self.data[self.at]
        self.at += 1
        return value

    def unsigned(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def signed(self):
        value = self.unsigned()
        return (value >> 1) ^ -(value & 1)


def decode(data, names):
    """One block of readings: a list of (moment in us, {name: (count, moment at which it was taken)})."""
    source = _Bytes(data)
    count = source.unsigned()
    first = source.unsigned()
    moments, moment, step = [], first, 0
    for cycle in range(count):
        if cycle:
            step += source.signed()
            moment += step
        moments.append(moment)
    rows = [{} for _ in moments]
    mask = source.unsigned()
    for column, name in enumerate(names):
        if not mask >> column & 1:
            continue
        flags = source.byte()
        there = range(count)
        if flags & 1:
            bits = [source.byte() for _ in range((count + 7) // 8)]
            there = [cycle for cycle in range(count) if bits[cycle // 8] >> cycle % 8 & 1]
        value, values = 0, []
        for _ in there:
            value += source.signed()
            values.append(value)
        taken = [moments[cycle] for cycle in there]
        if flags & 2:
            at = first
            for index in range(len(taken)):
                at += source.signed()
                taken[index] = at
        for cycle, value, at in zip(there, values, taken):
            rows[cycle][name] = (value, at)
    if source.at != len(data):
        raise NotOurs("a block of readings is longer than its columns")
    return list(zip(moments, rows))


class Log:
    """A bed's log. Opening it reads its head; `cycles` goes through it."""

    def __init__(self, path):
        self.path = Path(path)
        from mcap.exceptions import McapError
        from mcap.reader import make_reader

        with self.path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise NotOurs(f"{path}: is no MCAP file; give the log of `ondol scan --log` or of a session")
            file.seek(0)
            try:
                reader = make_reader(file)
                heads = [metadata for metadata in reader.iter_metadata() if metadata.name == "ondol"]
                summary = reader.get_summary()
            except (McapError, EOFError) as error:
                raise NotOurs(f"{path}: is not whole ({error}); a log is whole once its session has ended") from error
        if not heads or summary is None:
            raise NotOurs(f"{path}: no Ondol wrote this log")
        self.header = json.loads(heads[0].metadata["header"])
        schemas = [schema for schema in summary.schemas.values() if schema.name == "ondol.ReadingsBlock"]
        about = json.loads(schemas[0].data) if schemas else {}
        if about.get("encoding") != "columns-1":
            raise NotOurs(f"{path}: its readings are written as {about.get('encoding')}, not as columns-1")
        self.names = about["columns"]

    def _raw(self, topic):
        from mcap.reader import make_reader

        with self.path.open("rb") as file:
            for _, _, message in make_reader(file).iter_messages(topics=[topic], log_time_order=False):
                yield message.log_time / 1e9, message.data

    def messages(self, topic):
        """(time in s, JSON) of a topic such as /bed/event, /bed/request, /derived/state."""
        for time_s, data in self._raw(topic):
            yield time_s, json.loads(data)

    def cycles(self):
        """(moment in us, {name: (count, moment at which it was taken)}) of every cycle."""
        for _, data in self._raw(READINGS):
            yield from decode(data, self.names)

    def table(self, names=("carriage0.position_um", "head0.height_um", "head0.force_dN")):
        """Time in s and, by name, values in mm (`_um`), N (`_dN`) or degC (`_dC`); None where there is none."""
        scale = {"um": 1e-3, "dN": 0.1, "dC": 0.1, "mV": 1e-3}
        table = {"time_s": [], **{name: [] for name in names}}
        for moment, row in self.cycles():
            table["time_s"].append(moment / 1e6)
            for name in names:
                value = row.get(name)
                factor = scale.get(name.rsplit("_", 1)[-1], 1)
                table[name].append(None if value is None else value[0] * factor)
        return table


def say_answer(found):
    print(found.get("notice", ""))
    if "refused" in found:
        print("refused:", found["refused"]["reason"]["en"])
        return
    trace = found.get("trace")
    if trace:
        print(f"from {trace['file']}, scan {trace['scan']} of {trace['scans']}, {trace['seconds']:.1f} s")
    for key, name, unit in [
        ("length_t1_l5_mm", "length T1-L5", "mm"),
        ("kyphosis_deg", "kyphosis", "deg"),
        ("lordosis_deg", "lordosis", "deg"),
        ("lateral_deviation_mm", "sideways deviation", "mm"),
    ]:
        value = found[key]
        print(f"  {name:<20} {value['value']:8.1f} {unit}  ({value['lo90']:.1f} to {value['hi90']:.1f}, 90 %)")
    print("  level       x (+-SD)        y (+-SD)        z (+-SD), mm")
    for level in found["levels"]:
        places = [f"{level[axis + '_mm']:8.1f} +-{level['sd_' + axis + '_mm']:<5.1f}" for axis in "xyz"]
        print(f"  {level['level']:<5}", *places)


def say_log(log):
    header = log.header
    print(header["notice"])
    kind = "simulated" if header["seed"] is not None else "a bed's own"
    print(f"{log.path}: {kind}, ondol {header['ondol_version']}, bed \"{header['bed']['name']}\"")
    first = last = None
    cycles, spans = 0, {}
    for moment, row in log.cycles():
        first, last, cycles = moment if first is None else first, moment, cycles + 1
        for name, (count, _) in row.items():
            low, high = spans.get(name, (count, count))
            spans[name] = min(low, count), max(high, count)
    if first is None:
        print("  no cycle")
        return
    print(f"  {cycles} cycles in {(last - first) / 1e6:.1f} s")
    for name in log.names:
        if name in spans:
            low, high = spans[name]
            print(f"  {name:<24} {low} to {high}")
    for time_s, event in log.messages("/bed/event"):
        print(f"  {time_s:8.2f} s  {json.dumps(event)}")


def plot(found, log, out):
    try:
        import matplotlib
    except ImportError:
        raise NotOurs("a picture needs matplotlib: pip install matplotlib") from None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = int(found is not None) + 2 * int(log is not None)
    figure, axes = pyplot.subplots(rows, 1, figsize=(8, 3 * rows), squeeze=False)
    axes = [row[0] for row in axes]
    if found is not None and "levels" in found:
        axis, levels = axes.pop(0), found["levels"]
        x = [level["x_mm"] for level in levels]
        z = [level["z_mm"] for level in levels]
        axis.errorbar(x, z, xerr=[level["sd_x_mm"] for level in levels], yerr=[level["sd_z_mm"] for level in levels])
        for level in levels:
            axis.annotate(level["level"], (level["x_mm"], level["z_mm"]))
        axis.set(xlabel="x, mm from the head end", ylabel="z, mm", title=found.get("notice", ""))
        axis.set_aspect("equal", adjustable="datalim")
    if log is not None:
        names = [name for name in log.names if name.startswith("head") and name.endswith(("height_um", "force_dN"))]
        table = log.table(names)
        for axis, end, label in [(axes.pop(0), "height_um", "height, mm"), (axes.pop(0), "force_dN", "force, N")]:
            for name in names:
                if name.endswith(end) and any(value is not None for value in table[name]):
                    values = [float("nan") if value is None else value for value in table[name]]
                    axis.plot(table["time_s"], values, label=name.split(".")[0])
            axis.set(xlabel="time, s", ylabel=label)
            axis.legend()
    figure.tight_layout()
    figure.savefig(out)
    print(f"picture: {out}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", metavar="FILE", help="an answer (JSON), a log (MCAP), or both")
    parser.add_argument("--plot", metavar="FILE", help="draw the curve and the readings")
    arguments = parser.parse_args()
    found = log = None
    try:
        for path in arguments.files:
            with open(path, "rb") as file:
                is_log = file.read(len(MAGIC)) == MAGIC
            if is_log:
                log = Log(path)
                say_log(log)
            else:
                found = answer(path)
                say_answer(found)
        if arguments.plot:
            plot(found, log, arguments.plot)
    except (NotOurs, OSError) as error:
        print(f"read_ondol: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
