// Finds words in searchData, which stands in a script of its own: { pages: [address, title, place, subjects],
// sections: [page, anchor, title, text, code], names: [name, kind, page, anchor, text], aliases: {theirs: ours} }.
// README.md, beside this file, says how it ranks and why. Stemmer is Sphinx's.
"use strict";

const WEIGHTS = { title: 8, page: 3, subject: 3, text: 1, code: 0.3 }; // of a word, by where it stands
const WHOLE = 2.5; // times as much weigh the page's title and subjects for the page as a whole
const PLACES = [1.3, 1.15, 0.85, 0.5]; // the first hour, other chapters, pages beside them, the package's
const FITS = { prefix: 0.7, mistyped: 0.5, typed: 0.7 }; // typed: where what was typed is an alias
const [SATURATION, LENGTH] = [1.2, 0.7]; // k1 and b of BM25
const COVERAGE = 2; // the power of the share of the words that were found
const COMMON = 0.1; // the weight of words that say little
const EXACT = { title: 0.4, page: 0.8, phrase: 0.3, name: 0.8 }; // how much more, for a title that was asked for as a whole

const GREEK = {
  α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ϵ: "epsilon", ζ: "zeta", η: "eta", θ: "theta",
  ι: "iota", κ: "kappa", λ: "lambda", μ: "mu", µ: "mu", ν: "nu", ξ: "xi", π: "pi", ρ: "rho", σ: "sigma",
  ς: "sigma", τ: "tau", υ: "upsilon", φ: "phi", ϕ: "phi", χ: "chi", ψ: "psi", ω: "omega", "∂": "partial",
  "∇": "nabla", "∑": "sum", "√": "sqrt", "∞": "infty",
};
const SAY_LITTLE = new Set(
  ("a an and are as at be by can do does for from how i in is it my of on or should that the this to use vs what " +
  "when which why with you").split(" "));
const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/u;
const WORD = new RegExp(`${HAN.source}|[\\p{L}_][\\p{L}\\p{N}_]*(?:\\.[\\p{L}_][\\p{L}\\p{N}_]*)+|[\\p{L}\\p{N}_]+|[∂∇∑√∞]`, "gu");

// One spelling of each word: small letters, no accents, Greek letters by name, British endings.
function plain(word) {
  const text = [...word.toLowerCase()].map((letter) => GREEK[letter] ?? letter).join("");
  return text.normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/(..)yz(e[ds]?|ing)$/, "$1ys$2").replace(/(...)iz(e[drs]?|ers|ing|ations?)$/, "$1is$2")
    .replace(/^(behavi|col|neighb|fav)or/, "$1our").replace(/^center/, "centre");
}

const stemmer = new Stemmer();
const stems = new Map();
function stem(word) {
  if (!stems.has(word)) stems.set(word, /^[a-z]{3,}$/.test(word) ? stemmer.stemWord(word) : word);
  return stems.get(word);
}

// The pairs of neighbours in a text without spaces, which stand for its words; of a single letter, that letter.
function pairs(text) {
  const letters = [...text];
  return letters.length < 2 ? letters : letters.slice(1).map((letter, i) => letters[i] + letter);
}

// The words of a text as [word, from, to]. Names like he_normal and W.T are words, and so are their parts.
function* words(text) {
  for (const { 0: word, index: from } of text.matchAll(WORD)) {
    if (HAN.test(word)) {
      for (const [i, pair] of pairs(word).entries()) yield [pair, from + i, from + i + pair.length];
      for (const [i, letter] of [...word].entries()) yield [letter, from + i, from + i + 1];
      continue;
    }
    const parts = word.match(/[A-Z]+(?![a-z])|[A-Z]?\p{Ll}+|[0-9]+/gu) ?? [];
    if (word.includes(".")) parts.push(...word.split(".").filter((part) => !parts.includes(part)));
    yield [plain(word), from, from + word.length];
    if (parts.length > 1) for (const part of parts) if (part.length > 1) yield [plain(part), from, from + word.length];
  }
}

// Whether two exchanged letters, or a letter too many, too few or another, make the one word of the other.
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

