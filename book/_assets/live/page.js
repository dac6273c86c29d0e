// A page whose cells run: what its buttons do, what has become stale, which claims still hold.
import { makeEditor } from "./editor.js";
import { Output, comparison, make, problemBox } from "./outputs.js";
import { Failed, Python, Stopped } from "./python.js";
import { forgetAll, keyOfCell, nameOf, recall, remember } from "./store.js";
import { say } from "./texts.js";

const SLOW = 5; // seconds that nobody has to wait for unasked

/** @typedef {{needs: number[], key: string, known: boolean}} Step */

/** @param {string} text @param {string} label @param {() => void} act @returns {HTMLButtonElement} */
const button = (text, label, act) => {
  const made = make("button", { type: "button", textContent: text, title: label });
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
};

/** What cells and answers have in common: a bar with buttons, a line that says how it stands, and an output. */
class Place {
  /** @param {Page} page @param {Element} element @param {HTMLElement} bar @param {HTMLElement} note */
  constructor(page, element, bar, note) {
    this.page = page;
    this.bar = bar;
    this.note = note;
    this.output = new Output(element, bar);
    this.stopping = button(say("stop"), say("stopLabel"), () => page.python.stop());
    this.stopping.hidden = true;
    bar.insertBefore(this.stopping, note.parentElement === bar ? note : null);
    bar.append(note);
    this.index = 0;
    /** @type {any} */
    this.problem = null;
    this.began = 0;
  }

  /** @param {string} text @param {[string, () => void]} [offer] a button after it, and what it does */
  tell(text, offer) {
    this.note.replaceChildren(text);
    if (offer) this.note.append(" ", button(offer[0], offer[0], offer[1]));
  }

  /** @param {boolean} running */
  busy(running) {
    this.stopping.hidden = !running;
    if (running) this.tell(say(this.page.python.ready ? "running" : "starting"));
    else if (document.activeElement === this.stopping) /** @type {HTMLElement} */ (this.bar.firstElementChild).focus();
  }
}

class Cell extends Place {
  /** @param {Page} page @param {number} index @param {HTMLElement} element */
  constructor(page, index, element) {
    const bar = /** @type {HTMLElement} */ (element.querySelector(".live-bar"));
    super(page, element, bar, make("span", { className: "live-said" }));
    this.element = element;
    this.index = index;
    this.input = /** @type {HTMLElement} */ (element.querySelector(".cell_input"));
    this.printed = /** @type {HTMLElement} */ (this.input.firstElementChild);
    this.original = (this.input.querySelector("pre")?.textContent ?? "").trimEnd();
    this.code = this.original;
    this.claim = element.matches(".claim");
    this.key = keyOfCell(this.original);
    this.cost = 0;
    /** The key of what is shown. @type {string | undefined} */
    this.shown = undefined;
    this.verdict = make("div", { className: "live-verdict" });
    this.resetting = button(say("reset"), say("resetLabel"), () => page.reset(this));
    this.resetting.hidden = true;
    bar.insertBefore(this.resetting, this.stopping);
    if (this.claim) element.append(this.verdict);
    const kept = recall(this.key);
    if (kept !== null && kept !== this.original) this.edit(kept);
  }

  /** @param {string} code */
  edit(code) {
    if (!this.editor) {
      const area = make("textarea", { value: code });
      area.setAttribute("aria-label", say("code"));
      this.input.append(area);
      this.editor = makeEditor(area, { changed: (text) => this.changed(text), run: (stay) => this.page.run(this.index, { onward: !stay }) });
      this.printed.hidden = true;
      this.resetting.hidden = false;
    } else this.editor.set(code);
    this.changed(code);
  }

  /** @param {string} code */
  changed(code) {
    this.code = code.trimEnd();
    const same = this.code === this.original;
    remember(this.key, same ? null : code);
    this.tell(same ? "" : say("edited"));
    this.page.count();
  }

  /** Close the editor, and show what was printed. */
  restore() {
    if (document.activeElement === this.resetting || this.editor?.box.contains(document.activeElement)) /** @type {HTMLElement} */ (this.bar.firstElementChild).focus();
    this.editor?.remove();
    this.editor = undefined;
    this.printed.hidden = false;
    this.resetting.hidden = true;
    this.code = this.original;
    remember(this.key, null);
    this.showPrinted();
  }

  /** @param {string} [key] */
  showPrinted(key) {
    this.output.restore();
    this.shown = key ?? this.shown;
    this.problem = null;
    this.tell("");
    this.element.classList.remove("live-stale");
    this.judge("");
  }

