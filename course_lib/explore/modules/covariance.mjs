// What a full covariance says: a circle of standard points z becomes the ellipse x = L z, with L L' = Sigma.
//
// Sigma has the variances 1 and s² and the correlation rho. The columns of L are where the two unit arrows go.
import {BLUE, GREEN, GREY, ORANGE, SKY, VERMILION, axes, fixed, picture, text} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

export const covarianceOf = (rho, s) => [[1, rho * s], [rho * s, s * s]];

// The lower triangle L with L L' = Sigma.
export const choleskyOf = (rho, s) => [[1, 0], [rho * s, s * Math.sqrt(1 - rho * rho)]];

// The eigenvalues of Sigma, the larger first. The smaller one from the determinant: a difference would lose digits.
export function eigenvaluesOf(rho, s) {
  const larger = (1 + s * s) / 2 + Math.hypot((1 - s * s) / 2, rho * s);
  return [larger, s * s * (1 - rho * rho) / larger];
}

// The angle of the long axis against the horizontal, in degrees, above -90 and at most 90.
export const angleOf = (rho, s) => Math.atan2(2 * rho * s, 1 - s * s) * 90 / Math.PI;

// z with L z = x, from the top: how far x is in each direction, in standard deviations.
export function undone([[a], [b, c]], [x, y]) {
  const u = x / a;
  return [u, (y - b * u) / c];
}

// Drawing ----------------------------------------------------------------------------------------------------------

const circle = Array.from({length: 73}, (_, i) => [Math.cos(i * Math.PI / 36), Math.sin(i * Math.PI / 36)]);

export function draw({rho, s, point: [x]}, {z}) {
  const L = choleskyOf(rho, s), [larger, smaller] = eigenvaluesOf(rho, s), elongation = Math.sqrt(larger / smaller);
  const shown = number => fixed(number, 2);
  const back = undone(L, x), distance = Math.hypot(...x), deviations = Math.hypot(...back);
  const isCircle = larger - smaller < 1e-9;
  return {
    svg: picture(400, 222, plane(z, [[1, 0], [0, 1]], 14, "z, standard", back), plane(z, L, 216, "x = L z", x),
      text(208, 10, "→", {"text-anchor": "middle", "font-size": 15})),
    alternativeText: `Left, a circle with two unit arrows and points around it. Right, what L makes of it, for the `
      + `correlation ${shown(rho)} and standard deviations 1 and ${shown(s)}. The arrows go to (1.00, ${shown(L[1][0])}) and `
      + `(0.00, ${shown(L[1][1])}). ` + (isCircle ? "The ellipse is a circle." : `The ellipse's long axis is turned by `
      + `${fixed(angleOf(rho, s), 0)} degrees and is ${shown(elongation)} times as long as the short one.`)
      + ` The point x at (${shown(x[0])}, ${shown(x[1])}) is ${shown(deviations)} standard deviations from the centre.`,
    handles: {point: {places: [[230 + 168 * (x[0] + 4.2) / 8.4, 192 - 168 * (x[1] + 4.2) / 8.4]], unit: [20, -20],
      labels: [`The point x at (${shown(x[0])}, ${shown(x[1])})`]}},
    reading: [
      ["Covariance Σ", `[1.00, ${shown(rho * s)}; ${shown(rho * s)}, ${shown(s * s)}]`],
      ["Cholesky factor L", `[1.00, 0; ${shown(L[1][0])}, ${shown(L[1][1])}]`],
      ["Eigenvalues of Σ", `${shown(larger)} and ${shown(smaller)}`],
      ["Long axis : short axis", shown(elongation)],
      ["Length of x", shown(distance)],
      ["In standard deviations", shown(deviations)],
    ],
  };
}

function plane(z, [[a, b], [c, d]], left, title, chosen) {
  const to = ([x, y], size = 1) => [size * (a * x + b * y), size * (c * x + d * y)];
  const plot = axes({box: [left + 14, 24, 168, 168], x: [-4.2, 4.2], y: [-4.2, 4.2], xticks: [-2, 0, 2], yticks: [-2, 0, 2]});
  const column = {"stroke-width": 2.5, head: 9};
  return [
    text(left + 14, 10, title, {"font-weight": "bold"}),
    plot.frame,
    plot.inside(z.map(each => plot.point(...to(each), {r: 2, fill: GREY, stroke: "none"}))),
    plot.area(circle.map(each => to(each, 2)), {fill: SKY, "fill-opacity": 0.25, stroke: BLUE, "stroke-width": 1}),
    plot.line(circle.map(each => to(each)), {stroke: BLUE}),
    plot.arrow([0, 0], to([1, 0]), {stroke: VERMILION, ...column}),
    plot.arrow([0, 0], to([0, 1]), {stroke: ORANGE, ...column}),
    plot.inside(plot.line([[0, 0], chosen], {stroke: GREEN, "stroke-width": 1.5, "stroke-dasharray": "4 3"}),
      plot.point(...chosen, {fill: GREEN, r: 5.5})),
  ];
}
