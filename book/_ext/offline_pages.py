"""Pages that need nothing but themselves: what Jupyter Book 1.0.4 loads from elsewhere is taken out.

sphinx_thebe puts its scripts on every page, where they declare a constant twice: its listeners are taken out (its
style sheet stays, since the theme links to it).
"""

from sphinx.application import Sphinx


def take_out_thebe(app: Sphinx) -> None:
    """Remove the listeners of sphinx_thebe that add scripts to pages."""
    for event in ("env-before-read-docs", "doctree-resolved"):
        listeners = app.events.listeners[event]
        listeners[:] = [one for one in listeners if not one.handler.__module__.startswith("sphinx_thebe")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    take_out_thebe(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
