"""What the parts of the book's extension do, where a page of the whole book would not show that they no longer do."""

import ast
import base64
import dataclasses
import hashlib
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import jaxtyping
import numpy as np
import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document
from nbformat import v4
from sphinx.config import Config
from sphinx.errors import ConfigError, ExtensionError
from sphinxcontrib import katex as stock

import nnbook
import nnnotes
from helpers.books import SmallBook
from nnbook.colours import ASSETS, COLOURS, logo, variables
from nnbook.content import api, exercises, formulas, objects, predict, quiet
from nnbook.html import assets, builds, fonts, katex, notebooks, pages, policy, theme
from nnbook.html import search as searching
from nnbook.run import cells, counts

EXTENSION = Path(nnbook.__file__).parent


def functions() -> list[tuple[str, ast.AST]]:
    return [
        (f"{path.relative_to(EXTENSION)}:{node.lineno}", node)
        for path in EXTENSION.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8")))
        if isinstance(node, ast.FunctionDef)
    ]


def depth(node: ast.AST) -> int:
    """How deep the blocks in a node are nested; elif is no deeper than if."""
    blocks = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.FunctionDef)
    inner = [depth(child) for child in ast.iter_child_nodes(node)]
    chained = isinstance(node, ast.If) and [type(one) for one in node.orelse] == [
        ast.If
    ]
    own = isinstance(node, blocks)
    if chained:
        body = [depth(child) for child in (*node.body, node.test)]
        return max(1 + max(body), depth(node.orelse[0]))
    return own + max(inner, default=0)


@pytest.mark.parametrize(("place", "function"), functions())
def test_no_function_is_nested_deeper_than_four(place: str, function: ast.AST) -> None:
    assert depth(function) - 1 <= 4, place


def test_hooks_are_connected_in_one_place_and_explained() -> None:
    """And each event of the guide's table is one at which something is connected."""
    guide = (EXTENSION.parent / "README.md").read_text(encoding="utf8")
    table = re.findall(r"^\| `([\w-]+)` \|(.*)", guide, re.MULTILINE)
    hooks = [*nnbook.ALWAYS, *nnbook.SITE]
    told = {
        (event, name)
        for event, row in table
        for name in re.findall(r"`(\w+\.\w+)`", row)
    }
    assert told == {
        (event, f"{hook.__module__.split('.')[-1]}.{hook.__name__}")
        for event, _, hook in hooks
    }
    for path in EXTENSION.rglob("*.py"):
        text = path.read_text(encoding="utf8")
        assert path.name == "__init__.py" or ".connect(" not in text, path


def test_colours_stand_in_one_place() -> None:
    """In the extension, the styles, the settings and the logo, none is written out but white."""
    book = ASSETS.parent
    sources = [*EXTENSION.rglob("*.py"), ASSETS / "book.css", ASSETS / "logo.svg"]
    sources += [*(book / "_ipython").rglob("*.py"), book.parent / "_config.yml"]
    for path in sources:
        assert not re.search("#[0-9a-fA-F]{6}", path.read_text(encoding="utf8")), path
    assert COLOURS["light"].keys() - COLOURS["dark"].keys() == {"color-logo-dot"}
    svg = logo()
    assert f'"{COLOURS["light"]["color-brand-primary"]}"' in svg
    assert "color-" not in svg
    said = variables()
    light, dark = said.split("@media not print")
    for kind, declared in (("light", light), ("dark", dark)):
        for name, value in COLOURS[kind].items():
            assert f"--{name}:{value}" in declared
    assert dark.count("body[data-theme=dark]{") == 1
    assert "(prefers-color-scheme:dark){body:not([data-theme=light]){" in dark
    assert said.count("{") == said.count("}")


def test_katexs_styles_and_renderer_are_of_one_version() -> None:
    css = (ASSETS / "katex" / "katex.min.css").read_text(encoding="utf8")
    (styles,) = re.findall(r'\.katex-version:after\{content:"([\d.]+)"', css)
    assert re.findall(r'version:"([\d.]+)"', katex.KATEX.read_text()) == [styles]
    assert stock.katex_version == styles


def test_formulas_are_rendered_or_said_to_be_wrong() -> None:
    html, problem = katex.rendered("\\alpha\n+ δ", {"displayMode": True})
    assert 'class="katex-display"' in html
    assert "δ" in html
    assert problem == ""
    html, problem = katex.rendered(r"\alfa", {})
    assert html == ""
    assert r"Undefined control sequence: \alfa" in problem


