// Finds words in searchData, which stands in a script of its own: { pages: [address, title], sections: [page, anchor, title, text],
// names: [name, kind, page, anchor, text] }.
"use strict";

const GREEK = {
  α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ϵ: "epsilon", ζ: "zeta", η: "eta", θ: "theta",
  ι: "iota", κ: "kappa", λ: "lambda", μ: "mu", µ: "mu", ν: "nu", ξ: "xi", π: "pi", ρ: "rho", σ: "sigma",
  ς: "sigma", τ: "tau", υ: "upsilon", φ: "phi", ϕ: "phi", χ: "chi", ψ: "psi", ω: "omega", "∂": "partial",
  "∇": "nabla", "∑": "sum", "√": "sqrt", "∞": "infty",
};
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+|[\p{L}\p{N}_]+|[∂∇∑√∞]/gu;
const NO_SPACES = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

// One spelling of each word: small letters, no accents, Greek letters by name, British endings, no plural.
function plain(word) {
  let text = [...word.toLowerCase()].map((letter) => GREEK[letter] ?? letter).join("");
  text = text.normalize("NFKD").replace(/\p{M}/gu, "");
  text = text.replace(/(..)yz(e[ds]?|ing)$/, "$1ys$2").replace(/(...)iz(e[drs]?|ers|ing|ations?)$/, "$1is$2");
  text = text.replace(/^(behavi|col|neighb|fav)or/, "$1our").replace(/^center/, "centre");
  return text.length > 3 ? text.replace(/ies$/, "y").replace(/([^s])s$/, "$1") : text;
}

// The words of a text, each with its place. Text without spaces gives its pairs of letters, and single letters;
// names like he_normal also give their parts.
function words(text) {
  const found = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (NO_SPACES.test(word)) {
      const letters = [...word];
      letters.forEach((letter, i) => {
        found.push([letter, index + i]);
        if (i + 1 < letters.length) found.push([letter + letters[i + 1], index + i]);
      });
    } else {
      found.push([plain(word), index, word.length]);
      const parts = word.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? [];
      if (parts.length > 1) for (const part of parts) if (part.length > 1) found.push([plain(part), index, word.length]);
    }
  }
  return found;
}

// What was asked: of text without spaces the pairs alone, where there are any.
function asked(query) {
  const all = [...query.matchAll(WORD)].flatMap(({ 0: word }) => {
    if (!NO_SPACES.test(word)) return [plain(word)];
    const letters = [...word];
    return letters.length < 2 ? letters : letters.slice(1).map((letter, i) => letters[i] + letter);
  });
  return [...new Set(all)];
}

class Index {
  constructor({ pages, sections, names }) {
    this.pages = pages;
    this.entries = [
      ...sections.map(([page, anchor, title, text]) => ({ page, anchor, title, text, name: "" })),
      ...names.map(([name, kind, page, anchor, text]) => ({ page, anchor, title: name, text, name, kind })),
    ];
    this.vocabulary = new Map(); // word -> Map(entry -> weight)
    this.lengths = this.entries.map((entry, number) => {
      const inText = words(entry.text);
      for (const [word] of inText) this.count(word, number, 1);
      for (const [word] of words(entry.title)) this.count(word, number, 8);
      if (!entry.name) {
        const weight = entry.anchor ? 2 : 6;
        for (const [word] of words(pages[entry.page][1])) this.count(word, number, weight);
      }
      return inText.length + 20;
    });
    this.mean = this.lengths.reduce((a, b) => a + b, 0) / this.lengths.length;
  }

  count(word, number, weight) {
    if (!this.vocabulary.has(word)) this.vocabulary.set(word, new Map());
    const entries = this.vocabulary.get(word);
    entries.set(number, (entries.get(number) ?? 0) + weight);
  }

  // The words of the book that one asked for may mean, with how well they fit: itself, longer ones, its stem, and if
  // there is none, one with a letter mistyped.
  alike(word) {
    const found = [];
    for (const other of this.vocabulary.keys()) {
      if (other === word) found.push([other, 1]);
      else if (word.length > 1 && other.startsWith(word)) found.push([other, (0.7 * word.length) / other.length]);
      else if (other.length > 4 && word.startsWith(other) && word.length - other.length < 4) found.push([other, 0.4]);
    }
    if (!found.length && word.length > 3)
      for (const other of this.vocabulary.keys()) if (near(word, other)) found.push([other, 0.3]);
    return found;
  }

