// The two halves of the course, and one place that moves through both: the slope of a curve, and whose a point is.
import {BLACK, BLUE, GREY, VERMILION, axes, fixed, picture, text} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

export const curve = x => Math.sin(x) + x / 3;
export const slope = x => Math.cos(x) + 1 / 3;

// Weight times density of each bell at x.
export const bells = (x, mixture) =>
  mixture.map(({weight, mean, sigma}) => weight * Math.exp(-(((x - mean) / sigma) ** 2) / 2) / (sigma * Math.sqrt(2 * Math.PI)));

// Drawing ----------------------------------------------------------------------------------------------------------

export function draw({x}, {mixture}) {
  const grid = Array.from({length: 121}, (_, i) => i / 30), height = curve(x), steep = slope(x);
  const [first, second] = bells(x, mixture), share = first / (first + second);
  const plain = {xticks: [], yticks: [], grid: false};
  const left = axes({box: [8, 24, 184, 140], x: [0, 4], y: [0, 2.2], ...plain});
  const right = axes({box: [208, 24, 184, 140], x: [0, 4], y: [0, 1.1], ...plain});
  const parts = grid.map(z => bells(z, mixture));
  return {
    svg: picture(400, 172,
      text(8, 10, "How does f change?", {"font-weight": "bold"}), text(208, 10, "Which bell drew x?", {"font-weight": "bold"}),
      left.frame,
      left.inside(left.line(grid.map(z => [z, curve(z)]), {stroke: BLUE}),
        left.line([[x - 1.2, height - 1.2 * steep], [x + 1.2, height + 1.2 * steep]], {stroke: VERMILION})),
      left.point(x, height),
      right.frame,
      [BLUE, VERMILION].map((fill, k) => right.area([[0, 0], ...grid.map((z, i) => [z, parts[i][k]]), [4, 0]], {fill, "fill-opacity": 0.35})),
      right.line(grid.map((z, i) => [z, parts[i][0] + parts[i][1]]), {stroke: BLACK}),
      right.line([[x, 0], [x, 1.1]], {stroke: GREY, "stroke-width": 1}),
      right.line([[x, 0], [x, first]], {stroke: BLUE, "stroke-width": 5}),
      right.line([[x, first], [x, first + second]], {stroke: VERMILION, "stroke-width": 5})),
    alternativeText: `Two pictures with one place, x = ${fixed(x, 2)}. Left, a wavy curve and its tangent there, with the slope `
      + `${fixed(steep, 2)}. Right, two bells and their sum: a point there comes from the left bell with probability ${fixed(share, 2)}.`,
    reading: [
      ["Slope at x", fixed(steep, 2)],
      ["From the left bell, probably", `${fixed(100 * share, 0)} %`],
    ],
  };
}