def test_a_renderer_that_has_ended_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-c", ""]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf8"}
    with subprocess.Popen(command, **pipes) as ended:
        ended.wait(30)
        monkeypatch.setattr(katex, "renderer", lambda: ended)
        with pytest.raises(ExtensionError, match="Node, which renders the formulas"):
            katex.rendered("x", {})
        with pytest.raises(BrokenPipeError):  # what was to be sent
            ended.stdin.close()


def test_api_says_shapes_as_a_reader_does_and_functions_by_name() -> None:
    array = ":py:class:`array <numpy.ndarray>`"
    for shape, text in (("n_out m", "(n_out, m) "), ("n", "(n,) "), ("*any", "")):
        said = api.typehint(jaxtyping.Float[np.ndarray, shape], None)
        assert said == text + array
    assert api.typehint(jaxtyping.Integer[np.ndarray, "m"], None).endswith(
        "of integers"
    )
    assert api.typehint(np.ndarray, None) == array
    lines = ["solve=<function secant at 0x7f00aa>"]
    api.name_functions(None, "function", "f", None, {}, lines)
    assert lines == ["solve=secant"]


@pytest.mark.parametrize("name", ["html_baseurl", "nnnotes_repository"])
def test_around_takes_no_address_that_is_none(name: str) -> None:
    def config(**settings: str) -> Config:
        made = Config(overrides=settings)
        for setting in ("html_baseurl", "nnnotes_repository"):
            made.add(setting, "", "html", [str])
        made.add("nnnotes_commit", "", "html", [str])
        made.init_values()
        return made

    app = SimpleNamespace(srcdir=EXTENSION)

    right = {"html_baseurl": "https://a.org/b", "nnnotes_repository": "https://c.org/"}
    found = config(**right)
    pages.follow_environment(app, found)
    assert found.html_baseurl == "https://a.org/b/"
    assert found.nnnotes_repository == "https://c.org"
    with pytest.raises(ConfigError, match=f"{name} .*expected an address"):
        pages.follow_environment(app, config(**{**right, name: "a.org/b"}))


