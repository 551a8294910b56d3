"""Markdown as a hostile student writes it, by what carries it, and an eye for what would be obeyed."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

RUN = "javascript:void(document.title='RAN')"

# Ways to something that a browser or MathJax would obey, by what carries them.
CARRIERS = {
    "a block quote": f"> [source](\n> {RUN})",
    "a quote in a quote": f"> > [source](\n> > {RUN})",
    "a list": f"- [source](\n  {RUN})",
    "a table": f"|a|\n|-|\n|[source]({RUN})|",
    "a definition list": f"term\n: [source]({RUN})",
    "a reference": f"[source]\n\n[source]: {RUN}",
    "a reference in a quote": f"> [source]\n\n> [source]:\n> {RUN}",
    "an autolink": f"<{RUN}>",
    "entities": "[source](&#106;ava&Tab;script&colon;void(document.title='RAN'))",
    "escapes": "[source](java\\script\\:f())",
    "nested emphasis": f"***[**source**]({RUN})***",
    "a prefix that a later filter takes away": f'<a href="files/{RUN}">x</a> [x](files/{RUN})',
    "a place on this server": "[x](/formgrader?path=/tmp/eve) [y](evil.html) [z](//127.0.0.1/x) [t](\\\\127.0.0.1\\x)",
    "a picture on this server": "![x](/formgrader?path=/tmp/eve) <img src='/formgrader?path=/tmp/eve'>",
    "a picture elsewhere": "![x](http://127.0.0.1:9/x.png) <img srcset='http://127.0.0.1:9/x.png'>",
    "a picture that is a program": "![x](data:image/svg+xml;base64,PHN2Zy8+) [x](data:text/html,<script>f()</script>)",
    "an attachment": "![x](attachment:x.svg)",
    "a script": "<script>document.title='RAN'</script>",
    "a handler": "<img src=x onerror=document.title='RAN'> <b onclick=f() onmouseover=f()>x</b>",
    "a drawing": "<svg onload=f()><script>f()</script><a xlink:href='javascript:f()'><text>x</text></a></svg>",
    "a formula in XML": "<math><mi href='javascript:f()' xlink:href='javascript:f()'>x</mi></math>",
    "a formula in a script": '<script type="math/tex">\\href{javascript:f()}{x}</script>',
    "a form": "<form action='/x'><input name=y id=explain><button formaction='javascript:f()'>b</button></form>",
    "a frame": f"<iframe src='{RUN}' srcdoc='<script>f()</script>'></iframe><object data='{RUN}'></object>",
    "a head": "<base href='http://a.b'><meta http-equiv=refresh content='0;url=http://a.b'><link href=x>",
    "a style": "<style>*{display:none}</style><b style='position:fixed;background:url(http://a.b)'>x</b>",
    "names of fields": "# explain\n\n<a name=explain id=submission_id class='btn mark-graded' data-link=x>x</a>",
    "a noscript": '<noscript><p title="</noscript><img src=x onerror=f()>"></noscript>',
    "a template": "<template><script>f()</script></template><textarea></textarea><script>f()</script>",
    "an unclosed comment": "<!-- <script>f()</script> --!><img src=x onerror=f()>",
    "code of a strange language": "~~~ &NewLine;x\n<script>f()</script>\n~~~\n\n```mermaid\nclick a href x",
    "a link of a formula": "$\\href{javascript:f()}{x}$ \\\\(\\href{javascript:f()}{x}\\\\)",
    "entities of a formula": "&#36;&#92;href{javascript:f()}{x}&#36; &dollar;&bsol;href{javascript:f()}{x}&dollar;",
    "a formula in parts": "$\\hr<wbr>ef{javascript:f()}{x}$ $\\hr<!-- -->ef{a}{b}$ $\\hr<script></script>ef{a}{b}$",
    "an environment": "\\begin{align}\\href{javascript:f()}{x}\\end{align}",
    "an extension": "$\\require{HTML}\\class{btn}{x}\\cssId{explain}{y}\\style{position:fixed}{z}\\bbox[red]{w}$",
    "new names": "$\\def\\a{\\hr}\\let\\b=\\href\\newcommand{\\c}[1]{\\renewcommand{\\d}{}}\\Newextarrow{\\e}{1,2}{3}$",
    "characters": "$\\unicode[url(x)]{104} \\mmlToken{mi}[href='javascript:f()']{x} \\csname href\\endcsname$",
    "actions": "$\\texttip{x}{y}\\mathtip{x}{y}\\toggle{x}{y}\\endtoggle\\includegraphics{http://a.b}\\url{x}$",
}
TAGS = (
    "p br hr em strong b i u s del ins sub sup kbd code pre blockquote h1 h2 h3 h4 h5 h6 ul ol li dl dt dd a img "
    "div span table caption thead tbody tr th td"
)
OBEYED = re.compile(
    r"\\(href|url|class|cssId|style|require|unicode|mmlToken|csname|bbox|data|let|def|gdef|global|newcommand|renewcommand"
    r"|newenvironment|DeclareMathOperator|Newextarrow|texttip|mathtip|toggle|includegraphics|begingroup)(?![A-Za-z])"
)


def harm(page: str) -> list[str]:
    """Return what a browser or MathJax would obey in a page's body."""
    soup = BeautifulSoup(page, "html.parser")
    found = [tag.name for tag in soup.find_all() if tag.name not in TAGS.split()]
    for tag in soup.find_all():
        for name, value in tag.attrs.items():
            fine = {
                "href": re.match(r"(https?://|mailto:)", str(value)),
                "src": re.match(r"data:image/png;base64,", str(value)),
                "style": re.fullmatch(r"text-align: ?(left|right|center);?", str(value)),
            }.get(name, name in ("rel", "alt", "start"))
            found += [] if fine else [f"{name}={value}"]
    return found + OBEYED.findall(soup.get_text())
