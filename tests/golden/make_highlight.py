#!/usr/bin/env python3
"""Marks every character of the samples in tests/golden/highlight by what Pygments takes it for.

usage: make_highlight.py      (needs Pygments from PyPI; written with 2.21)

For each sample <language>.<extension> beside it, <language>.kinds gets lines as long as the sample's, of letters:
c comment, s string, n number, k keyword (or constant), t a keyword that is a type, p preprocessor, . anything else.
The samples are our own. Pygments is an independent reading of the same languages: where it differs from ours is
examined by hand, and tst_languages.cpp says how much of each language may differ, and why.
"""
from pathlib import Path

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Number, String

# Svelte is in no version of Pygments; its samples are read as the nearest that is.
LEXERS = {"asm": "nasm", "kotlin": "kotlin", "bash": "bash", "dockerfile": "docker", "r": "r", "svelte": "html",
          "vb": "vb.net"}
LETTERS = ((Comment.Preproc, "p"), (Comment.PreprocFile, "p"), (Comment, "c"), (String, "s"), (Number, "n"),
           (Keyword.Type, "t"), (Keyword, "k"))


def letter(token, language):
    if language == "rust" and token in String.Doc:  # comments that documentation is made from
        return "c"
    return next((sign for kind, sign in LETTERS if token in kind), ".")


def main():
    folder = Path(__file__).parent / "highlight"
    for sample in sorted(folder.iterdir()):
        if sample.suffix == ".kinds":
            continue
        lexer = get_lexer_by_name(LEXERS.get(sample.stem, sample.stem), stripnl=False, ensurenl=False)
        text = sample.read_text(encoding="utf-8")
        marks = "".join("\n" if c == "\n" else letter(token, sample.stem) for token, part in lexer.get_tokens(text) for c in part)
        if len(marks) != len(text):
            raise SystemExit(f"{sample.name}: {len(marks)} marks for {len(text)} characters")
        (folder / f"{sample.stem}.kinds").write_text(marks, encoding="utf-8")


if __name__ == "__main__":
    main()
