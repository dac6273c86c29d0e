// Scale and depth: how large the activations and the gradients are, layer by layer, for one draw and by theory.
import { find, NAMES, OPTIONS } from "../members.js";
import { backward, forward, gaussianMean, generator } from "../network.js";
import { follow, h, number, onceAFrame, oneOf, select, sentence, slider, stateOf, within } from "../ui.js";

const [M, LOW, HIGH] = [24, -12, 6]; // examples; powers of ten
const START = { g: "tanh", depth: 10, width: 64, scale: -2, seed: 1 };
const SEEDS = [1, 2, 3, 4, 5].map((seed) => [String(seed), `seed ${seed}`]);

export function draw(seed, depth, width) {
  const { normal } = generator(seed);
  const matrix = (rows, columns) => Array.from({ length: rows }, () => Float64Array.from({ length: columns }, normal));
  return { X: matrix(width, M), weights: Array.from({ length: depth }, () => matrix(width, width)), dA: matrix(width, M) };
}
const meanSquare = (A) => A.reduce((sum, row) => sum + row.reduce((part, a) => part + a * a, 0), 0) / (A.length * A[0].length);

/** Mean squares of the activations by theory, for infinite width: q becomes n s² E[g(√q z)²]. */
function theory(g, scale, width, depth, first) {
  const found = [];
  let q = first;
  for (let l = 0; l < depth; l++) {
    const spread = Math.sqrt(width * scale * scale * q);
    q = gaussianMean((z) => g.value(spread * z) ** 2, spread > 0 ? g.kinks.map((kink) => kink / spread) : []);
    found.push(q);
  }
  return found;
}

/** The arrays of each layer, the roots of their mean squares, and what theory says of the activations. */
export function measure({ g: name, scale: power, depth, width }, drawn) {
  const g = find(name),
    scale = 10 ** power;
  const network = drawn.weights.map((W) => ({ W: W.map((row) => row.map((w) => scale * w)), b: new Float64Array(width), g }));
  const { A, caches } = forward(network, drawn.X);
  const { gradients } = backward(network, drawn.dA, caches);
  const layers = network.map((_, l) => ({ A: l + 1 < depth ? caches[l + 1].A_prev : A, dZ: gradients[l].dZ }));
  return {
    layers,
    predicted: theory(g, scale, width, depth, meanSquare(drawn.X)),
    sizes: layers.map((layer) => Math.sqrt(meanSquare(layer.A))),
    slopes: layers.map((layer) => Math.sqrt(meanSquare(layer.dZ))),
  };
}

