#!/usr/bin/env python3
"""Writes how GitHub's own Markdown parser reads our cases: tests/golden/markdown/expected.txt.

    pip install cmarkgfm
    python3 tests/golden/make_markdown.py tests/golden/markdown/cases.txt > tests/golden/markdown/expected.txt

The cases are ours. cmark-gfm's HTML is read back and written in the form of alcuin::ui::markdown::describe(), one line
a block, so that the test compares block structure, containers, styles and links with a parser that isn't ours.
Where the transcript differs by intent this script says so: an image is its words and its address.
"""
import argparse
import html.parser
import sys

from cmarkgfm import cmark

STYLES = ["strong", "em", "del", "code", "img", "sup", "sub", "kbd", "mark", "u", "note", "back"]


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.lines = []
        self.containers = []  # dicts: word, first, loose
        self.lists = []  # dicts: ordered, next, loose, start of its lines
        self.runs = None  # of the open leaf: (text, styles, link)
        self.leaf = None
        self.styles = []
        self.links = []
        self.link_id = 0
        self.table = None
        self.pre = None
        self.in_notes = False
        self.occurrence = {}

    # Leaves
    def open_leaf(self, head):
        self.close_leaf()
        self.leaf = head
        self.runs = []
        self.first_words = self.take_containers()

    def take_containers(self):
        words = []
        for container in self.containers:
            words.append(container)
        taken = [(c, c["first"]) for c in words]
        for c in words:
            c["first"] = False
        return taken

    def close_leaf(self):
        if self.leaf is None:
            return
        self.lines.append((self.first_words, self.leaf + " " + describe(self.runs, self.leaf.startswith("code"))))
        self.leaf = None
        self.runs = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "blockquote":
            self.close_leaf()
            self.containers.append({"kind": ">", "first": True})
        elif tag in ("ul", "ol"):
            self.close_leaf()
            self.lists.append({"ordered": tag == "ol", "next": int(attrs.get("start", 1)), "loose": False})
        elif tag == "li":
            self.close_leaf()
            if self.in_notes and len(self.lists) == 1:
                number = self.lists[-1]["next"]
                self.lists[-1]["next"] += 1
                self.containers.append({"kind": "^%d" % number, "first": True})
                return
            item = self.lists[-1]
            kind = "%d." % item["next"] if item["ordered"] else "-"
            item["next"] += 1
            self.containers.append({"kind": kind, "first": True, "list": item})
        elif tag == "input":
            self.containers[-1]["kind"] = "[x]" if "checked" in attrs else "[ ]"
            self.after_input = True
        elif tag == "p":
            if self.containers and "list" in self.containers[-1]:
                self.containers[-1]["list"]["loose"] = True
            self.open_leaf("p")
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.open_leaf(tag)
        elif tag == "hr":
            self.close_leaf()
            self.lines.append((self.take_containers(), "rule"))
        elif tag == "pre":
            self.close_leaf()
            self.pre = True
        elif tag == "code" and self.pre:
            language = attrs.get("class", "")
            self.open_leaf("code(%s)" % (language[9:] if language.startswith("language-") else ""))
        elif tag == "table":
            self.close_leaf()
            self.table = {"aligns": [], "rows": [], "words": self.take_containers()}
        elif tag == "tr" and self.table is not None:
            self.table["rows"].append([])
        elif tag in ("td", "th"):
            if tag == "th":
                self.table["aligns"].append(attrs.get("align", "default"))
            self.runs = []
        elif tag == "section":
            self.close_leaf()
            self.in_notes = True
        elif tag == "br":
            self.add("\\\\")
        elif tag == "img":
            self.link_id += 1
            words = attrs.get("alt", "")
            link = self.links[-1] if self.links else (self.link_id, attrs["src"])
            self.add("%s (%s)" % (words, attrs["src"]) if words else attrs["src"], ["img"], link)
        elif tag == "sup" and attrs.get("class") == "footnote-ref":
            self.note = True
        elif tag == "a":
            self.link_id += 1
            href = attrs.get("href", "")
            if "data-footnote-backref" in attrs or "footnote-backref" in attrs.get("class", ""):
                self.back(int(attrs.get("data-footnote-backref-idx", "0").split("-")[0]))
            elif "data-footnote-ref" in attrs:
                self.ref = True
            else:
                self.links.append((self.link_id, href))
        elif tag in STYLES:
            self.ensure()
            self.styles.append(tag)

    def back(self, number):
        self.skip = True
        count = self.back_count = getattr(self, "back_count", {})
        count[number] = count.get(number, 0) + 1
        if self.runs is None:
            self.open_leaf("p")
        lead = "\u00a0\u2191"
        while self.runs and self.runs[-1][0].endswith(" "):
            text, styles, link = self.runs.pop()
            if text.rstrip(" "):
                self.runs.append((text.rstrip(" "), styles, link))
        if not self.runs:
            lead = "\u2191"
        self.link_id += 1
        self.runs.append((lead, ["back"], (self.link_id, "%d.%d" % (number, count[number]))))

    def handle_endtag(self, tag):
        if tag in ("blockquote", "li"):
            self.close_leaf()
            container = self.containers[-1]
            if container["first"]:
                self.lines.append((self.take_containers(), 'p ""'))
            self.containers.pop()
        elif tag in ("ul", "ol"):
            self.close_leaf()
            self.lists.pop()
        elif tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"):
            self.close_leaf()
            self.pre = None
        elif tag in ("td", "th"):
            self.table["rows"][-1].append(describe(self.runs, False))
            self.runs = None
        elif tag == "table":
            line = "table" + "".join(" " + a for a in self.table["aligns"])
            for row in self.table["rows"]:
                line += " |" + "".join(" " + cell for cell in row)
            self.lines.append((self.table["words"], line))
            self.table = None
        elif tag == "a":
            if getattr(self, "skip", False):
                self.skip = False
            elif getattr(self, "ref", False):
                self.ref = False
            elif self.links:
                self.links.pop()
        elif tag == "sup" and getattr(self, "note", False):
            self.note = False
        elif tag in STYLES and not (tag == "code" and self.pre) and self.styles:
            self.styles.remove(tag)

    def ensure(self):
        if self.runs is None and self.containers:
            self.open_leaf("p")

    def handle_data(self, data):
        if getattr(self, "skip", False):
            return
        if self.pre is None:
            data = data.replace("\n", " ")
        if getattr(self, "after_input", False):
            data = data[1:] if data.startswith(" ") else data
            self.after_input = False
        if self.runs is None:
            if not data.strip() or self.in_notes and not self.containers:
                return
            if self.table is not None:
                return
            self.open_leaf("p")
            data = data.lstrip(" ")
        if getattr(self, "ref", False):
            number = int(data)
            self.occurrence[number] = self.occurrence.get(number, 0) + 1
            self.add("[%d]" % number, ["sup", "note"], (self.link_id, "%d.%d" % (number, self.occurrence[number])))
            return
        if self.runs and self.runs[-1][0].endswith("\\\\"):
            data = data.lstrip(" ")
        self.add(data)

    def add(self, text, styles=(), link=None):
        self.ensure()
        if self.runs is None:
            return
        self.runs.append((text, list(self.styles) + list(styles), link or (self.links[-1] if self.links else None)))


