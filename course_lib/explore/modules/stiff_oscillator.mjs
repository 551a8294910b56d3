// Van der Pol's oscillator, y'' = stiffness (1 - y²) y' - y, by three solvers with steps of equal length.
import {BLUE, BLACK, GREEN, GREY, VERMILION, axes, fixed, line, picture} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

const slope = ([y, v], mu) => [v, mu * (1 - y * y) * v - y];
const isFinite2 = ([y, v]) => Number.isFinite(y) && Number.isFinite(v);

// Explicit Euler; it ends early if it swings back and forth and grows, or leaves the range of numbers.
function explicit(mu, h, steps, start, {growth, swings}) {
  const states = [start];
  let y = start, before = [0, 0], overshoots = 0, scale = Math.max(...start.map(Math.abs));
  for (let k = 0; k < steps; k++) {
    const change = slope(y, mu).map(s => h * s);
    y = [y[0] + change[0], y[1] + change[1]];
    overshoots = change[0] * before[0] + change[1] * before[1] < 0 ? overshoots + 1 : 0;
    if (k === 0) scale = Math.max(scale, ...change.map(Math.abs));
    if (!isFinite2(y) || (overshoots >= swings && Math.max(...y.map(Math.abs)) > growth * scale)) break;
    states.push(y);
    before = change;
  }
  return {states, evaluations: states.length, jacobians: 0};
}

// The change of one iteration for the equation Y - y - h f(Y) = 0 of an implicit step.
const residual = (Y, y, mu, h) => { const s = slope(Y, mu); return [Y[0] - y[0] - h * s[0], Y[1] - y[1] - h * s[1]]; };
const fixedPoint = (Y, y, mu, h) => residual(Y, y, mu, h).map(r => -r);
function newton(Y, y, mu, h) {
  const [r, q] = residual(Y, y, mu, h); // the Jacobian of the residual is [[1, -h], [c, d]]
  const c = -h * (-2 * mu * Y[0] * Y[1] - 1), d = 1 - h * mu * (1 - Y[0] * Y[0]), det = d + h * c;
  return [-(d * r + h * q) / det, -(q - c * r) / det];
}

// Implicit Euler; it ends early where the iteration of a step does not converge.
function implicit(update, mu, h, steps, start, {tolerance, most}) {
  const states = [start];
  let y = start, iterations = 0;
  for (let k = 0; k < steps; k++) {
    let Y = y, converged = false;
    for (let i = 0; i < most && !converged; i++) {
      const change = update(Y, y, mu, h);
      iterations += 1;
      Y = [Y[0] + change[0], Y[1] + change[1]];
      if (!isFinite2(Y)) break;
      converged = change.every((c, j) => Math.abs(c) <= tolerance * (1 + Math.abs(Y[j])));
    }
    if (!converged) break;
    y = Y;
    states.push(y);
  }
  return {states, evaluations: iterations, jacobians: update === newton ? iterations : 0};
}

const SOLVERS = {
  explicit: {solve: explicit, colour: BLUE},
  "implicit, fixed point": {solve: (...given) => implicit(fixedPoint, ...given), colour: VERMILION},
  "implicit, Newton": {solve: (...given) => implicit(newton, ...given), colour: GREEN},
};

export function solution(solver, mu, h, start, data) {
  return SOLVERS[solver].solve(mu, h, Math.round(data.end / h), start, data);
}

// The right solution: the classical Runge-Kutta method, with steps that are short even for the fastest process.
export function right(mu, start, end) {
  const h = 0.25 / (mu * Math.max(4, start[0] ** 2) + 10), steps = Math.ceil(end / h), every = Math.ceil(steps / 800), seen = [];
  const at = (y, s, c) => [y[0] + c * s[0], y[1] + c * s[1]];
  let y = start;
  for (let k = 0; k <= steps; k++) {
    if (k % every === 0 || k === steps) seen.push([k * h, y[0]]);
    const a = slope(y, mu), b = slope(at(y, a, h / 2), mu), c = slope(at(y, b, h / 2), mu), d = slope(at(y, c, h), mu);
    y = [0, 1].map(i => y[i] + h / 6 * (a[i] + 2 * b[i] + 2 * c[i] + d[i]));
  }
  return seen;
}

// Drawing ----------------------------------------------------------------------------------------------------------

const within = z => Math.min(3.2, Math.max(-3.2, z));

export function draw({solver, stiffness, step, start: [[, place]]}, data) {
  const {states, evaluations, jacobians} = solution(solver, stiffness, step, [place, 0], data), {colour} = SOLVERS[solver];
  const taken = states.length - 1, at = taken * step, done = taken === Math.round(data.end / step);
  const ends = done ? "reaches the end" : `${solver === "explicit" ? "diverges" : "fails to converge"} at t = ${fixed(at, 2)}`;
  const ax = axes({box: [45, 12, 340, 190], x: [0, data.end], y: [-3.5, 3.5], xlabel: "time t", ylabel: "position y"});
  const path = states.map(([y], k) => [k * step, y]), [cx, cy] = ax.at(at, within(states[taken][0]));
  return {
    svg: picture(400, 240,
      ax.frame,
      ax.inside(
        ax.line(right(stiffness, [place, 0], data.end), {stroke: GREY, "stroke-width": 5, opacity: 0.35}),
        ax.line(path.map(([t, y]) => [t, Math.min(9, Math.max(-9, y))]), {stroke: colour}),
        taken <= 200 ? path.map(([t, y]) => ax.point(t, Math.min(9, Math.max(-9, y)), {r: 2, fill: colour, stroke: "none"})) : ""),
      done ? "" : [[1, 1], [1, -1]].map(([a, b]) => line([[cx - 5 * a, cy - 5 * b], [cx + 5 * a, cy + 5 * b]], {stroke: BLACK, "stroke-width": 2.5})),
      ax.point(0, place, {fill: colour}),
      ax.text(data.end, 3.2, `${solver}; grey: the right solution`, {"text-anchor": "end"})),
    handles: {start: {places: [ax.at(0, place)], unit: [340 / data.end, -190 / 7], labels: [`Start at ${fixed(place, 1)}`]}},
    alternativeText: `Position of Van der Pol's oscillator against time, from ${fixed(place, 1)} at rest, stiffness ${stiffness}, step ${step}. `
      + `The ${solver} method ${ends}, after ${evaluations} evaluations of f and ${jacobians} Jacobians. The right solution is drawn in grey.`,
    reading: [["Outcome", ends], ["Steps taken", String(taken)], ["Evaluations of f", String(evaluations)], ["Jacobians", String(jacobians)]],
  };
}
