#!/usr/bin/env python3
"""Runs the twin's linearised trunk in MuJoCo and compares it with what the twin says of itself.

    ondol export mjcf --person 7 --out out/trunk.xml
    python3 -m venv out/mujoco && out/mujoco/bin/pip install -r tools/requirements-mujoco.txt
    out/mujoco/bin/python tools/check_mujoco.py out/trunk.xml [--json]

Prints one row a quantity: twin, MuJoCo, difference, what is asked, met. Exit code 1 where a row is not met.

The file holds links and hinges, the twin calculates with heights: MuJoCo makes its own mass matrix and its own
bending. Rollers' heights are inputs, written into their slides before each step.

* Deflection: a force up on each vertebra, rollers still, tissue relaxed; Newton's method on the forces that
  MuJoCo calculates, and once by letting the model come to rest. The twin's is of the whole trunk.
* Frequencies: of MuJoCo's mass matrix and of the slopes of its forces, rollers and relaxing parts held.
* Traces, each 10 s, relative to the RMS of the forces' change: the walk (linear model; rollers and a walking
  load in closed forms of time) and the bed (the whole twin with drives and the full law of the tissue).
* Beyond (not asked): how far the linear model is from the whole trunk under 20 N, where it is worst.
* Speed at equal error: an engine's error at a step is the RMS difference of the walk's forces from those of its
  own finest step, over their RMS. Told twice: MuJoCo's cheapest integrator and step that are no worse than the twin at
  its own 2 ms; and, of all that MuJoCo can do, the pair against which the twin's cheapest step that is no worse
  gains least. The ratio is MuJoCo's time for a second of the walk over the twin's, one thread each, fastest of
  several, Python's own time left out. Both step the same model.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import mujoco
import numpy as np

SIDES = ["left", "right"]
MM = 1000.0
TWIN_STEP_S = 0.002
ASKED = {"deflection": 0.005, "frequency": 0.01, "trace": 0.02}
# RK4 is left out: it damps nothing implicitly, and no step near these stands. "implicit" has the errors of
# "implicitfast" here at twice its cost.
INTEGRATORS = {
    "Euler": mujoco.mjtIntegrator.mjINT_EULER,
    "implicitfast": mujoco.mjtIntegrator.mjINT_IMPLICITFAST,
}
# Steps a row of the walk (20 ms), from 20 ms down; the finest is 1/16 ms.
STEPS_A_ROW = [1, 2, 3, 4, 5, 8, 10, 20, 40]
FINEST_A_ROW = 320
# Ten times as long as tissue takes to relax.
REST_S = 120.0
COST_STEPS = 4000
COST_REPEATS = 7


class Trunk:
    """The model and its state."""

    def __init__(self, path):
        self.model = mujoco.MjModel.from_xml_path(str(path))
        self.data = mujoco.MjData(self.model)
        # MuJoCo warns, resets and goes on where a step does not stand: such a run must not count.
        self.warned = []
        mujoco.set_mju_user_warning(self.warned.append)
        self.sides = [s for s in range(2) if self.find(mujoco.mjtObj.mjOBJ_JOINT, f"roller_{SIDES[s]}") >= 0]
        joint = mujoco.mjtObj.mjOBJ_JOINT
        # All joints have one degree of freedom, so that a joint's number is that of its place and speed.
        assert self.model.nq == self.model.nv == self.model.njnt
        self.rollers = [self.find(joint, f"roller_{SIDES[s]}") for s in self.sides]
        self.relaxed = [self.find(joint, f"relaxed_{SIDES[s]}") for s in self.sides]
        tendon = mujoco.mjtObj.mjOBJ_TENDON
        self.tissue = [self.find(tendon, f"tissue_{SIDES[s]}") for s in self.sides]
        self.relaxing = [self.find(tendon, f"relaxing_{SIDES[s]}") for s in self.sides]
        self.free = [i for i in range(self.model.nv) if i not in self.rollers]
        self.trunk = [i for i in self.free if i not in self.relaxed]

    def find(self, kind, name):
        return mujoco.mj_name2id(self.model, kind, name)

    def body(self, name):
        found = self.find(mujoco.mjtObj.mjOBJ_BODY, name)
        assert found >= 0, name
        return found

    def fell(self):
        """Whether a step did not stand since the last look."""
        fell = bool(self.warned)
        self.warned.clear()
        return fell

    def reset(self):
        mujoco.mj_resetData(self.model, self.data)
        mujoco.mj_forward(self.model, self.data)

    def force_n(self):
        """Change of the rollers' force on the trunk, N, left and right."""
        force = np.zeros(2)
        stiffness, damping = self.model.tendon_stiffness, self.model.tendon_damping
        for side, tissue, relaxing in zip(self.sides, self.tissue, self.relaxing):
            for tendon in (tissue, relaxing):
                force[side] += stiffness[tendon] * self.data.ten_length[tendon]
                force[side] += damping[tendon] * self.data.ten_velocity[tendon]
        return force

    def push(self, qpos):
        """Forces on the degrees of freedom at rest in a shape."""
        self.data.qpos[:] = qpos
        self.data.qvel[:] = 0.0
        mujoco.mj_forward(self.model, self.data)
        return self.data.qfrc_smooth.copy()

    def stiffness(self, qpos, which):
        """Slope of the forces with the shape, by central differences."""
        step, columns = 1e-6, []
        for i in which:
            moved = np.zeros(self.model.nv)
            moved[i] = step
            columns.append((self.push(qpos - moved) - self.push(qpos + moved))[which] / (2 * step))
        return np.array(columns).T

    def at_rest(self, body, force_n):
        """Rise of a body, mm, under a force on it."""
        self.reset()
        before = self.data.xpos[body][2]
        self.data.xfrc_applied[body][2] = force_n
        qpos = np.zeros(self.model.nv)
        for _ in range(20):
            missing = self.push(qpos)[self.free]
            if np.abs(missing).max() < 1e-10:
                break
            qpos[self.free] += np.linalg.solve(self.stiffness(qpos, self.free), missing)
        else:
            raise SystemExit(f"MuJoCo's trunk finds no rest under {force_n} N: {np.abs(missing).max()} N are left")
        self.push(qpos)
        return (self.data.xpos[body][2] - before) * MM

    def comes_to_rest(self, body, force_n):
        """The same by letting time pass."""
        self.set("Euler", 0.002)
        self.reset()
        before = self.data.xpos[body][2]
        self.data.xfrc_applied[body][2] = force_n
        for _ in range(round(REST_S / 0.002)):
            self.data.qpos[self.rollers] = 0.0
            self.data.qvel[self.rollers] = 0.0
            mujoco.mj_step(self.model, self.data)
        return (self.data.xpos[body][2] - before) * MM

    def frequencies_hz(self):
        self.reset()
        mass = np.zeros((self.model.nv, self.model.nv))
        mujoco.mj_fullM(self.model, self.data, mass)
        which = np.ix_(self.trunk, self.trunk)
        stiffness = self.stiffness(np.zeros(self.model.nv), self.trunk)
        squares = np.linalg.eigvals(np.linalg.solve(mass[which], stiffness))
        return np.sort(np.sqrt(np.maximum(squares.real, 0.0))) / (2 * math.pi)

    def set(self, integrator, step_s):
        self.model.opt.integrator = INTEGRATORS[integrator]
        self.model.opt.timestep = step_s

    def run(self, step_s, steps, each, inputs, loads=None):
        """Forces every `each` steps. `inputs(t)` gives heights (m) and speeds (m/s) of the rollers."""
        self.reset()
        rows = []
        for step in range(1, steps + 1):
            self.lead(inputs, loads, (step - 1) * step_s)
            mujoco.mj_step(self.model, self.data)
            if step % each == 0:
                self.lead(inputs, loads, step * step_s)
                mujoco.mj_forward(self.model, self.data)
                rows.append(self.force_n())
        return np.array(rows)

    def lead(self, inputs, loads, now_s):
        height, speed = inputs(now_s)
        for side, roller in zip(self.sides, self.rollers):
            self.data.qpos[roller] = height[side]
            self.data.qvel[roller] = speed[side]
        if loads:
            self.data.xfrc_applied[:] = 0.0
            for body, newtons in loads(now_s):
                self.data.xfrc_applied[body][2] = newtons

    def walk(self, moves, row_s, a_row, integrator):
        """The walk with so many steps a row."""
        step_s = row_s / a_row
        self.set(integrator, step_s)
        self.reset()
        chain = [i for i in range(1, self.model.nbody) if not self.model.body(i).name.startswith(("roller_", "relaxed_"))]
        place = [self.data.xpos[i][0] * MM for i in chain]
        waves = [[(a / MM, 2 * math.pi * f) for a, f in side] for side in moves["rollers"]]

        def inputs(now):
            height = [sum(0.5 * a * (1 - math.cos(w * now)) for a, w in side) for side in waves]
            speed = [sum(0.5 * a * w * math.sin(w * now) for a, w in side) for side in waves]
            return height, speed

        def loads(now):
            share = now / moves["seconds"]
            x = moves["from_mm"] + (moves["to_mm"] - moves["from_mm"]) * share
            force = moves["load_n"] * math.sin(math.pi * share) ** 2
            node = min(max(sum(at <= x for at in place) - 1, 0), len(place) - 2)
            foot = min(max((x - place[node]) / (place[node + 1] - place[node]), 0.0), 1.0)
            return (chain[node], (1 - foot) * force), (chain[node + 1], foot * force)

        return self.run(step_s, round(moves["seconds"] / row_s) * a_row, a_row, inputs, loads)

    def bed(self, trace, a_row, integrator):
        """The forces that the bed's own heights make, straight between its rows."""
        row_s = trace["row_s"]
        heights = np.vstack([np.zeros((1, 2)), np.array(trace["height_mm"]) / MM])
        self.set(integrator, row_s / a_row)

        def inputs(now):
            place = min(now / row_s, len(heights) - 1)
            row = min(int(place + 1e-9), len(heights) - 2)
            rise = heights[row + 1] - heights[row]
            # At a row's end the speed is that of the row that ends there.
            ended = max(min(math.ceil(place - 1e-9) - 1, len(heights) - 2), 0)
            return heights[row] + rise * (place - row), (heights[ended + 1] - heights[ended]) / row_s

        return self.run(row_s / a_row, (len(heights) - 1) * a_row, a_row, inputs)

    def cost_s(self, integrator, step_s):
        """Time for a second of the model, s: the steps alone."""
        self.set(integrator, step_s)
        least = math.inf
        for _ in range(COST_REPEATS):
            self.reset()
            self.data.qpos[self.rollers] = 5e-4
            begun = time.perf_counter()
            mujoco.mj_step(self.model, self.data, COST_STEPS)
            least = min(least, time.perf_counter() - begun)
        return least / COST_STEPS / step_s


