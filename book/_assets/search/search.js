// Finds words in searchData, which stands in a script of its own: { pages: [address, title, place, subjects],
// entries: [page, anchor, title, text, code, kind of a name], aliases: {theirs: ours} }.
// README.md, beside this file, says how it ranks and why. Stemmer is Sphinx's.
"use strict";

const WEIGHT = { title: 8, page: 3, text: 1, code: 0.3 }; // of a word, by where it stands
const PLACE = [1.3, 1.15, 0.85, 0.5]; // the first hour, other chapters, pages without a number, the package
const FIT = { prefix: 0.7, mistyped: 0.5, typed: 0.7 }; // typed: what was typed, where the book has another word
const [SATURATION, LENGTH, LEAST] = [1.2, 0.7, 20]; // k1 and b of BM25; words that each text has at least
const COMMON = 0.1; // the weight of words that say little
const BONUS = { title: 0.4, page: 0.8, name: 0.8 }; // for titles and names that were asked for as a whole

const GREEK = {
  α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ϵ: "epsilon", ζ: "zeta", η: "eta", θ: "theta",
  ι: "iota", κ: "kappa", λ: "lambda", μ: "mu", µ: "mu", ν: "nu", ξ: "xi", π: "pi", ρ: "rho", σ: "sigma",
  ς: "sigma", τ: "tau", υ: "upsilon", φ: "phi", ϕ: "phi", χ: "chi", ψ: "psi", ω: "omega", "∂": "partial",
  "∇": "nabla", "∑": "sum", "√": "sqrt", "∞": "infty",
};
const LITTLE = new Set(
  ("a an and are as at be by can do does for from how i in is it my of on or should that the this to use vs what " +
  "when which why with you").split(" "));
const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/u; // text without spaces
const WORD = new RegExp(`${HAN.source}|[\\p{L}_][\\p{L}\\p{N}_]*(?:\\.[\\p{L}_][\\p{L}\\p{N}_]*)*|[\\p{N}_]+|[∂∇∑√∞]`, "gu");

// One spelling of each word: small letters, no accents, Greek letters by name, British endings.
function plain(word) {
  const text = [...word.toLowerCase()].map((letter) => GREEK[letter] ?? letter).join("");
  return text.normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/(..)yz(e[ds]?|ing)$/, "$1ys$2").replace(/(...)iz(e[drs]?|ers|ing|ations?)$/, "$1is$2")
    .replace(/^(behavi|col|neighb|fav)or/, "$1our").replace(/^center/, "centre");
}

const stemmer = new Stemmer();
const stem = (word) => (/^[a-z]{3,}$/.test(word) ? stemmer.stemWord(word) : word);

// Neighbours in a text without spaces stand for its words; a single letter for itself.
function pairs(text) {
  const letters = [...text];
  return letters.length < 2 ? letters : letters.slice(1).map((letter, i) => letters[i] + letter);
}

// A word and what else finds it: the parts of names like he_normal, LeakyReLU and Dense.backward, W.T's T.
function forms(word) {
  if (HAN.test(word)) return [...pairs(word), ...word];
  const names = word.split(".");
  const parts = word.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]{2,}|[0-9]+/g) ?? [];
  return [...new Set([...names.map((_, i) => names.slice(i).join(".")), ...names, ...parts].map(plain))];
}

// How many letters are missing, too many, others, or exchanged with the next.
function distance(a, b) {
  const rows = [[...Array(b.length + 1).keys()]];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const other = rows[i - 1][j - 1] + (a[i - 1] !== b[j - 1]);
      const exchanged = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2][j - 2] + 1 : Infinity;
      rows[i].push(Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, other, exchanged));
    }
  }
  return rows[a.length][b.length];
}

// A pattern that finds any of some texts.
const any = (texts) => texts.map((text) => text.replaceAll(".", "\\.")).join("|") || "(?!)";

