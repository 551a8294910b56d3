"""Pages that need nothing but themselves: what Jupyter Book 1.0.4 loads wrongly, or from elsewhere, is mended.

sphinx_thebe puts its scripts on every page, where they declare a constant twice: its listeners are taken
out (its style sheet stays, since the theme links to it). Some libraries still call `MathJax.Hub.Queue`, which
MathJax 3 does not have: a shim answers. MathJax is loaded when the explorables of the page have appeared, or after two
seconds at most, so that a slider is usable sooner. The widget manager looks for further modules at a network
address unless it is told where the book keeps its own. And the names of vendored modules end in .mjs,
because Jupyter Book adds every .js file to every page; a classic script may have any name.
"""

from typing import Any

from sphinx.application import Sphinx

MATHJAX_SHIM = """window.MathJax = window.MathJax || {};
MathJax.Hub = {Queue() {}};
MathJax.startup = {
  ready() {
    MathJax.startup.defaultReady();
    MathJax.Hub = {Queue: (...calls) => calls.forEach(
      call => Array.isArray(call) && call[0] === "Typeset" && MathJax.typesetPromise([call[2]]))};
    MathJax.startup.promise.then(() => {
      window.formulasAreSet = true;
      dispatchEvent(new Event("formulas-set"));
    });
  },
};
addEventListener("DOMContentLoaded", () => {
  if (!document.querySelector(".math, .MathJax, mjx-container")) return;
  const load = () => {
    if (!window.formulasFrom) return;
    document.head.append(Object.assign(document.createElement("script"), {src: window.formulasFrom}));
    delete window.formulasFrom;
  };
  if (!document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]')) return load();
  addEventListener("explorable-alive", load, {once: true});
  setTimeout(load, 2000);
});"""


def take_out_thebe(app: Sphinx) -> None:
    """Remove the listeners of sphinx_thebe that add scripts to pages."""
    for event in ("env-before-read-docs", "doctree-resolved"):
        listeners = app.events.listeners[event]
        listeners[:] = [one for one in listeners if not one.handler.__module__.startswith("sphinx_thebe")]


def tell_where_modules_are(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Say to require.js that widget modules lie in the book."""
    base = context["pathto"]("_static/vendor/", 1)
    paths = '{anywidget: "anywidget.mjs?"}'  # after a question mark, require.js adds its .js to no name
    app.add_js_file(None, priority=100, body=f'window.require = {{baseUrl: "{base}", paths: {paths}}};')


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    take_out_thebe(app)
    app.add_js_file(None, body=MATHJAX_SHIM, priority=900)
    app.connect("html-page-context", tell_where_modules_are)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
