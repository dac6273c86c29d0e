"""What each of the book's extensions does, where a page of the whole book would not show that it no longer does."""

import base64
import gzip
import hashlib
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest.mock import Mock

import brotli
import jaxtyping
import numpy as np
import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.errors import ConfigError

import nnnotes

EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"
NAMES = sorted(path.stem for path in EXTENSIONS.glob("*.py"))


@pytest.fixture(scope="module")
def ext() -> SimpleNamespace:
    """All extensions; they change other libraries in their ``setup`` alone, which is not called here."""
    sys.path.insert(0, str(EXTENSIONS))
    found: dict[str, ModuleType] = {name: __import__(name) for name in NAMES}
    sys.path.remove(str(EXTENSIONS))
    return SimpleNamespace(**found)


def app(folder: Path, **config: object) -> SimpleNamespace:
    builder = SimpleNamespace(format="html", get_target_uri=lambda page: f"{page}.html")
    settings = SimpleNamespace(**config)
    return SimpleNamespace(
        builder=builder, outdir=str(folder), srcdir=str(folder), config=settings
    )


def test_api_says_shapes_as_a_reader_does_and_functions_by_name(ext) -> None:
    array = ":py:class:`array <numpy.ndarray>`"
    for shape, text in (("n_out m", "(n_out, m) "), ("n", "(n,) "), ("*any", "")):
        said = ext.api.typehint(jaxtyping.Float[np.ndarray, shape])
        assert said == text + array
    assert ext.api.typehint(jaxtyping.Integer[np.ndarray, "m"]).endswith("of integers")
    assert ext.api.typehint(np.ndarray) == array
    lines = ["solve=<function secant at 0x7f00aa>"]
    ext.api.name_functions(None, "function", "f", None, {}, lines)
    assert lines == ["solve=secant"]


def test_api_pages_are_read_again_when_chapters_use_other_objects(
    ext, tmp_path: Path
) -> None:
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    cell = "```{code-cell}\n---\nmystnb: {}\n---\nfrom nnnotes import Dense\n```\n"
    (chapters / "a.md").write_text(cell + "```{formula} nnnotes.activations.ReLU\n```")
    ext.api.usage.cache_clear()
    env = SimpleNamespace(found_docs={"api/layers", "api/activations", "index"})
    assert ext.api.usage(tmp_path) == {
        "nnnotes.layers.Dense": ["chapters/a"],
        "nnnotes.activations.ReLU": ["chapters/a"],
    }
    changed = ext.api.read_again_where_usage_changed(app(tmp_path), env, {}, {}, {})
    assert changed == ["api/activations", "api/layers"]
    (chapters / "a.md").write_text(cell)
    ext.api.forget(None)
    changed = ext.api.read_again_where_usage_changed(app(tmp_path), env, {}, {}, {})
    assert changed == ["api/activations"]
    ext.api.forget(None)


@pytest.mark.parametrize("name", ["html_baseurl", "nnnotes_repository"])
def test_around_takes_no_address_that_is_none(ext, name: str) -> None:
    class Config(dict):
        __getattr__ = dict.__getitem__
        __setattr__ = dict.__setitem__

    config = Config(html_baseurl="https://a.org/b", nnnotes_repository="https://c.org/")
    ext.around.follow_environment(None, config)
    assert config.html_baseurl == "https://a.org/b/"
    assert config.nnnotes_repository == "https://c.org"
    with pytest.raises(ConfigError, match=f"{name}: expected an address"):
        ext.around.follow_environment(None, Config({**config, name: "a.org/b"}))


