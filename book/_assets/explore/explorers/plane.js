// Training in the plane: a small network learns to tell two classes of points, and a second run can be compared.
import { find, NAMES, OPTIONS } from "../members.js";
import { SETS } from "../data.js";
import { backward, descend, forward, generator, logistic, zeros } from "../network.js";
import { button, follow, h, number, onceAFrame, oneOf, select, sentence, slider, stateOf, within } from "../ui.js";

const identity = find("identity");
const START = { set: "xor", g: "tanh", layers: 1, units: 4, start: "random", scale: 0, seed: 1, rate: 0 };
const GRID = 36;
const TITLES = { xor: "XOR", circles: "circles", moons: "moons", flower: "flower" };
const STARTS = [
  ["random", "random"],
  ["constant", "all weights equal"],
  ["zero", "all weights 0"],
];
const POINTS = zeros(2, GRID * GRID).map((row, k) =>
  row.map((_, i) => -2 + (4 * ((k ? Math.floor(i / GRID) : i % GRID) + 0.5)) / GRID),
);

function begin(state) {
  const { normal } = generator(state.seed * 7919);
  const g = find(state.g);
  const sizes = [2, ...Array(state.layers).fill(state.units), 1];
  return sizes.slice(1).map((rows, l) => {
    const scale = 10 ** state.scale / Math.sqrt(sizes[l]);
    const weight = { random: () => scale * normal(), constant: () => scale, zero: () => 0 }[state.start];
    return {
      W: Array.from({ length: rows }, () => Float64Array.from({ length: sizes[l] }, weight)),
      b: new Float64Array(rows),
      g: l + 2 < sizes.length ? g : identity,
    };
  });
}

/** A run: its settings, its network, and the losses so far. */
export function makeRun(settings) {
  const { X, y } = SETS[settings.set];
  const run = { settings: { ...settings }, X, y, network: begin(settings), losses: [] };
  const { A } = forward(run.network, X);
  run.losses.push(logistic.value(A, y));
  return run;
}
export function step(run) {
  const { A, caches } = forward(run.network, run.X);
  const { gradients } = backward(run.network, logistic.gradient(A, run.y), caches);
  run.network = descend(run.network, gradients, 10 ** run.settings.rate);
  run.losses.push(logistic.value(forward(run.network, run.X).A, run.y));
}
const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
export const accuracy = (run) =>
  forward(run.network, run.X).A[0].filter((z, j) => z > 0 === (run.y[j] === 1)).length / run.y.length;
export const alike = (W) => W.length > 1 && W.every((row) => row.every((w, k) => Math.abs(w - W[0][k]) < 1e-12));

