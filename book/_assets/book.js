// What the pages do beyond the theme. Everything can be read without it.
(() => {
  "use strict";
  const article = document.querySelector("article");
  const all = (selector, root = article) => [...root.querySelectorAll(selector)];

  // Boxes that scroll sideways can be reached and scrolled by keyboard, as long as they do scroll.
  const boxes = { pre: "Code", "p:has(.katex)": "Text", ".math-wrapper": "Formula", ".table-wrapper": "Table", ".cell_output": "Output" };
  const sizes = new ResizeObserver((entries) => {
    // Measured all at once, before anything changes: else each change has the page laid out again.
    const measured = entries.map(({ target }) => [target, target.scrollWidth > target.clientWidth + 1]);
    for (const [target, scrolls] of measured) {
      if (scrolls === target.hasAttribute("tabindex")) continue;
      if (scrolls) {
        target.tabIndex = 0;
        target.setAttribute("role", "group");
        target.setAttribute("aria-label", `${target.dataset.box}, scrolls sideways`);
      } else ["tabindex", "role", "aria-label"].forEach((name) => target.removeAttribute(name));
    }
  });
  for (const [selector, name] of Object.entries(boxes))
    for (const box of all(selector)) {
      box.dataset.box = name;
      sizes.observe(box);
    }

  // Copy buttons: code without its prompts and what it prints, formulas as LaTeX.
  const write = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  const code = (pre) => {
    const copy = pre.cloneNode(true);
    const prompts = all(".gp", copy).length > 0;
    all(".gp, .go, .gt, .linenos", copy).forEach((part) => part.remove());
    const lines = copy.textContent.split("\n");
    return (prompts ? lines.filter((line) => line.trim()) : lines).join("\n").trimEnd() + "\n";
  };
  const latex = (formula) => formula.querySelector("annotation").textContent.trim();
  const button = (box, name, text) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "copy";
    made.setAttribute("aria-label", name);
    made.title = name;
    made.addEventListener("click", async () => {
      await write(text());
      made.classList.add("done");
      made.setAttribute("aria-label", "Copied");
      setTimeout(() => {
        made.classList.remove("done");
        made.setAttribute("aria-label", name);
      }, 1500);
    });
    box.append(made);
  };
  for (const pre of all(".highlight > pre"))
    if (!pre.closest(".cell_output")) button(pre.parentNode, "Copy code", () => code(pre));
  for (const math of all("div.math")) button(math, "Copy as LaTeX", () => latex(math));

  // A selection is copied with its formulas as LaTeX, whole.
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0).cloneRange();
    const formula = (node) => (node.nodeType === 1 ? node : node.parentElement).closest(".katex");
    if (formula(range.startContainer)) range.setStartBefore(formula(range.startContainer));
    if (formula(range.endContainer)) range.setEndAfter(formula(range.endContainer));
    const part = range.cloneContents();
    const formulas = all(".katex", part);
    if (!formulas.length) return;
    for (const one of formulas) {
      const mark = one.closest(".katex-display") ? "$$" : "$";
      one.replaceWith(mark + latex(one) + mark);
    }
    event.clipboardData.setData("text/plain", part.textContent);
    event.preventDefault();
  });

  // Links to equations, headings, figures, terms and sources show where they lead.
  const pages = new Map();
  const page = (address) => {
    if (!pages.has(address))
      pages.set(address, fetch(address).then((answer) => answer.text())
        .then((text) => new DOMParser().parseFromString(text, "text/html")));
    return pages.get(address);
  };
  const excerpt = (target) => {
    if (target.matches("dt")) return [target, target.nextElementSibling];
    if (target.matches("section")) return [...target.children].filter((child) => !child.matches("section, span")).slice(0, 3);
    return [target.closest("figure, table, div.math, div.citation, .exercise, .literal-block-wrapper, p, li") || target];
  };
  let shown, waiting;
  const hide = () => {
    clearTimeout(waiting);
    shown?.remove();
    shown = undefined;
  };
  const show = async (link) => {
    const address = new URL(link.href);
    const id = decodeURIComponent(address.hash.slice(1));
    address.hash = "";
    let home = document;
    if (address.href !== location.href.split("#")[0]) {
      if (location.protocol === "file:") return; // no page may read another one there
      home = await page(address.href).catch(() => undefined);
    }
    const target = home?.getElementById(id);
    if (!target || !link.matches(":hover, :focus-visible")) return;
    hide();
    shown = document.createElement("div");
    shown.className = "preview";
    shown.setAttribute("aria-hidden", "true"); // the link leads there; this is for the eye
    for (const node of excerpt(target).filter(Boolean)) shown.append(document.importNode(node, true));
    all("[id]", shown).forEach((node) => node.removeAttribute("id"));
    all(".headerlink, .copy, script", shown).forEach((node) => node.remove());
    all("img", shown).forEach((image) => { image.src = new URL(image.getAttribute("src"), address).href; });
    all("a, [tabindex], summary", shown).forEach((node) => { node.tabIndex = -1; node.removeAttribute("href"); });
    article.append(shown);
    const place = link.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const below = place.bottom + shown.offsetHeight + 8 < innerHeight;
    shown.style.left = `${Math.max(8, Math.min(place.left, width - shown.offsetWidth - 8))}px`;
    shown.style.top = `${below ? place.bottom + 4 : Math.max(8, place.top - shown.offsetHeight - 4)}px`;
    shown.addEventListener("mouseleave", hide);
  };
  const leads = (event) => event.target.closest?.('a.reference.internal[href*="#"], a.footnote-reference');
  article.addEventListener("mouseover", (event) => {
    const link = leads(event);
    if (!link || event.target.closest(".preview")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => show(link), 250);
  });
  article.addEventListener("mouseout", (event) => {
    if (!leads(event)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (!shown?.matches(":hover")) hide(); }, 200);
  });
  article.addEventListener("focusin", (event) => {
    const link = leads(event);
    if (link?.matches(":focus-visible")) show(link);
  });
  article.addEventListener("focusout", hide);
  addEventListener("scroll", () => { if (shown) hide(); }, { passive: true });

  // Escape closes what is open over the page.
  const menus = all(".sidebar-toggle", document);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hide();
    menus.forEach((menu) => { menu.checked = false; });
  });
  document.querySelector(".toc-drawer")?.addEventListener("click", (event) => {
    if (event.target.closest("a")) menus.forEach((menu) => { menu.checked = false; });
  });
})();
