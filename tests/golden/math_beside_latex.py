#!/usr/bin/env python3
"""Lays our formulas over LuaLaTeX's, set with the same font at the same size, in sheets to be looked at.

usage: math_beside_latex.py MATH_GALLERY DIRECTORY [--style text] [--only TEXT]

Every formula of math/formulas.txt that LaTeX takes is drawn three times: ours, LaTeX's, and both over each other, where
red is ink that only LaTeX has and blue ink that only we have; a page where all is black agrees. Under it stand width,
height and depth in em of both where they differ. MATH_GALLERY is the program tests/ui/math builds.

Needs what make_math.py needs, and Debian's texlive-latex-extra, texlive-science, poppler-utils and python3-pil.
"""
import argparse
import json
import pathlib
import re
import subprocess
import tempfile

from PIL import Image, ImageChops, ImageDraw, ImageOps

from make_math import COLUMN_OF_PAGES, PREAMBLE, in_style, is_for_a_box

EM = 40  # pixels; as in tests/ui/math/gallery_main.cpp
MARGIN = 20
POINT = EM / 10  # pixels; the document is set in 10pt
SHEET = (2000, 2300)


def page(tex, style, size):
    """A page of just the size of our picture, the baseline at the same place of it."""
    ascent = -(-size[1] * EM // 1)
    width = -(-size[0] * EM // 1) + 2 * MARGIN
    height = ascent + -(-size[2] * EM // 1) + 2 * MARGIN
    return COLUMN_OF_PAGES % {
        "formula": in_style(tex, style),
        "width": width / POINT,
        "height": height / POINT,
        "left": MARGIN / POINT,
        "down": (ascent + MARGIN) / POINT,
    }


def set_by_latex(entries, style, scratch):
    """{number: (picture, [width, height, depth])} of what LaTeX could set."""
    lines = [PREAMBLE]
    for number, entry in entries:
        lines.append(rf"\typeout{{BEGIN {number}}}" + page(entry["tex"], style, entry[style]) + "\n")
    lines.append(r"\end{document}")
    (scratch / "pages.tex").write_text("".join(lines), encoding="utf-8")
    run = subprocess.run(
        ["lualatex", "-interaction=nonstopmode", "pages.tex"], cwd=scratch, capture_output=True, check=False
    )
    subprocess.run(["pdftoppm", "-gray", "-png", "-r", str(72.27 * POINT), "pages.pdf", "page"], cwd=scratch, check=True)
    pages = sorted(scratch.glob("page-*.png"))
    result = {}
    parts = re.split(r"(?=BEGIN \d+)", run.stdout.decode("utf-8", "replace"))[1:]
    for part in parts:
        end = re.search(r"END ([-\d.]+)pt ([-\d.]+)pt ([-\d.]+)pt\s*\[(\d+)", part)
        number = int(re.match(r"BEGIN (\d+)", part)[1])
        if end is None or "\n!" in part or "Missing character" in part:
            why = re.search(r"\n!.*|Missing character.*", part)
            print(f"LaTeX can't: {dict(entries)[number]['tex']}: {why[0].strip() if why else part[-200:]}")
            continue
        result[number] = (pages[int(end[4]) - 1], [float(value) / 10 for value in end.groups()[:3]])
    return result


def cell(tex, ours, theirs, own_size, size):
    a = ImageOps.grayscale(Image.open(ours))
    b = ImageOps.grayscale(Image.open(theirs))
    width, height = max(a.width, b.width), max(a.height, b.height)
    sheets = []
    for each in (a, b):
        full = Image.new("L", (width, height), 255)
        full.paste(each, (0, 0))
        sheets.append(full)
    a, b = sheets
    both = Image.merge("RGB", (a, ImageChops.darker(a, b), b))
    beside = 3 * width <= SHEET[0]
    area = (3 * width, height + 34) if beside else (width, 3 * height + 34)
    picture = Image.new("RGB", area, "white")
    for i, each in enumerate((a, b, both)):
        picture.paste(each.convert("RGB"), (i * width, 34) if beside else (0, 34 + i * height))
    draw = ImageDraw.Draw(picture)
    draw.text((4, 4), tex, fill="black")
    differs = max(abs(x - y) for x, y in zip(own_size, size)) > 0.03
    said = " ".join(f"{x:.3f}/{y:.3f}" for x, y in zip(own_size, size))
    draw.text((4, 18), "ours/LaTeX's w h d: " + said, fill="red" if differs else "gray")
    draw.rectangle((0, 0, area[0] - 1, area[1] - 1), outline="lightgray")
    return picture


def save_sheets(cells, folder):
    sheet, x, y, row, count = None, 0, 0, 0, 0

    def save():
        nonlocal count
        if sheet is not None:
            count += 1
            sheet.crop((0, 0, SHEET[0], y + row)).save(folder / f"beside-{count:02}.png")

    for each in cells:
        if sheet is not None and x + each.width > SHEET[0]:
            x, y, row = 0, y + row, 0
        if sheet is None or y + each.height > SHEET[1]:
            save()
            sheet, x, y, row = Image.new("RGB", SHEET, "white"), 0, 0, 0
        sheet.paste(each, (x, y))
        x, row = x + each.width, max(row, each.height)
    save()
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("math_gallery", type=pathlib.Path)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--style", choices=("display", "text"), default="display")
    parser.add_argument("--only", default="", help="formulas that contain this")
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        command = [options.math_gallery.resolve(), scratch, "TeX Gyre Pagella Math", "each"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        entries = list(enumerate(json.loads((scratch / "sizes.json").read_text(encoding="utf-8"))))
        for _, entry in entries:
            if options.style not in entry:
                print(f"we can't: {entry['tex']}")
        entries = [
            (number, entry)
            for number, entry in entries
            if options.style in entry and is_for_a_box(entry["tex"]) and options.only in entry["tex"]
        ]
        theirs = set_by_latex(entries, options.style, scratch)
        cells = [
            cell(entry["tex"], scratch / f"{number}-{options.style}.png", theirs[number][0], entry[options.style],
                 theirs[number][1])
            for number, entry in entries
            if number in theirs
        ]
        print(f"{len(cells)} formulas in {save_sheets(cells, options.directory)} sheets")


if __name__ == "__main__":
    main()