  scores(word) {
    const scores = new Map();
    for (const [other, fit] of this.alike(word)) {
      const entries = this.vocabulary.get(other);
      const rarity = Math.log(1 + (this.entries.length - entries.size + 0.5) / (entries.size + 0.5));
      for (const [number, weight] of entries) {
        const share = (weight * 2.2) / (weight + 1.2 * (0.3 + (0.7 * this.lengths[number]) / this.mean));
        scores.set(number, Math.max(scores.get(number) ?? 0, fit * rarity * share));
      }
    }
    return scores;
  }

  search(query) {
    const name = query.trim().toLowerCase();
    const terms = asked(query).map((word) => this.scores(word));
    const total = new Map();
    for (const scores of terms) for (const [number, score] of scores) {
      const [sum, hits] = total.get(number) ?? [0, 0];
      total.set(number, [sum + score, hits + 1]);
    }
    const all = [...total].filter(([, [, hits]]) => hits === terms.length);
    return (all.length ? all : [...total])
      .map(([number, [sum, hits]]) => {
        const entry = this.entries[number];
        const own = entry.name.toLowerCase();
        const exact = name && (own === name || own.endsWith("." + name)) ? 6 : 0;
        const phrase = terms.length > 1 && `${entry.title} ${entry.text}`.toLowerCase().includes(name) ? 1.5 : 1;
        return { entry, score: sum * hits * phrase + exact - (entry.name && !exact ? 0.5 : 0) };
      })
      .sort((a, b) => b.score - a.score || a.entry.page - b.entry.page)
      .map(({ entry }) => entry);
  }
}

// Whether one letter too many, too few, or another, or two exchanged, make the one word of the other.
function near(a, b) {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const [restA, restB] = [a.slice(i), b.slice(i)];
  return (
    restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}

// The part of a text around the words that were found, in pieces: [text, found or not].
function context(text, query, length = 220) {
  const wanted = asked(query);
  const fits = (word) => wanted.some((w) => word.startsWith(w) || (word.length > 4 && w.startsWith(word)) || near(w, word));
  const hits = words(text).filter(([word]) => fits(word)).map(([word, at, long]) => [at, at + (long ?? word.length)]);
  let start = Math.max(0, (hits[0]?.[0] ?? 0) - length / 3);
  if (start) start = text.indexOf(" ", start) + 1 || Math.floor(start);
  const end = Math.min(text.length, start + length);
  const pieces = [[start ? "… " : "", false]];
  let at = start;
  for (const [from, to] of hits) {
    if (from < at || to > end) continue;
    pieces.push([text.slice(at, from), false], [text.slice(from, to), true]);
    at = to;
  }
  pieces.push([text.slice(at, end) + (end < text.length ? " …" : ""), false]);
  return pieces;
}

function show(index, query, status, place) {
  const found = query.trim() ? index.search(query) : [];
  const list = document.createElement("ol");
  for (const entry of found.slice(0, 30)) {
    const [address, title] = index.pages[entry.page];
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address + (entry.anchor ? "#" + entry.anchor : "");
    link.textContent = entry.title;
    item.append(link);
    const where = entry.name ? entry.kind : entry.anchor ? title : "";
    if (where) {
      const note = document.createElement("span");
      note.className = "where";
      note.textContent = " · " + where;
      item.append(note);
    }
    const text = document.createElement("p");
    for (const [piece, marked] of context(entry.text, query)) {
      if (!piece) continue;
      const part = document.createElement(marked ? "mark" : "span");
      part.textContent = piece;
      text.append(part);
    }
    item.append(text);
    list.append(item);
  }
  place.replaceChildren(list);
  const more = found.length > 30 ? "; these are the first 30" : "";
  status.textContent = !query.trim() ? "" : found.length === 1 ? "1 place" : `${found.length || "No"} places${more}`;
}

if (typeof document !== "undefined") {
  const [input, status, place] = ["search-words", "search-status", "search-results"].map((id) =>
    document.getElementById(id),
  );
  const address = document.currentScript.dataset.words;
  let index; // read when something is asked: it is the largest file of the site
  const load = () =>
    (index ??= new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve(new Index(searchData));
      script.onerror = () => (status.textContent = "The words of the book could not be loaded.");
      document.head.append(script);
    }));
  const run = async () => {
    if (!index && !input.value.trim()) return;
    if (!index) status.textContent = "Loading …";
    show(await load(), input.value, status, place);
  };
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(run, 80);
  });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", "?" + new URLSearchParams({ q: input.value }));
    run();
  });
  run();
}
