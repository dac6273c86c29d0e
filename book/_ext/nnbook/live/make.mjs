// Prepares the runtime, by the runtime itself:
//   node make.mjs FOLDER compile NAME...   compiles the Python in archives, so that no reader waits for that
//   node make.mjs FOLDER snapshot NAME...  starts Python, imports what every page needs, and writes its memory down
// FOLDER holds pyodide/, start.js, and the archives; snapshot.py, in the package's, says what is imported.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";

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

// Modules become .pyc in their place; those whose code tracebacks and listings show keep their source beside it. NumPy
// needs its own docstrings when it starts; the other libraries go without.
const COMPILE = `
import importlib._bootstrap_external as bootstrap, importlib.util, io, re, zipfile

def compiled(path, keep, optimize):
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        def put(name, data):
            new.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
        for name in old.namelist():
            data = old.read(name)
            if not name.endswith(".py"):
                put(name, data)
                continue
            code = compile(data, f"{SITE}/{name}", "exec", dont_inherit=True, optimize=optimize)
            pyc = bytes(bootstrap._code_to_hash_pyc(code, importlib.util.source_hash(data), False))
            if keep:
                put(name, data)
                put(re.sub(r"([^/]+)[.]py$", r"__pycache__/\\1.cpython-312.pyc", name), pyc)
            else:
                put(name + "c", pyc)
    with open(path, "wb") as file:
        file.write(out.getvalue())
`;

if (task === "compile") {
  const python = await loadPyodide(options);
  python.runPython(`SITE = ${JSON.stringify(PACKAGES)}\n${COMPILE}`);
  for (const name of names) {
    python.FS.writeFile("/archive.zip", fs.readFileSync(inside(name)));
    const [keep, optimize] = name === "nnnotes.zip" ? ["True", 0] : ["False", name === "numpy.zip" ? 0 : 2];
    python.runPython(`compiled("/archive.zip", ${keep}, ${optimize})`);
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
  fs.writeFileSync(inside("heap.bin"), python.makeMemorySnapshot());
  fs.mkdirSync(inside("libraries"), { recursive: true });
  for (const library of libraries) {
    library.file = library.name.split("/").pop();
    fs.writeFileSync(inside("libraries", library.file), python.FS.readFile(library.name));
  }
  const fitness = { before, after: module.wasmTable.length, libraries };
  fs.writeFileSync(inside("snapshot.json"), JSON.stringify(fitness));
}
process.exit(0);
