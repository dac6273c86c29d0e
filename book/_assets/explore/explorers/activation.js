// Any activation: its value and its slope, a point to drag with its tangent, and another one to compare.
import { find, NAMES, OPTIONS } from "../members.js";
import { h, number, onceAFrame, oneOf, path, s, select, sentence, slider, stateOf, widthOf, within } from "../ui.js";

const [HEIGHT, EDGE, LOW, HIGH] = [340, 5, -2, 4];
let WIDTH = 640;
const X = (z) => ((z + EDGE) / (2 * EDGE)) * WIDTH;
const Y = (a) => HEIGHT - ((a - LOW) / (HIGH - LOW)) * HEIGHT;
const ZS = Array.from({ length: 401 }, (_, i) => -EDGE + (i * 2 * EDGE) / 400);
const RANGES = { alpha: [0, 2], kappa: [0, 0.2], lambda_: [0.5, 2] };
const LETTERS = { alpha: "α", kappa: "κ", lambda_: "λ", beta: "β" };

/** A curve, lifted where it jumps or leaves the plot. */
function curve(f, kinks) {
  const runs = [[]];
  ZS.forEach((z, i) => {
    const jump = i && kinks.some((kink) => ZS[i - 1] <= kink && kink <= z) && Math.abs(f(z) - f(ZS[i - 1])) > 0.2;
    if (jump) runs.push([]);
    const a = f(z);
    if (a >= LOW - 1 && a <= HIGH + 1) runs.at(-1).push([X(z), Y(within(a, LOW - 1, HIGH + 1))]);
    else if (runs.at(-1).length) runs.push([]);
  });
  return runs
    .filter((run) => run.length > 1)
    .map(path)
    .join("");
}

export function explore(box, fresh) {
  WIDTH = widthOf(box);
  const start = { g: "relu", other: "none", z: 1, parameters: "" };
  const state = fresh ? start : stateOf("activation", start);
  state.g = oneOf(state.g, NAMES, "relu");
  state.other = oneOf(state.other, NAMES, "none");
  state.z = within(state.z, -EDGE, EDGE);
  let parameters = {};
  const g = () => find(state.g);
  const take = () => {
    const given = state.parameters ? state.parameters.split("_").map(Number) : [];
    parameters = { ...g().parameters };
    Object.keys(parameters).forEach((key, i) => {
      if (Number.isFinite(given[i])) parameters[key] = given[i];
    });
  };
  take();

  const own = h("div", { class: "controls" });
  const point = slider("z", { min: -EDGE, max: EDGE, step: 0.05, value: state.z }, (z) => {
    state.z = z;
    draw();
  });
  const said = sentence();
  const plot = s("svg", {
    viewBox: `-4 -6 ${WIDTH + 8} ${HEIGHT + 30}`,
    role: "img",
    "aria-label": "Value, solid, and slope, dashed, over z",
  });
  const fields = () => {
    own.replaceChildren(
      ...Object.entries(parameters).map(([key, value]) => {
        const [low, high] = RANGES[key] ?? [0, 2];
        return slider(LETTERS[key] ?? key, { min: low, max: high, step: (high - low) / 200, value }, (x) => {
          parameters[key] = x;
          state.parameters = Object.values(parameters).join("_");
          draw();
        });
      }),
    );
  };
  const now = () => {
    const one = g(),
      value = (z) => one.value(z, parameters),
      slope = (z) => one.slope(z, parameters),
      z = state.z;
    const other = state.other === "none" ? null : find(state.other);
    const flat = ZS.filter((x) => Math.abs(slope(x)) < 0.1);
    const [a, m] = [value(z), slope(z)];
    const tangent = [
      [z - 1.2, a - 1.2 * m],
      [z + 1.2, a + 1.2 * m],
    ].map(([x, y]) => [X(x), Y(y)]);
    const ticks = [-4, -2, 2, 4].map((x) =>
      s("text", { x: X(x), y: Y(0) + 17, "text-anchor": "middle", class: "muted" }, number(x)),
    );
    const levels = [-1, 1, 2, 3].map((y) =>
      s("text", { x: X(0) - 7, y: Y(y) + 4, "text-anchor": "end", class: "muted" }, number(y)),
    );
    plot.replaceChildren(
      s("clipPath", { id: "activation-clip" }, s("rect", { x: 0, y: 0, width: WIDTH, height: HEIGHT })),
      ...[-1, 1, 2, 3].map((y) => s("path", { class: "grid", d: `M0 ${Y(y)}H${WIDTH}` })),
      s("path", { class: "axis", d: `M0 ${Y(0)}H${WIDTH}M${X(0)} 0V${HEIGHT}` }),
      ...ticks,
      ...levels,
      s("text", { x: WIDTH - 2, y: Y(0) - 8, "text-anchor": "end" }, "z"),
      ...flat.map((x) => s("rect", { x: X(x) - 0.9, y: Y(0) - 3, width: 1.8, height: 6, fill: "var(--slope)", opacity: 0.55 })),
      s(
        "g",
        { "clip-path": "url(#activation-clip)" },
        other && s("path", { class: "value second", d: curve((x) => other.value(x), other.kinks) }),
        other && s("path", { class: "slope second", d: curve((x) => other.slope(x), other.kinks) }),
        s("path", { class: "slope", d: curve(slope, one.kinks) }),
        s("path", { class: "value", d: curve(value, one.kinks) }),
        s("path", { class: "axis", "stroke-width": 1.5, d: path(tangent) }),
      ),
      s("circle", { class: "handle", cx: X(z), cy: within(Y(a), 0, HEIGHT), r: 9 }),
    );
    const share = Math.round((100 * flat.length) / ZS.length);
    said.say(
      `At z = ${number(z)} ${one.title} is ${number(a)}, and its slope is ${number(m)}. Between −5 and 5 the slope is smaller than 0.1 over ${share} % of the way, which the bar on the axis marks.`,
    );
  };
  const draw = onceAFrame(now);
  const drag = (event) => {
    if (event.type === "pointermove" && !event.buttons) return;
    const { left, width } = plot.getBoundingClientRect();
    state.z = within(
      Math.round(((((event.clientX - left) / width) * (WIDTH + 8) - 4) / WIDTH) * 2 * EDGE * 20 - EDGE * 20) / 20,
      -EDGE,
      EDGE,
    );
    point.set(state.z);
    draw();
  };
  plot.style.touchAction = "pan-y";
  plot.addEventListener("pointerdown", (event) => {
    plot.setPointerCapture(event.pointerId);
    drag(event);
  });
  plot.addEventListener("pointermove", drag);

  box.append(
    h(
      "div",
      { class: "controls" },
      select("Activation", OPTIONS, state.g, (name) => {
        state.g = name;
        state.parameters = "";
        take();
        fields();
        draw();
      }),
      select("Compare with", [["none", "nothing"], ...OPTIONS], state.other, (name) => {
        state.other = name;
        draw();
      }),
    ),
    own,
    plot,
    point,
    said,
  );
  fields();
  now();
  return { state, label: "Any activation: drag the point, or choose another function" };
}
