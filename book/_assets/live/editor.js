// A field for code: the browser's own text area, whose text lies over the same text in colours. So undoing, screen
// readers, spelling of names on phones and writing right to left are the browser's.

const WORDS = "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";
const PARTS = [
  ["c1", /#.*/],
  ["s2", /[rbf]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)/],
  ["mf", /\b(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:e[+-]?\d+)?j?\b/],
  ["kc", /\b(?:True|False|None)\b/],
  ["k", new RegExp(`\\b(?:${WORDS.replaceAll(" ", "|")})\\b`)],
  ["nf", /(?<=\bdef\s+)\w+/],
  ["", /\w+/],
];
const ALL = new RegExp(PARTS.map(([, part]) => `(${/** @type {RegExp} */ (part).source})`).join("|"), "gi");

/**
 * Give code the classes that the page's printed code has.
 * @param {string} code
 * @returns {(Node | string)[]}
 */
export const coloured = (code) => {
  const nodes = [];
  let place = 0;
  for (const match of code.matchAll(ALL)) {
    const kind = /** @type {string} */ (PARTS[match.slice(1).findIndex((part) => part !== undefined)][0]);
    if (!kind) continue;
    nodes.push(code.slice(place, match.index));
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = match[0];
    nodes.push(span);
    place = match.index + match[0].length;
  }
  return [...nodes, code.slice(place)];
};

/** Replace what is selected, so that it can be undone. @param {HTMLTextAreaElement} area @param {string} text */
const insert = (area, text) => {
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
};

/** Move the selected lines by four spaces. @param {HTMLTextAreaElement} area @param {boolean} back */
const indent = (area, back) => {
  const { value, selectionStart, selectionEnd } = area;
  if (!back && selectionStart === selectionEnd) return insert(area, " ".repeat(4 - ((selectionStart - (value.lastIndexOf("\n", selectionStart - 1) + 1)) % 4)));
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const lines = value.slice(start, selectionEnd).replace(back ? /^ {1,4}/gm : /^(?=.)/gm, back ? "" : "    ");
  area.setSelectionRange(start, selectionEnd);
  insert(area, lines);
  area.setSelectionRange(back ? start + lines.length : start, start + lines.length);
};

/** Start a line as deep as the one before, and deeper after a colon. @param {HTMLTextAreaElement} area */
const breakLine = (area) => {
  const before = area.value.slice(0, area.selectionStart);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  insert(area, `\n${/^ */.exec(line)?.[0]}${/:\s*(#.*)?$/.test(line) ? "    " : ""}`);
};

/**
 * Make a text area a field for code.
 * @param {HTMLTextAreaElement} area
 * @param {{changed: (code: string) => void, run: (stay: boolean) => void}} on
 */
export const makeEditor = (area, on) => {
  const box = document.createElement("div");
  const under = document.createElement("pre");
  box.className = "live-editor highlight";
  under.setAttribute("aria-hidden", "true");
  const focused = document.activeElement === area;
  area.before(box);
  box.append(under, area); // which takes the focus away
  if (focused) area.focus();
  Object.assign(area, { spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off" });
  const draw = () => under.replaceChildren(...coloured(area.value), "\n");
  let leaving = false;
  area.addEventListener("input", () => {
    draw();
    on.changed(area.value);
  });
  area.addEventListener("keydown", (event) => {
    const { key, shiftKey } = event;
    const held = event.ctrlKey || event.metaKey;
    if (key === "Escape") leaving = true;
    else if (key === "Enter" && (held || shiftKey)) on.run(held);
    else if (key === "Enter" && !event.isComposing) breakLine(area);
    else if (key === "Tab" && !leaving && !held) indent(area, shiftKey);
    else {
      if (key !== "Shift") leaving = false;
      return;
    }
    if (key !== "Escape") event.preventDefault();
    event.stopPropagation();
  });
  draw();
  return {
    box,
    draw,
    focus: () => area.focus(),
    remove: () => box.remove(),
    /** @param {string} code */
    set: (code) => {
      area.value = code;
      draw();
    },
  };
};
