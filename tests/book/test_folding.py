"""The memory of a snapshot, folded when the book is built and unfolded in the browser."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from helpers.books import ROOT
from helpers.browsing import NODE

SCRIPT = """
import fs from "node:fs";
import { createRequire } from "node:module";
import { fold } from FOLD;
const { unfold } = createRequire(import.meta.url)(START);
const [memory, ...files] = process.argv.slice(2).map((name) => new Uint8Array(fs.readFileSync(name)));
const folded = fold(memory, files);
const back = unfold(new Uint8Array(folded), files);
console.log(folded.length, Buffer.compare(Buffer.from(back), Buffer.from(memory)));
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fold") / "run.mjs"
    text = SCRIPT.replace(
        "FOLD", repr((ROOT / "book/_ext/nnbook/live/fold.mjs").as_uri())
    )
    path.write_text(
        text.replace("START", repr(str(ROOT / "book/_assets/live/start.js")))
    )
    return path


def noise(size: int, seed: int) -> bytes:
    return np.random.default_rng(seed).bytes(size)


@pytest.mark.parametrize(
    ("memory", "files", "most"),
    [
        (b"", [b"", b"x" * 100], 8),
        (noise(31, 0), [noise(31, 0)], 39),
        (noise(5000, 0), [noise(64, 1)], 5008),
        # a piece of a file, with a byte before it that is no part of it
        (b"z" + noise(900, 2)[100:800], [noise(50, 1), noise(900, 2)], 8 + 12 + 1),
        # a piece of itself, at a distance and at once
        (noise(500, 3) + bytes(5000) + noise(500, 3), [noise(50, 1)], 5600),
        # what repeats at once is left to the compression
        (b"abc" * 1000, [b""], 3008),
        (bytes(10_000), [bytes(100)], 10_008),
        (noise(100, 4) * 7 + noise(33, 5) * 3, [noise(33, 5)], 8 + 12 * 9 + 150),
    ],
)
def test_what_was_folded_unfolds_to_the_same(
    script: Path, tmp_path: Path, memory: bytes, files: list[bytes], most: int
) -> None:
    paths = []
    for number, data in enumerate([memory, *files]):
        paths.append(tmp_path / f"{number}.bin")
        paths[-1].write_bytes(data)
    done = subprocess.run(
        [NODE, script, *paths], capture_output=True, text=True, check=True
    )
    size, different = map(int, done.stdout.split())
    assert not different
    assert size <= most
