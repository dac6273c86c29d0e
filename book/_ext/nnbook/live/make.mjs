// Prepares the runtime, by the runtime itself:
//   node make.mjs FOLDER compile NAME...   compiles the Python in archives, so that no reader waits for that
//   node make.mjs FOLDER snapshot NAME...  starts Python, imports what every page needs, and writes its memory down
// FOLDER holds pyodide/, start.js, and the archives; snapshot.py, in the package's, says what is imported.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import { fold } from "./fold.mjs";

const [folder, task, ...names] = process.argv.slice(2);
const inside = (...parts) => path.resolve(folder, ...parts);
const require = createRequire(import.meta.url);
const { loadPyodide } = require(inside("pyodide", "pyodide.js"));
const { ENVIRONMENT, PACKAGES } = require(inside("start.js"));
// Node would show the line that threw, which in Pyodide is a megabyte.
process.on("uncaughtException", (error) => {
  fs.writeSync(2, `${error.stack}\n`);
  process.exit(1);
});
const options = { indexURL: inside("pyodide") + path.sep, env: ENVIRONMENT };

// Modules become .pyc in their place; those whose code tracebacks and listings show keep their source beside it. The
// others go without docstrings, but for modules that need their own when they start.
const COMPILE = `
import importlib._bootstrap_external as bootstrap, importlib.util, io, re, zipfile

def compiled(path, where, keep):
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        def put(name, data):
            new.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
        for name in old.namelist():
            data = old.read(name)
            if not name.endswith(".py"):
                put(name, data)
                continue
            optimize = 0 if keep or re.search("_core/(multiarray|overrides)[.]py|pyodide/", name) else 2
            code = compile(data, f"{where}/{name}", "exec", dont_inherit=True, optimize=optimize)
            pyc = bytes(bootstrap._code_to_hash_pyc(code, importlib.util.source_hash(data), False))
            if keep:
                put(name, data)
                put(re.sub(r"([^/]+)[.]py$", r"__pycache__/\\1.cpython-312.pyc", name), pyc)
            else:
                put(name + "c", pyc)
    with open(path, "wb") as file:
        file.write(out.getvalue())
`;

// What a snapshot has imported need not be fetched compiled with it, but for a plain start.
const SPLIT = `
def split(path, imported):
    import sys, zipfile
    cached = {getattr(one.__spec__, "cached", None) for one in list(sys.modules.values()) if getattr(one, "__spec__", None)}
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile("/rest.zip", "w") as rest, zipfile.ZipFile(imported, "w") as other:
        for one in whole.infolist():
            (other if f"{SITE}/{one.filename}" in cached else rest).writestr(one, whole.read(one))
`;

/** Fill with zeros what is free: what was there before would be sent to each reader. */
const clear = (module) => {
  const { _PyMem_RawMalloc: take, _PyMem_RawFree: release } = module;
  const beyond = take(4 << 20); // no gap is as large
  release(beyond);
  const taken = [];
  for (let size = 2 << 20; size >= 16; size /= 2) {
    for (let at = take(size); ; at = take(size)) {
      module.HEAPU8.fill(0, at, at + size);
      taken.push(at);
      if (at >= beyond) break;
    }
  }
  taken.forEach(release);
};

if (task === "compile") {
  const python = await loadPyodide(options);
  python.runPython(COMPILE);
  for (const name of names) {
    python.FS.writeFile("/archive.zip", fs.readFileSync(inside(name)));
    const where = name === "python_stdlib.zip" ? "/lib/python312.zip" : PACKAGES;
    python.globals.get("compiled")("/archive.zip", where, name === "nnnotes.zip");
    fs.writeFileSync(inside(name), python.FS.readFile("/archive.zip"));
  }
} else {
  const python = await loadPyodide({ ...options, _makeSnapshot: true });
  const module = python._module;
  const before = module.wasmTable.length;
  for (const name of names) python.unpackArchive(new Uint8Array(fs.readFileSync(inside(name))), "zip", { extractDir: PACKAGES });
  python.runPython("from snapshot import *");
  // Libraries are loaded again in a browser: each at the place in memory and in the table where it is now.
  const libraries = Object.entries(module.LDSO.loadedLibsByHandle)
    .filter(([handle]) => Number(handle))
    .map(([handle, { name }]) => ({ handle: Number(handle), name, tableBase: module.HEAPU32[(Number(handle) + 20) >> 2] }))
    .sort((one, other) => one.tableBase - other.tableBase);
  fs.mkdirSync(inside("libraries"), { recursive: true });
  python.FS.writeFile("/whole.zip", fs.readFileSync(inside("nnnotes.zip")));
  python.runPython(`SITE = ${JSON.stringify(PACKAGES)}\n${SPLIT}\nsplit("/whole.zip", "/imported.zip")\ndel SITE, split`);
  fs.writeFileSync(inside("nnnotes.zip"), python.FS.readFile("/rest.zip"));
  fs.writeFileSync(inside("imported.zip"), python.FS.readFile("/imported.zip"));
  const files = [fs.readFileSync(inside("pyodide", "pyodide.asm.wasm")), fs.readFileSync(inside("nnnotes.zip"))];
  for (const library of libraries) {
    library.file = library.name.split("/").pop();
    files.push(python.FS.readFile(library.name));
    fs.writeFileSync(inside("libraries", library.file), files.at(-1));
  }
  clear(module);
  fs.writeFileSync(inside("heap.bin"), fold(python.makeMemorySnapshot(), files));
  const fitness = { before, after: module.wasmTable.length, libraries };
  fs.writeFileSync(inside("snapshot.json"), JSON.stringify(fitness));
}
process.exit(0);