def test_around_knows_no_day_where_a_part_of_the_history_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*arguments: str, day: str = "2024-02-03") -> None:
        name = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        moment = {"GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
        subprocess.run(
            ["git", *name, *arguments],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            env=os.environ | moment,
        )

    git("init", "-q", "first")
    inside = tmp_path / "first"
    for day, page in (("2024-02-03", "old.md"), ("2025-06-07", "new.md")):
        (inside / page).write_text("text")
        git("-C", "first", "add", ".")
        git("-C", "first", "commit", "-qm", "Add a page", day=day)
    known = {"old.md": "2024-02-03", "new.md": "2025-06-07"}
    assert pages.days(inside) == known
    git("clone", "-q", "--depth=1", inside.as_uri(), "part")
    assert pages.days(tmp_path / "part") == {}
    monkeypatch.setenv("PATH", "")
    assert pages.days(inside) == {}


def test_around_describes_a_page_by_what_one_will_learn_in_one_short_line() -> None:
    page = new_document("page")
    long = "**You need** nothing. You will learn " + "one thing, " * 40
    page += nodes.paragraph("", "", nodes.Text("Short."))
    page += nodes.paragraph("", "", nodes.Text(long))
    said = pages.described(page)
    assert said.startswith("You will learn one thing,")
    assert re.fullmatch(r"(?:\w+,? )+\.\.\.", said)
    assert len(said) <= pages.LONGEST + 4
    assert pages.tag("a", '"<&') == '<meta name="a" content="&quot;&lt;&amp;">'


def test_assets_are_smaller_and_mean_the_same() -> None:
    css = "/* a\n b */ a  b { c : d;\n  e: calc(1px + 2px); }\n.f :hover, g { h: i }"
    assert assets.minified(css) == "a b{c : d;e: calc(1px + 2px)}.f :hover,g{h: i}"


def test_download_writes_markdown_that_means_what_the_page_says() -> None:
    numbers = {"displaymath": {"equation-e": (2, 1)}}
    made = notebooks.Markdown("https://a.org/b/c.html", numbers, [])
    plain = notebooks.Markdown("", {}, [])
    text = nodes.paragraph("", "", nodes.Text("2*3 [x]_y `a` <b> $5"))
    assert made.block(text) == r"2\*3 \[x\]\_y \`a\` \<b\> \$5"
    title = nodes.inline("", "The table", classes=["std", "std-ref"])
    link = nodes.reference("", "", title, refuri="d.html#e")
    away = nodes.reference("", "", nodes.Text("away"), refuri="https://d.org/")
    assert made.piece(link) == "[The table](https://a.org/b/d.html#e)"
    assert made.piece(away) == "[away](https://d.org/)"
    assert plain.piece(link) == "*The table*"
    formula = nodes.math_block("", "a = b", ids=["equation-e"])
    assert made.block(formula) == "$$\na = b \\tag{2.1}\n$$"
    assert plain.block(formula) == "$$\na = b\n$$"
    entry = nodes.entry("", nodes.paragraph("", "", nodes.math("", "|z|")))
    entry += nodes.paragraph("", "", nodes.literal("", "a | b"))
    assert made.entry(entry) == r"$\vert z\vert $<br>`a \| b`"
    items = [nodes.list_item("", nodes.paragraph("", word)) for word in ("one", "two")]
    items[1] += formula
    numbered = nodes.enumerated_list("", *items, start=3)
    assert made.block(numbered) == "3. one\n4. two\n\n   $$\n   a = b \\tag{2.1}\n   $$"
    assert made.block(nodes.raw("", "<div>", format="html")) == ""
    why = predict.folded_answer("", nodes.paragraph("", "It is."))
    asked = predict.prediction("", nodes.paragraph("", "Is it?"), why)
    folded = "<details><summary>The answer</summary>\n\nIt is.\n\n</details>"
    assert made.block(asked) == f"**Predict first**\n\nIs it?\n\n{folded}"


def test_download_joins_prose_but_no_headings_and_no_empty_cells() -> None:
    texts = ["a", "b", "# c", "", "d"]
    cells = [v4.new_markdown_cell(text) for text in texts]
    cells.insert(4, v4.new_code_cell("e"))
    joined = notebooks.merged(cells)
    assert [one.source for one in joined] == ["a\n\nb", "# c", "", "e", "d"]


def test_download_has_a_cell_to_answer_in_after_each_exercise() -> None:
    def exercise(number: int, kind: str, *said: nodes.Node) -> nodes.container:
        title = nodes.rubric("", f"Exercise {number} · {exercises.KINDS[kind]}")
        paragraph = nodes.paragraph("", "Do it. ", *said)
        return nodes.container(
            "", title, paragraph, classes=["exercise"], ids=[f"exercise-{number}"]
        )

    check = nodes.literal("", 'exercises.check("hat",\n hat)')
    solved = exercises.solution("", nodes.paragraph("", "Done."), number=2)
    page = nodes.section(
        "",
        exercise(1, "hand"),
        exercises.more("", exercise(2, "code", check), solved),
    )
    made = notebooks.Markdown("", {}, [])
    made.walk(page)
    said, answer, heading, _, code = made.chapter
    assert said.source.startswith("**Exercise 1 · by hand**")
    assert (answer.cell_type, answer.source) == ("markdown", "")
    assert heading.source == "# More exercises"
    assert code.source.endswith('\n# exercises.check("hat", hat)')
    assert compile(code.source, "answer", "exec")
    assert [one.source.splitlines()[0] for one in made.solutions] == [
        "**Exercise 2 · write code**",
        "**Solution to exercise 2**",
        "Done.",
    ]


def first_cell(known: str) -> str:
    config = SimpleNamespace(nnnotes_requirement=known)
    return notebooks.install(SimpleNamespace(config=config)).source


@pytest.mark.parametrize(
    ("installed", "problem"),
    [
        (["numpy", "first-hour-nn"], None),
        (["numpy"], "package is missing here"),
        (["nnnotes"], "is another project's"),
        (["nnnotes", "first-hour-nn"], "is another project's"),
    ],
)
def test_the_first_cell_knows_the_books_package_from_anothers(
    monkeypatch: pytest.MonkeyPatch, installed: list[str], problem: str | None
) -> None:
    found = [SimpleNamespace(name=name) for name in installed]
    monkeypatch.setattr("importlib.metadata.distributions", lambda: found)
    code = first_cell("")
    if problem:
        with pytest.raises(ImportError, match=problem):
            exec(code, {})
    else:
        exec(code, {})
    assert first_cell("a @ b").endswith('%pip install --quiet "a @ b"')


@pytest.mark.parametrize(
    "name", ["nnnotes/a.py", "nnnotes/data/b.npz", "requirements/dev.txt"]
)
def test_execution_depends_on_the_package_and_the_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(cells, "ROOT", tmp_path)
    monkeypatch.setattr(cells, "__file__", str(tmp_path / "cells.py"))
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.touch()
    keys = []
    for text in ("", "changed", ""):
        (tmp_path / "cells.py").touch()
        path.write_text(text)
        keys.append(cells.key(cells.sources()))
    assert keys[0] == keys[2] != keys[1]
    path.rename(path.with_stem("other"))
    assert cells.key(cells.sources()) not in keys


def test_exercises_want_each_solution_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def gathered(*kinds: str) -> nodes.document:
        page = new_document("page")
        for kind in kinds:
            page += (
                exercises.boundary(kind=kind, number=7)
                if kind.startswith(("solution", "more"))
                else nodes.paragraph("", kind)
            )
        exercises.GatherFolds(page).apply()
        return page

    whole = gathered("before", "solution", "a", "b", "solution-end", "after")
    before, folded, after = whole.children
    assert isinstance(folded, exercises.solution)
    assert folded["number"] == 7
    assert [child.astext() for child in folded.children] == ["a", "b"]
    assert all(child.parent is folded for child in folded.children)
    assert (before.astext(), after.astext()) == ("before", "after")
    nested = gathered(
        "more-exercises", "solution", "a", "solution-end", "more-exercises-end"
    )
    (more,) = nested.children
    assert isinstance(more, exercises.more)
    assert isinstance(more[0], exercises.solution)
    said: list[str] = []
    monkeypatch.setattr(
        exercises.logger, "warning", lambda text, **_: said.append(text)
    )
    for kinds, problem in (
        (("solution", "a"), "{solution} without {solution-end}"),
        (("a", "solution-end"), "{solution-end} without {solution}"),
        (("more-exercises",), "{more-exercises} without {more-exercises-end}"),
    ):
        left = gathered(*kinds)
        assert not list(left.findall(exercises.boundary))
        assert said == [problem]
        said.clear()
    with pytest.raises(ValueError, match="sing"):
        exercises.kind("sing")


def cell(code: str, **settings: object) -> nodes.container:
    """A cell as MyST-NB makes it."""
    block = nodes.literal_block(code, code)
    return nodes.container(
        "",
        nodes.container("", block, nb_element="cell_code_source"),
        nodes.container("", nb_element="cell_code_output"),
        nb_element="cell_code",
        cell_metadata={"mystnb": settings},
        classes=["cell"],
    )


@pytest.mark.parametrize(
    ("code", "settings", "kind", "line"),
    [
        ("import numpy as np\nfrom math import pi", {}, "imports", "Imports"),
        ("# Setup: data\nX = 1", {}, "setup", "Setup: data"),
        ("fig, ax = plt.subplots()", {"image": {}}, "drawn", "How this is drawn"),
        ("# ✓ It is so,\n#   and so.\nassert 1", {}, "claim", "It is so, and so."),
        ("import math\nprint(math.pi)", {}, None, None),
        ("# ✗ It is so.\nassert 1", {}, None, None),
        ("%matplotlib inline", {}, None, None),
        ("", {}, None, None),
    ],
)
def test_cells_are_folded_for_what_they_hold(
    code: str, settings: dict[str, object], kind: str | None, line: str | None
) -> None:
    page = new_document("page")
    page += cell(code, **settings)
    quiet.FoldCells(page).apply()
    folds = list(page.findall(quiet.fold))
    assert [fold["classes"] for fold in folds] == ([[kind]] if kind else [])
    if folds:
        assert folds[0][0].astext() == line
        # A claim is one fold; elsewhere what the cell has printed, or drawn, stays open.
        outputs = "cell_code_output" in str(folds[0])
        assert outputs == (kind == "claim")
        assert "✓" not in page.astext()


def test_time_to_read_counts_words_formulas_and_lines_that_show() -> None:
    page = new_document("page")
    page += nodes.paragraph("", "Six words of which none counts.")
    assert quiet.seconds(page) == pytest.approx(6 / 180 * 60)
    page += nodes.paragraph("", "", nodes.math("z", "z"), nodes.literal("a b", "a b"))
    assert quiet.seconds(page) == pytest.approx(2 + 4)
    page += cell("a = 1\n\nb = 2")
    assert quiet.seconds(page) == pytest.approx(2 + 4 + 8)
    page += cell("# ✓ Three words here.\nassert 1")
    quiet.FoldCells(page).apply()
    assert quiet.seconds(page) == pytest.approx(2 + 4 + 8 + 1)
    page += exercises.solution("", nodes.paragraph("", "Not counted."))
    page += nodes.container("", nodes.paragraph("", "Nor this."), classes=["exercise"])
    assert quiet.seconds(page) == pytest.approx(15)


def test_a_listing_can_show_the_lines_that_teach() -> None:
    shown = formulas.lines_that_teach(
        formulas.code_without_docstrings(nnnotes.activations.Sigmoid)
    )
    assert shown.startswith('class Sigmoid:\n    formula = "1 / (1 + exp(-z))"\n')
    assert "    def value(self, z):\n" in shown
    assert not re.search("ClassVar|Float|dataclass|->|range", shown)
    backward = formulas.lines_that_teach(
        formulas.code_without_docstrings(nnnotes.Dense.backward)
    )
    assert backward.startswith("def backward(self, dA, cache")
    assert "    db = dZ.sum(axis=1, keepdims=True)" in backward
    source = "@checked\ndef f(x: int, *, n: int) -> int:\n"
    source += "    check_count('n', n)\n    if n > x:\n        raise ValueError\n"
    source += "    # Why.\n    if x:\n        n += x\n    return n"
    kept = "def f(x, *, n):\n    # Why.\n    if x:\n        n += x\n    return n"
    assert formulas.lines_that_teach(source) == kept


def test_family_cites_the_first_reference_of_each_activation() -> None:
    keys = re.findall(
        r"@\w+\{(\w+),",
        (ASSETS.parent / "references.bib").read_text(encoding="utf8"),
    )
    cited = 0
    for g in nnnotes.activations.ALL:
        said = formulas.cited(g, keys)
        assert bool(said) == ("References:" in (inspect.getdoc(type(g)) or ""))
        cited += said.startswith("{cite:t}`")
    assert cited > 5
    assert formulas.cited(nnnotes.relu, keys) == "{cite:t}`nair2010`"
    assert formulas.cited(nnnotes.relu, []) == "Nair et al. (2010)"
    assert formulas.cited(nnnotes.softsign, []) == "Elliott (1993)"


def test_parameter_that_ends_in_an_underscore_is_no_reference() -> None:
    found = dataclasses.make_dataclass("Shrink", [("lambda_", float), ("alpha", float)])
    lines = [
        "if lambda_ is 0, ``lambda_`` or alpha.",
        ">>> Shrink(lambda_=1)",
        "lambda__",
    ]
    api.without_references(found, lines)
    assert lines == [r"if lambda\_ is 0, ``lambda_`` or alpha.", *lines[1:]]


def test_fonts_in_the_stylesheet_hold_what_the_formulas_show(tmp_path: Path) -> None:
    css = (ASSETS / "katex" / "katex.min.css").read_text()
    said = fonts.properties(css)
    base = '<span class="katex-html" aria-hidden="true"><span class="base">'
    page = (
        f'<p title="Ω">ω {base}<span class="strut" style="height:1em"></span>'
        '<span class="mord mathnormal">σ</span><span class="mopen">(</span>'
        '<span class="mord mathbf"><span>A</span></span>'
        '<span class="sizing reset-size6 size3 mtight"><span>&lt;1</span></span>'
        '<span class="delimsizing size2">[</span></span></span> and '
        f'{base}<span class="mord mathsf">T</span></span></span> x</p>'
    )
    assert len(fonts.formulas(page + page)) == 2
    found = fonts.characters(fonts.formulas(page), said)
    assert found == {
        ("Main", "normal", "400"): {"(", "<", "1", "["},
        ("Math", "italic", "400"): {"σ"},
        ("Main", "normal", "700"): {"A"},
        ("Size3", "normal", "400"): {"<", "1"},
        ("Size2", "normal", "400"): {"["},
        ("SansSerif", "normal", "400"): {"T"},
    }
    faces = fonts.with_fonts(css.replace("(fonts/", "(katex/fonts/"), found, tmp_path)
    cut = {
        match[1]: base64.b64decode(match[2])
        for match in re.finditer(
            r'font-family:"?KaTeX_(\w+)"?;[^}]*font/woff2;base64,([^)]*)\)', faces
        )
    }
    assert set(cut) == {"Main", "Math", "Size2", "SansSerif"}  # none for < and 1
    assert "fonts/" not in faces.replace("font/woff2", "")
    (tmp_path / "math.woff2").write_bytes(cut["Math"])
    assert set(fonts.codes(tmp_path / "math.woff2")) == {ord("σ")}
    whole = (fonts.KATEX / "fonts" / "KaTeX_Math-Italic.woff2").stat().st_size
    assert len(cut["Math"]) < whole / 5


def test_pages_with_formulas_wait_for_their_fonts() -> None:
    plain = "<head><title>σ</title></head>"
    assert fonts.at_once(plain) == plain
    page = plain + '<span class="katex-html">σ</span>'
    start, end = fonts.at_once(page).split("</head>")
    assert start.count("<script>") == 1
    assert "<script>" not in end


def test_package_shows_code_without_its_docstrings() -> None:
    code = formulas.code_without_docstrings(nnnotes.layers.Dense)
    assert code.startswith(("class Dense", "@"))
    assert '"""' not in code
    compile(code, "Dense", "exec")
    assert "def backward" in code
    found = objects.import_object("nnnotes.layers.Dense.backward")
    assert found is nnnotes.layers.Dense.backward
    relu = objects.instance("nnnotes.activations.ReLU")
    assert relu == nnnotes.relu
    for path, problem in (
        ("nowhere.at.all", "there is no module nowhere"),
        ("nnnotes.layer.Dense", "nnnotes has no layer; did you mean layers"),
        ("nnnotes.layers.Dense.bakward", "Dense has no bakward; did you mean backward"),
    ):
        with pytest.raises(objects.NoSuchObjectError, match=problem):
            objects.import_object(path)


def test_policy_knows_the_scripts_that_stand_in_a_page_and_no_other() -> None:
    html = '<script>a()</script><script src="b.js"></script><script id="c">\nd()\n</script>'

    def known(code: str) -> str:
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        return f"'sha256-{digest}'"

    found = policy.hashes(html)
    assert found == {known("a()"), known("\nd()\n")}
    said = dict(
        part.split(" ", 1) for part in policy.policy(found, ["x y"]).split("; ")
    )
    assert said["default-src"] == "'none'"
    assert found < set(said["script-src"].split())
    assert said["x"] == "y"
    for name, sources in said.items():
        allowed = set(sources.split())
        assert not allowed & {"*", "https:", "http:", "'unsafe-eval'"}, name
        assert name == "style-src-attr" or "'unsafe-inline'" not in allowed, name


def test_builds_let_go_of_inner_documents() -> None:
    page, other = new_document("page"), new_document("other")
    page += nodes.paragraph("", "", nodes.Text("text"))
    page[0].document = other
    builds.belong_to_one_document(None, page)
    assert {node.document for node in page.findall()} == {page}


def test_counts_know_what_cells_check_and_take_from_the_package() -> None:
    text = """%timeit assert 1
from nnnotes import relu, layers
from nnnotes.layers import Dense
import numpy as np
assert np.ones(2)
if relu:
    assert layers.initialize, nnnotes.tanh
"""
    tree = counts.parsed(text)
    assert counts.checks(tree) == 2
    assert counts.checks(counts.parsed("assert ==")) == 0
    names = {counts.public(*pair) for pair in counts.mentioned(tree)} - {None}
    assert names >= {"nnnotes.activations.ReLU", "nnnotes.layers.Dense"}
    assert "nnnotes.activations.Tanh" in names
    assert not [name for name in names if "numpy" in name]


def test_search_keeps_prose_and_code_apart() -> None:
    words = nodes.paragraph(
        "", "", nodes.Text("one\n two "), nodes.math("", "", nodes.Text("x^2"))
    )
    inner = nodes.section("", nodes.paragraph("", "", nodes.Text("not here")))
    light, dark = (
        nodes.image(alt=r"a curve, \alpha", classes=[f"only-{kind}"])
        for kind in ("light", "dark")
    )
    code = nodes.literal_block("", "a = 1\n")
    figure = nodes.literal_block("", "<Figure size 3x4 with 1 Axes>")
    shown = nodes.math_block("", "", nodes.Text(r"\frac{1}{n_{\text{in}}}"))
    said = searching.text_of(words, inner, light, dark, code, figure, shown)
    assert said == ["one two x^2 a curve, α", "a = 1 1/n_in"]


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"g'(z) = \max(0, z)", "g'(z) = max(0, z)"),
        (r"\tfrac12 \cdot \frac{1}{n_{\text{in}}}", "1/2 · 1/n_in"),
        (r"dA^{[l-1]} = W^{\mathsf{T}} dZ", "dA^[l-1] = Wᵀ dZ"),
        (r"\left(1 + e^{-z}\right)^{-1} \le \lambda\,\Delta", "(1 + e^-z)^-1 ≤ λ Δ"),
    ],
)
def test_search_reads_formulas_as_lines(latex: str, text: str) -> None:
    assert " ".join(searching.plain(latex).split()) == text


