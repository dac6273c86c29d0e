"""What goes from wheels into the archives that a browser fetches, and what it can do without."""

import io
import json
import re
import zipfile
from importlib.metadata import distribution

from fontTools import subset

# Tests, stubs, what compiles C, and what draws elsewhere than in a page.
NEVER = (
    r"(^|/)(tests?|benchmarks|__pycache__)/|\.data/|/setup\.py$|conftest\.py$"
    r"|\.(pyi|typed|c|h|pxd|pyx|a|ini|lib|build|cpp|hpp)$"
)
UNUSED = {
    "numpy": (
        r"numpy/(f2py|distutils|doc|_pyinstaller)/|/include/|_simd\.cpython"
        r"|(operand_flag|rational|struct_ufunc|_umath)_tests\.cpython"
    ),
    "matplotlib": (
        r"(^|/)(sample_data|afm|pdfcorefonts|web_backend|sphinxext|testing|axisartist)/|mpl-data/images|_tkagg|_macosx"
        r"|backend_(qt|gtk|wx|tk|macosx|nbagg|webagg|cairo|pgf|ps|pdf|template)|_backend_(gtk|tk|pdf_ps)|qt_(compat|editor)"
        r"|STIX(Siz|NonUniB|NonUniI|GeneralB|GeneralI)|DejaVuSerif|DejaVuSansMono-|cm(b|e|m|r|s|t)[a-z]*10\.ttf"
    ),
    "pillow": (
        r"_imagingft|_webp|_imaging(cms|math|morph|tk)|PIL/(?!(__init__|Image|ImageFile|ImageMode|ImagePalette|ImageColor"
        r"|ImageChops|ImageSequence|PngImagePlugin|GimpGradientFile|GimpPaletteFile|PaletteFile|ExifTags|TiffTags"
        r"|TiffImagePlugin|_binary|_deprecate|_util|_version|features|_typing)\.py|_imaging\.)"
    ),
    "python-dateutil": r"dateutil-zoneinfo",
    "sympy": r"^isympy\.py$",
}
# Letters, Greek, signs of mathematics and their alphabets: what labels of figures hold.
CHARACTERS = (
    "0020-024F,0370-03FF,2000-206F,2070-209F,20D0-20FF,2100-214F,2190-22FF,2300-23FF,25A0-25FF,27E6-27EF,2A00-2AFF,FFFD,"
    "1D400-1D7FF"
)
NAMED = (b"Metadata-Version", b"Name", b"Version")


def metadata(text):
    """Keep of a package's metadata what ``importlib.metadata.version`` reads."""
    head = text.split(b"\n\n")[0].split(b"\n")
    return b"\n".join(line for line in head if line.startswith(NAMED)) + b"\n"


def kept(files, package):
    """Choose of a package's files what is needed to run it."""
    drop = re.compile("|".join(filter(None, (NEVER, UNUSED.get(package)))))
    found = {}
    for name, data in files:
        about = ".dist-info/" in name
        if name.endswith(".dist-info/METADATA"):
            found[name] = metadata(data())
        elif "LICEN" in name.upper() if about else not drop.search(name):
            found[name] = data()
    return found


def of_wheel(data, package):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        names = [name for name in file.namelist() if not name.endswith("/")]
        return kept(((name, lambda n=name: file.read(n)) for name in names), package)


def of_environment(package):
    """Take a pure package as it is installed here."""
    files = [
        path
        for path in distribution(package).files
        if path.parts[0] != ".." and path.suffix != ".pyc"
    ]
    return kept(((p.as_posix(), p.locate().read_bytes) for p in files), package)


def with_small_fonts(files):
    """Cut Matplotlib's fonts down to some characters, and have the list of fonts fit what is there."""
    characters = subset.parse_unicodes(CHARACTERS)
    for name in [name for name in files if name.endswith(".ttf")]:
        options = subset.Options(hinting=False, layout_features=["*"], glyph_names=True)
        options.drop_tables += ["FFTM"]  # the day the font was made
        font = subset.load_font(io.BytesIO(files[name]), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=characters)
        cutter.subset(font)
        out = io.BytesIO()
        font.save(out)
        files[name] = out.getvalue()
    fonts = json.loads(files["matplotlib/fontlist.json"])
    for kind in ("ttflist", "afmlist"):
        fonts[kind] = [
            font
            for font in fonts[kind]
            if any(name.endswith(font["fname"]) for name in files)
        ]
    # The wheel's list is of another version than its code, which would go through all fonts anew.
    manager = files["matplotlib/font_manager.py"]
    fonts["_version"] = int(re.search(rb"__version__ = (\d+)", manager)[1])
    files["matplotlib/fontlist.json"] = json.dumps(fonts).encode()
    return files


def packed(files):
    """Return an archive: the same for the same files. What is sent is compressed as a whole, so this is not."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name in sorted(files):
            file.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), files[name])
    return out.getvalue()
