"""Code of students as coloured HTML, in time that grows with its length: the other filter of nbgrader's two pages.

nbconvert colours code by Pygments, whose patterns go back: a hundred thousand lines of one space, which a notebook may
hold, take it twenty minutes, and formgrader serves nobody else meanwhile. Python's own tokenizer reads each character
about once; what it cannot read is shown without colours.
"""

from __future__ import annotations

import html
import itertools
import keyword
import tokenize

from autograder.ground.syntax import tokens
from autograder.ground.untrusted_text import visible
from autograder.report.student_markdown import as_it_stands

MAX_CODE = 20_000  # characters of a cell that are coloured
COLOURS = {tokenize.STRING: "s1", tokenize.COMMENT: "c1", tokenize.NUMBER: "mi", tokenize.OP: "o"}  # as Pygments names


def highlight_code(source: str, language: object = None, metadata: object = None) -> str:
    """Return Python code as HTML with the classes that Pygments gives; any other text without.

    Examples
    --------
    >>> print(highlight_code("def f(): # <"))
    <div class="highlight"><pre><span class="k">def</span> f<span class="o">(</span><span class="o">)</span>\
<span class="o">:</span> <span class="c1"># &lt;</span></pre></div>
    """
    text = visible(source)
    if len(text) > MAX_CODE:
        return f'<div class="highlight">{as_it_stands(text)}</div>'
    starts = [0, *itertools.accumulate(len(line) + 1 for line in text.split("\n"))]
    shown, done = [], 0
    for token in tokens(text):
        colour = "k" if keyword.iskeyword(token.string) else COLOURS.get(token.type, "")
        if colour:
            begin, end = (starts[row - 1] + column for row, column in (token.start, token.end))
            shown.append(html.escape(text[done:begin]))
            shown.append(f'<span class="{colour}">{html.escape(text[begin:end])}</span>')
            done = end
    return f'<div class="highlight"><pre>{"".join(shown)}{html.escape(text[done:])}</pre></div>'