  /** Say whether a claim holds: "holds", "fails", "unknown", or nothing. @param {string} how @param {...(Node | string)} words */
  judge(how, ...words) {
    if (!this.claim) return;
    this.state = how;
    for (const one of ["holds", "fails", "unknown"]) this.element.classList.toggle(`live-${one}`, how === one);
    this.verdict.replaceChildren(...words);
    const name = how === "fails" ? "broken" : how === "unknown" ? "unknown" : "checked";
    this.element.querySelector(".tick")?.setAttribute("aria-label", say(name));
  }

  /** @param {any} message the end of a run */
  end({ key, problem }) {
    this.shown = key;
    this.problem = problem;
    this.resetting.hidden = false;
    this.element.classList.remove("live-stale");
    if (this.claim) this.judgeBy(problem);
    const seconds = ((performance.now() - this.began) / 1000).toFixed(1);
    if (problem) this.tell(say("failed"));
    else if (key === this.page.first[this.index].key && !this.output.same()) this.tell(`${say("ran", { seconds })} ${say("differs")}`);
    else this.tell(say("ran", { seconds }));
  }

  /** @param {any} problem */
  judgeBy(problem) {
    if (!problem) this.judge("holds", say("holds"));
    else if (problem.kind !== "AssertionError") this.judge("unknown", make("p", { textContent: say("unchecked") }), problemBox(problem, this.index));
    else if (problem.compared) this.judge("fails", make("p", { textContent: say("fails") }), comparison(problem.compared));
    else this.judge("fails", make("p", { textContent: say("fails") }), problemBox(problem, this.index));
  }
}

class Answer extends Place {
  /** @param {Page} page @param {any} made by the script of buttons @param {HTMLElement[]} cells */
  constructor(page, made, cells) {
    super(page, made.element, made.bar, made.note);
    Object.assign(this, made);
    const { area, element } = made;
    this.area = area;
    this.element = element;
    this.solved = element.matches(".solved");
    // Like a cell at its place: after those before it.
    this.index = cells.filter((cell) => cell.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING).length;
    const keep = () => remember(made.key, JSON.stringify({ text: area.value, solved: this.solved }));
    this.keep = keep;
    makeEditor(area, { changed: keep, run: () => page.check(this) });
  }

  /** @param {any} message the end of a run */
  end({ problem }) {
    this.problem = problem;
  }
}

export class Page {
  /** @param {HTMLElement[]} elements @param {any[]} answers */
  constructor(elements, answers) {
    document.head.append(make("link", { rel: "stylesheet", href: new URL("live.css", import.meta.url).href }));
    this.python = new Python((message) => this.listen(message));
    this.status = make("div", { className: "live-status", hidden: true });
    this.spoken = make("p", { className: "live-spoken" });
    this.spoken.setAttribute("role", "status");
    document.querySelector("article")?.append(this.status, this.spoken);
    /** @type {Step[]} */
    this.first = [];
    /** @type {Cell[]} */
    this.cells = [];
    elements.forEach((element, index) => this.cells.push(new Cell(this, index, element)));
    this.answers = answers.map((made) => new Answer(this, made, elements));
    /** @type {Answer | undefined} */
    this.answering = undefined;
    this.asked = -1;
    this.said = "";
    /** One thing at a time. @type {Promise<any>} */
    this.turn = Promise.resolve();
    this.costs = fetch(new URL("heavy.json", import.meta.url)).then((answer) => answer.json());
    this.count();
  }

  warm() {
    this.python.start();
  }

  /** @param {number} index */
  edit(index) {
    const cell = this.cells[index];
    if (!cell.editor) cell.edit(cell.code);
    cell.editor?.focus();
  }

  sources() {
    return this.cells.map((cell) => cell.code);
  }

  /** @param {string[]} [sources] @returns {Promise<Step[]>} */
  async plan(sources = this.sources()) {
    if (!this.first.length) {
      const costs = await this.costs;
      this.first = await this.python.ask({ task: "plan", sources: this.cells.map((cell) => cell.original) });
      this.cells.forEach((cell, index) => {
        cell.shown ??= this.first[index].key;
        cell.cost = costs[nameOf(cell.original)] ?? 0;
      });
    }
    return this.python.ask({ task: "plan", sources });
  }

  /** How long it takes to run what a step needs and has not run. @param {Step[]} steps @param {number} index */
  costBefore(steps, index) {
    const todo = steps[index].needs.filter((one) => !steps[one].known);
    return todo.reduce((sum, one) => sum + this.cells[one].cost, 0);
  }

  /** And the cell itself. @param {Step[]} steps @param {number} index */
  cost(steps, index) {
    return this.costBefore(steps, index) + this.cells[index].cost;
  }

