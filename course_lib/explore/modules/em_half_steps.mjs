// EM in the plane, half a step at a time: the E step colours the points, the M step moves the ellipses.
//
// A mixture is {weights, means, covariances} with covariances [[a, b], [b, c]]. Every iteration is computed here, from
// the start, at each draw: twenty of them over 300 points take a few milliseconds.
import {BLACK, BLUE, GREEN, GREY, PURPLE, VERMILION, axes, element, fixed, picture} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

// log(pi_k N(x; mu_k, Sigma_k)) at one point for each component, by the Cholesky factor [[p, 0], [q, r]] of Sigma_k.
export function logJoint([x, y], {weights, means, covariances}) {
  return weights.map((weight, k) => {
    const [[a, b], [, c]] = covariances[k];
    const p = Math.sqrt(a), q = b / p, r = Math.sqrt(c - q * q);
    const u = (x - means[k][0]) / p, v = (y - means[k][1] - q * u) / r;
    return Math.log(weight) - Math.log(2 * Math.PI) - Math.log(p * r) - (u * u + v * v) / 2;
  });
}

// The log-likelihood, and the responsibilities, one row a point.
export function eStep(points, mixture) {
  let logLikelihood = 0;
  const responsibilities = points.map(point => {
    const joint = logJoint(point, mixture), largest = Math.max(...joint);
    const scaled = joint.map(value => Math.exp(value - largest)), sum = scaled.reduce((s, t) => s + t);
    logLikelihood += largest + Math.log(sum);
    return scaled.map(value => value / sum);
  });
  return {logLikelihood, responsibilities};
}

// Each Gaussian fitted to all points, each point counted by its responsibility.
export function mStep(points, responsibilities) {
  const mixture = {weights: [], means: [], covariances: []};
  responsibilities[0].forEach((_, k) => {
    const r = responsibilities.map(row => row[k]), count = r.reduce((s, t) => s + t);
    const average = value => points.reduce((s, point, n) => s + r[n] * value(point), 0) / count;
    const [mx, my] = [average(([x]) => x), average(([, y]) => y)];
    const [a, b, c] = [[0, 0], [0, 1], [1, 1]].map(([i, j]) => average(p => (p[i] - [mx, my][i]) * (p[j] - [mx, my][j])));
    mixture.weights.push(count / points.length);
    mixture.means.push([mx, my]);
    mixture.covariances.push([[a, b], [b, c]]);
  });
  return mixture;
}

// What there is after so many half steps: 1 is the first E step, 2 the first M step. `path` holds the log-likelihood
// of each whole iteration so far, the start first.
export function after(points, start, halfSteps) {
  let mixture = start, coloured = null;
  const path = [];
  for (let half = 1; half <= halfSteps; half++) {
    if (half % 2) {
      const step = eStep(points, mixture);
      coloured = step.responsibilities;
      path.push(step.logLikelihood);
    } else {
      mixture = mStep(points, coloured);
    }
  }
  if (halfSteps % 2 === 0) path.push(eStep(points, mixture).logLikelihood);
  return {mixture, responsibilities: coloured, path};
}

// Drawing ----------------------------------------------------------------------------------------------------------

const COLOURS = [BLUE, VERMILION, GREEN, PURPLE], DASHES = [null, "7 3", "2 2.5", "9 3 2 3"];

export function draw({half, start, k, means}, {points, starts, xlabel, ylabel, x, y, low}) {
  const own = {...starts[k].A, means: means.slice(0, Number(k))}; // "yours" begins as wide as all the data, too
  const {mixture, responsibilities, path} = after(points, start === "yours" ? own : starts[k][start], half);
  const plot = axes({box: [62, 8, 328, 222], x, y, xlabel, ylabel, grid: false});
  const likelihood = path[path.length - 1], iteration = Math.floor(half / 2);
  const gain = path.length > 1 ? likelihood - path[path.length - 2] : null;
  const place = mixture.means.map(([mx, my]) => `(${fixed(mx, 2)}, ${fixed(my, 2)})`).join(", ");
  const undecided = responsibilities ? responsibilities.filter(row => Math.max(...row) < 0.9).length : null;
  const moment = half === 0 ? "The start" : half % 2 ? `After the E step of iteration ${iteration + 1}` : `After iteration ${iteration}`;
  return {
    svg: picture(400, 368, scene(plot, points, mixture, responsibilities), curve(path, low)),
    handles: {means: {
      places: start === "yours" && half === 0 ? own.means.map(mean => plot.at(...mean)) : [],
      unit: [328 / (x[1] - x[0]), -222 / (y[1] - y[0])],
      labels: means.map(([mx, my], i) => `Mean ${i + 1} at (${fixed(mx, 2)}, ${fixed(my, 2)})`),
    }},
    alternativeText: `${moment}: ${k} ellipses with centres ${place}. `
      + (responsibilities ? `${undecided} of ${points.length} points are undecided. ` : "The points have no colour yet. ")
      + `The log-likelihood is ${fixed(likelihood, 1)}.`,
    reading: [
      ["Moment", half === 0 ? "start" : half % 2 ? `E step of ${iteration + 1}` : `iteration ${iteration}`],
      ["Log-likelihood", fixed(likelihood, 1)],
      ["Gained by the last M step", gain === null ? "none yet" : fixed(gain, 1)],
      ["Undecided points", undecided === null ? "not coloured yet" : `${undecided}`],
    ],
  };
}

function scene(plot, points, mixture, responsibilities) {
  const dots = points.map((point, n) => {
    const row = responsibilities?.[n], best = row ? row.indexOf(Math.max(...row)) : 0;
    const sure = row ? (row[best] - 1 / row.length) / (1 - 1 / row.length) : 0;
    const [cx, cy] = plot.at(...point);
    return element("circle", {cx, cy, r: 2.6, fill: row ? COLOURS[best] : GREY, "fill-opacity": row ? 0.08 + 0.92 * sure : 0.35,
      stroke: row ? COLOURS[best] : GREY, "stroke-width": 0.6});
  });
  const ellipses = mixture.means.map(([mx, my], k) => {
    const [[a, b], [, c]] = mixture.covariances[k], p = Math.sqrt(a), q = b / p, r = Math.sqrt(c - q * q);
    const curve = Array.from({length: 61}, (_, i) => {
      const [u, v] = [2 * Math.cos(i * Math.PI / 30), 2 * Math.sin(i * Math.PI / 30)];
      return [mx + p * u, my + q * u + r * v];
    });
    return [
      plot.line(curve, {stroke: COLOURS[k], "stroke-width": 2.4, "stroke-dasharray": DASHES[k]}),
      plot.point(mx, my, {fill: "#ffffff", stroke: COLOURS[k], "stroke-width": 2.4, r: 8}),
      plot.text(mx, my, k + 1, {"text-anchor": "middle", "font-weight": "bold"}),
    ];
  });
  return [plot.frame, plot.inside(dots, ellipses)];
}

function curve(path, low) {
  const plot = axes({box: [62, 276, 328, 52], x: [0, 20], y: low, xlabel: "iteration", yticks: low, grid: false});
  return [
    plot.frame,
    plot.inside(plot.line(path.map((value, i) => [i, value]), {stroke: BLACK})),
    plot.inside(plot.point(path.length - 1, Math.max(path[path.length - 1], low[0]), {fill: BLACK, r: 4})),
    plot.text(0, low[1], "log-likelihood", {dy: -9}), // above the box: the curve may go anywhere in it
  ];
}
