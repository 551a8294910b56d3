// A secant that turns into the tangent, and the digits of its two values, of which fewer and fewer differ.
import {BLUE, GREY, VERMILION, VERMILION_INK, axes, fixed, picture, text} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

const DECIMALS = 17;

export function cube(x) {
  return x * x * x;
}

// The two values, their change, and the slope of the secant.
export function secant(x, h) {
  const here = cube(x), there = cube(x + h);
  return {here, there, change: there - here, slope: (there - here) / h};
}

// How many decimals two numbers have in common, before the first that differs; 17 at most.
export function commonDecimals(a, b) {
  const [one, other] = [fixed(a, DECIMALS), fixed(b, DECIMALS)];
  const [whole, otherWhole] = [one.split(".")[0], other.split(".")[0]];
  if (whole !== otherWhole) return 0;
  const start = whole.length + 1;
  let k = 0;
  while (k < DECIMALS && one[start + k] === other[start + k]) k++;
  return k;
}

// Significant digits that an approximation has right, 0 to 16.
export function correctDigits(approximation, exact) {
  const relative = Math.abs((approximation - exact) / exact);
  return relative < 1e-16 ? 16 : Math.max(0, Math.floor(-Math.log10(relative)));
}

// Drawing ----------------------------------------------------------------------------------------------------------

export function draw({h}, {x}) {
  const {here, there, change, slope} = secant(x, h), exact = 3 * x * x;
  const common = commonDecimals(here, there), digits = correctDigits(slope, exact);
  const number = value => fixed(value, DECIMALS);
  return {
    svg: picture(400, 292, curve(x, h, here, there, slope, exact), ledger(here, there, change, common)),
    alternativeText: `The curve of x³ and a secant from ${x} to ${x} + h with h = ${h.toExponential(1)}. `
      + `f(x + h) is ${number(there)} and f(x) is ${number(here)}: they have ${common} decimals in common. `
      + `The slope of the secant is ${fixed(slope, 6)}, that of the tangent ${fixed(exact, 6)}: ${digits} of 16 digits are right.`,
    reading: [
      ["Slope of the secant", fixed(slope, 15)],
      ["Slope of the tangent", fixed(exact, 15)],
      ["Decimals in common", `${common} of ${DECIMALS}`],
      ["Digits right", `${digits} of 16`],
    ],
  };
}

function curve(x, h, here, there, slope, exact) {
  const plot = axes({box: [34, 8, 356, 186], x: [0, 1.8], y: [-0.5, 5.2], ylabel: "", xlabel: "x"});
  const grid = Array.from({length: 73}, (_, k) => k / 40);
  const along = m => [[0, here - m * x], [1.8, here + m * (1.8 - x)]];
  return [
    plot.frame,
    plot.inside(
      plot.line(grid.map(z => [z, cube(z)]), {stroke: GREY, "stroke-width": 4, "stroke-opacity": 0.45}),
      plot.line(along(slope), {stroke: BLUE, "stroke-width": 2.6}),
      plot.line(along(exact), {stroke: VERMILION, "stroke-dasharray": "5 6"}),
      plot.point(x, here), plot.point(x + h, there, {fill: BLUE, r: 4}),
    ),
    plot.text(0.1, 4.6, "secant", {fill: BLUE, "font-weight": "bold"}),
    plot.text(0.1, 4.0, "tangent", {fill: VERMILION_INK, "font-weight": "bold"}),
  ];
}

// The two numbers and their change, one under the other: grey what is common, coloured what differs.
function ledger(here, there, change, common) {
  const mono = {"font-family": "DejaVu Sans Mono, monospace", "font-size": 15, "xml:space": "preserve"};
  const row = (y, name, value, colour) => {
    const written = fixed(Math.abs(value), DECIMALS), point = written.indexOf(".");
    const same = Math.trunc(here) === Math.trunc(there), split = same ? point + 1 + common : 0, width = 9.4;
    return [
      text(34, y, name, mono),
      same ? text(128, y, written.slice(0, split),
        {...mono, fill: GREY, textLength: split * width, lengthAdjust: "spacing"}) : "",
      split < written.length ? text(128 + split * width, y, written.slice(split), {
        ...mono, fill: colour, "font-weight": "bold", textLength: (written.length - split) * width, lengthAdjust: "spacing",
      }) : "",
    ];
  };
  return [row(244, "f(x + h)", there, BLUE), row(262, "f(x)", here, VERMILION_INK), row(282, "change", change, "#000000")];
}
