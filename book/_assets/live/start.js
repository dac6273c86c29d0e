// Starts Python: from a snapshot of its memory, in which NumPy and nnnotes are imported, or plainly. Used by the worker,
// and under Node by the tests and by what makes the snapshot.
"use strict";

/** Where packages are unpacked. */
const PACKAGES = "/lib/python3.12/site-packages";
const ENVIRONMENT = { MPLBACKEND: "agg", HOME: "/home/pyodide", PYTHONHASHSEED: "0" };

/**
 * @typedef {object} Library A shared library that was loaded when the snapshot was made.
 * @property {number} handle its address
 * @property {string} name its path
 * @property {string} file its name
 *
 * @typedef {object} Snapshot
 * @property {number} before how long the table of functions was before any library was loaded
 * @property {number} after and how long with all of them
 * @property {Library[]} libraries in the order of loading
 *
 * @typedef {(name: string) => Promise<Uint8Array>} Read how to get a file of the runtime
 */

/**
 * WebKit hands out a new object for a function in a table, other than the export of the same function, and Emscripten
 * would then give the export another place. So the exports themselves are put into the table.
 * @param {WebAssembly.Instance} instance
 * @param {any} imports
 */
const putExportsIntoTable = (instance, imports) => {
  const table = imports?.env?.__indirect_function_table;
  if (!(table instanceof WebAssembly.Table)) return;
  const base = imports.env.__table_base;
  const names = new Map();
  for (const one of Object.values(instance.exports)) if (typeof one === "function") names.set(one.name, one);
  for (let place = Number(base?.value ?? base ?? 0); place < table.length; place++) {
    const there = table.get(place);
    const exported = there && names.get(there.name);
    if (exported && exported !== there) table.set(place, exported);
  }
};

const watchInstances = () => {
  const { instantiate, instantiateStreaming } = WebAssembly;
  const wrapped = (/** @type {Function} */ original) => async (/** @type {any} */ source, /** @type {any} */ imports) => {
    const made = await original.call(WebAssembly, source, imports);
    putExportsIntoTable(made.instance ?? made, imports);
    return made;
  };
  WebAssembly.instantiate = /** @type {any} */ (wrapped(instantiate));
  if (instantiateStreaming) WebAssembly.instantiateStreaming = /** @type {any} */ (wrapped(instantiateStreaming));
};

/**
 * Without garbage collection in WebAssembly, Pyodide's table has one place less: that of a function which counts the
 * arguments of others. So an empty place is put there; and the function's address becomes 0, for Python to do without.
 * @param {any} module
 * @param {Uint8Array} memory of the snapshot; Pyodide itself will copy it once more
 * @param {number} wanted
 */
const fitTable = (module, memory, wanted) => {
  if (module.wasmTable.length === wanted - 1 && !module._PyEM_CountArgsPtr) {
    module.wasmTable.grow(1);
    const numbers = new Int32Array(memory.buffer, memory.byteOffset, memory.byteLength >> 2);
    const offset = numbers[module.__PyEM_EMSCRIPTEN_COUNT_ARGS_OFFSET >> 2];
    numbers[(module.__PyRuntime + offset) >> 2] = 0;
  }
  if (module.wasmTable.length !== wanted) throw new Error(`a table of ${module.wasmTable.length} functions, not ${wanted}`);
};

/**
 * Undo `fold`, which made the memory small: pieces of it stand in files that are fetched anyway, or in itself before.
 * @param {Uint8Array} folded
 * @param {Uint8Array[]} files
 */
const unfold = (folded, files) => {
  const [count, size] = new Uint32Array(folded.buffer, folded.byteOffset, 2);
  const numbers = new Uint32Array(folded.buffer, folded.byteOffset + 8, 3 * count);
  const before = new Uint8Array(files.reduce((sum, { length }) => sum + length, 0));
  files.reduce((at, file) => (before.set(file, at), at + file.length), 0);
  const memory = new Uint8Array(size);
  let [next, done] = [8 + numbers.byteLength, 0];
  for (let i = 0; i < count; i++) {
    const [fresh, length, from] = [numbers[i], numbers[count + i], numbers[2 * count + i]];
    memory.set(folded.subarray(next, next + fresh), done);
    [next, done] = [next + fresh, done + fresh];
    if (from < before.length) memory.set(before.subarray(from, from + length), done);
    else memory.copyWithin(done, from - before.length, from - before.length + length);
    done += length;
  }
  memory.set(folded.subarray(next), done);
  return memory;
};

/**
 * Put the memory of the snapshot in place, and load the libraries where they were.
 * @param {any} module
 * @param {Uint8Array} heap
 * @param {Snapshot} snapshot
 * @param {Promise<WebAssembly.Module>[]} compiled the libraries
 */