export function explore(box, fresh) {
  const state = fresh ? { ...START } : stateOf("depth", START);
  state.g = oneOf(state.g, NAMES, "tanh");
  state.depth = within(Math.round(state.depth), 2, 30);
  state.width = within(Math.round(state.width), 8, 128);
  let drawn = draw(state.seed, state.depth, state.width);
  const canvas = h("canvas", { role: "img" });
  const said = sentence();

  const now = () => {
    const { layers, predicted, sizes, slopes } = measure(state, drawn);
    const { depth, width } = state,
      scale = 10 ** state.scale;
    paint(layers, predicted);
    const dead = sizes.filter((size) => !(size >= 1e-3)).length,
      huge = sizes.filter((size) => !(size <= 1e3)).length;
    const flat = slopes.filter((size) => size < 1e-3).length;
    const rule = [
      ["LeCun's", 1 / width],
      ["He's", 2 / width],
    ].find(([, variance]) => Math.abs(Math.log((scale * scale) / variance)) < 0.12);
    const what = dead
      ? `In ${dead} of ${depth} layers the activations are below 0.001`
      : huge
        ? `In ${huge} of ${depth} layers the activations are above 1,000`
        : `The activations of the last layer are about ${number(sizes.at(-1), 2)}`;
    said.say(
      `${what}${flat ? `, and in ${flat} the gradients are below 0.001` : ""}. The standard deviation of the weights is ${number(scale, 2)}${rule ? `, as ${rule[0]} rule has it` : ""}.`,
    );
    canvas.setAttribute("aria-label", `Sizes of activations and gradients in ${depth} layers. ${said.textContent}`);
  };

  function paint(layers, predicted) {
    const style = getComputedStyle(box),
      ink = style.getPropertyValue("--color-foreground-primary"),
      pale = style.getPropertyValue("--color-background-border");
    const width = Math.max(280, box.clientWidth - 34),
      ratio = devicePixelRatio || 1,
      row = within(300 / layers.length, 9, 26),
      top = 26;
    const height = top + row * layers.length + 26;
    Object.assign(canvas, { width: width * ratio, height: height * ratio });
    canvas.style.cssText = `width:${width}px;height:${height}px`;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.font = "12px system-ui, sans-serif";
    const gap = 30,
      half = (width - 2 * gap - 10) / 2;
    [
      ["activations", "A", "--value", gap],
      ["gradients", "dZ", "--slope", 2 * gap + half],
    ].forEach(([name, key, colour, left]) => {
      const at = (power) => left + ((within(power, LOW, HIGH) - LOW) / (HIGH - LOW)) * (half - 8);
      context.fillStyle = ink;
      context.textAlign = "start";
      context.fillText(name, left, 14);
      for (const power of width > 480 ? [-12, -9, -6, -3, 0, 3, 6] : [-12, -6, 0, 6]) {
        context.fillStyle = power ? pale : ink;
        context.fillRect(at(power), top - 4, 1, row * layers.length + 6);
        context.fillStyle = ink;
        context.textAlign = "center";
        context.fillText(
          power ? `10${[...String(power)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("")}` : "1",
          at(power),
          height - 8,
        );
      }
      layers.forEach((layer, l) => {
        const counts = new Float64Array(72),
          y = top + l * row;
        let zeros = 0;
        for (const line of layer[key])
          for (const x of line) {
            if (x === 0) zeros++;
            else counts[Math.floor(within((Math.log10(Math.abs(x)) - LOW) / (HIGH - LOW), 0, 0.9999) * 72)]++;
          }
        const most = Math.max(...counts, 1);
        context.fillStyle = style.getPropertyValue(colour);
        counts.forEach((count, i) => {
          if (!count) return;
          const tall = Math.max(1, (count / most) * (row - 2));
          context.fillRect(at(LOW + (i * (HIGH - LOW)) / 72), y + row - 1 - tall, (half - 8) / 72 + 0.4, tall);
        });
        if (key === "A") {
          context.fillStyle = ink;
          context.textAlign = "end";
          if (row > 12 || l % 5 === 4) context.fillText(l + 1, left - 6, y + row - 2);
          const size = Math.log10(Math.sqrt(predicted[l]));
          context.fillRect(at(size) - 1, y, 2.5, row - 1);
        }
        if (zeros === layer[key].length * M) {
          context.fillStyle = ink;
          context.textAlign = "start";
          if (row > 12) context.fillText("all 0", left + 4, y + row - 3);
        }
      });
    });
  }

  const paintSoon = onceAFrame(now);
  const again = () => {
    drawn = draw(state.seed, state.depth, state.width);
    paintSoon();
  };
  const scale = slider(
    "Std. dev.",
    { min: -3, max: 2, step: 0.01, value: state.scale, show: (power) => number(10 ** power, 2) },
    (power) => {
      state.scale = power;
      paintSoon();
    },
  );
  const marks = () => [
    ["0.01", -2],
    ["LeCun", -Math.log10(state.width) / 2],
    ["He", Math.log10(2 / state.width) / 2],
    ["1", 0],
    ["100", 2],
  ];
  box.append(
    h(
      "div",
      { class: "controls" },
      select("Activation", OPTIONS, state.g, (name) => {
        state.g = name;
        paintSoon();
      }),
      select("Draw", SEEDS, String(state.seed), (seed) => {
        state.seed = Number(seed);
        again();
      }),
      slider("Layers", { min: 2, max: 30, step: 1, value: state.depth }, (depth) => {
        state.depth = depth;
        again();
      }),
      slider("Width", { min: 8, max: 128, step: 8, value: state.width }, (width) => {
        state.width = width;
        again();
      }),
      scale,
    ),
    h(
      "div",
      { class: "buttons", "aria-label": "Marks" },
      ...marks().map(([name], i) =>
        h(
          "button",
          {
            type: "button",
            onclick: () => {
              state.scale = marks()[i][1];
              scale.set(state.scale);
              paintSoon();
            },
          },
          name,
        ),
      ),
    ),
    canvas,
    h(
      "p",
      { class: "key" },
      "Each row is a layer: how often each size occurs, on one logarithmic axis. The mark across it is what theory says, for infinite width.",
    ),
    said,
  );
  now();
  return { state, label: "Scale and depth", stop: follow(box, paintSoon) };
}
