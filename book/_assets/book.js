// What the pages do beyond the theme. Everything can be read without it.
(() => {
  "use strict";
  const article = document.querySelector("article");
  const all = (selector, root = article) => [...root.querySelectorAll(selector)];

  // Boxes that scroll sideways can be reached and scrolled by keyboard, as long as they do scroll.
  const boxes = { pre: "Code", "p:has(.katex)": "Text", ".math-wrapper": "Formula", ".table-wrapper": "Table", ".cell_output": "Output" };
  const named = new Map(Object.entries(boxes).flatMap(([selector, name]) => all(selector).map((box) => [box, name])));
  const sizes = new ResizeObserver((entries) => {
    // Measured all at once, before anything changes: else each change has the page laid out again.
    const measured = entries.map(({ target }) => [target, target.scrollWidth > target.clientWidth + 1]);
    for (const [box, scrolls] of measured) {
      const marks = { tabindex: 0, role: "group", "aria-label": `${named.get(box)}, scrolls sideways` };
      for (const [name, value] of Object.entries(marks))
        if (!scrolls) box.removeAttribute(name);
        else if (!box.hasAttribute(name)) box.setAttribute(name, value);
    }
  });
  for (const box of named.keys()) sizes.observe(box);

  // Copy buttons: code without its prompts and what it prints, formulas as LaTeX.
  const write = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not every address may write to the clipboard.
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
    const prompts = copy.querySelector(".gp");
    all(".gp, .go, .gt, .linenos", copy).forEach((part) => part.remove());
    const lines = copy.textContent.split("\n");
    return (prompts ? lines.filter((line) => line.trim()) : lines).join("\n").trimEnd() + "\n";
  };
  const latex = (formula) => formula.querySelector("annotation").textContent.trim();
  const button = (box, name, text) => {
    const made = document.createElement("button");
    const say = (what) => {
      made.classList.toggle("done", what !== name);
      made.setAttribute("aria-label", what);
    };
    Object.assign(made, { type: "button", className: "copy", title: name });
    say(name);
    made.addEventListener("click", async () => {
      await write(text());
      say("Copied");
      setTimeout(say, 1500, name);
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
    const [first, last] = [formula(range.startContainer), formula(range.endContainer)];
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
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

  // Links to pages, equations, headings, figures, terms and sources show where they lead.
  const here = location.href.split("#")[0];
  const pages = new Map([[here, Promise.resolve(document)]]);
  const page = (address) => {
    const read = (text) => new DOMParser().parseFromString(text, "text/html");
    if (!pages.has(address)) pages.set(address, fetch(address).then((answer) => answer.text()).then(read, () => undefined));
    return pages.get(address);
  };
  const excerpt = (target) => {
    if (target.matches("dt")) return [target, target.nextElementSibling];
    if (target.matches("section")) return [...target.children].filter((child) => !child.matches("section, span, .page-tools, .reading")).slice(0, 3);
    return [target.closest("figure, table, div.math, div.citation, .exercise, .literal-block-wrapper, p, li") || target];
  };
  let shown, waiting, current;
  const hide = () => {
    clearTimeout(waiting);
    shown?.remove();
    shown = undefined;
  };
  const preview = (target, address) => {
    const made = document.createElement("div");
    made.className = "preview";
    made.setAttribute("aria-hidden", "true"); // the link leads there; this is for the eye
    made.append(...excerpt(target).filter(Boolean).map((node) => document.importNode(node, true)));
    all(".headerlink, .copy, script", made).forEach((node) => node.remove());
    all("[id]", made).forEach((node) => node.removeAttribute("id"));
    all("img", made).forEach((image) => { image.src = new URL(image.getAttribute("src"), address).href; });
    all("a, [tabindex], summary", made).forEach((node) => { node.tabIndex = -1; node.removeAttribute("href"); });
    made.addEventListener("mouseleave", hide);
    return made;
  };
  const show = async (link) => {
    const [address, id] = link.href.split("#");
    if (address !== here && location.protocol === "file:") return; // no page may read another one there
    const there = await page(address);
    const target = id ? there?.getElementById(decodeURIComponent(id)) : there?.querySelector("article section");
    const place = link.getBoundingClientRect();
    if (!target || link !== current || place.bottom < 0 || place.top > innerHeight) return;
    hide();
    shown = preview(target, address);
    article.append(shown);
    const width = document.documentElement.clientWidth;
    const below = place.bottom + shown.offsetHeight + 8 < innerHeight;
    shown.style.left = `${Math.max(8, Math.min(place.left, width - shown.offsetWidth - 8))}px`;
    shown.style.top = `${below ? place.bottom + 4 : Math.max(8, place.top - shown.offsetHeight - 4)}px`;
  };
  const later = (wait, what) => {
    clearTimeout(waiting);
    waiting = setTimeout(what, wait);
  };
  const on = (name, then) => article.addEventListener(name, (event) => {
    const link = event.target.closest("a.reference.internal, a.footnote-reference");
    if (link && !link.closest(".preview, .page-tools") && !link.matches("[download]")) then(link);
  });
  const come = (link) => {
    current = link;
    later(250, () => show(link));
  };
  on("mouseover", come);
  on("focusin", (link) => link.matches(":focus-visible") && come(link));
  on("mouseout", () => {
    current = undefined;
    later(200, () => shown?.matches(":hover") || hide());
  });
  on("focusout", () => {
    current = undefined;
    hide();
  });
  // The page may still be on its way when a link is reached: what is shown comes again, where the link is then.
  addEventListener("scroll", () => {
    hide();
    if (current) come(current);
  }, { passive: true });

  // Predictions, and the chapters that were read to their end: kept on this device alone, until one click forgets them.
  const KEPT = "first-hour";
  const recall = () => {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) ?? {};
    } catch {
      return {}; // nothing may be kept here
    }
  };
  const keep = (name, value) => {
    try {
      localStorage.setItem(KEPT, JSON.stringify({ ...recall(), [name]: value }));
    } catch {
      // Then it is not.
    }
  };
  const chapter = location.pathname.match(/[^/]+(?=\.html$)|$/)[0];
  for (const box of all(".predict")) {
    const name = `${chapter}#${box.id}`;
    const items = all(":scope > ul > li", box);
    const choose = (index) => {
      items.forEach((item, i) => {
        item.firstChild.disabled = true;
        item.classList.toggle("chosen", i === index);
      });
      box.classList.add("answered");
      box.querySelector("details").open = true;
    };
    items.forEach((item, index) => {
      const made = document.createElement("button");
      made.type = "button";
      made.append(...item.childNodes);
      made.addEventListener("click", () => {
        choose(index);
        keep(name, index);
        box.querySelector("summary").focus();
      });
      item.append(made);
    });
    const before = recall()[name];
    if (Number.isInteger(before) && before < items.length) choose(before);
  }
  const steps = all(".path > ol > li");
  const done = () => {
    const kept = recall();
    for (const step of steps) step.classList.toggle("done", step.querySelector("a").pathname.match(/[^/]+(?=\.html$)/)[0] in kept);
    return Object.keys(kept).length;
  };
  if (steps.length && done()) {
    const forget = document.createElement("button");
    Object.assign(forget, { type: "button", className: "forget", textContent: "Forget what I have read and answered" });
    forget.addEventListener("click", () => {
      localStorage.removeItem(KEPT);
      done();
      forget.remove();
    });
    article.querySelector(".path").append(forget);
  }
  const end = article.querySelector("#further-reading");
  if (end)
    new IntersectionObserver(([entry], watching) => {
      if (!entry.isIntersecting) return;
      keep(chapter, true);
      watching.disconnect();
    }).observe(end);

  // Explorers load when they come near. Where pages are files, no page may load a module: what stands there stays.
  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      import(new URL(target.dataset.module, location.href).href).then((module) => module.start(target), () => {});
    }
  }, { rootMargin: "400px" });
  if (location.protocol !== "file:") for (const box of all(".explorer")) near.observe(box);

  // The menu shows where one is.
  const currentPage = document.querySelector(".sidebar-tree .current-page");
  const menuBox = document.querySelector(".sidebar-scroll");
  const down = (one) => one.getBoundingClientRect().top;
  if (currentPage && down(currentPage) > innerHeight - 100) menuBox.scrollTop = down(currentPage) - down(menuBox) - menuBox.clientHeight / 2;

  // Escape closes what is open over the page, / and Ctrl-K ask the search, and arrows turn pages.
  const menus = all(".sidebar-toggle", document);
  // Behind an open menu nothing can be reached.
  const behind = () => {
    const open = menus.find((menu) => menu.checked);
    const parts = ".skip-to-content, .mobile-header, .sidebar-drawer, .content, .toc-drawer";
    const menu = open && (open.id === "__toc" ? ".toc-drawer" : ".sidebar-drawer");
    for (const part of all(parts, document)) part.inert = Boolean(open) && !part.matches(menu);
  };
  const close = () => {
    menus.forEach((menu) => { menu.checked = false; });
    behind();
  };
  for (const menu of menus) menu.addEventListener("change", behind);
  // In a wide window they are no menus.
  for (const width of ["63em", "82em"]) matchMedia(`(width > ${width})`).addEventListener("change", close);
  behind();
  const ask = () => {
    const field = document.getElementById("search-words") ?? document.querySelector(".sidebar-search");
    // On narrow screens the field is in the menu: its page has one that shows.
    if (getComputedStyle(field).visibility === "hidden") location.assign(field.form.action);
    else field.select();
  };
  const turn = (where) => {
    const link = document.querySelector(`link[rel="${where}"]`);
    if (link) location.assign(link.href);
  };
  addEventListener("keydown", (event) => {
    const focus = document.activeElement;
    const typing = focus.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
    const held = event.ctrlKey || event.metaKey || event.altKey;
    const idle = focus === document.body && !held && !event.shiftKey;
    if (event.key === "Escape") current = undefined, hide(), close();
    else if (event.key === "/" ? !typing && !held : event.key === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      ask();
    } else if (idle && event.key === "ArrowRight") turn("next");
    else if (idle && event.key === "ArrowLeft") turn("prev");
  });
  document.querySelector(".toc-drawer")?.addEventListener("click", (event) => {
    if (event.target.closest("a")) close();
  });
})();