def test_theme_mends_what_the_html_of_others_lacks() -> None:
    page = (
        '<link rel="prefetch" href="logo.svg" as="image">'
        '<aside class="sidebar-drawer"></aside><aside class="toc-drawer no-toc"></aside>'
        '<a href="../index.html"><div class="brand">The book</div></a>'
        '<div class="header-right"></div><div class="left-details"></div>'
        '<input type="checkbox" class="sidebar-toggle"><p>a</p>\n'
        '<summary aria-label="x"><p class="b">c</p></summary>'
        f'<span class="math">z{katex.END}.) a <span class="math">b{katex.END} c'
        '<th class="head"><p></p></th>'
    )
    context = {
        "title": "<em>A</em> page",
        "docstitle": "The book",
        "pathto": lambda name: f"../{name}.html",
        "hasdoc": lambda name: True,
    }
    mended = theme.finished(page, "page.html", context)
    assert '<p>a</p>\n<summary><span class="b">c</span></summary>' in mended
    assert mended.endswith('<td class="head"></td>')
    assert "prefetch" not in mended
    assert mended.count(' aria-label="') == 4
    assert '<span class="math">z.)</span> a <span class="math">b</span> c' in mended
    assert '<a class="brand" href="#">A page</a>' in mended
    assert 'href="../search.html" aria-label="Search"' in mended
    assert '<div class="left-details"><a href="../about.html">About' in mended
    for part in ("sidebar-drawer", "toc-drawer", "sidebar-toggle"):
        with pytest.raises(ExtensionError, match=f"the theme's page.html.*{part}"):
            theme.finished(page.replace(part, "renamed"), "page.html", context)
    source = '<div>a</div><pre><div class="viewcode-block">b</div></pre><div>c</div>'
    assert theme.blocks_of_source(source) == (
        '<div>a</div><pre><span class="viewcode-block">b</span></pre><div>c</div>'
    )
    copy = SimpleNamespace(__module__="sphinx_copybutton", __name__="setup")
    own = SimpleNamespace(__module__="sphinx_design.shared", __name__="setup")
    assert theme.unwanted(copy)
    assert not theme.unwanted(own)