def apart(one, other):
    """RMS of the difference over the RMS of the second."""
    one, other = np.asarray(one), np.asarray(other)
    return float(np.sqrt(((one - other) ** 2).sum() / (other**2).sum()))


def rows_of(trunk, told, finest):
    """(quantity, unit, twin, MuJoCo, difference, asked or None) of everything that is compared."""
    force, far = told["deflection_force_n"], told["far_force_n"]
    beyond = []
    for row in told["deflection"]:
        body, twin = trunk.body(row["node"]), row["whole_mm"]
        found = 0.5 * (trunk.at_rest(body, force) - trunk.at_rest(body, -force))
        yield f"deflection {row['node']}, {force:g} N", "mm", twin, found, abs(found / twin - 1), ASKED["deflection"]
        beyond.append((row["node"], row["far_mm"], found * far / force))
    middle = told["deflection"][len(told["deflection"]) // 2]
    twin, found = middle["whole_mm"], trunk.comes_to_rest(trunk.body(middle["node"]), force)
    yield f"the same at {middle['node']}, in time", "mm", twin, found, abs(found / twin - 1), ASKED["deflection"]
    for index, (twin, found) in enumerate(zip(told["frequencies_hz"], trunk.frequencies_hz())):
        yield f"frequency {index + 1}", "Hz", twin, found, abs(found / twin - 1), ASKED["frequency"]
    bed = trunk.bed(told["bed"], 2, "Euler")
    for name, trace, forces in [("walk", told["walk"], finest), ("bed", told["bed"], bed)]:
        twin = np.array(trace["force_n"])
        yield f"force trace, {name}, RMS", "N", rms(twin), rms(forces), apart(forces, twin), ASKED["trace"]
    node, twin, found = max(beyond, key=lambda row: abs(row[2] / row[1] - 1))
    yield f"beyond: {node}, {far:g} N", "mm", twin, found, abs(found / twin - 1), None


def standing(trunk, told, finest):
    """MuJoCo's steps that stand, rising in cost: error and time of each."""
    row_s, found = told["walk"]["row_s"], []
    for integrator in INTEGRATORS:
        for a_row in STEPS_A_ROW:
            forces = trunk.walk(told["moves"], row_s, a_row, integrator)
            if not trunk.fell() and np.isfinite(forces).all():
                step_s, error = row_s / a_row, apart(forces, finest)
                cost_s = trunk.cost_s(integrator, step_s)
                found.append({"integrator": integrator, "step_s": step_s, "error": error, "cost_s": cost_s})
                if error <= min(pace["error"] for pace in told["pace"]):
                    break
    return sorted(found, key=lambda pair: pair["cost_s"])


def equal_error(told, pairs):
    """(why, twin, MuJoCo) at equal error: at the twin's own step, and where it is best for MuJoCo."""
    own = next(pace for pace in told["pace"] if abs(pace["step_s"] - TWIN_STEP_S) < 1e-9)
    yield "at the error of the twin's own step", own, next((pair for pair in pairs if pair["error"] <= own["error"]), None)
    compared = []
    for pair in pairs:
        enough = [pace for pace in told["pace"] if pace["error"] <= pair["error"]]
        if enough:
            compared.append((min(enough, key=lambda pace: pace["cost_s"]), pair))
    if compared:
        yield "at the error where MuJoCo does best", *min(compared, key=lambda both: ratio(*both))


def rms(forces):
    return float(np.sqrt((np.asarray(forces) ** 2).mean()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("model", type=Path, help="the model that `ondol export mjcf` wrote; its .json lies beside it")
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    given = parser.parse_args()
    told = json.loads(given.model.with_suffix(".json").read_text(encoding="utf-8"))
    trunk, twin_says = Trunk(given.model), told["prediction"]
    finest = trunk.walk(twin_says["moves"], twin_says["walk"]["row_s"], FINEST_A_ROW, "Euler")
    rows = list(rows_of(trunk, twin_says, finest))
    if trunk.warned:
        raise SystemExit(f"MuJoCo warns: {trunk.warned[0]}")
    paces = list(equal_error(twin_says, standing(trunk, twin_says, finest)))
    met = all(asked is None or difference <= asked for *_, difference, asked in rows)
    if given.json:
        keys = ["quantity", "unit", "twin", "mujoco", "difference", "asked"]
        speed = [{"at": why, "twin": twin, "mujoco": best, "ratio": ratio(twin, best)} for why, twin, best in paces]
        print(json.dumps({"rows": [dict(zip(keys, row)) for row in rows], "speed": speed, "met": met}))
    else:
        show(told, rows, paces)
    return 0 if met else 1


def ratio(twin, best):
    return best["cost_s"] / twin["cost_s"] if twin and best else None


def show(told, rows, paces):
    print(told["notice"])
    print(f"{told['person']} on bed {told['bed']}, heads at {told['level']} with {told['force_n']:g} N; MuJoCo {mujoco.__version__}")
    print(f"{'quantity':<28} {'twin':>10} {'MuJoCo':>10}      {'difference':>10} {'asked':>7}  met")
    for quantity, unit, twin, found, difference, asked in rows:
        share = f"{asked:7.1%}  {'yes' if difference <= asked else 'NO'}" if asked else "      -"
        print(f"{quantity:<28} {twin:10.5f} {found:10.5f} {unit:<4} {difference:10.4%} {share}")
    print("speed at equal error (walk; error over the forces' RMS, time for a second of it)")
    for why, twin, best in paces:
        print(f"  {why}")
        for name, pair in [("twin", twin), ("MuJoCo", best)]:
            if pair is None:
                print(f"    {name:<7} no step that was tried is as good")
            else:
                step = f"{pair['step_s'] * 1e3:.2f} ms {pair.get('integrator', '')}"
                print(f"    {name:<7} {step:<21} error {pair['error']:7.3%} {pair['cost_s'] * 1e3:8.3f} ms")
        if twin and best:
            print(f"    the twin is {ratio(twin, best):.1f} times as fast")
    whole = told["prediction"]["bed_cost_s"]
    print(f"  the whole twin, with drives, tissue, heat and sensors, takes {whole * 1e3:.3f} ms for a second at 2 ms")


if __name__ == "__main__":
    sys.exit(main())
