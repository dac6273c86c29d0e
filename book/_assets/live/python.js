// The page's end of the worker: starts it, asks it, ends it.

/**
 * @typedef {{kind: string, [key: string]: any}} Message
 * @typedef {(message: Message) => void} Listener
 */

// A newer iPad gives itself out as a Mac, but for the number of fingers that it feels; and that only a page is told.
const tablet = navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1;

export class Stopped extends Error {}
export class Failed extends Error {}

export class Python {
  /** @param {Listener} listen takes what is not an answer */
  constructor(listen) {
    this.listen = listen;
    /** @type {Worker | undefined} */
    this.worker = undefined;
    /** @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void}>} */
    this.waiting = new Map();
    this.count = 0;
    this.ready = false;
    this.worked = false;
  }

  start() {
    if (this.worker) return;
    const worker = new Worker(new URL(`worker.js${tablet ? "?tablet" : ""}`, import.meta.url));
    worker.onmessage = ({ data }) => this.hear(data);
    worker.onerror = ({ message }) => this.end(new Failed(message || "worker.js"));
    this.worker = worker;
  }

  /** @param {Message} message */
  hear(message) {
    if (message.kind === "answer") {
      this.waiting.get(message.id)?.resolve(message.answer);
      this.waiting.delete(message.id);
    } else if (message.kind === "failed") this.end(new Failed(message.message));
    else {
      if (message.kind === "ready") this.ready = true;
      this.listen(message);
    }
  }

  /** @param {Error} why */
  end(why) {
    this.worked = this.ready;
    this.worker?.terminate();
    this.worker = undefined;
    this.ready = false;
    for (const { reject } of this.waiting.values()) reject(why);
    this.waiting.clear();
    this.listen({ kind: "ended" });
  }

  stop() {
    this.end(new Stopped());
  }

  /**
   * @param {object} request
   * @returns {Promise<any>}
   */
  ask(request) {
    this.start();
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      /** @type {Worker} */ (this.worker).postMessage({ id, request });
    });
  }
}
