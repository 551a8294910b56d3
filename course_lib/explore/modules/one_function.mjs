// One function, read twice: a mixture's log-likelihood over one mean, with EM's bound and with its gradient, and the
// reverse sweep of log-sum-exp in which both meet.
//
// Two components of weight 1/2 and standard deviation 1 on a line; the second mean is taken as known.
import {
  BLACK, BLUE, GREY, ORANGE, PURPLE, PURPLE_INK, VERMILION, VERMILION_INK, YELLOW, arrow, axes, fixed, line, picture,
  point, rectangle, text,
} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

// a_k = log(w_k N(x; m_k, 1)), and forward through log-sum-exp.
export const joint = (x, means) => means.map(m => Math.log(0.5) - Math.log(2 * Math.PI) / 2 - (x - m) ** 2 / 2);

export function logSumExp(a) {
  const largest = Math.max(...a);
  return largest + Math.log(a.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

// Backward: from the adjoint 1 of log p, each a_k gets its local partial derivative, e^(a_k - log p), a softmax; and
// a_1 hands (x - m_1) times that to the mean.
export function reverseSweep(x, means) {
  const a = joint(x, means), top = logSumExp(a), handed = a.map(value => Math.exp(value - top));
  return {a, top, handed, mean: handed[0] * (x - means[0])};
}

export const logLikelihood = (points, means) => points.reduce((sum, x) => sum + logSumExp(joint(x, means)), 0);

export const slope = (points, means) => points.reduce((sum, x) => sum + reverseSweep(x, means).mean, 0);

// The evidence lower bound at the mean m, for the responsibilities r of the first component.
export function bound(points, r, m, known) {
  const entropy = p => (p > 0 ? -p * Math.log(p) : 0);
  return points.reduce((sum, x, n) => {
    const [a, b] = joint(x, [m, known]);
    return sum + r[n] * a + (1 - r[n]) * b + entropy(r[n]) + entropy(1 - r[n]);
  }, 0);
}

// The top of the bound: the M step.
export const topOfBound = (points, r) =>
  points.reduce((sum, x, n) => sum + r[n] * x, 0) / r.reduce((sum, value) => sum + value, 0);

export function afterSteps(points, [first, known], steps) {
  let mean = first;
  for (let i = 0; i < steps; i++) mean = topOfBound(points, points.map(x => reverseSweep(x, [mean, known]).handed[0]));
  return mean;
}

// Drawing ----------------------------------------------------------------------------------------------------------

const two = value => fixed(value), three = value => fixed(value, 3);
const GREY_LINE = {stroke: GREY, "stroke-width": 1};

export function draw({places, read, steps}, {low, high}) {
  const points = places.slice(0, -2).map(([x]) => x), [[start], [known]] = places.slice(-2);
  const mean = afterSteps(points, [start, known], steps), means = [mean, known];
  const r = points.map(x => reverseSweep(x, means).handed[0]), count = r.reduce((sum, value) => sum + value, 0);
  const height = logLikelihood(points, means), gradient = slope(points, means), top = topOfBound(points, r);
  const chosen = points[read - 1], sweep = reverseSweep(chosen, means), x = [low, high];

  const line1 = axes({box: [45, 20, 345, 62], x, y: [0, 0.5], xlabel: "", yticks: [], xticks: []});
  const bell = m => Array.from({length: 141}, (_, i) => low + (high - low) * i / 140)
    .map(z => [z, Math.exp(-((z - m) ** 2) / 2) / Math.sqrt(2 * Math.PI)]);
  const dots = points.map((z, n) => [ // in the colours of the two bells: how much of the point is whose
    line1.at(z, 0), n === read - 1 ? 7 : 5.5, r[n]]).map(([[cx, cy], radius, share], n) => [
    point(cx, cy, {r: radius, fill: BLUE, stroke: n === read - 1 ? BLACK : "none", "stroke-width": 2}),
    rectangle(cx - 2.2, cy - radius + 1 + (1 - share) * (2 * radius - 2), 4.4, share * (2 * radius - 2), {fill: VERMILION}),
  ]);
  const scene = [
    line1.frame,
    line1.inside(line1.line(bell(mean), {stroke: VERMILION}), line1.line(bell(known), {stroke: BLUE, "stroke-dasharray": "6 3"})),
    text(5, 10, "Two bells share the points. Drag them", {"font-weight": "bold"}),
    line1.point(start, 0.4, {fill: "#ffffff", stroke: VERMILION, "stroke-width": 2, r: 6}),
    line1.point(known, 0.4, {fill: "#ffffff", stroke: BLUE, "stroke-width": 2, r: 6}), dots,
    text(Math.min(365, Math.max(70, line1.at(chosen, 0)[0])), 66, `${three(sweep.handed[0])} solid`, {"text-anchor": "middle",
      "font-weight": "bold", fill: VERMILION_INK, stroke: "#ffffff", "stroke-width": 3, "paint-order": "stroke"}),
  ];

  const grid = Array.from({length: 101}, (_, i) => low + (high - low) * i / 100);
  const hill = grid.map(m => [m, logLikelihood(points, [m, known])]), summit = Math.max(...hill.map(([, y]) => y));
  const depth = Math.max(6, 1.25 * (summit - height));
  const plot = axes({box: [45, 112, 345, 150], x, y: [summit - depth, summit + 0.12 * depth], xlabel: "first mean"});
  const reach = (high - low) / 9;
  const surface = [
    plot.frame,
    plot.inside(
      plot.line(hill, {stroke: VERMILION, "stroke-width": 2.6}),
      plot.line(grid.map(m => [m, bound(points, r, m, known)]), {stroke: PURPLE_INK, "stroke-dasharray": "6 3"}),
      plot.line([mean - reach, mean + reach].map(m => [m, height + gradient * (m - mean)]), {stroke: BLACK, "stroke-width": 2.2}),
      plot.line([[top, summit - depth], [top, bound(points, r, top, known)]], {...GREY_LINE, "stroke-dasharray": "2 2"}),
      plot.point(top, bound(points, r, top, known), {fill: PURPLE}), plot.point(mean, height, {fill: VERMILION, r: 6})),
    text(5, 102, "EM: a dome under the log-likelihood", {"font-weight": "bold"}),
    rectangle(262, 114, 128, 73, {fill: "#ffffff", "fill-opacity": 0.8}),
    [["log-likelihood", VERMILION_INK], ["dashed: EM's dome", PURPLE_INK], ["its top: next mean", PURPLE_INK],
      ["tangent of both", BLACK]].map(([words, fill], n) =>
      text(387, 124 + 17 * n, words, {"text-anchor": "end", fill})),
  ];

  const box = (left, y, words, adjoint, lit, width = 104) => [
    rectangle(left, y, width, 38, {fill: lit ? YELLOW : "#ffffff", stroke: BLACK, "stroke-width": lit ? 2 : 1, rx: 5}),
    text(left + width / 2, y + 12, words, {"text-anchor": "middle"}),
    text(left + width / 2, y + 27, adjoint, {"text-anchor": "middle", fill: lit ? BLACK : VERMILION_INK, "font-weight": "bold"}),
  ];
  const back = (from, to) => arrow(from, to, {stroke: ORANGE, "stroke-width": 2});
  const graph = [
    text(5, 314, `Reverse mode: point ${read} through log-sum-exp`, {"font-weight": "bold"}),
    line([[109, 345], [148, 345]], GREY_LINE), line([[252, 345], [276, 360]], GREY_LINE), line([[252, 397], [276, 382]], GREY_LINE),
    back([276, 354], [254, 340]), back([276, 388], [254, 402]), back([148, 339], [111, 339]),
    [`${three(sweep.handed[0])}: EM's`, "responsibility", `of point ${read}`].map((words, n) => text(5, 386 + 15 * n, words, {"font-weight": "bold"})),
    box(5, 326, `m₁ = ${two(mean)}`, `gets ${three(sweep.mean)}`, false),
    box(148, 326, `a₁ = ${two(sweep.a[0])}`, `gets ${three(sweep.handed[0])}`, true),
    box(148, 378, `a₂ = ${two(sweep.a[1])}`, `gets ${three(sweep.handed[1])}`, false),
    box(276, 352, `log p = ${two(sweep.top)}`, "starts with 1", false, 120),
  ];
  const names = [...points.map((z, n) => `Point ${n + 1} at ${two(z)}`), `First mean starts at ${two(start)}`, `Second mean at ${two(known)}`];
  return {
    svg: picture(400, 424, scene, surface, graph),
    handles: {places: {
      places: [...points.map(z => line1.at(z, 0)), line1.at(start, 0.4), line1.at(known, 0.4)],
      unit: [345 / (high - low), 1], labels: names,
    }},
    alternativeText: `Three pictures. Above, ${points.length} points on a line and two bells at ${two(mean)} and ${two(known)}. In the middle `
      + `the log-likelihood over the first mean: it is ${two(height)} here, its tangent has the slope ${two(gradient)}, and the dome `
      + `under it has its top at ${two(top)}. Below, the reverse sweep of point ${read}: log-sum-exp hands ${three(sweep.handed[0])} to the `
      + `first component, which is its responsibility, and ${three(sweep.mean)} goes on to the mean.`,
    reading: [
      ["Adjoint of a₁ (reverse sweep)", three(sweep.handed[0])],
      ["Responsibility (E step)", three(r[read - 1])],
      ["Slope of the tangent, the sum over all points", two(gradient)],
      ["EM's step × N₁, the same", two((top - mean) * count)],
    ],
  };
}
