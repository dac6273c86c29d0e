"""Fetch the inventories that `_config.yml` maps: the names in other projects' documentation. Needs the network."""

import urllib.request
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
for address, inventory in config["sphinx"]["config"]["intersphinx_mapping"].values():
    with urllib.request.urlopen(f"{address}/objects.inv", timeout=60) as answer:
        content = answer.read()
    if not content.startswith(b"# Sphinx inventory version 2"):
        raise SystemExit(f"{address}/objects.inv is no inventory")
    (ROOT / "book" / inventory).write_bytes(content)
    print(f"{inventory}: {len(content):,} bytes")