class Index {
  constructor({ pages, sections, names, aliases = {} }) {
    this.pages = pages;
    this.entries = [
      ...sections.map(([page, anchor, title, text, code = ""]) => ({ page, anchor, title, text, code })),
      ...names.map(([name, kind, page, anchor, text]) => ({ page, anchor, title: name, text, code: "", kind })),
    ];
    this.postings = new Map(); // stem -> Map(entry -> weight)
    this.spellings = new Map(); // word -> its stem
    this.lengths = this.entries.map((entry, number) => this.read(entry, number));
    this.mean = this.lengths.reduce((a, b) => a + b, 0) / this.lengths.length;
    this.aliases = new Map(Object.entries(aliases));
    // A term of the glossary, "derivative 导数", says what the Chinese one is called.
    for (const { title } of this.entries)
      for (const [han] of title.matchAll(new RegExp(HAN, "gu")))
        if (/^[a-z]/i.test(title)) this.aliases.set(han, title.slice(0, title.search(HAN)));
    const keys = [...this.aliases.keys()].sort((a, b) => b.length - a.length).map((key) => key.replaceAll(".", "\\."));
    const [han, others] = [keys.filter((key) => HAN.test(key)), keys.filter((key) => !HAN.test(key))];
    this.alias = new RegExp(`(?<![\\p{L}\\p{N}_])(${others.join("|") || "$^"})s?(?![\\p{L}\\p{N}_])|(${han.join("|") || "$^"})`, "gu");
  }

  read(entry, number) {
    const [, title, , subjects = []] = this.pages[entry.page];
    const whole = entry.anchor ? 1 : WHOLE;
    const length = this.count(entry.text, number, WEIGHTS.text);
    this.count(entry.code, number, WEIGHTS.code);
    this.count(entry.title, number, WEIGHTS.title);
    if (entry.kind) return length + 20;
    const joined = [...entry.title.matchAll(/[\p{L}\p{N}]+/gu)].map(([word]) => word);
    for (const i of joined.keys())
      for (const n of [2, 3]) if (joined[i + n - 1]) this.count(joined.slice(i, i + n).join("").toLowerCase(), number, WEIGHTS.title);
    this.count(title, number, WEIGHTS.page * whole);
    for (const one of subjects) this.count(one, number, WEIGHTS.subject * whole);
    return length + 20;
  }

  // Count a text's words for an entry, and return how many there are.
  count(text, number, weight) {
    let all = 0;
    for (const [word] of words(text)) {
      const key = stem(word);
      this.spellings.set(word, key);
      if (!this.postings.has(key)) this.postings.set(key, new Map());
      const entries = this.postings.get(key);
      entries.set(number, (entries.get(number) ?? 0) + weight);
      all++;
    }
    return all;
  }

  // What was asked, as the book would say it, and as it was typed; each with how well it fits.
  readings(query) {
    const typed = query.trim().toLowerCase();
    let ours = typed.replace(this.alias, (found, other, han) => ` ${this.aliases.get(other ?? han)} `);
    ours = ours.replace(new RegExp(HAN, "gu"), (part) => {
      const whole = [...this.aliases.keys()].find((key) => key.includes(part));
      return whole ? ` ${this.aliases.get(whole)} ` : part;
    });
    return ours === typed ? [[typed, 1]] : [[ours, 1], [typed, FITS.typed]];
  }

  // The words of what was asked: names with a dot as a whole if the book has them, else their parts.
  asked(reading) {
    const all = [...reading.matchAll(WORD)].flatMap(({ 0: word }) => {
      if (HAN.test(word)) return pairs(word);
      return word.includes(".") && !this.spellings.has(plain(word)) ? word.split(".").map(plain) : [plain(word)];
    });
    return [...new Set(all)];
  }

  // The stems that a word may mean, with how well they fit: its own, longer words', and if there is none, those of
  // words with a letter mistyped.
  alike(word) {
    const found = new Map();
    const add = (key, fit) => found.set(key, Math.max(found.get(key) ?? 0, fit));
    if (this.postings.has(stem(word))) add(stem(word), 1);
    for (const [other, key] of this.spellings)
      if (word.length > 1 && other.startsWith(word)) add(key, (FITS.prefix * word.length) / other.length);
    if (!found.size && word.length > 3)
      for (const [other, key] of this.spellings) if (near(word, other)) add(key, FITS.mistyped);
    return found;
  }

