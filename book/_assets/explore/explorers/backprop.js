// Backpropagation, step by step, through a network of two inputs, two hidden units and one output.
import { find, NAMES, OPTIONS } from "../members.js";
import { backward, forward, squared } from "../network.js";
import { button, h, number, oneOf, s, select, sentence, stateOf, widthOf, within } from "../ui.js";

const identity = find("identity");
const placesIn = (width) => {
  const [left, middle, right] = width < 480 ? [45, 205, 365] : [80, 320, 560];
  return {
    x: [
      [left, 70],
      [left, 230],
    ],
    hidden: [
      [middle, 70],
      [middle, 230],
    ],
    out: [[right, 150]],
  };
};
const START = { g: "relu", x1: 1, x2: 2, w11: 2, w12: 1, b1: -1, w21: 1, w22: -1, b2: 0, v1: 1, v2: -2, c: 1, y: 2, step: 0 };
const LABELS = {
  x1: "x₁",
  x2: "x₂",
  w11: "w₁₁",
  w12: "w₁₂",
  b1: "b₁",
  w21: "w₂₁",
  w22: "w₂₂",
  b2: "b₂",
  v1: "v₁",
  v2: "v₂",
  c: "c",
  y: "y",
};
const n = (x) => (x < 0 ? `(${number(x)})` : number(x));

/** What each step says, which units and arrows it lights, and how far the numbers are known. */
function steps(state, run) {
  const { x, W, b, z, a, v, c, out, dout, dv, dz, dW, dx, slope } = run;
  const sum = (row, xs) => row.map((w, i) => `${n(w)} · ${n(xs[i])}`).join(" + ");
  const hidden = (i, sub) => ({
    text: `Forward. z${sub} = w${sub}₁ x₁ + w${sub}₂ x₂ + b${sub} = ${sum(W[i], x)} + ${n(b[i])} = ${number(z[i])}, and a${sub} = g(z${sub}) = ${number(a[i])}.`,
    units: [`hidden${i}`],
    arrows: [`w${i}0`, `w${i}1`],
  });
  const back = (i, sub) => ({
    text: `Backward. dA = Wᵀ dZ and dZ = dA · g′(Z), elementwise: dz${sub} = dz · v${sub} · g′(z${sub}) = ${n(dout)} · ${n(v[i])} · ${n(slope[i])} = ${number(dz[i])}.`,
    units: [`hidden${i}`],
    arrows: [`v${i}`],
  });
  const weights = (i, sub) => ({
    text: `Backward. dW = dZ A_prevᵀ: dw${sub}₁ = dz${sub} x₁ = ${n(dz[i])} · ${n(x[0])} = ${number(dW[i][0])}, and dw${sub}₂ = dz${sub} x₂ = ${n(dz[i])} · ${n(x[1])} = ${number(dW[i][1])}. And db${sub} = dz${sub} = ${number(dz[i])}.`,
    units: [],
    arrows: [`w${i}0`, `w${i}1`],
  });
  return [
    {
      text: "Here are the inputs and the weights. Press Next, and follow the numbers forward, then back.",
      units: ["x0", "x1"],
      arrows: [],
    },
    hidden(0, "₁"),
    hidden(1, "₂"),
    {
      text: `Forward. The output is z = v₁ a₁ + v₂ a₂ + c = ${sum(v, a)} + ${n(c)} = ${number(out)}.`,
      units: ["out0"],
      arrows: ["v0", "v1"],
    },
    {
      text: `The loss is J = (z − y)² / 2 = (${n(out)} − ${n(state.y)})² / 2 = ${number((out - state.y) ** 2 / 2)}. Its derivative with respect to z is dz = z − y = ${number(dout)}.`,
      units: ["out0"],
      arrows: [],
    },
    {
      text: `Backward. dW = dZ A_prevᵀ: dv₁ = dz a₁ = ${n(dout)} · ${n(a[0])} = ${number(dv[0])}, and dv₂ = dz a₂ = ${n(dout)} · ${n(a[1])} = ${number(dv[1])}. The bias was added as it is: dc = dz = ${number(dout)}.`,
      units: ["out0"],
      arrows: ["v0", "v1"],
    },
    back(0, "₁"),
    back(1, "₂"),
    weights(0, "₁"),
    weights(1, "₂"),
    {
      text: `Backward. dA = Wᵀ dZ once more: dx₁ = w₁₁ dz₁ + w₂₁ dz₂ = ${sum([W[0][0], W[1][0]], dz)} = ${number(dx[0])}, and dx₂ = ${sum([W[0][1], W[1][1]], dz)} = ${number(dx[1])}. So the loss has reached every weight, and the inputs.`,
      units: ["x0", "x1"],
      arrows: ["w00", "w01", "w10", "w11"],
    },
  ];
}

function compute(state) {
  const g = find(state.g);
  const x = [state.x1, state.x2],
    W = [
      [state.w11, state.w12],
      [state.w21, state.w22],
    ],
    b = [state.b1, state.b2],
    v = [state.v1, state.v2];
  const network = [
    { W, b, g },
    { W: [v], b: [state.c], g: identity },
  ];
  const { A, caches } = forward(
    network,
    x.map((one) => [one]),
  );
  const { gradients, dA } = backward(network, squared.gradient(A, [state.y]), caches);
  const column = (M) => M.map((row) => row[0]);
  const dout = gradients[1].dZ[0][0],
    z = column(caches[0].Z);
  return {
    x,
    W,
    b,
    v,
    c: state.c,
    z,
    a: column(caches[1].A_prev),
    out: A[0][0],
    dout,
    dv: [...gradients[1].dW[0]],
    dz: column(gradients[0].dZ),
    dW: gradients[0].dW.map((row) => [...row]),
    dx: column(dA),
    slope: z.map((one) => g.slope(one)),
  };
}

