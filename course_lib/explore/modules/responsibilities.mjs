// Two Gaussians of the same sigma on a line: their densities, and how probable each is at every place.
//
// The means are -D/2 and D/2. The weight belongs to the right component.
import {BLACK, BLUE, VERMILION, axes, fixed, picture, text} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

const gaussian = (x, mean, sigma) => Math.exp(-0.5 * ((x - mean) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));

// pi_k N(x; mu_k, sigma²) of the left and of the right component.
export const jointDensities = (x, weight, separation, sigma) =>
  [(1 - weight) * gaussian(x, -separation / 2, sigma), weight * gaussian(x, separation / 2, sigma)];

// The responsibility of the right component at x: a sigmoid, since the squares of x cancel.
export const responsibilityOfRight = (x, weight, separation, sigma) =>
  1 / (1 + Math.exp(-Math.log(weight / (1 - weight)) - separation * x / sigma ** 2));

// Where both are equally responsible, and over what length the responsibility goes from 0.05 to 0.95.
export const softBorder = (weight, separation, sigma) => sigma ** 2 / separation * Math.log((1 - weight) / weight);
export const lengthOfDoubt = (separation, sigma) => 2 * Math.log(19) * sigma ** 2 / separation;

// Drawing ----------------------------------------------------------------------------------------------------------

const HALF = 5; // the picture goes from -HALF to HALF

export function draw({weight, separation, sigma}, {at}) {
  const border = softBorder(weight, separation, sigma), doubt = lengthOfDoubt(separation, sigma);
  const here = responsibilityOfRight(at, weight, separation, sigma), shown = number => fixed(number, 2);
  return {
    svg: picture(400, 300, densities(weight, separation, sigma), shares(weight, separation, sigma, border)),
    alternativeText: `Above, two bell curves with means ${shown(-separation / 2)} and ${shown(separation / 2)}, standard `
      + `deviation ${shown(sigma)}, the right one of weight ${shown(weight)}. Below, the responsibility of the right one rises `
      + `from 0 to 1. It is one half at x = ${shown(border)}, where k-means has its border at 0, and goes from 0.05 to 0.95 `
      + `over a length of ${shown(doubt)}.`,
    reading: [
      ["Border, where both are 1/2", shown(border)],
      ["Border of k-means", "0.00"],
      ["Length of doubt, 0.05 to 0.95", shown(doubt)],
      [`Responsibility of right at x = ${at}`, fixed(here, 3)],
    ],
  };
}

function along(values) {
  return Array.from({length: 401}, (_, i) => (i - 200) * HALF / 200).map(x => [x, values(x)]);
}

function densities(weight, separation, sigma) {
  const sum = along(x => jointDensities(x, weight, separation, sigma).reduce((a, b) => a + b));
  const highest = Math.max(...sum.map(([, y]) => y)) * 1.08;
  const plot = axes({box: [56, 20, 334, 112], x: [-HALF, HALF], y: [0, highest], ylabel: "density"});
  const bell = (k, style) => plot.line(along(x => jointDensities(x, weight, separation, sigma)[k]), style);
  return [
    text(56, 9, "Weighted densities, and their sum", {"font-weight": "bold"}),
    plot.frame,
    plot.line(sum, {stroke: BLACK, "stroke-width": 1.2, "stroke-dasharray": "5 3"}),
    bell(0, {stroke: BLUE}), bell(1, {stroke: VERMILION}),
  ];
}

function shares(weight, separation, sigma, border) {
  const plot = axes({box: [56, 172, 334, 90], x: [-HALF, HALF], y: [0, 1], yticks: [0, 0.5, 1], xlabel: "x", ylabel: "r"});
  const curve = along(x => responsibilityOfRight(x, weight, separation, sigma));
  return [
    text(56, 160, "Responsibilities", {"font-weight": "bold"}),
    plot.frame,
    plot.area([[-HALF, 1], ...curve, [HALF, 1]], {fill: BLUE, "fill-opacity": 0.3}),
    plot.area([[-HALF, 0], ...curve, [HALF, 0]], {fill: VERMILION, "fill-opacity": 0.3}),
    plot.line(curve, {stroke: VERMILION}),
    plot.line([[0, 0], [0, 1]], {stroke: BLACK, "stroke-width": 1, "stroke-dasharray": "3 3"}),
    Math.abs(border) < HALF ? plot.point(border, 0.5, {fill: BLACK}) : "",
    plot.text(-HALF * 0.96, 0.86, "left", {fill: BLACK}),
    plot.text(HALF * 0.96, 0.14, "right", {fill: BLACK, "text-anchor": "end"}),
  ];
}
