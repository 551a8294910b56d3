// Newton's iteration for z³ = 1 in the plane: the path from a start, and from where it leads to which root.
//
// Left the plane, coloured by the root at which the iteration from there ends, once the first one is made. Right the distance from that root,
// iteration by iteration: a walk, until the path is near; then the number of digits doubles at each step.
import {BLACK, BLUE, GREEN, GREY, ORANGE, axes, fixed, picture, text} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

export const roots = [[1, 0], [-0.5, Math.sqrt(3) / 2], [-0.5, -Math.sqrt(3) / 2]];

// The next point after z = x + iy: z - (z³ - 1) / (3 z²), or null where the derivative 3 z² is zero.
export function newtonStep([x, y]) {
  const [u, v] = [x * x - y * y, 2 * x * y]; // z²
  const [fx, fy] = [u * x - v * y - 1, u * y + v * x]; // z³ - 1
  const size = 3 * (u * u + v * v);
  return size > 0 ? [x - (fx * u + fy * v) / size, y - (fy * u - fx * v) / size] : null;
}

// The points of the path, at most `count` steps.
export function newtonPath(start, count) {
  const points = [start];
  while (points.length <= count) {
    const next = newtonStep(points[points.length - 1]);
    if (!next) break;
    points.push(next);
  }
  return points;
}

export const distance = ([x, y], [a, b]) => Math.hypot(x - a, y - b);

// Which root the iteration from here ends at: 0, 1 or 2; -1 for none in forty steps.
export function basin(start) {
  const last = newtonPath(start, 40).pop();
  return roots.findIndex(root => distance(last, root) < 1e-6);
}

// Drawing ----------------------------------------------------------------------------------------------------------

const COLOURS = [BLUE, ORANGE, GREEN], NAMES = ["A", "B", "C"], REACH = 2, CELLS = 95, LEAST = 1e-15;
let map = null; // the coloured plane: it depends on nothing, and is drawn once

function plane(plot) {
  if (map) return map;
  const width = 2 * REACH / CELLS, middle = i => -REACH + (i + 0.5) * width, strips = [];
  for (let row = 0; row < CELLS; row++) {
    for (let from = 0, to; from < CELLS; from = to) { // neighbours of one colour become one strip
      const root = basin([middle(from), middle(row)]);
      for (to = from + 1; to < CELLS && basin([middle(to), middle(row)]) === root; to++);
      const [left, low] = [-REACH + from * width, -REACH + row * width];
      if (root >= 0) strips.push(plot.rectangle(left, low, left + (to - from) * width, low + width,
        {fill: COLOURS[root], "fill-opacity": [0.45, 0.3, 0.6][root], "shape-rendering": "crispEdges"}));
    }
  }
  return map = strips.join("");
}

const signed = number => `+ ${fixed(number, 4)}i`.replace("+ −", "− ");
const complex = ([x, y]) => `${fixed(x, 4)} ${signed(y)}`;

export function draw({x, y, k}) {
  const whole = newtonPath([x, y], 40), points = whole.slice(0, k + 1), here = points[points.length - 1];
  const root = roots.findIndex(r => distance(whole[whole.length - 1], r) < 1e-6);
  const off = point => Math.max(distance(point, roots[root]), LEAST);
  const told = k > 0; // before the first iteration the reader predicts
  const goal = !told ? "–" : root < 0 ? "no root" : NAMES[root];
  const far = !told || root < 0 ? "–" : off(here) < 1e-13 ? "rounding only" : off(here).toExponential(1);
  const digits = !told || root < 0 ? 0 : Math.max(0, Math.min(15, Math.floor(-Math.log10(off(here)))));
  const plot = axes({box: [30, 24, 190, 190], x: [-REACH, REACH], y: [-REACH, REACH], xlabel: "real part", grid: false});
  const error = axes({
    box: [272, 24, 120, 190], x: [0, 15], y: [1e-15, 1e2], log: "y", xlabel: "iteration", xticks: [0, 5, 10, 15],
  });
  return {
    svg: picture(400, 250,
      text(30, 10, "Where it goes", {"font-weight": "bold"}), plot.frame,
      plot.inside(
        told ? plane(plot) : "",
        plot.line(points, {"stroke-width": 1.5}),
        points.map(([a, b]) => plot.point(a, b, {r: 2.5, fill: BLACK})),
        plot.point(...points[0], {r: 5, fill: "#ffffff", "stroke-width": 2}),
        plot.point(...here, {r: 4.5, fill: BLACK}),
      ),
      roots.map(([a, b], i) => plot.text(a + 0.14, b + 0.2, NAMES[i], {"font-weight": "bold", "font-size": 13})),
      roots.map(([a, b]) => plot.point(a, b, {r: 3, fill: "#ffffff"})),
      text(238, 10, "How far away", {"font-weight": "bold"}), error.frame,
      !told || root < 0 ? "" : error.inside(
        error.line(points.map((p, i) => [i, off(p)]), {stroke: COLOURS[root]}),
        points.map((p, i) => error.point(i, off(p), {r: 3, fill: COLOURS[root]})),
      ),
    ),
    alternativeText: `Newton's iteration for z³ = 1 started at ${fixed(x, 2)} ${signed(y)}. After ${points.length - 1} `
      + `step${points.length === 2 ? "" : "s"} it is at ${complex(here)}. `
      + (told ? `From this start it ends at ${goal}. Distance from there: ${far}.` : "Where will it end?"),
    reading: [
      ["You are at", complex(here)], ["It ends at", goal],
      ["Distance from there", far], ["Digits right", String(digits)],
    ],
  };
}
