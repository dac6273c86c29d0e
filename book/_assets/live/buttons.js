// Part of the script of each page: the buttons of cells and the fields of exercises. All that runs cells is fetched when
// a reader points at one of them, or reaches it by keyboard or touch. Nothing is shown that could not work.
(() => {
  "use strict";
  /** @type {HTMLMetaElement | null} */
  const meta = document.querySelector('meta[name="live"]');
  const cells = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("article div.cell")]).filter((cell) => cell.querySelector(".cell_input pre"));
  if (!meta || !cells.length) return;
  const TEXTS = {
    file: "To run and change the cells of this page, serve the site: python -m http.server in its folder, then open localhost:8000.",
    old: "This browser cannot run the cells of this page: it lacks WebAssembly or DecompressionStream.",
    run: "Run",
    runLabel: "Run this cell in your browser",
    edit: "Edit",
    editLabel: "Edit this cell",
    check: "Check",
    checkLabel: "Check your answer to exercise {number}",
    answer: "Your answer",
    answerLabel: "Your answer to exercise {number}. Escape, then Tab, leaves the field.",
    solved: "Solved.",
  };
  /** @param {string} tag @param {object} [properties] @returns {any} */
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const why = location.protocol === "file:" ? TEXTS.file : !self.WebAssembly || !self.DecompressionStream || !self.Worker ? TEXTS.old : "";
  if (why) {
    cells[0].after(make("p", { className: "live-note", textContent: why }));
    return;
  }

  /** @type {Promise<any> | undefined} */
  let page;
  const load = () => (page ??= import(new URL("page.js", new URL(meta.content, location.href)).href).then((module) => new module.Page(cells, answers)));
  const warm = () => load().then((loaded) => loaded.warm());
  /** @param {HTMLElement} box */
  const watch = (box) => {
    /** @type {ReturnType<typeof setTimeout>} */
    let dwelling;
    const saving = /** @type {any} */ (navigator).connection?.saveData;
    if (!saving) {
      // Who only passes by, with the pointer or by keyboard, fetches nothing.
      for (const sign of ["pointerenter", "focus"]) box.addEventListener(sign, () => (dwelling = setTimeout(warm, 150)));
      for (const sign of ["pointerleave", "blur"]) box.addEventListener(sign, () => clearTimeout(dwelling));
      box.addEventListener("touchstart", warm, { once: true, passive: true });
    }
  };
  /** @param {string} text @param {string} label @param {(page: any) => void} act */
  const button = (text, label, act) => {
    const made = make("button", { type: "button", textContent: text, title: label });
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => load().then(act));
    watch(made);
    return made;
  };

  cells.forEach((cell, index) => {
    const bar = make("div", { className: "live-bar" });
    bar.append(button(TEXTS.run, TEXTS.runLabel, (loaded) => loaded.run(index)), button(TEXTS.edit, TEXTS.editLabel, (loaded) => loaded.edit(index)));
    /** @type {HTMLElement} */ (cell.querySelector(".cell_input")).after(bar);
  });

  /** @param {string} key */
  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // not every browser lets a page keep something
    }
  };
  const start = `live ${location.pathname} `;
  /** @type {object[]} */
  const answers = [];
  for (const element of document.querySelectorAll("article .exercise")) {
    const [, task, variable] = /exercises\.check\("([\w-]+)",\s*(\w+)\)/.exec(element.textContent ?? "") ?? [];
    if (!task) continue;
    const number = element.id.split("-")[1];
    const order = answers.length;
    const key = `${start}answer ${task}`;
    const kept = JSON.parse(stored(key) ?? "{}");
    const box = make("div", { className: "live-answer" });
    const area = make("textarea", { rows: 3, value: kept.text ?? "", spellcheck: false });
    area.setAttribute("aria-label", TEXTS.answerLabel.replace("{number}", number));
    watch(area);
    area.addEventListener("input", load, { once: true });
    const bar = make("div", { className: "live-bar" });
    const note = make("span", { className: "live-said", textContent: kept.solved ? TEXTS.solved : "" });
    note.setAttribute("role", "status");
    bar.append(button(TEXTS.check, TEXTS.checkLabel.replace("{number}", number), (loaded) => loaded.check(order)), note);
    box.append(make("p", { textContent: TEXTS.answer }), area, bar);
    element.append(box);
    element.classList.toggle("solved", Boolean(kept.solved));
    answers.push({ element, task, variable, area, bar, note, key });
  }
  // What was changed here before stands here again.
  try {
    if (Object.keys(localStorage).some((key) => key.startsWith(`${start}cell `))) load();
  } catch {
    // nothing was kept
  }
})();