@pytest.mark.parametrize("name", ["Glorot", "He", "LeCun", "Orthogonal"])
def test_package_shows_the_formula_of_what_a_reader_makes(name: str) -> None:
    """Not that of the first member of ALL, which may have other arguments."""
    assert objects.instance(f"nnnotes.initializers.{name}") == getattr(nnnotes, name)()


def test_the_right_answer_of_a_prediction_is_a_claim_of_the_page(
    small_book: SmallBook,
) -> None:
    page = (
        "# A chapter\n\n```{predict} How much is $1 + 1$?\n- It is 3.\n- RIGHT\n\nBecause.\n```\n\n"
        "```{code-cell}\n# ✓ The sum $1 + 1$ is 2.\nassert 1 + 1 == 2\n```\n"
    )
    small_book.set_chapter(page.replace("RIGHT", "The sum $1 + 1$ is 2."))
    small_book.build_well()
    html = BeautifulSoup(small_book.page(), "html.parser")
    assert [item.get("class") for item in html.select(".predict > ul > li")] == [
        None,
        ["right"],
    ]
    assert "is 2.\nBecause." in html.select_one(".predict details").get_text()
    small_book.set_chapter(page.replace("RIGHT", "The sum is 2."))
    done = small_book.build("-W")
    assert done.returncode != 0
    assert "has to be a claim of this page" in done.stdout + done.stderr
