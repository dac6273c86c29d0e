"""Put the built site into one archive, with its checksum: the same archive for the same site.

Unpacked, it is read without a server: open index.html. The compressed twins of the files, which are for servers, stay
out; the date of all files is that of the last commit.
"""

import hashlib
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
NAME = "nnnotes-book"
EARLIEST = 315532800  # 1980, when the format's calendar starts


def date() -> tuple[int, ...]:
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if seconds is None:
        command = ["git", "log", "-1", "--format=%ct"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        seconds = done.stdout.strip() or "0"
    return time.gmtime(max(int(seconds), EARLIEST))[:6]


def archive(site: Path, target: Path) -> str:
    """Write the archive and, beside it, its SHA-256; return that."""
    when = date()
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as file:
        for path in sorted(
            site.rglob("*"), key=lambda path: path.relative_to(site).as_posix()
        ):
            name = path.relative_to(site).as_posix()
            hidden = any(part.startswith(".") for part in name.split("/"))
            if not path.is_file() or hidden or path.suffix in (".gz", ".br"):
                continue
            entry = zipfile.ZipInfo(f"{NAME}/{name}", when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # Unix, wherever it is made
            file.writestr(entry, path.read_bytes(), compresslevel=9)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    target.with_name(f"{target.name}.sha256").write_text(f"{digest}  {target.name}\n")
    return digest


if __name__ == "__main__":
    if not (SITE / "index.html").is_file():
        sys.exit("There is no site yet: run make book.")
    made = ROOT / "_build" / f"{NAME}.zip"
    print(archive(SITE, made), made.relative_to(ROOT))
