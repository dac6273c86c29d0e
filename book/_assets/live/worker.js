// The worker in which a page's Python runs. It is asked for one thing at a time, and tells what cells print meanwhile.
"use strict";

importScripts("start.js");

/** @typedef {{file: string, bytes: number, sha256: string}} Entry */

const folder = new URL("./", location.href);
/** @type {Promise<Record<string, Entry>>} */
const manifest = fetch("manifest.json").then((answer) => answer.json());
const known = /** @type {{entries: Record<string, Entry>}} */ ({ entries: {} });
let [loaded, total] = [0, 0];

/** @param {object} message */
const post = (message) => self.postMessage(message);
/** @param {Entry} entry */
const address = ({ file }) => new URL(`../${file}`, folder).href;

/** @param {Uint8Array} data @param {Entry} entry */
const verify = async (data, { file, sha256, bytes }) => {
  // The browser offers this to secure addresses alone; elsewhere the checksum inside the compressed file has to do.
  const hash = crypto.subtle && new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {any} */ (data)));
  const found = hash ? Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") : sha256;
  if (data.length !== bytes || found !== sha256) throw new Error(`${file} has arrived incomplete or changed`);
};

/** @param {Entry} entry */
const download = async (entry) => {
  total += entry.bytes;
  const answer = await fetch(address(entry));
  if (!answer.ok || !answer.body) throw new Error(`${answer.status} for ${entry.file}`);
  const data = new Uint8Array(entry.bytes);
  let place = 0;
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (place + part.value.length > data.length) throw new Error(`${entry.file} has arrived changed`);
    data.set(part.value, place);
    place += part.value.length;
    loaded += part.value.length;
    post({ kind: "progress", loaded, total });
  }
  const whole = data.subarray(0, place);
  await verify(whole, entry);
  const unpacked = new Blob([/** @type {any} */ (whole)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
};

/** @type {Map<string, Promise<Uint8Array>>} */
const files = new Map();
/** @param {string} name */
const read = (name) => {
  const file = files.get(name) ?? manifest.then((entries) => download(entries[name]));
  file.catch(() => {}); // whoever awaits it is told
  files.set(name, file);
  return file;
};

/** Fetch while Python waits. @param {string} name */
const fetchNow = (name) => {
  post({ kind: "fetching", name, bytes: known.entries[name].bytes });
  const request = new XMLHttpRequest();
  request.open("GET", address(known.entries[name]), false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${request.status} for ${name}`);
  return new Uint8Array(request.response);
};

// Pyodide asks for its own files by their own names. The standard library stays away until something is imported that
// the snapshot does not hold.
const original = self.fetch;
const query = new URLSearchParams(location.search);
const plain = query.has("plain");
/** @type {Record<string, string>} */
const TYPES = { "pyodide.asm.wasm": "application/wasm", "pyodide-lock.json": "application/json" };
let later = !plain;
self.fetch = async (asked, options) => {
  const url = new URL(asked instanceof Request ? asked.url : asked, folder);
  const name = url.href.slice(folder.href.length);
  if (!(name in TYPES || name === "python_stdlib.zip")) return original(asked, options);
  if (name === "python_stdlib.zip" && later) {
    later = false; // a plain start, should the snapshot not fit, needs it at once
    return new Response(new Uint8Array());
  }
  return new Response(/** @type {any} */ (await read(name)), { headers: { "Content-Type": TYPES[name] ?? "application/zip" } });
};

// On iPhones and iPads Pyodide has to leave WebAssembly's garbage collection alone, and it knows them by their platform:
// see its issue 5670.
if (query.has("tablet")) Object.defineProperty(navigator, "platform", { value: "iPad" });

const started = (async () => {
  known.entries = await manifest;
  // All that a start needs is asked for at once.
  const names = Object.keys(known.entries).filter((name) => /\.(so|wasm)$|^(heap|nnnotes|snapshot|pyodide-lock)/.test(name));
  if (!plain) names.forEach(read);
  importScripts("pyodide.js", "pyodide.asm.js");
  const tell = (/** @type {string} */ text) => post(JSON.parse(text));
  return /** @type {any} */ (self).startPython({ indexURL: folder.href, read, tell, fetchNow, plain });
})();
started.then(
  ({ how }) => post({ kind: "ready", how }),
  (error) => post({ kind: "failed", message: String(error?.message ?? error) }),
);

self.onmessage = async ({ data: { id, request } }) => {
  try {
    const { ask } = await started;
    post({ kind: "answer", id, answer: JSON.parse(ask(JSON.stringify(request))) });
  } catch (error) {
    // What the kernel does not catch is the end of Python itself, such as memory that has run out.
    post({ kind: "failed", message: String(/** @type {any} */ (error)?.message ?? error) });
  }
};
