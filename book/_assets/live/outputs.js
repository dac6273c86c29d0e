// What a cell prints, draws and returns, in place of what was printed in the book.
import { say } from "./texts.js";

/** @param {string} tag @param {object} [properties] @param {...(Node | string)} content @returns {any} */
export const make = (tag, properties, ...content) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...content);
  return made;
};

/** @type {Promise<Record<string, string>> | undefined} */
let formulas;
const formula = async (/** @type {string} */ name) => {
  formulas ??= fetch(new URL("formulas.json", import.meta.url)).then((answer) => answer.json());
  return (await formulas)[name];
};

const REFUSED = "script, style, link, meta, base, iframe, object, embed, form";
/** @param {string} html */
const harmless = (html) => {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  body.querySelectorAll(REFUSED).forEach((node) => node.remove());
  return [...body.childNodes];
};

/** @param {string} svg */
const address = (svg) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

/** What a box says, for comparing. @param {Iterable<Element>} boxes */
const words = (boxes) =>
  [...boxes]
    .flatMap((box) => [...box.querySelectorAll("pre, table")])
    .map((part) => (part.textContent ?? "").trim())
    .filter(Boolean)
    .join("\n");

/** @param {any} problem what the kernel says of an error @param {number} index of the cell that was run */
export const problemBox = (problem, index) => {
  const box = make("div", { className: "live-problem" });
  box.append(make("p", {}, make("strong", { textContent: problem.kind }), problem.message && `: ${problem.message}`));
  for (const { cell, line, code } of problem.lines)
    box.append(make("p", {}, say(cell === index ? "line" : "otherCell", { line }), " ", make("code", { textContent: code })));
  if (problem.compared) box.append(comparison(problem.compared));
  box.append(make("details", {}, make("summary", { textContent: say("trace") }), make("pre", { textContent: problem.trace })));
  return box;
};

/** The numbers of an assertion that does not hold. @param {{code: string, values: [string, string][]}} compared */
export const comparison = ({ code, values }) =>
  make(
    "div",
    { className: "live-sides" },
    make("p", {}, make("code", { textContent: code })),
    make("ul", {}, ...values.map(([part, value]) => make("li", {}, make("code", { textContent: part }), " = ", make("code", { textContent: value })))),
  );

export class Output {
  /** @param {Element} element the cell @param {Element} bar after which to put what comes, where nothing was printed */
  constructor(element, bar) {
    this.bar = bar;
    this.printed = /** @type {HTMLElement[]} */ ([...element.querySelectorAll(".cell_output")]);
    this.pictures = /** @type {HTMLImageElement[]} */ (this.printed.flatMap((box) => [...box.querySelectorAll("img")]));
    this.figure = this.printed.map((box) => box.querySelector("figure")).find(Boolean);
    /** @type {HTMLElement} */
    this.box = make("div");
    /** @type {HTMLElement[]} */
    this.drawn = [];
    this.attached = false;
  }

  begin() {
    this.next = make("div", { className: "cell_output live-output" });
    /** @type {HTMLElement[]} */
    this.nextDrawn = [];
    this.attached = false;
  }

  /** What had come when a run was stopped stays. */
  interrupt() {
    if (this.next) this.attach();
  }

  /** Show what has come, in place of what was there before. */
  attach() {
    if (this.attached) return;
    this.attached = true;
    this.clear();
    this.box = this.next;
    (this.printed.at(-1) ?? this.bar).after(this.box);
    this.place();
  }

  place() {
    const inFigure = this.figure && this.nextDrawn?.length;
    for (const box of this.printed) box.hidden = !(inFigure && box.contains(/** @type {Node} */ (this.figure)));
    for (const picture of this.pictures) picture.hidden = true;
    if (this.figure)
      for (const drawn of this.nextDrawn ?? []) {
        const caption = this.figure.querySelector("figcaption");
        this.figure.insertBefore(drawn, caption);
      }
    this.drawn = this.nextDrawn ?? [];
  }

  clear() {
    this.box.remove();
    this.drawn.forEach((one) => one.remove());
    this.drawn = [];
  }

  restore() {
    this.clear();
    for (const one of [...this.printed, ...this.pictures]) one.hidden = false;
  }

  /** @param {any} message from the kernel */
  take(message) {
    const { kind, text } = message;
    if (kind === "text") this.print(text);
    else if (kind === "value") this.next.append(this.pre(text));
    else if (kind === "html") this.next.append(make("div", { className: "output" }, ...harmless(message.html)));
    else if (kind === "cut") this.next.append(make("p", { className: "live-note", textContent: say("cut", { length: message.length }) }));
    else if (kind === "figure") this.draw(message);
    else if (kind === "formula") {
      const box = this.pre(text);
      this.next.append(box);
      formula(message.name).then((html) => html && box.replaceChildren(...harmless(html)));
    }
    if (this.attached) this.place();
  }

  /** @param {string} text */
  pre(text) {
    return make("div", { className: "output" }, make("div", { className: "highlight" }, make("pre", { textContent: text })));
  }

  /** @param {string} text */
  print(text) {
    let last = this.next.lastElementChild;
    if (!last?.matches(".live-stream")) {
      last = this.pre("");
      /** @type {Element} */ (last).classList.add("live-stream");
      this.next.append(last);
    }
    const pre = /** @type {Element} */ (last).querySelector("pre");
    // A progress bar goes back to the start of its line.
    if (pre) pre.textContent = `${pre.textContent}${text}`.replace(/\r\n/g, "\n").replace(/[^\n]*\r(?!$)/g, "");
  }

  /** @param {{light: string, dark: string, width: number, height: number}} figure */
  draw({ light, dark, width, height }) {
    const twice = !this.pictures.some((picture) => picture.matches(".as-drawn"));
    const alt = this.pictures[0]?.alt || say("figure");
    const image = (/** @type {string} */ svg, /** @type {string} */ className) => make("img", { src: address(svg), className, width, height, alt });
    const images = twice ? [image(light, "only-light"), image(dark, "only-dark")] : [image(light, "as-drawn")];
    if (this.figure) this.nextDrawn?.push(...images);
    else this.next.append(...images);
  }

  /** Whether what has come says the same as what was printed. */
  same() {
    return words(this.printed) === words([this.next]);
  }
}
