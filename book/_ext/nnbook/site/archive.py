"""Put the built site into one archive, with its checksum: the same archive for the same site.

Unpacked, it is read without a server: open index.html. The date of all files is that of the last commit. With
--compressed, texts have twins beside them, .gz and .br, for a host that sends these.
"""

import gzip
import hashlib
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import brotli

ROOT = Path(__file__).parents[4]
SITE = ROOT / "_build" / "html"
NAME = "nnnotes-book"
EARLIEST = 315532800  # 1980, when the format's calendar starts
TEXTS = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".ipynb"}


def date() -> tuple[int, ...]:
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if seconds is None:
        command = ["git", "log", "-1", "--format=%ct"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        seconds = done.stdout.strip() or "0"
    return time.gmtime(max(int(seconds), EARLIEST))[:6]


def contents(site: Path, compressed: bool) -> dict[str, bytes]:
    """Return the files of a site by their names, without hidden ones."""
    found = {}
    for path in site.rglob("*"):
        name = path.relative_to(site).as_posix()
        if path.is_file() and not any(part[0] == "." for part in name.split("/")):
            data = found[name] = path.read_bytes()
            if compressed and path.suffix in TEXTS:
                found[f"{name}.gz"] = gzip.compress(data, 9, mtime=0)
                found[f"{name}.br"] = brotli.compress(data)
    return dict(sorted(found.items()))


def archive(site: Path, target: Path, compressed: bool = False) -> str:
    """Write the archive and, beside it, its SHA-256; return that."""
    when = date()
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as file:
        for name, data in contents(site, compressed).items():
            entry = zipfile.ZipInfo(f"{NAME}/{name}", when)
            packed = name.endswith(".bin")  # is compressed already
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # Unix, wherever it is made
            file.writestr(entry, data, compresslevel=9)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    target.with_name(f"{target.name}.sha256").write_text(f"{digest}  {target.name}\n")
    return digest


if __name__ == "__main__":
    if not (SITE / "index.html").is_file():
        sys.exit("There is no site yet: run make book.")
    made = ROOT / "_build" / f"{NAME}.zip"
    print(archive(SITE, made, "--compressed" in sys.argv), made.relative_to(ROOT))