  rarity(key) {
    const size = this.postings.get(key).size;
    return Math.log(1 + (this.entries.length - size + 0.5) / (size + 0.5));
  }

  // How much each entry says of a word, by BM25; and how much it could.
  scores(word) {
    const scores = new Map();
    const alike = this.alike(word);
    const little = SAY_LITTLE.has(word) ? COMMON : 1;
    let most = little * Math.log(1 + this.entries.length) * 0.5;
    for (const [key, fit] of alike) {
      const rarity = this.rarity(key) * little;
      if (fit === 1) most = rarity;
      for (const [number, weight] of this.postings.get(key)) {
        const long = 1 - LENGTH + (LENGTH * this.lengths[number]) / this.mean;
        const score = (fit * rarity * weight * (SATURATION + 1)) / (weight + SATURATION * long);
        scores.set(number, Math.max(scores.get(number) ?? 0, score));
      }
    }
    return { scores, most, keys: [...alike.keys()] };
  }

  // Entries, best first, and the stems that were found in them.
  search(query) {
    const best = new Map();
    const found = new Set();
    for (const [reading, fit] of this.readings(query)) {
      const terms = this.asked(reading).map((word) => this.scores(word));
      const known = new Set(terms.flatMap(({ keys }) => keys));
      const all = terms.reduce((sum, { most }) => sum + most, 0);
      const total = new Map();
      for (const { scores, most, keys } of terms) {
        keys.forEach((key) => found.add(key));
        for (const [number, score] of scores) {
          const [sum, share] = total.get(number) ?? [0, 0];
          total.set(number, [sum + score, share + most / all]);
        }
      }
      for (const [number, [sum, share]] of total) {
        const score = fit * sum * share ** COVERAGE * this.bonus(this.entries[number], reading, known, fit);
        best.set(number, Math.max(best.get(number) ?? 0, score));
      }
    }
    const entries = [...best].sort(([a, x], [b, y]) => y - x || a - b).map(([number]) => this.entries[number]);
    return { entries, found };
  }

  bonus({ page, anchor, title, text, kind }, reading, known, fit) {
    const [, pageTitle, place, subjects = []] = this.pages[page];
    const phrase = reading.trim().replace(/\s+/g, " ");
    const share = (said) => {
      const all = [...said.matchAll(WORD)].map(([word]) => plain(word)).filter((word) => !SAY_LITTLE.has(word) && !HAN.test(word));
      return all.filter((word) => known.has(stem(word))).length / (all.length || 1);
    };
    const name = kind && fit === 1 && reading.includes(".") && (title === reading || title.endsWith(`.${reading}`));
    return (PLACES[place] ?? 1) * (1 +
      EXACT.title * share(title) + EXACT.page * Math.max(...[pageTitle, ...subjects].map(share)) + (name ? EXACT.name : 0) +
      (phrase.includes(" ") && `${title} ${text}`.toLowerCase().includes(phrase) ? EXACT.phrase : 0));
  }
}

// The part of an entry's text around the words that were found, whole words, in pieces: [text, found or not].
function context({ text, code }, found, length = 220) {
  const within = (said) => [...words(said)].filter(([word]) => found.has(stem(word)));
  const said = !within(text).length && within(code).length ? code : text;
  const hits = within(said);
  const first = hits[0]?.[1] ?? 0;
  const sentence = said.lastIndexOf(". ", first) + 2;
  let start = first < length / 3 ? 0 : first - sentence < length / 2 && sentence > 1 ? sentence : said.indexOf(" ", first - length / 3) + 1;
  start = Math.min(start, first);
  let end = said.length;
  if (end > start + length) end = Math.max(said.lastIndexOf(" ", start + length), hits[0]?.[2] ?? 0) || start + length;
  const pieces = [[start ? "… " : "", false]];
  let at = start;
  for (const [, from, to] of hits) {
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
    const where = [entry.kind, entry.anchor && title].filter(Boolean).join(" in ");
    if (where) item.append(element("span", ` · ${where}`, "where"));
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
