// Shapes: the arrays of a layer as rectangles in their places, and what breaks when one is turned or loses an axis.
import { MESSAGES } from "../data.js";
import { h, oneOf, onceAFrame, s, select, sentence, slider, stateOf, widthOf, within } from "../ui.js";

const START = { n_prev: 3, n: 4, m: 5, fault: "none" };
const FAULTS = [
  ["none", "nothing"],
  ["W", "W is transposed"],
  ["A", "the examples are rows"],
  ["b", "b has lost its second axis"],
];

/** The shapes of the arrays, whether NumPy takes them, and what the package says: "" where it notices nothing. */
export function judge({ n_prev, n, m, fault }) {
  const W = fault === "W" ? [n_prev, n] : [n, n_prev];
  const A = fault === "A" ? [m, n_prev] : [n_prev, m];
  const b = fault === "b" ? [n] : [n, 1];
  const inner = W[1] === A[0];
  // Without its second axis b acts as a row; a column of one row is stretched, and so is a row of one number.
  const rows = W[0],
    columns = A[1];
  const adds = fault === "b" ? n === columns || n === 1 || columns === 1 : b[0] === rows || b[0] === 1 || rows === 1;
  const Z =
    inner && adds ? [fault === "b" ? rows : Math.max(rows, b[0]), fault === "b" ? Math.max(columns, n) : columns] : null;
  const noticed = { none: false, W: n !== n_prev, A: m !== n_prev, b: true }[fault];
  const sizes = { n_prev, n, m };
  const message = noticed ? MESSAGES[fault].replace(/\{(\w+)\}/g, (_, name) => sizes[name]) : "";
  return { W, A, b, Z, message };
}
const written = (shape) => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`);

export function explore(box, fresh) {
  const state = fresh ? { ...START } : stateOf("shapes", START);
  for (const name of ["n_prev", "n", "m"]) state[name] = within(Math.round(state[name]), 1, 8);
  state.fault = oneOf(
    state.fault,
    FAULTS.map(([key]) => key),
    "none",
  );
  const wide = widthOf(box) > 480,
    unit = wide ? 14 : 9,
    width = wide ? 640 : 330;
  const svg = s("svg", {
    viewBox: `0 0 ${width} 170`,
    role: "img",
    "aria-label": "The arrays W, A, b and Z as rectangles of their shapes",
  });
  const said = sentence();

  const now = () => {
    const { W, A, b, Z, message } = judge(state);
    const parts = [];
    const gap = wide ? 34 : 18;
    const items = [
      ["W", W],
      ["@", null],
      ["A", A],
      ["+", null],
      ["b", b.length === 1 ? [1, b[0]] : b],
      ["=", null],
      ["Z", Z ?? [1, 1]],
    ];
    const total = items.reduce((sum, [, shape]) => sum + (shape ? shape[1] * unit : gap), 0);
    let x = (width - total) / 2;
    for (const [name, shape] of items) {
      if (!shape) {
        parts.push(s("text", { x: x + gap / 2, y: 84, "text-anchor": "middle" }, name));
        x += gap;
        continue;
      }
      const [rows, columns] = shape,
        high = rows * unit,
        across = columns * unit,
        top = 80 - high / 2;
      const broken = name === "Z" && !Z;
      const wrong = state.fault === name || broken;
      const stroke = wrong ? "var(--slope)" : "var(--value)";
      if (broken)
        parts.push(
          s("text", { x: x + across / 2, y: 85, "text-anchor": "middle", style: "fill:var(--slope);font-weight:600" }, "✗"),
        );
      else {
        parts.push(s("rect", { x, y: top, width: across, height: high, fill: "none", stroke, "stroke-width": 2 }));
        for (let k = 1; k < columns; k++) parts.push(s("path", { class: "grid", d: `M${x + k * unit} ${top}v${high}` }));
        for (let k = 1; k < rows; k++) parts.push(s("path", { class: "grid", d: `M${x} ${top + k * unit}h${across}` }));
      }
      const text = broken ? "" : written(name === "b" ? b : shape);
      parts.push(
        s("text", { x: x + across / 2, y: 80 + 4 * unit + 22, "text-anchor": "middle", style: "font-weight:600" }, name),
      );
      if (text)
        parts.push(
          s(
            "text",
            {
              x: x + across / 2,
              y: 80 + 4 * unit + 38,
              "text-anchor": "middle",
              class: "muted",
              style: wide ? "" : "font-size:10px",
            },
            text,
          ),
        );
      x += across;
    }
    svg.replaceChildren(...parts);
    const numpy = Z ? `NumPy gives an array of shape ${written(Z)}` : "NumPy refuses";
    const right = Z && Z[0] === state.n && Z[1] === state.m;
    if (state.fault === "none")
      said.say(`All fits: ${written(W)} times ${written(A)} is ${written([W[0], A[1]])}, and b is added to each column.`);
    else if (!message)
      said.say(`${numpy}, and nobody notices: the sizes happen to coincide. The numbers are wrong all the same.`);
    else
      said.say(
        `${numpy}${right ? ", with wrong numbers" : Z ? `, in place of ${written([state.n, state.m])}` : ""}. The package says: “${message}.”`,
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
      slider("Inputs", { min: 1, max: 8, step: 1, value: state.n_prev }, set("n_prev")),
      slider("Units", { min: 1, max: 8, step: 1, value: state.n }, set("n")),
      slider("Examples m", { min: 1, max: 8, step: 1, value: state.m }, set("m")),
      select("Break", FAULTS, state.fault, set("fault")),
    ),
    svg,
    said,
  );
  now();
  return { state, label: "Shapes of a layer" };
}
