// Draws the bed from above and the spine from the side, from one picture of the moment.
//
// Places are in the bed's frame, in mm: x from the head end to the foot end, y to the person's left, z up. From
// above, as somebody at the person's right hand sees the bed: the head lies to the left, and the person's left, who
// lies on their back, above. From the other side ("mirrored") all of it is turned by half a turn: what is seen from
// above stays so. What is not known is not drawn.

const TRAIL_S = 10;
/** What is shown of the bed: from above the head to the knees, and half of its breadth, mm. */
const FROM_MM = 130;
const TO_MM = 1500;
const WIDE_MM = 330;

export class Drawing {
  #above;
  #beside;
  #words;
  #mirrored = false;
  #ink = {};
  #trail = [];
  #last = null;
  #spine = null;
  #described = 0;

  constructor(above, beside, words) {
    this.#above = above;
    this.#beside = beside;
    this.#words = words;
    this.colours();
    new ResizeObserver(() => this.#last && this.show(this.#last)).observe(above);
  }

  /** Takes the colours of the theme. */
  colours() {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["ink", "soft", "rule", "body", "spine", "sure", "head", "warm", "next", "focus"]) {
      this.#ink[name] = style.getPropertyValue(`--${name}`).trim();
    }
    if (this.#last) this.show(this.#last);
  }

  mirror(on) {
    this.#mirrored = on;
    if (this.#last) this.show(this.#last);
  }

  show(picture) {
    this.#last = picture;
    const live = picture.live;
    if (live) this.#remember(live);
    // What was found stays to be seen while the person still lies there.
    if (live?.spine || picture.under_way) this.#spine = live?.spine ?? null;
    const spine = lies(live) ? this.#spine : null;
    this.#drawAbove(live, spine);
    this.#drawBeside(spine);
    this.#describe(picture, live);
  }

  #remember(live) {
    const points = live.heads.map((head) => [head.x_mm, head.y_mm, head.force_n]);
    const last = this.#trail.at(-1);
    if (last && live.time_s < last.time) this.#trail = [];
    if (!last || live.time_s - last.time >= 0.1) this.#trail.push({ time: live.time_s, points });
    while (this.#trail.length && live.time_s - this.#trail[0].time > TRAIL_S) this.#trail.shift();
  }

  /** A canvas at the screen's own resolution, cleared. */
  #sheet(canvas) {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const { clientWidth: width, clientHeight: height } = canvas;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    return { pen, width, height };
  }

  #drawAbove(live, spine) {
    const { pen, width, height } = this.#sheet(this.#above);
    const long = Math.min(TO_MM, this.#words.bed.length_mm) - FROM_MM;
    const scale = Math.min(width / long, (height - 8) / (WIDE_MM * 2));
    const [left, middle] = [(width - long * scale) / 2 - FROM_MM * scale, height / 2];
    const at = (x, y) => (this.#mirrored ? [width - left - x * scale, middle + y * scale] : [left + x * scale, middle - y * scale]);
    if (lies(live)) {
      this.#body(pen, at, scale, spine);
      this.#sides(pen, width, height);
    }
    if (!live) return;
    this.#next(pen, at, scale, live);
    if (spine) this.#spineAbove(pen, at, spine);
    this.#trailAbove(pen, at);
    for (const head of live.heads) this.#head(pen, at, scale, head);
  }

  /** A body about where it lies: head, shoulders, trunk, legs. Drawn from the spine where it is known. */
  #body(pen, at, scale, spine) {
    const levels = spine?.levels ?? [];
    const t1 = levels[0]?.x_mm ?? 500;
    const l5 = levels.at(-1)?.x_mm ?? 950;
    const unit = (l5 - t1) / 450;
    const blob = (x, y, rx, ry) => {
      const [cx, cy] = at(x, y);
      pen.beginPath();
      pen.ellipse(cx, cy, rx * unit * scale, ry * unit * scale, 0, 0, 2 * Math.PI);
      pen.fill();
    };
    pen.fillStyle = this.#ink.body;
    blob(t1 - 190 * unit, 0, 115, 80);
    blob(t1 - 60 * unit, 0, 60, 55);
    blob(t1 + 70 * unit, 0, 120, 210);
    const [x1, y1] = at(t1 + 40 * unit, -160 * unit);
    const [x2, y2] = at(l5 + 120 * unit, 160 * unit);
    pen.beginPath();
    pen.roundRect(Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1), 90 * unit * scale);
    pen.fill();
    blob(l5 + 90 * unit, 0, 170, 185);
    for (const side of [-1, 1]) {
      blob(l5 + 480 * unit, side * 95 * unit, 400, 75);
      blob(t1 + 300 * unit, side * 205 * unit, 270, 44);
    }
  }

