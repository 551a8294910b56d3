// The product of two dual numbers as a rectangle that grows: two strips, and a corner that does not count.
//
// The sides are a and b. When d moves by h, they grow by h·a′ and h·b′, and the area by two strips and a corner.
import {BLACK, ORANGE, SKY, axes, fixed, picture, rectangle, text} from "./drawing.mjs";

// Arithmetic -------------------------------------------------------------------------------------------------------

// (a + a′ d)(b + b′ d) with d² = 0, as [value, tangent].
export function multiply([a, da], [b, db]) {
  return [a * b, a * db + da * b];
}

// What the area gains when d moves by h: the strip a·h b′, the strip b·h a′ and the corner h²·a′b′.
export function gains([a, da], [b, db], h) {
  return {upper: a * h * db, right: b * h * da, corner: h * da * (h * db)};
}

// Drawing ----------------------------------------------------------------------------------------------------------

const LARGEST = 2; // of a tangent; the pictures leave room for it

export function draw({da, db, h}, {a, b}) {
  const [value, tangent] = multiply([a, da], [b, db]);
  const {upper, right, corner} = gains([a, da], [b, db], h);
  const shown = (number, digits = 2) => fixed(number, digits);
  return {
    svg: picture(400, 250, rectangles(a, b, h * da, h * db), bars(a, b, [upper / h, right / h, corner / h])),
    alternativeText: `A rectangle with sides ${a} and ${b}. The sides grow by ${shown(h * da, 4)} and `
      + `${shown(h * db, 4)}. The area grows by two strips and a corner. Divided by h, the strips are `
      + `${shown(upper / h)} and ${shown(right / h)}, together the tangent ${shown(tangent)} of the product; `
      + `the corner is ${shown(corner / h, 4)}.`,
    reading: [
      ["First number", `${a} + ${shown(da)} d`],
      ["Second number", `${b} + ${shown(db)} d`],
      ["Their product, with d²", `${value} + ${shown(tangent)} d + ${shown(da * db)} d²`],
      ["Growth of the area / h", shown((upper + right + corner) / h, 4)],
    ],
  };
}

function rectangles(a, b, wide, high) {
  const size = a + LARGEST, scale = 205 / size, [left, bottom] = [8, 218];
  const box = (x, y, width, height, style) =>
    rectangle(left + x * scale, bottom - y * scale, width * scale, -height * scale, {stroke: BLACK, "stroke-width": 0.6, ...style});
  const middle = {"text-anchor": "middle"};
  return [
    text(left, 10, "The area", {"font-weight": "bold"}),
    box(0, 0, a, b, {fill: "#F2F2F2"}),
    wide > 0 ? box(a, 0, wide, b, {fill: ORANGE}) : "",
    high > 0 ? box(0, b, a, high, {fill: SKY}) : "",
    wide > 0 && high > 0 ? box(a, b, wide, high, {fill: BLACK}) : "",
    text(left + a * scale / 2, bottom - b * scale / 2, "a b", middle),
    text(left + a * scale / 2, bottom + 12, "a", middle),
    text(left + (a + wide / 2) * scale, bottom + 12, wide * scale > 24 ? "h a′" : "", middle),
    text(left + a * scale / 2, bottom - (b + high / 2) * scale, high * scale > 14 ? "a · h b′" : "", middle),
    text(left + (a + wide / 2) * scale, bottom - b * scale / 2, wide * scale > 44 ? "b · h a′" : "", middle),
  ];
}

function bars(a, b, [upper, right, corner]) {
  const highest = LARGEST * Math.max(a, b) * 1.1;
  const plot = axes({box: [258, 26, 130, 192], x: [0, 3], y: [0, highest], xticks: [], grid: false});
  const bar = (at, from, to, fill, name) => [
    plot.rectangle(at - 0.32, from, at + 0.32, to, {fill, stroke: BLACK, "stroke-width": 0.6}),
    plot.text(at, -highest * 0.055, name, {"text-anchor": "middle"}),
  ];
  return [
    text(236, 10, "Gained, over h", {"font-weight": "bold"}),
    plot.frame,
    bar(0.5, 0, upper, SKY, "a b′"), bar(1.5, 0, right, ORANGE, "b a′"), bar(2.5, 0, corner, BLACK, "h a′b′"),
  ];
}
