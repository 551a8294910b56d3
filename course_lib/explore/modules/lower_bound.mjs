// The lower bound under the log-likelihood, for one unknown mean: the E step makes them touch, the M step climbs.
//
// Two components of standard deviation 1 with known weights; the second mean is known, too. For given responsibilities
// the bound is a parabola in the first mean.
import {BLACK, BLUE, GREY, VERMILION, axes, fixed, picture, text} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

const joint = (x, mean, {weights, known}) =>
  [mean, known].map((m, k) => Math.log(weights[k]) - Math.log(2 * Math.PI) / 2 - (x - m) ** 2 / 2);

export function logLikelihood(points, mean, model) {
  return points.reduce((total, x) => {
    const [a, b] = joint(x, mean, model), largest = Math.max(a, b);
    return total + largest + Math.log(Math.exp(a - largest) + Math.exp(b - largest));
  }, 0);
}

// The responsibility of the first component for each point.
export const responsibilities = (points, mean, model) => points.map(x => {
  const [a, b] = joint(x, mean, model);
  return 1 / (1 + Math.exp(b - a));
});

// The evidence lower bound: expected joint log density plus entropy.
export function bound(points, r, mean, model) {
  const entropy = p => (p > 0 ? -p * Math.log(p) : 0);
  return points.reduce((total, x, n) => {
    const [a, b] = joint(x, mean, model);
    return total + r[n] * a + (1 - r[n]) * b + entropy(r[n]) + entropy(1 - r[n]);
  }, 0);
}

export function newMean(points, r) {
  return points.reduce((sum, x, n) => sum + r[n] * x, 0) / r.reduce((sum, value) => sum + value, 0);
}

// The mean after so many half steps, and the responsibilities of the last E step, null before the first.
export function after(points, start, half, model) {
  let mean = start, r = null;
  for (let step = 1; step <= half; step++) {
    if (step % 2) r = responsibilities(points, mean, model);
    else mean = newMean(points, r);
  }
  return {mean, r};
}

// Drawing ----------------------------------------------------------------------------------------------------------

export function draw({half, start}, {points, model, x, y}) {
  const {mean, r} = after(points, start, half, model), iteration = Math.floor(half / 2);
  const height = logLikelihood(points, mean, model), below = r ? bound(points, r, mean, model) : null;
  const gap = r ? Math.max(0, height - below) : null;
  const grid = Array.from({length: 111}, (_, i) => x[0] + (x[1] - x[0]) * i / 110);
  const plot = axes({box: [52, 22, 335, 228], x, y, xlabel: "first mean", ylabel: ""});
  const moment = half === 0 ? "The start" : half % 2 ? `After the E step of iteration ${iteration + 1}` : `After the M step of iteration ${iteration}`;
  const says = r === null ? "There is no bound yet." : half % 2 ? "The bound touches it there."
    : `The mean stands on the top of the bound, ${fixed(gap, 2)} below the log-likelihood.`;
  return {
    svg: picture(400, 292, plot.frame,
      plot.inside(
        plot.line(grid.map(m => [m, logLikelihood(points, m, model)]), {stroke: VERMILION, "stroke-width": 2.4}),
        r ? plot.line(grid.map(m => [m, bound(points, r, m, model)]), {stroke: BLUE, "stroke-dasharray": "6 3"}) : "",
        plot.line([[mean, y[0]], [mean, height]], {stroke: GREY, "stroke-width": 1}),
        r && half % 2 === 0 ? plot.point(mean, below, {fill: BLUE}) : "",
        plot.point(mean, height, {fill: VERMILION})),
      text(387, 9, "solid: log-likelihood; dashed: bound", {"text-anchor": "end"})),
    alternativeText: `${moment}: the first mean is ${fixed(mean, 3)}, the log-likelihood ${fixed(height, 2)}. ${says}`,
    reading: [
      ["First mean", fixed(mean, 3)],
      ["Log-likelihood", fixed(height, 2)],
      ["Bound", below === null ? "none yet" : fixed(below, 2)],
      ["Gap", gap === null ? "none yet" : fixed(gap, 2)],
    ],
  };
}