const restore = async (module, heap, snapshot, compiled) => {
  const memory = heap.subarray(new Uint32Array(heap.buffer, heap.byteOffset, 2)[1]);
  fitTable(module, memory, snapshot.before);
  module.HEAP8.set(memory);
  for (const [index, { name, handle }] of snapshot.libraries.entries()) {
    const library = module.newDSO(name, handle, "loading");
    const how = { loadAsync: true, nodelete: true, allowUndefined: false };
    library.exports = await module.loadWebAssemblyModule(await compiled[index], how, name, {}, handle);
    library.global = false;
    for (const [key, value] of Object.entries(library.exports))
      if (key.startsWith("PyInit_")) module.addFunction(value, value.sig);
  }
  if (module.wasmTable.length !== snapshot.after) throw new Error(`a table of ${module.wasmTable.length} functions, not ${snapshot.after}`);
};

/**
 * @param {string} indexURL where Pyodide looks for its own files
 * @param {Read} read
 * @returns {Promise<any>} Pyodide, with NumPy, the package and the kernel imported
 */
const fromSnapshot = async (indexURL, read) => {
  const scope = /** @type {any} */ (globalThis);
  const [text, folded, wasm, own] = ["snapshot.json", "heap.bin", "pyodide.asm.wasm", "nnnotes.zip"].map(read);
  const snapshot = JSON.parse(new TextDecoder().decode(await text));
  /** @type {Promise<Uint8Array>[]} */
  const libraries = snapshot.libraries.map((/** @type {Library} */ { file }) => read(file));
  const heap = Promise.all([wasm, own, ...libraries]).then(async (files) => unfold(await folded, files));
  const compiled = libraries.map(async (library) => WebAssembly.compile(/** @type {any} */ (await library)));
  const create = scope._createPyodideModule;
  scope._createPyodideModule = async (/** @type {any} */ settings) => {
    const module = await create(settings);
    await restore(module, await heap, snapshot, compiled);
    return module;
  };
  try {
    const python = await scope.loadPyodide({ indexURL, env: ENVIRONMENT, _loadSnapshot: heap });
    if (python.runPython("int(nnnotes.relu(numpy.array([-3.0, 2.0])).sum())") !== 2) throw new Error("a wrong answer");
    // Its sources, for what shows them, and its data.
    python.unpackArchive(await own, "zip", { extractDir: PACKAGES });
    return python;
  } finally {
    scope._createPyodideModule = create;
  }
};

/**
 * @param {string} indexURL
 * @param {Read} read
 */
const plainly = async (indexURL, read) => {
  const archives = ["numpy.zip", "base.zip", "nnnotes.zip", "imported.zip"].map(read);
  const python = await /** @type {any} */ (globalThis).loadPyodide({ indexURL, env: ENVIRONMENT });
  for (const archive of archives) python.unpackArchive(await archive, "zip", { extractDir: PACKAGES });
  python.runPython("from snapshot import *");
  return python;
};

/** What a snapshot has imported, so that its archives come only when something else of them is imported. */
const NOT_THERE = [["python_stdlib", "python_stdlib.zip"], ["numpy", "numpy.zip"], ["jaxtyping", "base.zip"], ["tqdm", "base.zip"], ["wadler_lindig", "base.zip"]];

/**
 * Start Python in whichever way works, and connect the kernel.
 * @param {object} means
 * @param {string} means.indexURL
 * @param {Read} means.read
 * @param {(message: string) => void} means.tell what takes what cells print, as JSON
 * @param {(name: string) => Uint8Array} means.fetchNow what gets an archive, compressed, while Python waits
 * @param {boolean} [means.plain] whether to leave the snapshot alone
 * @returns {Promise<{ask: (request: string) => string, how: "snapshot" | "plain", python: any}>}
 */
const startPython = async ({ indexURL, read, tell, fetchNow, plain = false }) => {
  watchInstances();
  let python;
  let how = /** @type {"snapshot" | "plain"} */ ("snapshot");
  try {
    if (plain) throw new Error("as asked");
    python = await fromSnapshot(indexURL, read);
  } catch {
    // Such as in an engine whose tables are of another length.
    how = "plain";
    python = await plainly(indexURL, read);
  }
  const kernel = python.pyimport("kernel");
  kernel.set_up(tell, fetchNow, how === "snapshot" ? NOT_THERE : []);
  return { ask: (request) => kernel.do(request), how, python };
};

// For the worker, and for Node.
Object.assign(globalThis, { startPython });
if (typeof module !== "undefined") module.exports = { ENVIRONMENT, PACKAGES, unfold };