  /** @param {number} index @param {{onward?: boolean, sure?: boolean, all?: boolean}} [how] */
  run(index, how = {}) {
    if (how.onward) this.goOn(index);
    this.turn = this.turn.then(() => this.attempt(this.cells[index], () => this.runNow(this.cells[index], how)));
    return this.turn;
  }

  /** Move to the next cell that shows. @param {number} index */
  goOn(index) {
    const next = this.cells.slice(index + 1).find(({ bar }) => !bar.closest("details:not([open])"));
    if (next?.editor) next.editor.focus();
    else /** @type {HTMLElement | null | undefined} */ (next?.bar.firstElementChild)?.focus();
  }

  /** @param {Place} place @param {() => Promise<void>} work */
  async attempt(place, work) {
    place.busy(true);
    try {
      await work();
    } catch (error) {
      place.output.interrupt();
      if (error instanceof Stopped) place.tell(say("stopped"));
      else {
        const again = () => (place instanceof Answer ? this.check(place) : this.run(place.index));
        const { message } = /** @type {Error} */ (error);
        place.tell(say(this.python.worked ? "ended" : "notStarted", { message }), [say("again"), again]);
      }
    } finally {
      place.busy(false);
      this.answering = undefined;
      this.asked = -1;
      this.count();
      this.speak(place.note.textContent ?? "");
    }
  }

  /** @param {Cell} cell @param {{sure?: boolean, all?: boolean}} how */
  async runNow(cell, { sure = false, all = false }) {
    const { index } = cell;
    const steps = await this.plan();
    const seconds = this.cost(steps, index);
    if (seconds > SLOW && !sure) {
      cell.tell(say("slow", { seconds: Math.round(seconds) }), [say("anyway"), () => this.run(index, { sure: true, all })]);
      return;
    }
    this.asked = index;
    if (!(await this.python.ask({ task: "run", index, sources: this.sources() })) && !cell.problem) cell.tell(say("earlierFailed"));
    await this.refresh();
    if (all) await this.runStale(index);
    await this.checkClaims();
  }

  /** Run what is stale after a cell, as far as nobody has to be asked. @param {number} after */
  async runStale(after) {
    for (const { index, element } of this.cells.slice(after + 1)) {
      const steps = await this.plan();
      if (!element.matches(".live-stale") || this.cost(steps, index) > SLOW) continue;
      this.asked = index;
      await this.python.ask({ task: "run", index, sources: this.sources() });
    }
    await this.refresh();
  }

  /** Mark what is stale, and show as printed what is again as it was. */
  async refresh() {
    const steps = await this.plan();
    this.cells.forEach((cell, index) => {
      const { key } = steps[index];
      const stale = key !== cell.shown;
      if (stale && key === this.first[index].key) return cell.showPrinted(key);
      cell.element.classList.toggle("live-stale", stale && !cell.claim);
      if (!stale || cell.claim) return;
      if (cell.code !== cell.original && !cell.problem) cell.tell(say("edited"));
      else cell.tell(say("stale"), [say("fromHere"), () => this.run(index, { all: true })]);
    });
    return steps;
  }

  /** Check again the claims that hang on what was edited. */
  async checkClaims() {
    let steps = await this.plan();
    for (const cell of this.cells.filter((one) => one.claim)) {
      const { index } = cell;
      if (steps[index].key === cell.shown) continue;
      const seconds = this.cost(steps, index);
      if (seconds > SLOW) {
        cell.judge("unknown", say("uncheckedSlow", { seconds: Math.round(seconds) }), " ", button(say("anyway"), say("anyway"), () => this.run(index, { sure: true })));
        continue;
      }
      this.asked = index;
      const reached = await this.python.ask({ task: "run", index, sources: this.sources() });
      if (!reached && steps[index].key !== cell.shown) cell.judge("unknown", say("unchecked"));
      this.count();
      steps = await this.refresh();
    }
  }

  /** @param {Cell} cell */
  reset(cell) {
    cell.restore();
    this.turn = this.turn.then(() => this.resettle());
  }

  async resettle() {
    if (!this.python.ready) {
      // Nothing runs: what is not edited is as printed.
      if (this.cells.every((cell) => cell.code === cell.original)) this.cells.forEach((cell) => cell.showPrinted(this.first[cell.index]?.key));
    } else {
      try {
        await this.refresh();
        await this.checkClaims();
      } catch (error) {
        if (!(error instanceof Stopped || error instanceof Failed)) throw error;
      }
    }
    this.count();
  }