class Index {
  constructor({ pages, entries, aliases }) {
    this.pages = pages;
    this.entries = entries.map(([page, anchor, title, text, code, kind]) => ({ page, anchor, title, text, code, kind }));
    this.postings = new Map(); // stem -> Map(entry -> weight)
    this.spellings = new Map(); // word -> its stem
    this.lengths = this.entries.map((entry, number) => LEAST + this.read(entry, number));
    this.mean = this.lengths.reduce((a, b) => a + b, 0) / this.lengths.length;
    this.aliases = new Map(Object.entries(aliases));
    const keys = [...this.aliases.keys()].sort((a, b) => b.length - a.length);
    this.han = keys.filter((key) => HAN.test(key));
    const others = any(keys.filter((key) => !HAN.test(key)));
    this.alias = new RegExp(`(?<![\\p{L}\\p{N}_])(${others})s?(?![\\p{L}\\p{N}_])`, "gu");
  }

  // Count the words of an entry, and return how long its text is.
  read(entry, number) {
    const [, title, , subjects] = this.pages[entry.page];
    this.count(entry.code, number, WEIGHT.code);
    this.count(entry.title, number, WEIGHT.title);
    if (!entry.kind) for (const one of [title, ...subjects]) this.count(one, number, WEIGHT.page);
    return this.count(entry.text, number, WEIGHT.text);
  }

  count(text, number, weight) {
    const found = (text.match(WORD) ?? []).flatMap(forms);
    for (const word of found) {
      if (!this.spellings.has(word)) this.spellings.set(word, stem(word));
      const key = this.spellings.get(word);
      if (!this.postings.has(key)) this.postings.set(key, new Map());
      const entries = this.postings.get(key);
      entries.set(number, (entries.get(number) ?? 0) + weight);
    }
    return found.length;
  }

  // What was asked, as the book would say it, and as it was typed; each with how well it fits.
  readings(query) {
    const spaced = (text) => text.trim().replace(/\s+/g, " ");
    const typed = spaced(query.toLowerCase());
    const han = (text) => {
      // 激活函数导数 holds terms; 对称 is a part of one.
      const terms = text.match(new RegExp(any(this.han), "g")) ?? this.han.filter((key) => key.includes(text)).slice(0, 1);
      return terms.length ? ` ${terms.map((term) => this.aliases.get(term)).join(" ")} ` : text;
    };
    const known = typed.replace(this.alias, (_, alias) => this.aliases.get(alias));
    const ours = spaced(known.replace(new RegExp(HAN, "gu"), han));
    return ours === typed ? [[typed, 1]] : [[ours, 1], [typed, FIT.typed]];
  }

  // The words of what was asked: names with a dot as a whole if the book has them, else their parts.
  asked(reading) {
    const split = (word) => (this.spellings.has(plain(word)) ? [word] : word.split("."));
    const all = (reading.match(WORD) ?? []).flatMap((word) => (HAN.test(word) ? pairs(word) : split(word)));
    return [...new Set(all.map(plain))];
  }

  // The stems that a word may mean, and how well each fits: its own, longer words', and if there is none, those of
  // words with a letter mistyped, or two in a long word.
  alike(word) {
    const found = new Map(this.postings.has(stem(word)) ? [[stem(word), 1]] : []);
    const add = (key, fit) => found.set(key, Math.max(found.get(key) ?? 0, fit));
    for (const [other, key] of word.length > 1 ? this.spellings : [])
      if (other.startsWith(word)) add(key, (FIT.prefix * word.length) / other.length);
    if (found.size || word.length < 4) return found;
    const most = word.length < 8 ? 1 : 2;
    for (const [other, key] of this.spellings) {
      const wrong = Math.abs(word.length - other.length) > most ? Infinity : distance(word, other);
      if (wrong <= most) add(key, FIT.mistyped / wrong);
    }
    return found;
  }

  // How much each entry says of a word, by BM25, and the stems that the word may mean.
  scores(word) {
    const scores = new Map();
    const alike = this.alike(word);
    const rarity = (size) => Math.log(1 + (this.entries.length - size + 0.5) / (size + 0.5)) * (LITTLE.has(word) ? COMMON : 1);
    for (const [key, fit] of alike) {
      const entries = this.postings.get(key);
      for (const [number, weight] of entries) {
        const long = 1 - LENGTH + (LENGTH * this.lengths[number]) / this.mean;
        const score = (fit * rarity(entries.size) * weight * (SATURATION + 1)) / (weight + SATURATION * long);
        scores.set(number, Math.max(scores.get(number) ?? 0, score));
      }
    }
    return { scores, keys: LITTLE.has(word) ? [] : [...alike.keys()] };
  }