def test_around_knows_no_day_where_a_part_of_the_history_is_missing(
    ext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    assert ext.around.days(inside) == known
    git("clone", "-q", "--depth=1", inside.as_uri(), "part")
    assert ext.around.days(tmp_path / "part") == {}
    monkeypatch.setenv("PATH", "")
    assert ext.around.days(inside) == {}


def test_around_describes_a_page_by_what_one_will_learn_in_one_short_line(ext) -> None:
    page = new_document("page")
    long = "**You need** nothing. You will learn " + "one thing, " * 40
    page += nodes.paragraph("", "", nodes.Text("Short."))
    page += nodes.paragraph("", "", nodes.Text(long))
    said = ext.around.described(page)
    assert said.startswith("You will learn one thing,")
    assert re.fullmatch(r"(?:\w+,? )+\.\.\.", said)
    assert len(said) <= ext.around.LONGEST + 4
    assert ext.around.tag("a", '"<&') == '<meta name="a" content="&quot;&lt;&amp;">'


def test_assets_are_smaller_and_mean_the_same(ext) -> None:
    css = "/* a\n b */ a  b { c : d;\n  e: calc(1px + 2px); }\n.f :hover, g { h: i }"
    assert ext.assets.minified(css) == (
        "a b{c : d;e: calc(1px + 2px)}.f :hover,g{h: i}"
    )
    options = {"light_css_variables": {"x": "1"}, "dark_css_variables": {"x": "2"}}
    said = ext.assets.variables(app(Path(), html_theme_options=options))
    assert said.startswith("body{--x:1}@media not print{body[data-theme=dark]{--x:2}")
    assert "(prefers-color-scheme:dark){body:not([data-theme=light]){--x:2}}" in said
    assert said.count("{") == said.count("}")


def test_compressed_twins_follow_their_file_and_go_with_it(ext, tmp_path: Path) -> None:
    out = tmp_path / "html"
    out.mkdir()
    page, little = out / "page.html", out / "little.html"
    little.write_text("text")

    def twins() -> set[str]:
        ext.compress.compress_what_changed(app(out), None)
        return {path.name for path in out.iterdir() if path.suffix in (".gz", ".br")}

    for text in ("a" * 2000, "b" * 2000):
        page.write_text(text)
        assert twins() == {"page.html.gz", "page.html.br"}
        for name, unpack in (("gz", gzip.decompress), ("br", brotli.decompress)):
            assert unpack((out / f"page.html.{name}").read_bytes()).decode() == text
    assert (out / "page.html.gz").read_bytes()[4:8] == bytes(4)  # no time in it
    written = (out / "page.html.br").stat().st_mtime_ns
    assert twins()
    assert (out / "page.html.br").stat().st_mtime_ns == written
    page.unlink()
    assert twins() == set()


def test_download_writes_markdown_that_means_what_the_page_says(ext) -> None:
    made = ext.download.Markdown("https://a.org/b/c.html", {"e": "2.1"}, {}, [])
    text = nodes.paragraph("", "", nodes.Text("2*3 [x]_y `a` <b> $5"))
    assert made.block(text) == r"2\*3 \[x\]\_y \`a\` \<b\> \$5"
    link = nodes.reference("", "", nodes.Text("there"), refuri="d.html#e")
    away = nodes.reference("", "", nodes.Text("away"), refuri="https://d.org/")
    assert made.piece(link) == "[there](https://a.org/b/d.html#e)"
    assert made.piece(away) == "[away](https://d.org/)"
    assert ext.download.Markdown("", {}, {}, []).piece(link) == "there"
    formula = nodes.math_block("", "a = b", label="e")
    assert made.block(formula) == "$$\na = b \\tag{2.1}\n$$"
    items = [nodes.list_item("", nodes.paragraph("", word)) for word in ("one", "two")]
    items[1] += formula
    numbered = nodes.enumerated_list("", *items, start=3)
    assert made.block(numbered) == "3. one\n4. two\n\n   $$\n   a = b \\tag{2.1}\n   $$"
    cells = [("markdown", "a"), ("markdown", "b"), ("markdown", "# c"), ("code", "d")]
    joined = [("markdown", "a\n\nb"), ("markdown", "# c"), ("code", "d")]
    assert ext.download.merged(cells) == joined


def test_executed_counts_cells_and_asserts(ext) -> None:
    def cell(kind: str, source: str) -> SimpleNamespace:
        return SimpleNamespace(cell_type=kind, source=source)

    sources = "assert a\nif b:\n    assert c", "x = 'assert'", "%timeit assert"
    cells = [cell("markdown", "assert"), *(cell("code", text) for text in sources)]
    assert ext.executed.counts(SimpleNamespace(cells=cells)) == (3, 2)
    assert ext.executed.counts(SimpleNamespace(cells=cells[:1])) is None
    assert ext.executed.counts(None) is None


@pytest.mark.parametrize(
    "name", ["nnnotes/a.py", "nnnotes/data/b.npz", "requirements/dev.txt"]
)
def test_execution_depends_on_the_package_and_the_locks(
    ext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(ext.execution, "ROOT", tmp_path)
    monkeypatch.setattr(ext.execution, "__file__", str(tmp_path / "execution.py"))
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    keys = []
    for text in ("", "changed", ""):
        (tmp_path / "execution.py").touch()
        path.write_text(text)
        keys.append(ext.execution.key(ext.execution.sources()))
    assert keys[0] == keys[2] != keys[1]
    path.rename(path.with_stem("other"))
    assert ext.execution.key(ext.execution.sources()) not in keys


def test_a_changed_extension_has_all_pages_read_again(
    ext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ext.execution, "ROOT", tmp_path)
    monkeypatch.setattr(ext.execution, "__file__", str(tmp_path / "execution.py"))
    settings = []
    for text in ("", "changed"):
        (tmp_path / "execution.py").touch()
        (tmp_path / "search.py").write_text(text)
        app = Mock()
        ext.execution.setup(app)
        calls = [call.args for call in app.add_config_value.call_args_list]
        assert {rebuild for _, _, rebuild in calls} == {"env"}
        settings.append({name: value for name, value, _ in calls})
    before, after = settings
    # Results of cells do not depend on it, so that they are kept.
    assert before["nnnotes_key"] == after["nnnotes_key"]
    assert before["nnnotes_extensions"] != after["nnnotes_extensions"]


def test_exercises_want_each_solution_to_end(
    ext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gathered(*kinds: str) -> nodes.document:
        page = new_document("page")
        for kind in kinds:
            page += (
                ext.exercises.boundary(kind=kind, number=7)
                if kind.startswith("solution")
                else nodes.paragraph("", kind)
            )
        ext.exercises.GatherSolutions(page).apply()
        return page

    whole = gathered("before", "solution", "a", "b", "solution-end", "after")
    before, folded, after = whole.children
    assert isinstance(folded, ext.exercises.solution)
    assert folded["number"] == 7
    assert [child.astext() for child in folded.children] == ["a", "b"]
    assert all(child.parent is folded for child in folded.children)
    assert (before.astext(), after.astext()) == ("before", "after")
    said: list[str] = []
    monkeypatch.setattr(
        ext.exercises.logger, "warning", lambda text, **_: said.append(text)
    )
    for kinds, problem in (
        (("solution", "a"), "a solution without {solution-end}"),
        (("a", "solution-end"), "{solution-end} without {solution}"),
    ):
        left = gathered(*kinds)
        assert not list(left.findall(ext.exercises.boundary))
        assert said == [problem]
        said.clear()
    with pytest.raises(ValueError, match="sing"):
        ext.exercises.kind("sing")


def test_family_cites_the_first_reference_of_each_activation(ext) -> None:
    keys = re.findall(
        r"@\w+\{(\w+),",
        (EXTENSIONS.parent / "references.bib").read_text(encoding="utf8"),
    )
    cited = 0
    for g in nnnotes.activations.ALL:
        said = ext.family.source(g)
        assert bool(said) == ("References:" in (inspect.getdoc(type(g)) or ""))
        assert not said or re.search(r"`(\w+)`", said)[1] in keys
        cited += bool(said)
    assert cited > 5


def test_fonts_in_the_stylesheet_hold_what_the_formulas_show(
    ext, tmp_path: Path
) -> None:
    css = (EXTENSIONS.parent / "_assets/katex/katex.min.css").read_text()
    said = ext.fonts.properties(css)
    base = '<span class="katex-html" aria-hidden="true"><span class="base">'
    page = (
        f'<p title="Ω">ω {base}<span class="strut" style="height:1em"></span>'
        '<span class="mord mathnormal">σ</span><span class="mopen">(</span>'
        '<span class="mord mathbf"><span>A</span></span>'
        '<span class="sizing reset-size6 size3 mtight"><span>&lt;1</span></span>'
        '<span class="delimsizing size2">[</span></span></span> and '
        f'{base}<span class="mord mathsf">T</span></span></span> x</p>'
    )
    assert len(ext.fonts.formulas(page + page)) == 2
    found = ext.fonts.characters(ext.fonts.formulas(page), said)
    assert found == {
        ("Main", "normal", "400"): {"(", "<", "1", "["},
        ("Math", "italic", "400"): {"σ"},
        ("Main", "normal", "700"): {"A"},
        ("Size3", "normal", "400"): {"<", "1"},
        ("Size2", "normal", "400"): {"["},
        ("SansSerif", "normal", "400"): {"T"},
    }
    faces = ext.fonts.with_fonts(
        css.replace("(fonts/", "(katex/fonts/"), found, tmp_path
    )
    fonts = {
        match[1]: base64.b64decode(match[2])
        for match in re.finditer(
            r'font-family:"?KaTeX_(\w+)"?;[^}]*font/woff2;base64,([^)]*)\)', faces
        )
    }
    assert set(fonts) == {"Main", "Math", "Size2", "SansSerif"}  # none for < and 1
    assert "fonts/" not in faces.replace("font/woff2", "")
    (tmp_path / "math.woff2").write_bytes(fonts["Math"])
    assert set(ext.fonts.codes(tmp_path / "math.woff2")) == {ord("σ")}
    whole = (ext.fonts.KATEX / "fonts" / "KaTeX_Math-Italic.woff2").stat().st_size
    assert len(fonts["Math"]) < whole / 5


def test_pages_with_formulas_wait_for_their_fonts(ext) -> None:
    plain = "<head><title>σ</title></head>"
    assert ext.fonts.at_once(plain) == plain
    page = plain + '<span class="katex-html">σ</span>'
    start, end = ext.fonts.at_once(page).split("</head>")
    assert start.count("<script>") == 1
    assert "<script>" not in end


def test_formulas_wait_for_a_renderer_only_so_long(
    ext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    server = ext.formulas.Server
    monkeypatch.setattr(server, "build_command", lambda socket: command)
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        ext.formulas.subprocess,
        "Popen",
        lambda *a, **k: started.append(popen(*a, **k)) or started[0],
    )
    with pytest.raises(type(server.timeout_error(0.1)), match=r"0\.1"):
        server.start_server_process(tmp_path, 0.1)
    with started[0] as process:
        assert process.wait(10) < 0  # killed


def test_package_shows_code_without_its_docstrings(ext) -> None:
    code = ext.package.code_without_docstrings(nnnotes.layers.Dense)
    assert code.startswith(("class Dense", "@"))
    assert '"""' not in code
    compile(code, "Dense", "exec")
    assert "def backward" in code
    found = ext.package.import_object("nnnotes.layers.Dense.backward")
    assert found is nnnotes.layers.Dense.backward
    relu = ext.package.instance("nnnotes.activations.ReLU")
    assert relu == nnnotes.relu
    with pytest.raises(ImportError, match="no object nowhere"):
        ext.package.import_object("nowhere.at.all")


def test_policy_knows_the_scripts_that_stand_in_a_page_and_no_other(ext) -> None:
    html = '<script>a()</script><script src="b.js"></script><script id="c">\nd()\n</script>'

    def known(code: str) -> str:
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        return f"'sha256-{digest}'"

    found = ext.policy.hashes(html)
    assert found == {known("a()"), known("\nd()\n")}
    said = dict(
        part.split(" ", 1) for part in ext.policy.policy(found, ["x y"]).split("; ")
    )
    assert said["default-src"] == "'none'"
    assert found < set(said["script-src"].split())
    assert said["x"] == "y"
    for name, sources in said.items():
        allowed = set(sources.split())
        assert not allowed & {"*", "https:", "http:", "'unsafe-eval'"}, name
        assert name == "style-src-attr" or "'unsafe-inline'" not in allowed, name


def test_quick_lets_go_of_inner_documents_and_notices_another_outline(ext) -> None:
    page, other = new_document("page"), new_document("other")
    page += nodes.paragraph("", "", nodes.Text("text"))
    page[0].document = other
    ext.quick.belong_to_one_document(None, page)
    assert {node.document for node in page.findall()} == {page}

    def env(title: str, number: int) -> SimpleNamespace:
        titles = {"a": nodes.title("", "", nodes.Text(title))}
        numbers = {"a": {"": (number,)}}
        return SimpleNamespace(
            toctree_includes={}, titles=titles, toc_secnumbers=numbers
        )

    outline = ext.quick.outline
    assert outline(env("a", 1)) == outline(env("a", 1))
    assert outline(env("a", 1)) != outline(env("b", 1))
    assert outline(env("a", 1)) != outline(env("a", 2))


def test_search_keeps_prose_and_code_apart(ext) -> None:
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
    said = ext.search.text_of(words, inner, light, dark, code, figure, shown)
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
def test_search_reads_formulas_as_lines(ext, latex: str, text: str) -> None:
    assert " ".join(ext.search.plain(latex).split()) == text


def test_theme_mends_what_the_html_of_others_lacks(ext) -> None:
    theme = ext.theme
    assert theme.plain_summaries(
        '<p>a</p><summary aria-label="x"><p class="b">c</p></summary>'
    ) == ('<p>a</p><summary><span class="b">c</span></summary>')
    source = '<div>a</div><pre><div class="viewcode-block">b</div></pre><div>c</div>'
    assert theme.blocks_of_source(source) == (
        '<div>a</div><pre><span class="viewcode-block">b</span></pre><div>c</div>'
    )
    box = '<input type="checkbox" class="sidebar-toggle" id="a">'
    assert theme.in_a_landmark(box * 2).startswith('<nav class="switches"')
    assert theme.in_a_landmark(box * 2).count("<nav") == 1
    copy = SimpleNamespace(__module__="sphinx_copybutton", __name__="setup")
    own = SimpleNamespace(__module__="sphinx_design.shared", __name__="setup")
    assert theme.unwanted(copy)
    assert not theme.unwanted(own)


def test_theme_leaves_no_place_of_the_machine_in_the_settings(ext) -> None:
    app = SimpleNamespace(events=SimpleNamespace(listeners={}))
    config = SimpleNamespace(
        templates_path=["_templates", str(Path.cwd() / "components")],
        html_theme_options={"light_css_variables": {}, "launch_buttons": {}},
    )
    ext.theme.forget_the_other_theme(app, config)
    assert config.templates_path == ["_templates"]
    assert config.html_theme_options == {"light_css_variables": {}}


@pytest.mark.parametrize("name", ["Glorot", "He", "LeCun", "Orthogonal"])
def test_package_shows_the_formula_of_what_a_reader_makes(ext, name: str) -> None:
    """Not that of the first member of ALL, which may have other arguments."""
    assert (
        ext.package.instance(f"nnnotes.initializers.{name}") == getattr(nnnotes, name)()
    )