  /** @param {boolean} everything on all pages, and the answers to exercises */
  restore(everything) {
    if (everything) {
      if (!confirm(say("sure"))) return;
      forgetAll();
      for (const answer of this.answers) answer.area.value = "";
    }
    this.cells.forEach((cell) => cell.restore());
    this.turn = this.turn.then(() => this.resettle());
    if (everything) location.reload();
  }

  /** @param {number | Answer} which @param {boolean} [sure] */
  check(which, sure = false) {
    const answer = which instanceof Answer ? which : this.answers[which];
    this.turn = this.turn.then(() => this.attempt(answer, () => this.checkNow(answer, sure)));
    return this.turn;
  }

  /** @param {Answer} answer @param {boolean} sure */
  async checkNow(answer, sure) {
    const { area, index, output } = answer;
    const { task, variable } = /** @type {any} */ (answer);
    if (!area.value.trim()) return answer.tell(say("empty"));
    const sources = [...this.sources().slice(0, index), area.value];
    const seconds = this.costBefore(await this.plan(sources), index);
    if (seconds > SLOW && !sure) {
      answer.tell(say("slow", { seconds: Math.round(seconds) }), [say("anyway"), () => this.check(answer, true)]);
      return;
    }
    this.answering = answer;
    this.asked = index;
    const found = await this.python.ask({ task: "check", index, sources, name: task, variable });
    output.attach();
    if (!found) return answer.tell(say(answer.problem ? "failed" : "earlierFailed"));
    if (found.missing) return answer.tell(say("missing", { name: found.missing }));
    answer.solved ||= found.right;
    answer.element.classList.toggle("solved", answer.solved);
    answer.keep();
    answer.tell(found.text);
  }

  /** @param {number} index @returns {Place & {end: (message: any) => void}} */
  at(index) {
    return this.answering?.index === index ? this.answering : this.cells[index];
  }

  /** @param {any} message */
  listen(message) {
    const { kind } = message;
    if (kind === "progress") return this.progress(message);
    if (kind === "ready" || kind === "ended") return this.count();
    if (kind === "begin") {
      this.current = this.at(message.cell);
      this.current.output.begin();
      this.current.began = performance.now();
      if (message.cell !== this.asked) this.at(this.asked)?.tell(say("runningEarlier"));
      return;
    }
    const place = this.current;
    if (!place) return;
    const shows = place.index === this.asked;
    if (kind === "fetching") this.at(this.asked)?.tell(say("fetching", { size: (message.bytes / 1e6).toFixed(1) }));
    else if (kind !== "end") {
      place.output.take(message);
      if (shows) place.output.attach();
    } else {
      const { problem, key } = message;
      const verdict = place instanceof Cell && place.claim; // which shows it
      if (problem && !verdict) place.output.next.append(problemBox(problem, place.index));
      // What runs before another cell and says what is printed already stays as it is.
      const as = place instanceof Cell && key === place.shown && !problem;
      if (shows || !as) {
        place.output.attach();
        place.end(message);
      }
    }
  }

  /** @param {{loaded: number, total: number}} message */
  progress({ loaded, total }) {
    const amount = { loaded: (loaded / 1e6).toFixed(1), total: (total / 1e6).toFixed(1) };
    if (!this.bar) {
      this.bar = make("progress");
      this.bar.setAttribute("aria-label", say("starting"));
      this.words = make("span");
      this.status.replaceChildren(this.bar, this.words, button(say("cancel"), say("cancel"), () => this.python.stop()));
      this.status.hidden = false;
    }
    Object.assign(this.bar, { max: total, value: loaded });
    this.words.textContent = say("loading", amount);
  }

  /** Say at the foot of the page how the claims stand, once something is edited. */
  count() {
    if (!this.status || !this.cells) return;
    this.bar = undefined;
    const edited = this.cells.some((cell) => cell.code !== cell.original);
    const claims = this.cells.filter((cell) => cell.claim);
    const held = claims.filter(({ state }) => !state || state === "holds").length;
    this.status.hidden = !edited;
    if (!edited) return;
    const text = claims.length === 0 ? "" : say(held === claims.length ? "allHold" : "someHold", { held, count: claims.length });
    this.status.classList.toggle("live-broken", held < claims.length);
    this.status.replaceChildren(
      make("span", { textContent: text }),
      button(say("restorePage"), say("restorePage"), () => this.restore(false)),
      button(say("restoreAll"), say("restoreAll"), () => this.restore(true)),
      make("span", { className: "live-kept", textContent: say("kept") }),
    );
    if (text !== this.said) this.speak(text);
    this.said = text;
  }

  /** @param {string} text */
  speak(text) {
    this.spoken.textContent = text;
  }
}