export function explore(box, fresh) {
  const state = fresh ? { ...START } : stateOf("backprop", START);
  state.g = oneOf(state.g, NAMES, "relu");
  const PLACES = placesIn(widthOf(box));
  const svg = s("svg", {
    viewBox: `0 0 ${widthOf(box) < 480 ? 410 : 640} 310`,
    role: "img",
    "aria-label": "A network of two inputs, two hidden units and one output, with its numbers",
  });
  const said = sentence();
  const back = button("‹ Back", () => go(state.step - 1)),
    next = button("Next ›", () => go(state.step + 1), { class: "primary" });
  const go = (step) => {
    state.step = step;
    draw();
  };

  const unit = ([cx, cy], name, value, derivative, lit, known) => [
    s("circle", {
      cx,
      cy,
      r: 34,
      fill: lit ? "var(--accent-soft)" : "var(--color-background-primary)",
      stroke: lit ? "var(--color-brand-primary)" : "var(--color-foreground-border)",
      "stroke-width": lit ? 3 : 1.5,
    }),
    s("text", { x: cx, y: cy - 9, "text-anchor": "middle", class: "muted" }, name),
    s(
      "text",
      { x: cx, y: cy + 9, "text-anchor": "middle", style: "font-weight:600;font-size:15px" },
      known ? number(value) : "?",
    ),
    derivative === undefined
      ? null
      : s("text", { x: cx, y: cy + 52, "text-anchor": "middle", style: "fill:var(--slope);font-weight:600" }, derivative),
  ];
  const arrow = ([x1, y1], [x2, y2], label, derivative, lit, part) => {
    const [dx, dy] = [x2 - x1, y2 - y1],
      length = Math.hypot(dx, dy),
      [ux, uy] = [dx / length, dy / length];
    const [px, py] = [x1 + part * dx, y1 + part * dy];
    return [
      s("path", {
        d: `M${x1 + 36 * ux} ${y1 + 36 * uy}L${x2 - 37 * ux} ${y2 - 37 * uy}`,
        stroke: lit ? "var(--color-brand-primary)" : "var(--color-foreground-border)",
        "stroke-width": lit ? 3.5 : 1.3,
      }),
      s("text", { x: px, y: py - 9, "text-anchor": "middle", class: "label" }, label),
      derivative === undefined
        ? null
        : s(
            "text",
            { x: px, y: py + 17, "text-anchor": "middle", class: "label", style: "fill:var(--slope);font-weight:600" },
            derivative,
          ),
    ];
  };

  function draw() {
    const run = compute(state),
      all = steps(state, run);
    state.step = within(Math.round(state.step), 0, all.length - 1);
    const { text, units, arrows } = all[state.step],
      at = state.step;
    const lines = [],
      circles = [];
    const shown = (from, name, x) => (at >= from ? `d${name} = ${number(x)}` : undefined);
    ["₁", "₂"].forEach((sub, i) => {
      ["₁", "₂"].forEach((from, j) =>
        lines.push(
          ...arrow(
            PLACES.x[j],
            PLACES.hidden[i],
            `${number(run.W[i][j])}`,
            shown(8 + i, `w${sub}${from}`, run.dW[i][j]),
            arrows.includes(`w${i}${j}`),
            i === j ? 0.5 : 0.3,
          ),
        ),
      );
      lines.push(
        ...arrow(
          PLACES.hidden[i],
          PLACES.out[0],
          number(run.v[i]),
          shown(5, `v${sub}`, run.dv[i]),
          arrows.includes(`v${i}`),
          0.5,
        ),
      );
      circles.push(...unit(PLACES.x[i], `x${sub}`, run.x[i], shown(10, `x${sub}`, run.dx[i]), units.includes(`x${i}`), true));
      circles.push(
        ...unit(
          PLACES.hidden[i],
          `a${sub}`,
          run.a[i],
          shown(6 + i, `z${sub}`, run.dz[i]),
          units.includes(`hidden${i}`),
          at > i,
        ),
      );
    });
    circles.push(...unit(PLACES.out[0], "z", run.out, shown(4, "z", run.dout), units.includes("out0"), at > 2));
    svg.replaceChildren(...lines.filter(Boolean), ...circles.filter(Boolean));
    said.say(`Step ${at} of ${all.length - 1}. ${text}`);
    back.disabled = at === 0;
    next.disabled = at === all.length - 1;
  }

  const field = (key) =>
    h(
      "label",
      { class: "field" },
      LABELS[key],
      h("input", {
        type: "number",
        step: "any",
        value: state[key],
        "data-key": key,
        oninput: (event) => {
          if (Number.isFinite(event.target.valueAsNumber)) {
            state[key] = event.target.valueAsNumber;
            draw();
          }
        },
      }),
    );
  box.append(
    svg,
    h("div", { class: "buttons" }, back, next),
    said,
    h(
      "div",
      { class: "controls" },
      select("Hidden units", OPTIONS, state.g, (name) => {
        state.g = name;
        draw();
      }),
    ),
    h("div", { class: "buttons fields" }, ...Object.keys(LABELS).map(field)),
  );
  draw();
  return { state, label: "Backpropagation, step by step" };
}
