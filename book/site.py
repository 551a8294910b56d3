"""Put the built book into build/site, a folder that any web host serves: `make site`.

Beside the pages it holds what hosts ask for: a page for addresses that are not there, a file that keeps GitHub from
building anything, and the course as a wheel, with requirements.txt, by which Binder installs it. The PDF comes along
when it was printed, and what `make lite` has built, as the folder lite, if it has a NumPy. A chapter has a short
address, 5.html for chapter 5, which lasts when its file is renamed.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
HTML, SITE, LITE = BUILD / "_build" / "html", BUILD / "site", BUILD / "lite"
PDF = BUILD / "autodiff-and-mixtures.pdf"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>{head}
<p>{words} <a href="{to}">{link}</a></p></html>
"""


def main() -> int:
    """Make the folder anew."""
    if not (HTML / "index.html").is_file():
        print(f"There is no built book at {HTML}. Run `make book` first.", file=sys.stderr)
        return 1
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.copytree(HTML, SITE, ignore=shutil.ignore_patterns(".buildinfo", "objects.inv.tmp"))
    (SITE / ".nojekyll").touch()
    shutil.rmtree(BUILD / "lib", ignore_errors=True)  # or the wheel holds modules that are no more
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(SITE), str(ROOT)]
    if subprocess.run(pip, check=False).returncode != 0:
        print("The course could not be made into a wheel; pip's words are above.", file=sys.stderr)
        return 1
    wheel = next(SITE.glob("*.whl")).name
    (SITE / "requirements.txt").write_text(f"./{wheel}[student]\n", encoding="utf-8")
    words = {"title": "Not here", "head": "", "words": "There is no such page.", "to": "/", "link": "To the book"}
    (SITE / "404.html").write_text(PAGE.format(**words), encoding="utf-8")
    for chapter in SITE.glob("[0-9][0-9]_*.html"):
        head = f'<meta http-equiv="refresh" content="0; url={chapter.name}">'
        words = {
            "title": "Chapter",
            "head": head,
            "words": "This chapter is at",
            "to": chapter.name,
            "link": chapter.stem,
        }
        (SITE / f"{int(chapter.stem[:2])}.html").write_text(PAGE.format(**words), encoding="utf-8")
    if PDF.is_file():
        shutil.copyfile(PDF, SITE / PDF.name)
    if any(LITE.rglob("numpy-*.whl")):  # without it a set cannot be done there
        shutil.copytree(LITE, SITE / LITE.name)
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(f"{SITE.relative_to(ROOT)}: {size / 1e6:.0f} MB; copy it to any web host.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
