// Set formulas by MathJax: a list of [tex, display] comes in; out goes each as HTML, and the shapes of letters by their ids.
// The argument is the folder whose node_modules holds MathJax.

import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

const mathjax = createRequire(`${process.argv[2]}/`)("mathjax");
const MathJax = await mathjax.init({
  loader: {load: ["input/tex", "output/svg", "a11y/assistive-mml"]},
  svg: {fontCache: "global"},
  tex: {packages: {"[-]": ["noundefined"]}}, // an unknown name is an error, not red letters
});
const {adaptor, document} = MathJax.startup;

// What only a program would read is left out: it is half of the text.
const shorter = html => html
  .replace(/ (?:data-mml-node|data-c|data-mjx-texclass|data-semantic-[a-z]+|jax|focusable|xmlns|xmlns:xlink|unselectable)="[^"]*"/g, "")
  .replace(/ xlink:href=/g, " href=").replace(/<use([^>]*)><\/use>/g, "<use$1/>").replace(/<g><\/g>/g, "");

// Lines one below the other would touch where they hold fractions or sums.
const airy = tex => tex.replace(/\\begin\{aligned\}.*?\\end\{aligned\}/gs, lines =>
  /frac|sum|prod/.test(lines) ? lines.replace(/\\\\(?!\[)/g, "\\\\[0.5em]") : lines);

const formulas = [];
for (const [tex, display] of JSON.parse(readFileSync(0, "utf8"))) {
  const set = await MathJax.tex2svgPromise(airy(tex), {display, em: 16, ex: 8, containerWidth: 1e5});
  formulas.push(shorter(adaptor.outerHTML(set)));
}
const cache = document.outputJax.fontCache.getCache();
const shapes = Object.fromEntries(adaptor.childNodes(cache).map(shape => [adaptor.getAttribute(shape, "id"), adaptor.outerHTML(shape)]));
process.stdout.write(JSON.stringify({formulas, shapes}));
