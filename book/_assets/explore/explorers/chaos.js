// Order and chaos: what many wide layers make of two inputs that are alike to some degree.
import { find, OPTIONS } from "../members.js";
import { correlationMap, fixedCorrelation, fixedPoint, growth } from "../meanfield.js";
import { h, number, onceAFrame, oneOf, path, s, select, sentence, slider, stateOf, widthOf, within } from "../ui.js";

const START = { g: "tanh", w: 1.5, b: 0.05, c: 0.6, layers: 20 };
const SIZE = 300;
const CURVE = Array.from({ length: 41 }, (_, i) => i / 40);
// What keeps its size at every scale has no size to settle at, and steps have no slope.
const USABLE = OPTIONS.filter(([name]) => !["identity", "step"].includes(name));

/** All that the figure shows, from theory. */
export function measure({ g: name, w, b, c, layers }) {
  const g = find(name),
    q = fixedPoint(g, w, b);
  if (!(q > 0 && q < Infinity)) return { q };
  const chi = growth(g, w, q),
    map = correlationMap(g, w, b, q),
    walk = [c];
  for (let l = 0; l < layers; l++) walk.push(within(map(walk.at(-1)), -1, 1));
  const end = fixedCorrelation(map, chi),
    near = within(end, 0, 1 - 1e-4);
  const slope = end === 1 ? chi : (map(near + 5e-5) - map(near - 5e-5)) / 1e-4;
  return {
    q,
    chi,
    walk,
    end,
    depth: -1 / Math.log(Math.abs(slope)),
    map: CURVE.map((x) => [x, map(x)]),
  };
}

export function explore(box, fresh) {
  const state = fresh ? { ...START } : stateOf("chaos", START);
  state.g = oneOf(
    state.g,
    USABLE.map(([name]) => name),
    "tanh",
  );
  state.w = within(state.w, 0.5, 4);
  state.b = within(state.b, 0, 0.5);
  state.c = within(state.c, 0, 0.99);
  state.layers = within(Math.round(state.layers), 1, 60);
  const wide = widthOf(box) > 480,
    left = wide ? SIZE + 70 : 0,
    top = wide ? 0 : SIZE + 60;
  const svg = s("svg", {
    viewBox: wide ? `-34 -8 ${2 * SIZE + 110} ${SIZE + 50}` : `-34 -8 ${SIZE + 44} ${2 * SIZE + 110}`,
    role: "img",
    "aria-label": "Left the correlation map with its steps, right the correlation layer by layer",
  });
  const said = sentence();
  const Y = (c) => SIZE * (1 - within(c, 0, 1));

  const now = () => {
    const found = measure(state),
      { q, chi, walk, end, depth, map } = found;
    const title = find(state.g).title;
    if (!walk) {
      svg.replaceChildren(s("text", { x: 20, y: 40 }, q === 0 ? "The signal dies out." : "The signal grows without bound."));
      said.say(
        `With ${title}, weight variance ${number(state.w)} and bias variance ${number(state.b)} the signal ${q === 0 ? "dies out" : "grows without bound"}: there is no size at which two inputs could be compared.`,
      );
      return;
    }
    const corners = [[state.c * SIZE, SIZE]];
    walk.slice(0, -1).forEach((c, l) => corners.push([c * SIZE, Y(walk[l + 1])], [walk[l + 1] * SIZE, Y(walk[l + 1])]));
    const X = (l) => left + (l / Math.max(1, state.layers)) * SIZE;
    const frame = (x, y, across, up) => [
      s("path", { class: "axis", d: `M${x} ${y}V${y + SIZE}H${x + SIZE}` }),
      ...[0, 0.5, 1].map((c) => s("text", { x: x - 6, y: y + Y(c) + 4, "text-anchor": "end", class: "muted" }, number(c))),
      s("text", { x: x + SIZE / 2, y: y + SIZE + 32, "text-anchor": "middle" }, across),
      s("text", { x: x + 6, y: y + 12 }, up),
    ];
    svg.replaceChildren(
      ...frame(0, 0, "correlation c", "a layer later"),
      ...frame(left, top, "layer", "correlation c"),
      ...[0, 0.5, 1].map((c) => s("text", { x: c * SIZE, y: SIZE + 16, "text-anchor": "middle", class: "muted" }, number(c))),
      ...[0, state.layers].map((l) =>
        s("text", { x: X(l), y: top + SIZE + 16, "text-anchor": "middle", class: "muted" }, number(l)),
      ),
      s("path", { class: "grid", d: `M0 ${SIZE}L${SIZE} 0` }),
      s("path", { class: "slope", style: "stroke-dasharray:none;stroke-width:1.3", d: path(corners) }),
      s("path", { class: "value", d: path(map.map(([x, y]) => [x * SIZE, Y(y)])) }),
      s("circle", { cx: end * SIZE, cy: Y(end), r: 5, fill: "var(--value)" }),
      s("path", { class: "value", d: path(walk.map((c, l) => [X(l), top + Y(c)])) }),
      ...walk.map((c, l) => s("circle", { cx: X(l), cy: top + Y(c), r: 2.5, fill: "var(--value)" })),
    );
    const kind =
      Math.abs(chi - 1) < 0.02
        ? "This is the edge of chaos, within two percent."
        : chi < 1
          ? "This is order: all inputs become alike."
          : "This is chaos: near inputs part.";
    said.say(
      `${kind} χ = ${number(chi)}, q = ${number(q)}. After ${state.layers} layers the correlation ${number(state.c)} has become ${number(walk.at(-1))}; it settles at ${number(end)}, with a depth scale of ${number(depth, 2)} layers.`,
    );
  };
  const draw = onceAFrame(now);
  const set = (key) => (value) => {
    state[key] = value;
    draw();
  };
  box.append(
    h(
      "div",
      { class: "controls" },
      select("Activation", USABLE, state.g, set("g")),
      slider("Weights σ²", { min: 0.5, max: 4, step: 0.01, value: state.w }, set("w")),
      slider("Biases σ²", { min: 0, max: 0.5, step: 0.01, value: state.b }, set("b")),
      slider("First c", { min: 0, max: 0.99, step: 0.01, value: state.c }, set("c")),
      slider("Layers", { min: 1, max: 60, step: 1, value: state.layers }, set("layers")),
    ),
    svg,
    said,
  );
  now();
  return { state, label: "Order and chaos" };
}