export function explore(box, fresh) {
  const state = fresh ? { ...START } : stateOf("plane", START);
  state.set = oneOf(state.set, Object.keys(SETS), "xor");
  state.g = oneOf(state.g, NAMES, "tanh");
  state.start = oneOf(
    state.start,
    STARTS.map(([key]) => key),
    "random",
  );
  state.layers = within(Math.round(state.layers), 0, 3);
  state.units = within(Math.round(state.units), 1, 8);
  let current = makeRun(state),
    kept = null,
    playing = 0;
  const canvas = h("canvas", { role: "img" });
  const said = sentence();
  const play = button("Run", () => (playing ? pause() : start()), { class: "primary" });

  const small = Object.assign(document.createElement("canvas"), { width: GRID, height: GRID });
  const paint = () => {
    const style = getComputedStyle(box),
      colour = (name) => style.getPropertyValue(name).trim();
    const runs = kept ? [current, kept] : [current],
      total = Math.max(280, box.clientWidth - 34);
    const side = Math.min(290, (total - 16) / (kept || total > 480 ? 2 : 1)),
      ratio = devicePixelRatio || 1;
    const low = kept ? 90 : total > 480 ? side : 110;
    const width = total,
      height = kept || total <= 480 ? side + low + 26 : side + 18;
    Object.assign(canvas, { width: width * ratio, height: height * ratio });
    canvas.style.cssText = `width:${width}px;height:${height}px`;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.font = "12px system-ui, sans-serif";
    runs.forEach((run, r) => {
      const left = r * (side + 16);
      plane(context, run, left, 16, side, colour);
      context.fillStyle = colour("--color-foreground-primary");
      context.fillText(kept ? (r ? "kept" : "now") : "", left, 11);
      if (kept || total <= 480) {
        losses(context, run, left, side + 34, side * 0.55, low - 18, colour);
        weights(context, run, left + side * 0.62, side + 34, side * 0.38, low - 18, colour);
      } else {
        losses(context, run, side + 24, 30, total - side - 30, side * 0.42, colour);
        weights(context, run, side + 24, side * 0.55 + 30, total - side - 30, side * 0.42, colour);
      }
    });
  };

  function plane(context, run, left, top, side, colour) {
    const { A } = forward(run.network, POINTS);
    const shades = new ImageData(GRID, GRID),
      one = rgb(colour("--one")),
      zero = rgb(colour("--zero"));
    for (let i = 0; i < GRID * GRID; i++) {
      const p = 1 / (1 + Math.exp(-A[0][i])),
        at = (GRID - 1 - Math.floor(i / GRID)) * GRID + (i % GRID);
      shades.data.set([...(p > 0.5 ? one : zero), 20 + 130 * Math.abs(p - 0.5)], 4 * at);
    }
    small.getContext("2d").putImageData(shades, 0, 0);
    context.drawImage(small, left, top, side, side);
    const place = (x1, x2) => [left + ((x1 + 2) / 4) * side, top + side - ((x2 + 2) / 4) * side];
    context.save();
    context.beginPath();
    context.rect(left, top, side, side);
    context.clip();
    context.strokeStyle = colour("--color-foreground-muted");
    context.setLineDash([5, 4]);
    // Where each unit of the first layer has z = 0.
    run.network[0].W.forEach(([w1, w2], i) => {
      const b = run.network[0].b[i],
        size = Math.hypot(w1, w2);
      if (size < 1e-9) return;
      const [cx, cy] = [(-b * w1) / size ** 2, (-b * w2) / size ** 2];
      context.beginPath();
      context.moveTo(...place(cx - (6 * w2) / size, cy + (6 * w1) / size));
      context.lineTo(...place(cx + (6 * w2) / size, cy - (6 * w1) / size));
      context.stroke();
    });
    context.setLineDash([]);
    run.y.forEach((y, j) => {
      const [px, py] = place(run.X[0][j], run.X[1][j]);
      context.beginPath();
      // Classes differ by shape, too.
      if (y) context.arc(px, py, 3.2, 0, 7);
      else context.rect(px - 3, py - 3, 6, 6);
      context.fillStyle = colour(y ? "--one" : "--zero");
      context.fill();
      context.strokeStyle = colour("--color-background-primary");
      context.stroke();
    });
    context.restore();
  }

  function losses(context, run, left, top, width, height, colour) {
    const most = Math.max(0.75, ...run.losses),
      n = Math.max(100, run.losses.length - 1);
    context.fillStyle = colour("--color-foreground-primary");
    context.fillText(`loss ${number(run.losses.at(-1))}`, left, top - 4);
    context.strokeStyle = colour("--color-foreground-border");
    context.strokeRect(left, top, 0, height);
    context.strokeRect(left, top + height, width, 0);
    context.strokeStyle = colour("--value");
    context.lineWidth = 2;
    context.beginPath();
    const every = Math.max(1, Math.floor(run.losses.length / 400));
    run.losses.forEach((J, i) => {
      if (i % every === 0) context.lineTo(left + (i / n) * width, top + height * (1 - Math.min(J / most, 1)));
    });
    context.stroke();
    context.lineWidth = 1;
  }

  function weights(context, run, left, top, width, height, colour) {
    const W = run.network[0].W,
      most = Math.max(1.5, ...W.map((row) => Math.max(...row.map(Math.abs))));
    context.fillStyle = colour("--color-foreground-primary");
    context.fillText(width > 130 ? "weights of the first layer" : "weights", left, top - 4);
    context.strokeStyle = colour("--color-background-border");
    context.strokeRect(left, top + height / 2, width, 0);
    context.strokeRect(left + width / 2, top, 0, height);
    context.fillStyle = colour("--slope");
    W.forEach(([w1, w2]) => {
      context.beginPath();
      context.arc(left + width / 2 + (w1 / most) * (width / 2 - 6), top + height / 2 - (w2 / most) * (height / 2 - 6), 5, 0, 7);
      context.globalAlpha = 0.75;
      context.fill();
      context.globalAlpha = 1;
    });
  }

  const describe = () => {
    const steps = current.losses.length - 1,
      right = Math.round(100 * accuracy(current)),
      W = current.network[0].W;
    const what =
      state.layers === 0
        ? " Without a hidden layer the boundary is a straight line."
        : alike(W)
          ? ` All ${W.length} units of the first layer are alike: the work of one.`
          : "";
    said.say(
      `After ${steps} steps the loss is ${number(current.losses.at(-1))}, and ${right} % of the points are on the right side.${what}`,
    );
    canvas.setAttribute("aria-label", `The plane with two classes of points. ${said.textContent}`);
  };
  const now = () => {
    paint();
    describe();
  };
  const draw = onceAFrame(now);
  const pause = () => {
    cancelAnimationFrame(playing);
    playing = 0;
    play.textContent = "Run";
  };
  const frame = () => {
    for (let k = 0; k < 5; k++) step(current);
    now();
    if (!Number.isFinite(current.losses.at(-1)) || current.losses.length > 20000) pause();
    else playing = requestAnimationFrame(frame);
  };
  const start = () => {
    play.textContent = "Stop";
    playing = requestAnimationFrame(frame);
  };
  const rewind = () => {
    pause();
    current = makeRun(state);
    draw();
  };
  const set = (key) => (value) => {
    state[key] = typeof START[key] === "number" ? Number(value) : value;
    rewind();
  };

  box.append(
    h(
      "div",
      { class: "controls" },
      select("Points", Object.entries(TITLES), state.set, set("set")),
      select("Activation", OPTIONS, state.g, set("g")),
      slider("Hidden layers", { min: 0, max: 3, step: 1, value: state.layers }, set("layers")),
      slider("Units", { min: 1, max: 8, step: 1, value: state.units }, set("units")),
      select("Start", STARTS, state.start, set("start")),
      slider(
        "Scale",
        { min: -2, max: 1, step: 0.05, value: state.scale, show: (power) => number(10 ** power, 2) },
        set("scale"),
      ),
      slider("Seed", { min: 1, max: 20, step: 1, value: state.seed }, set("seed")),
      slider("Rate", { min: -2, max: 1, step: 0.05, value: state.rate, show: (power) => number(10 ** power, 2) }, (value) => {
        state.rate = value;
        current.settings.rate = value;
      }),
    ),
    h(
      "div",
      { class: "buttons" },
      play,
      button("One step", () => {
        step(current);
        draw();
      }),
      button("Rewind", rewind),
      button("Keep, and compare", () => {
        kept = { ...current };
        rewind();
      }),
      button("Forget the kept run", () => {
        kept = null;
        draw();
      }),
    ),
    canvas,
    said,
  );
  now();
  const unfollow = follow(box, draw);
  return {
    state,
    label: "Training in the plane",
    stop: () => {
      pause();
      unfollow();
    },
  };
}
