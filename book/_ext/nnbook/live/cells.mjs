// Runs the cells of a page under Node, from the snapshot as a browser does:
//   node cells.mjs FOLDER [plain] < SOURCES > RESULTS
// FOLDER is the site's folder of scripts, SOURCES a list of texts, RESULTS how Python started, and of each cell what it
// sent and how many seconds it took.
import { createRequire } from "node:module";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";

const [folder, plain] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const manifest = JSON.parse(fs.readFileSync(path.join(folder, "manifest.json"), "utf8"));
const compressed = (name) => new Uint8Array(fs.readFileSync(path.join(folder, "..", manifest[name].file)));
const read = async (name) => new Uint8Array(zlib.gunzipSync(compressed(name)));
const inside = fs.mkdtempSync(path.join(os.tmpdir(), "cells-"));
try {
  for (const name of ["pyodide.js", "pyodide.asm.js"]) fs.copyFileSync(path.join(folder, name), path.join(inside, name));
  for (const name of ["pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"]) fs.writeFileSync(path.join(inside, name), await read(name));
  require(path.join(inside, "pyodide.js"));
  require(path.join(inside, "pyodide.asm.js"));
  require(path.resolve(folder, "start.js"));
  let messages = [];
  const tell = (text) => messages.push(JSON.parse(text));
  const started = await globalThis.startPython({ indexURL: inside + path.sep, read, tell, fetchNow: compressed, plain: Boolean(plain) });
  const sources = JSON.parse(fs.readFileSync(0, "utf8"));
  const cells = sources.map((_, index) => {
    const { user, system } = process.cpuUsage();
    started.ask(JSON.stringify({ task: "run", index, sources }));
    const spent = process.cpuUsage({ user, system });
    const sent = messages;
    messages = [];
    return { seconds: (spent.user + spent.system) / 1e6, sent };
  });
  const result = JSON.stringify({ how: started.how, cells });
  await new Promise((written) => process.stdout.write(result, written)); // a pipe takes it in pieces
} finally {
  fs.rmSync(inside, { recursive: true });
}
process.exit(0);
