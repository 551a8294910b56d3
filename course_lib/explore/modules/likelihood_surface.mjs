// The log-likelihood of two means on a line as a landscape, and the way that EM takes through it from any start.
//
// Weights and the standard deviation, 1, are known. The contours come from Python; the path is computed here.
import {GREY, SKY, VERMILION, axes, fixed, picture} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

// log(w_k N(x; m_k, 1)) for both components.
const joint = (x, means, weights) =>
  means.map((mean, k) => Math.log(weights[k]) - Math.log(2 * Math.PI) / 2 - (x - mean) ** 2 / 2);

export function logLikelihood(points, means, weights) {
  return points.reduce((total, x) => {
    const [a, b] = joint(x, means, weights), largest = Math.max(a, b);
    return total + largest + Math.log(Math.exp(a - largest) + Math.exp(b - largest));
  }, 0);
}

// One E step and one M step.
export function newMeans(points, means, weights) {
  const sums = [0, 0], counts = [0, 0];
  for (const x of points) {
    const [a, b] = joint(x, means, weights), first = 1 / (1 + Math.exp(b - a));
    [first, 1 - first].forEach((r, k) => {
      sums[k] += r * x;
      counts[k] += r;
    });
  }
  return means.map((mean, k) => (counts[k] > 0 ? sums[k] / counts[k] : mean));
}

// The means from the start until they move by less than a thousandth, at most 200 iterations.
export function path(points, start, weights) {
  const means = [start];
  while (means.length <= 200) {
    const last = means[means.length - 1], next = newMeans(points, last, weights);
    means.push(next);
    if (Math.max(Math.abs(next[0] - last[0]), Math.abs(next[1] - last[1])) < 1e-3) break;
  }
  return means;
}

// Drawing ----------------------------------------------------------------------------------------------------------

export function draw({mu1, mu2, weights}, {points, surfaces, limits}) {
  const {contours, best, weights: known} = surfaces[weights];
  const way = path(points, [mu1, mu2], known), [a, b] = way[way.length - 1];
  const height = logLikelihood(points, [a, b], known), steps = way.length - 1;
  const kind = Math.abs(a - b) < 0.01 ? "a saddle, where both means are equal"
    : height < best - 0.1 ? "the lower summit" : weights === "equal" ? "one of two equal summits" : "the higher summit";
  const plot = axes({box: [45, 8, 300, 300], x: limits, y: limits, xlabel: "first mean; contours are log-likelihoods", ylabel: "second mean", grid: false});
  const dots = way.map(([x, y], i) => plot.point(x, y, {r: i === 0 || i === steps ? 5.5 : 3, fill: i === 0 ? "#ffffff" : VERMILION}));
  return {
    svg: picture(400, 350,
      plot.frame,
      plot.inside(
        contours.map(line => plot.line(line, {stroke: SKY, "stroke-width": 1.4})),
        plot.line([[limits[0], limits[0]], [limits[1], limits[1]]], {stroke: GREY, "stroke-width": 1, "stroke-dasharray": "3 3"}),
        plot.line(way, {stroke: VERMILION, "stroke-width": 2}), dots)),
    alternativeText: `Contours of the log-likelihood over the two means. From (${fixed(mu1, 1)}, ${fixed(mu2, 1)}) EM goes in `
      + `${steps} iterations to (${fixed(a, 2)}, ${fixed(b, 2)}): ${kind}, with log-likelihood ${fixed(height, 1)}.`,
    reading: [
      ["It ends at", `(${fixed(a, 2)}, ${fixed(b, 2)})`],
      ["Log-likelihood there", fixed(height, 1)],
      ["Iterations", `${steps}`],
      ["That is", kind],
    ],
  };
}
