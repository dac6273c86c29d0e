// Descent: one weight on the curve of its loss. The rate decides how far a step goes, the slope as well.
import { find } from "../members.js";
import { logistic, squared } from "../network.js";
import { button, h, number, onceAFrame, oneOf, path, s, select, sentence, slider, stateOf, widthOf, within } from "../ui.js";

const after = (g) => ({
  value: (w) => squared.value([[g.value(w)]], [1]),
  slope: (w) => squared.gradient([[g.value(w)]], [1])[0][0] * g.slope(w),
});
// The input and the target are 1: what the unit computes from w is g(w), and should be 1.
const CASES = {
  parabola: { title: "no activation, squared error", ...after(find("identity")) },
  sigmoid: { title: "sigmoid, squared error", ...after(find("sigmoid")) },
  logistic: {
    title: "sigmoid, logistic loss",
    value: (w) => logistic.value([[w]], [1]),
    slope: (w) => logistic.gradient([[w]], [1])[0][0],
  },
  relu: { title: "ReLU, squared error", ...after(find("relu")) },
};
const START = { loss: "parabola", w: -4, rate: 0.5 };
const [HEIGHT, EDGE] = [260, 8];
let WIDTH = 640;
const X = (w) => ((w + EDGE) / (2 * EDGE)) * WIDTH;
const WS = Array.from({ length: 321 }, (_, i) => -EDGE + i / 20);

export function explore(box, fresh) {
  WIDTH = widthOf(box);
  const state = fresh ? { ...START } : stateOf("descent", START);
  state.loss = oneOf(state.loss, Object.keys(CASES), "parabola");
  let w = within(state.w, -EDGE, EDGE),
    steps = 0,
    trail = [w],
    running = 0;
  const svg = s("svg", {
    viewBox: `-4 -4 ${WIDTH + 8} ${HEIGHT + 26}`,
    role: "img",
    "aria-label": "The loss over the weight, with the next step as an arrow",
  });
  const said = sentence();
  const place = slider("Start", { min: -EDGE, max: EDGE, step: 0.1, value: w }, (to) => {
    state.w = to;
    rewind();
  });
  const run = button("Run", () => (running ? stop() : go()), { class: "primary" });

  const now = () => {
    const { value, slope, title } = CASES[state.loss];
    const top = Math.max(0.6, 1.15 * value(state.w));
    const Y = (J) => HEIGHT - (within(J, 0, 1.3 * top) / top) * HEIGHT;
    const [J, m] = [value(w), slope(w)],
      next = w - state.rate * m;
    svg.replaceChildren(
      s("clipPath", { id: "descent-clip" }, s("rect", { x: 0, y: -4, width: WIDTH, height: HEIGHT + 6 })),
      s(
        "marker",
        { id: "descent-tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
        s("path", { d: "M0 0L8 4L0 8z", fill: "var(--slope)" }),
      ),
      s("path", { class: "axis", d: `M0 ${HEIGHT}H${WIDTH}` }),
      // On a phone the axis has no room for the 4 beside its name.
      ...[-8, -4, 0, 4, 8].filter((x) => x !== 4 || WIDTH > 480).map((x) =>
        s("text", { x: within(X(x), 8, WIDTH - 8), y: HEIGHT + 17, "text-anchor": "middle", class: "muted" }, number(x)),
      ),
      s("text", { x: WIDTH - 60, y: HEIGHT + 17, "text-anchor": "middle" }, "weight w"),
      s("text", { x: 4, y: 12 }, "loss J"),
      s(
        "g",
        { "clip-path": "url(#descent-clip)" },
        s("path", { class: "value", d: path(WS.map((x) => [X(x), Y(value(x))])) }),
        ...trail.slice(-40).map((x) => s("circle", { cx: X(x), cy: Y(value(x)), r: 3.5, fill: "var(--value)", opacity: 0.45 })),
        Math.abs(X(next) - X(w)) > 2
          ? s("path", {
              d: `M${X(w)} ${Y(J)}L${X(within(next, -2 * EDGE, 2 * EDGE))} ${Y(J)}`,
              stroke: "var(--slope)",
              "stroke-width": 2.5,
              "marker-end": "url(#descent-tip)",
            })
          : null,
      ),
      s("circle", { class: "handle", cx: within(X(w), 0, WIDTH), cy: within(Y(J), 0, HEIGHT), r: 8 }),
    );
    const speed =
      Math.abs(next - w) < 1e-3
        ? J < 0.01
          ? "It has arrived."
          : "It hardly moves, although the loss is not small."
        : Math.abs(w) > EDGE
          ? "It has left the picture."
          : "";
    said.say(
      `With ${title}, after ${steps} steps: w = ${number(w)}, loss ${number(J)}, slope ${number(m)}, so the next step is ${number(-state.rate * m)}. ${speed}`,
    );
  };
  const draw = onceAFrame(now);
  const step = () => {
    const next = w - state.rate * CASES[state.loss].slope(w);
    if (Number.isFinite(next) && Math.abs(next) < 1e9) {
      w = next;
      steps++;
      trail.push(w);
      if (trail.length > 60) trail.shift();
    } else stop();
    draw();
  };
  const stop = () => {
    clearInterval(running);
    running = 0;
    run.textContent = "Run";
  };
  const go = () => {
    running = setInterval(step, 120);
    run.textContent = "Stop";
  };
  const rewind = () => {
    stop();
    w = state.w;
    steps = 0;
    trail = [w];
    draw();
  };

  box.append(
    h(
      "div",
      { class: "controls" },
      select(
        "Unit",
        Object.entries(CASES).map(([key, one]) => [key, one.title]),
        state.loss,
        (name) => {
          state.loss = name;
          rewind();
        },
      ),
      slider(
        "Rate",
        { min: -1.5, max: 1.3, step: 0.01, value: Math.log10(state.rate), show: (power) => number(10 ** power, 2) },
        (power) => {
          state.rate = 10 ** power;
          draw();
        },
      ),
      place,
    ),
    svg,
    h("div", { class: "buttons" }, button("One step", step), run, button("Back to the start", rewind)),
    said,
  );
  now();
  return { state, label: "Descent of one weight", stop };
}