  // The entries, best first, and the stems that were found in them.
  search(query) {
    const best = new Map();
    const found = new Set();
    for (const [reading, fit] of this.readings(query)) {
      const terms = this.asked(reading).map((word) => this.scores(word));
      const known = new Set(terms.flatMap(({ keys }) => keys));
      for (const number of new Set(terms.flatMap(({ scores }) => [...scores.keys()]))) {
        const sum = terms.reduce((all, { scores }) => all + (scores.get(number) ?? 0), 0);
        const score = fit * sum * this.bonus(this.entries[number], reading, known);
        best.set(number, Math.max(best.get(number) ?? 0, score));
      }
      known.forEach((key) => found.add(key));
    }
    const entries = [...best].sort(([a, x], [b, y]) => y - x || a - b).map(([number]) => this.entries[number]);
    return { entries, found };
  }

  bonus({ page, title, kind }, reading, known) {
    const [, whole, place, subjects] = this.pages[page];
    // How much of a title was asked for.
    const share = (said) => {
      const all = (said.match(WORD) ?? []).map(plain).filter((word) => !LITTLE.has(word) && !HAN.test(word));
      return all.filter((word) => known.has(stem(word))).length / (all.length || 1);
    };
    let bonus = 1 + BONUS.title * share(title) + BONUS.page * Math.max(...[whole, ...subjects].map(share));
    if (kind && reading.includes(".") && `.${title}`.toLowerCase().endsWith(`.${reading}`)) bonus += BONUS.name;
    return PLACE[place] * bonus;
  }
}

// The part of an entry's text around the words that were found, whole words, in pieces: [text, found or not].
function context({ text, code }, found, length = 220) {
  const within = (said) => [...said.matchAll(WORD)].flatMap(({ 0: word, index }) => {
    const parts = HAN.test(word) ? pairs(word).map((pair, i) => [pair, index + i]) : [[word, index]];
    return parts.filter(([part]) => forms(part).some((form) => found.has(stem(form))));
  });
  const said = !within(text).length && within(code).length ? code : text;
  const hits = within(said).map(([part, from]) => [from, from + part.length]);
  const first = hits[0]?.[0] ?? 0;
  // From the beginning of the sentence, or of a word not far before.
  let start = said.lastIndexOf(". ", first) + 1;
  if (first - start > length / 2) start = said.indexOf(" ", first - length / 3);
  start = Math.max(0, Math.min(start, first));
  const cut = said.length > start + length ? said.lastIndexOf(" ", start + length) : said.length;
  const end = cut > first ? cut : start + length;
  const pieces = [[start ? "… " : "", false]];
  let at = start;
  for (const [from, to] of hits) {
    if (from < at || to > end) continue;
    pieces.push([said.slice(at, from), false], [said.slice(from, to), true]);
    at = to;
  }
  pieces.push([said.slice(at, end) + (end < said.length ? " …" : ""), false]);
  return pieces.filter(([piece]) => piece);
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function show(index, query, status, place) {
  const { entries, found } = index.search(query);
  const list = document.createElement("ol");
  for (const entry of entries.slice(0, 30)) {
    const [address, title] = index.pages[entry.page];
    const item = document.createElement("li");
    const link = element("a", entry.title);
    link.href = address + (entry.anchor ? `#${entry.anchor}` : "");
    item.append(link);
    const where = entry.kind ?? (entry.anchor && title);
    if (where) item.append(element("span", ` ·\u00a0${where}`, "where"));
    const text = document.createElement("p");
    text.append(...context(entry, found).map(([piece, marked]) => element(marked ? "mark" : "span", piece)));
    item.append(text);
    list.append(item);
  }
  place.replaceChildren(list);
  const many = entries.length === 1 ? "1 place" : `${entries.length || "No"} places`;
  status.textContent = !query.trim() ? "" : many + (entries.length > 30 ? "; these are the first 30" : "");
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
    history.replaceState(null, "", `?${new URLSearchParams({ q: input.value })}`);
    run();
  });
  run();
}
