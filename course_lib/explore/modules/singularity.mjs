// A component that sits on one point: the narrower it is, the higher the likelihood, without end.
//
// Two components on a line: a wide one, as wide as all the data, and a narrow one whose mean stands at a distance from
// one of the points.
import {BLUE, GREY, VERMILION, axes, fixed, line, picture} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

const logNormal = (x, mean, sigma) => -Math.log(2 * Math.PI) / 2 - Math.log(sigma) - ((x - mean) / sigma) ** 2 / 2;

export function logDensity(x, sigma, distance, {weights, wide, chosen}) {
  const a = Math.log(weights[0]) + logNormal(x, wide[0], wide[1]);
  const b = Math.log(weights[1]) + logNormal(x, chosen + distance, sigma);
  const largest = Math.max(a, b);
  return largest + Math.log(Math.exp(a - largest) + Math.exp(b - largest));
}

export const logLikelihood = (points, sigma, distance, model) =>
  points.reduce((total, x) => total + logDensity(x, sigma, distance, model), 0);

// Drawing ----------------------------------------------------------------------------------------------------------

// The data with the point where the reader has put it; the wide component is as wide as all of them.
export function modelOf(data, chosen, weights) {
  const points = data.points.map((x, n) => (n === data.index ? chosen : x)), n = points.length;
  const mean = points.reduce((s, x) => s + x, 0) / n;
  const sigma = Math.sqrt(points.reduce((s, x) => s + (x - mean) ** 2, 0) / n);
  return {points, model: {weights, wide: [mean, sigma], chosen}};
}

export function draw({sigma, distance, point: [[place]]}, data) {
  const {points, model} = modelOf(data, place, data.weights);
  const alone = points.reduce((sum, x) => sum + logNormal(x, ...model.wide), 0);
  const away = Number(distance), height = logLikelihood(points, sigma, away, model);
  const share = Math.exp(Math.log(model.weights[1]) + logNormal(model.chosen, model.chosen + away, sigma)
    - logDensity(model.chosen, sigma, away, model));
  const upper = axes({box: [45, 10, 340, 150], x: [1e-6, 1], y: [alone - 15, alone + 9], log: "x", xlabel: "sigma of the narrow component"});
  const curve = Array.from({length: 121}, (_, i) => 10 ** (-6 + i / 20))
    .filter(s => s > 0.999 * sigma).map(s => [s, logLikelihood(points, s, away, model)]); // how it goes on is not told yet
  const lower = axes({box: [45, 214, 340, 80], x: [-4.5, 5], y: [0, 1], xlabel: "x", yticks: [0, 1]});
  const grid = Array.from({length: 191}, (_, i) => -4.5 + i / 20).concat([model.chosen + away - 3 * sigma, model.chosen + away - sigma,
    model.chosen + away, model.chosen + away + sigma, model.chosen + away + 3 * sigma]).sort((a, b) => a - b);
  return {
    svg: picture(400, 336,
      upper.frame,
      upper.inside(upper.line([[1e-6, alone], [1, alone]], {stroke: GREY, "stroke-width": 1.2, "stroke-dasharray": "4 3"}),
        upper.line(curve, {stroke: VERMILION})),
      upper.point(sigma, Math.min(alone + 9, Math.max(alone - 15, height)), {fill: VERMILION}),
      upper.text(0.9, alone + 7, "log-likelihood; dashed: without the narrow one", {"text-anchor": "end"}),
      lower.frame,
      lower.inside(lower.line(grid.map(x => [x, Math.exp(logDensity(x, sigma, away, model))]), {stroke: BLUE, "stroke-width": 1.6})),
      points.map(x => { const [cx, cy] = lower.at(x, 0); return line([[cx, cy], [cx, cy - 7]], {stroke: GREY, "stroke-width": 1}); }),
      lower.point(place, 0, {fill: VERMILION}),
      lower.text(4.9, 0.93, "density; a dash is a point", {"text-anchor": "end"})),
    handles: {point: {places: [lower.at(place, 0)], unit: [340 / 9.5, 1], labels: [`The point at ${fixed(place, 2)}`]}},
    alternativeText: `A narrow component of sigma ${sigma.toExponential(1)}, its mean ${distance} from the point at ${fixed(place, 2)}. The log-likelihood is `
      + `${fixed(height, 2)}, against ${fixed(alone, 2)} without it. It has ${fixed(100 * share, 1)} percent of that point.`,
    reading: [
      ["Log-likelihood", fixed(height, 2)],
      ["Without the narrow one", fixed(alone, 2)],
      ["Gained", fixed(height - alone, 2)],
      ["Its share of the point", `${fixed(100 * share, 1)} percent`],
    ],
  };
}
