"""A Content-Security-Policy for each page: only this site's own files, and of scripts in the page only the known one.

It stands in each page, so that it holds on any host and for files; and in ``_headers``, which several static hosts
read, with what a page cannot say of itself. Styles in attributes are allowed, since KaTeX places the parts of a formula
by them; they cannot load or run anything. Style elements are not.
"""

import base64
import hashlib
import re
from pathlib import Path

from sphinx.jinja2glue import BuiltinTemplateLoader

from nnbook.html.fonts import at_once
from nnbook.html.theme import finished

SOURCES = {
    "default-src": ["'none'"],
    # Cells that run in the browser need WebAssembly and a worker; neither is a way for text to become a script.
    "script-src": ["'self'", "'wasm-unsafe-eval'"],
    "style-src": ["'self'"],
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:"],  # the theme's icons are data in its stylesheet
    "font-src": ["data:"],  # those of formulas, in the stylesheet
    "connect-src": ["'self'"],
    "worker-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
}
REFERRER = "strict-origin-when-cross-origin"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": REFERRER,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


def hash_of(code):
    digest = hashlib.sha256(code.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def hashes(html):
    """Return the hashes by which a page's inline scripts are known."""
    return set(map(hash_of, INLINE.findall(html)))


def policy(scripts, more=()):
    sources = {**SOURCES, "script-src": [*SOURCES["script-src"], *sorted(scripts)]}
    return "; ".join([*(" ".join((k, *v)) for k, v in sources.items()), *more])


class Templates(BuiltinTemplateLoader):
    """Sphinx's own templates, whose pages get their policy before anything that it is for."""

    def render(self, template, context):
        html = super().render(template, context)
        head = '<meta charset="utf-8">'
        if head not in html:  # a part of a page, or another format's
            return html
        html = at_once(finished(html, template, context))
        said = (
            f'http-equiv="Content-Security-Policy" content="{policy(hashes(html))}"',
            f'name="referrer" content="{REFERRER}"',
        )
        tags = "".join(f"\n    <meta {one}>" for one in said)
        return html.replace(head, head + tags, 1)


def write_headers(app, exception):
    known = set()
    for path in Path(app.outdir).rglob("*.html"):
        known |= hashes(path.read_text(encoding="utf8"))
    lines = {
        "Content-Security-Policy": policy(known, ["frame-ancestors 'none'"]),
        **HEADERS,
    }
    text = "/*\n" + "".join(f"  {name}: {value}\n" for name, value in lines.items())
    # Of what runs cells, each name holds a hash of what is in it: nobody has to ask for it twice.
    text += "/live/*\n  Cache-Control: public, max-age=31536000, immutable\n"
    Path(app.outdir, "_headers").write_text(text, encoding="utf8")
