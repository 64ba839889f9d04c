#!/usr/bin/env python3
"""Writes what others make of the formulas in math/formulas.txt:

  math/latex.json  width, height and depth in em of each formula, in display and in text style, as LuaLaTeX with
                   unicode-math and the font TeX Gyre Pagella Math sets it (tests/ui/math/tst_latex.cpp)
  math/fonts.json  what fontTools reads in the MATH tables of fonts (tests/ui/math/tst_math_font.cpp)

Needs Debian's texlive-luatex, texlive-latex-recommended, texlive-latex-extra, texlive-science, fonts-texgyre-math and
fonts-dejavu-core, and Python's fontTools. math_beside_latex.py shows the same in pictures.
"""
import argparse
import json
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent / "math"
PREAMBLE = r"""\documentclass[10pt]{article}
\usepackage{amsmath}
\usepackage{xcolor}
\usepackage{mathtools}
\usepackage[mathrm=sym,mathbf=sym,mathit=sym,mathsf=sym,mathtt=sym]{unicode-math}
\usepackage{cancel}
\usepackage[version=4]{mhchem}
\setmathfont{texgyrepagella-math.otf}
\setmainfont{texgyrepagella-math.otf}
\begin{document}
\renewcommand{\setminus}{\mathbin{\backslash}}\renewcommand{\Box}{\square}
"""
COLUMN_OF_PAGES = r"""\setbox0=\hbox{%(formula)s}%%
\typeout{END \the\wd0 \space\the\ht0 \space\the\dp0}%%
\pagewidth=%(width)spt\pageheight=%(height)spt\voffset=-1in\hoffset=-1in
\setbox1=\vbox to %(height)spt{\offinterlineskip\ht0=0pt\dp0=0pt\kern%(down)spt\hbox to %(width)spt{\kern%(left)spt\box0\hss}\vss}%%
\shipout\box1\global\advance\count0by1
"""
# What LaTeX sets only in paragraphs of their own, with packages of physics, or in letters that this font lacks.
NOT_IN_A_BOX = re.compile(
    r"\\begin\{(align|multline|equation|split)\*?\}|\\tag|\\ket|\\SI|^a &=|[\u00b2\u0100-\uffff].*[\u00b2\u0100-\uffff]"
)


def is_for_a_box(tex):
    return NOT_IN_A_BOX.search(tex) is None


def in_style(tex, style):
    """The formula as it is where it has a line for itself, or among words: some commands ask which it is."""
    return rf"\csname @display{'true' if style == 'display' else 'false'}\endcsname$\{style}style {tex}$"


def latex(formulas, scratch):
    """Width, height and depth in em of each formula and style; none where LaTeX complains."""
    lines = [PREAMBLE]
    for number, tex in enumerate(formulas):
        if not is_for_a_box(tex):
            continue
        for style in ("display", "text"):
            lines.append(
                rf"\typeout{{BEGIN {number} {style}}}\setbox0=\hbox{{{in_style(tex, style)}}}"
                rf"\typeout{{END \the\wd0 \space\the\ht0 \space\the\dp0}}" + "\n"
            )
    lines.append(r"\end{document}")
    source = scratch / "formulas.tex"
    source.write_text("".join(lines), encoding="utf-8")
    run = subprocess.run(
        ["lualatex", "-interaction=nonstopmode", source.name], cwd=scratch, capture_output=True, check=False
    )
    output = run.stdout.decode("utf-8", "replace")
    results = {}
    for part in re.split(r"(?=BEGIN \d+ \w+)", output)[1:]:
        begin = re.match(r"BEGIN (\d+) (\w+)", part)
        end = re.search(r"END ([-\d.]+)pt ([-\d.]+)pt ([-\d.]+)pt", part)
        if end is None or "\n!" in part or "Missing character" in part:
            continue
        results[int(begin[1]), begin[2]] = [round(float(value) / 10, 4) for value in end.groups()]
    return results


def math_table(path):
    from fontTools.ttLib import TTFont

    font = TTFont(path)
    table = font["MATH"].table
    order = font.getGlyphID
    cmap = font.getBestCmap()
    constants = {}
    for name, value in sorted(vars(table.MathConstants).items()):
        constants[name] = getattr(value, "Value", value)
    info = table.MathGlyphInfo
    italics = dict(
        zip(info.MathItalicsCorrectionInfo.Coverage.glyphs, info.MathItalicsCorrectionInfo.ItalicsCorrection)
    )
    accents = dict(
        zip(info.MathTopAccentAttachment.TopAccentCoverage.glyphs, info.MathTopAccentAttachment.TopAccentAttachment)
    )
    glyphs = {}
    for code in (0x28, 0x7B, 0x221A, 0x222B, 0x2211, 0x1D453, 0x1D465, 0x302, 0x2192, 0x23DE, 0x7C):
        name = cmap[code]
        entry = {"glyph": order(name)}
        entry["italics"] = italics[name].Value if name in italics else 0
        entry["accent"] = accents[name].Value if name in accents else None
        for key, coverage, constructions in (
            ("vertical", table.MathVariants.VertGlyphCoverage, table.MathVariants.VertGlyphConstruction),
            ("horizontal", table.MathVariants.HorizGlyphCoverage, table.MathVariants.HorizGlyphConstruction),
        ):
            if name not in coverage.glyphs:
                continue
            construction = constructions[coverage.glyphs.index(name)]
            assembly = construction.GlyphAssembly
            entry[key] = {
                "variants": [
                    [order(each.VariantGlyph), each.AdvanceMeasurement]
                    for each in construction.MathGlyphVariantRecord
                ],
                "parts": [
                    [
                        order(each.glyph),
                        each.StartConnectorLength,
                        each.EndConnectorLength,
                        each.FullAdvance,
                        each.PartFlags & 1,
                    ]
                    for each in (assembly.PartRecords if assembly else [])
                ],
            }
        glyphs[f"{code:X}"] = entry
    return {
        "constants": constants,
        "overlap": table.MathVariants.MinConnectorOverlap,
        "unitsPerEm": font["head"].unitsPerEm,
        "glyphs": glyphs,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pagella", required=True, help="texgyrepagella-math.otf")
    parser.add_argument("--dejavu", required=True, help="DejaVuMathTeXGyre.ttf")
    options = parser.parse_args()
    formulas = (HERE / "formulas.txt").read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as scratch:
        sizes = latex(formulas, pathlib.Path(scratch))
    entries = [
        {"tex": tex, "display": sizes[number, "display"], "text": sizes[number, "text"]}
        for number, tex in enumerate(formulas)
        if (number, "display") in sizes and (number, "text") in sizes
    ]
    with open(HERE / "latex.json", "w", encoding="utf-8") as file:
        json.dump(entries, file, ensure_ascii=False, indent=0)
        file.write("\n")
    fonts = {"TeX Gyre Pagella Math": math_table(options.pagella), "DejaVu Math TeX Gyre": math_table(options.dejavu)}
    with open(HERE / "fonts.json", "w", encoding="utf-8") as file:
        json.dump(fonts, file, indent=0)
        file.write("\n")
    print(f"{len(entries)} of {len(formulas)} formulas")


if __name__ == "__main__":
    main()
