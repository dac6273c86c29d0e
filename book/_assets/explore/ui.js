// What explorers share: parts of SVG, controls with names, and a state that a link keeps.

const SVG = "http://www.w3.org/2000/svg";
let ids = 0;

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes))
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
}
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
export const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** A number for people: three digits, a true minus. @param {number} x */
export function number(x, digits = 3) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "not a number" : x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  const text =
    size !== 0 && (size < 10 ** -digits || size >= 1e5)
      ? x
          .toExponential(1)
          .replace(
            /e\+?(-?)(\d+)/,
            (_, sign, power) => ` · 10${[...(sign ? `−${power}` : power)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("")}`,
          )
      : String(Number(x.toPrecision(digits)));
  return text.replace(/^-/, "−");
}

export const select = (label, options, value, change) => {
  const id = `explore-control-${ids++}`;
  const box = h(
    "select",
    { id, onchange: () => change(box.value) },
    ...options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
  );
  return h("div", { class: "control" }, h("label", { for: id }, label), box);
};

/** A slider with its value written out. */
export const slider = (label, { min, max, step, value, show = number }, input) => {
  const id = `explore-control-${ids++}`;
  const out = h("output", { for: id }, show(value));
  const range = h("input", {
    id,
    type: "range",
    min,
    max,
    step,
    value,
    "aria-valuetext": show(value),
    oninput: () => {
      out.textContent = show(Number(range.value));
      range.setAttribute("aria-valuetext", out.textContent);
      input(Number(range.value));
    },
  });
  const box = h("div", { class: "control" }, h("label", { for: id }, label), range, out);
  box.set = (to) => {
    range.value = to;
    out.textContent = show(to);
    range.setAttribute("aria-valuetext", out.textContent);
  };
  return box;
};
export const button = (text, click, more = {}) => h("button", { type: "button", onclick: click, ...more }, text);

/** Draws at most once a frame. */
export function onceAFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

/** Draws again when the room or the colours change; returns how to stop that. */
export function follow(box, draw) {
  const resized = new ResizeObserver(draw);
  resized.observe(box);
  const theme = new MutationObserver(draw);
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-theme"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", draw);
  return () => {
    resized.disconnect();
    theme.disconnect();
    system.removeEventListener("change", draw);
  };
}

/** A sentence that says what is seen; announced when it has stood for half a second. */
export function sentence() {
  const said = h("p", { class: "said" }),
    announced = h("p", { class: "announced", "aria-live": "polite" });
  let waiting;
  const box = h("div", {}, said, announced);
  box.say = (text) => {
    if (said.textContent === text) return;
    said.textContent = text;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      announced.textContent = text;
    }, 500);
  };
  return box;
}

/** The state of an explorer, from the link if it has one. A value is a text or a number, and keeps its kind. */
export function stateOf(name, start) {
  const given = new URLSearchParams(new URLSearchParams(location.search).get(name) ?? "");
  const state = { ...start };
  for (const key of Object.keys(start)) {
    const value = given.get(key);
    if (value === null) continue;
    if (typeof start[key] !== "number") state[key] = value;
    else if (Number.isFinite(Number(value))) state[key] = Number(value);
  }
  return state;
}
export function linkOf(name, state) {
  const address = new URL(location.href);
  address.searchParams.set(name, new URLSearchParams(state));
  address.hash = `explore-${name}`;
  return address.href;
}
/** How wide a drawing is, so that its letters keep their size on a phone. */
export const widthOf = (box) => (box.clientWidth < 480 ? 330 : 640);
export const within = (x, low, high) => Math.min(high, Math.max(low, x));
export const oneOf = (value, keys, other) => (keys.includes(value) ? value : other);