  /** Which side of the body is which, at the foot end. */
  #sides(pen, width, height) {
    const { left_side: left, right_side: right } = this.#words;
    pen.fillStyle = this.#ink.soft;
    pen.font = "24px system-ui,sans-serif";
    pen.textAlign = this.#mirrored ? "left" : "right";
    const x = this.#mirrored ? 10 : width - 10;
    pen.fillText(this.#mirrored ? right : left, x, 28);
    pen.fillText(this.#mirrored ? left : right, x, height - 12);
  }

  #next(pen, at, scale, live) {
    if (!live.stroke) return;
    const { from_mm: from, to_mm: to } = live.stroke;
    const [x1, y1] = at(Math.min(from, to) - 20, -60);
    const [x2, y2] = at(Math.max(from, to) + 20, 60);
    pen.fillStyle = this.#ink.next;
    pen.beginPath();
    pen.roundRect(Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1), 20 * scale);
    pen.fill();
  }

  #spineAbove(pen, at, spine) {
    const { levels } = spine;
    if (levels.length < 2) return;
    band(pen, levels.map((one) => at(one.x_mm, one.y_mm - 2 * one.sd_y_mm)),
      levels.map((one) => at(one.x_mm, one.y_mm + 2 * one.sd_y_mm)), this.#ink.sure);
    line(pen, levels.map((one) => at(one.x_mm, one.y_mm)), this.#ink.spine, spine.settled ? 4 : 2.5, !spine.settled);
    pen.fillStyle = this.#ink.spine;
    for (const one of levels) {
      const [x, y] = at(one.x_mm, one.y_mm);
      pen.beginPath();
      pen.arc(x, y, 4, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  #trailAbove(pen, at) {
    const now = this.#trail.at(-1)?.time ?? 0;
    for (const { time, points } of this.#trail) {
      const fresh = 1 - (now - time) / TRAIL_S;
      for (const [x, y, force] of points) {
        if (x === null || !(force > 2)) continue;
        const [px, py] = at(x, y);
        pen.globalAlpha = 0.08 + 0.3 * fresh;
        pen.fillStyle = this.#ink.warm;
        pen.beginPath();
        pen.arc(px, py, 3 + Math.min(force, 60) / 8, 0, 2 * Math.PI);
        pen.fill();
      }
    }
    pen.globalAlpha = 1;
  }

  #head(pen, at, scale, head) {
    if (head.x_mm === null) return;
    const [x, y] = at(head.x_mm, head.y_mm);
    const [long, wide] = [40 * scale, 30 * scale];
    pen.fillStyle = this.#ink.head;
    pen.globalAlpha = 0.35 + 0.65 * Math.min(1, Math.max(0, head.force_n ?? 0) / 40);
    pen.beginPath();
    pen.roundRect(x - long / 2, y - wide / 2, long, wide, 6 * scale);
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.strokeStyle = this.#ink.ink;
    pen.stroke();
  }

  /** The curve from the side, its height made larger so that it can be seen. */
  #drawBeside(spine) {
    const { pen, width, height } = this.#sheet(this.#beside);
    const levels = spine?.levels ?? [];
    if (levels.length < 2) {
      pen.fillStyle = this.#ink.soft;
      pen.font = "24px system-ui,sans-serif";
      pen.textAlign = "center";
      pen.fillText(this.#words.no_spine, width / 2, height / 2 + 8, width - 20);
      return;
    }
    const [first, last] = [levels[0].x_mm - 40, levels.at(-1).x_mm + 40];
    const heights = levels.map((one) => one.z_mm);
    const mean = heights.reduce((sum, one) => sum + one, 0) / heights.length;
    const across = Math.max(60, 2.6 * Math.max(...heights.map((one) => Math.abs(one - mean))));
    const at = (x, z) => {
      const share = (x - first) / (last - first);
      return [(this.#mirrored ? 1 - share : share) * (width - 40) + 20, height / 2 - ((z - mean) / across) * (height - 50)];
    };
    band(pen, levels.map((one) => at(one.x_mm, one.z_mm - 2 * one.sd_z_mm)),
      levels.map((one) => at(one.x_mm, one.z_mm + 2 * one.sd_z_mm)), this.#ink.sure);
    line(pen, levels.map((one) => at(one.x_mm, one.z_mm)), this.#ink.spine, 3, !spine.settled);
    pen.fillStyle = this.#ink.ink;
    pen.font = "600 24px system-ui,sans-serif";
    pen.textAlign = "center";
    const named = new Set(["T1", "T6", "T12", "L3", levels.at(-1).level]);
    for (const one of levels) {
      const [x, y] = at(one.x_mm, one.z_mm);
      pen.beginPath();
      pen.arc(x, y, 4, 0, 2 * Math.PI);
      pen.fill();
      if (!named.has(one.level)) continue;
      // Beside the band, not in it.
      const [, edge] = at(one.x_mm, one.z_mm + (y < height / 2 ? -2 : 2) * one.sd_z_mm);
      pen.fillText(one.level, x, y < height / 2 ? Math.min(edge + 28, height - 6) : Math.max(edge - 10, 24));
    }
  }

  /** The same in words for whoever does not see the drawing, every few seconds. */
  #describe(picture, live) {
    const now = performance.now();
    if (now - this.#described < 3000) return;
    this.#described = now;
    const phase = this.#words.phases[document.body.dataset.phase] ?? "";
    const levels = live?.spine?.levels?.length ?? 0;
    const force = Math.round((live?.heads ?? []).reduce((sum, head) => sum + Math.max(0, head.force_n ?? 0), 0));
    const text = this.#words.drawing.replace("{phase}", phase).replace("{levels}", levels).replace("{force}", force);
    this.#above.setAttribute("aria-label", text);
  }
}

/** Whether somebody lies on the bed: more weight than a bag or a blanket has, N. */
const lies = (live) => (live?.weight?.weight_n ?? 0) > 200 || Boolean(live?.spine);

function line(pen, points, colour, width, dashed) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = "round";
  pen.setLineDash(dashed ? [8, 6] : []);
  pen.beginPath();
  points.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
  pen.setLineDash([]);
}

function band(pen, low, high, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  low.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  [...high].reverse().forEach(([x, y]) => pen.lineTo(x, y));
  pen.closePath();
  pen.fill();
}