def describe(runs, code):
    merged = []
    for text, styles, link in runs:
        key = (tuple(s for s in STYLES if s in styles), link)
        if merged and merged[-1][1] == key:
            merged[-1][0] += text
        else:
            merged.append([text, key])
    if merged and not code:
        merged[-1][0] = merged[-1][0].rstrip(" ")
    whole = ""
    spans = ""
    at = 0
    for text, (styles, link) in merged:
        whole += text
        # A hard break is one character in the model and two in its description.
        length = len(text.encode("utf-16-le")) // 2 - text.count("\\\\")
        if (styles or link) and length and not code:
            words = list(styles) + (["<%s>" % link[1]] if link else [])
            spans += " [%d+%d %s]" % (at, length, " ".join(words))
        at += length
    if code and whole.endswith("\n"):
        whole = whole[:-1]
    return '"%s"%s' % (whole.replace("\n", "\\n"), spans)


def words_of(containers):
    result = ""
    for container, first in containers:
        word = container["kind"]
        if "list" in container and container["list"]["loose"]:
            word += " loose"
        result += (word if first else "(%s)" % word) + " "
    return result


def expected(source):
    # Lines are shown as lines, as GitHub shows those of its comments.
    options = (
        cmark.Options.CMARK_OPT_FOOTNOTES | cmark.Options.CMARK_OPT_UNSAFE | cmark.Options.CMARK_OPT_HARDBREAKS
    )
    text = cmark.markdown_to_html_with_extensions(
        source, options, ["table", "autolink", "strikethrough", "tasklist"])
    reader = Reader()
    reader.feed(text)
    reader.close()
    reader.close_leaf()
    return [words_of(containers) + line for containers, line in reader.lines]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("cases", help="file of cases, each after a line '=== name'")
    arguments.add_argument("--html", action="store_true", help="show cmark-gfm's HTML instead")
    given = arguments.parse_args()
    name = None
    cases = []
    for line in open(given.cases, encoding="utf-8").read().splitlines(keepends=True):
        if line.startswith("=== "):
            cases.append([line[4:].strip(), ""])
        else:
            cases[-1][1] += line
    for name, source in cases:
        print("=== " + name)
        for line in expected(source):
            print(line)


if __name__ == "__main__":
    sys.exit(main())
