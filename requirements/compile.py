"""Write the lock files anew: exact versions with hashes, for all platforms and Python 3.11 and newer.

Without an option the versions stay as they are, but for what pyproject.toml asks for; with --upgrade all are renewed.
`make lock` does the latter. uv must be installed: it is in build.txt.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
COMPILE = [
    *("uv", "pip", "compile", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-find-links", "--no-emit-index-url"),
    *("--custom-compile-command", "make lock", "--quiet", *sys.argv[1:]),
]
LOCKS = {
    "build.txt": ["-"],
    "dev.txt": ["--group", "dev", "pyproject.toml"],
    "oldest.txt": [
        "--resolution",
        "lowest-direct",
        "--group",
        "oldest",
        "pyproject.toml",
    ],
    "live.txt": ["--group", "live", "pyproject.toml"],
}

# Behind a company's proxy it is the system that knows the proxy's certificate; uv asks it only where this is set.
os.environ.setdefault("UV_SYSTEM_CERTS", "1")
# The uv of this environment, if there is one.
folder = str(Path(sys.executable).parent)
os.environ["PATH"] = os.pathsep.join([folder, os.environ["PATH"]])
for name, inputs in LOCKS.items():
    subprocess.run(
        [*COMPILE, "--output-file", f"requirements/{name}", *inputs],
        input="uv\nhatchling\neditables\n",
        text=True,
        cwd=HERE.parent,
        check=True,
    )
