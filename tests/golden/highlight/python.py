#!/usr/bin/env python3
"""A module
of two lines."""
import re
from os import path as where

@cached(size=10)
def total(items: list, *, start=0x10) -> int:
    '''Adds.'''
    for i, item in enumerate(items):
        if item is None or not item:
            continue
        start += item  # so far
    return start

class Node(Base):
    pattern = re.compile(r"\d+\"x", re.I)
    label = 'it\'s'
    ready = True
    size = 1_000.5e3

try:
    with open("a.txt") as file:
        data = [line for line in file if "in" in line]
except OSError as error:
    raise ValueError("no") from error
text = f"{label!r:>10} and {{not}} {size + 1:.2f}"
