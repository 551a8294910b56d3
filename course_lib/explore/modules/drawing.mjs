// Pictures as SVG text: what the modules of live explorables draw with.
//
// A picture is made as the Python ones are: dark on white, about 400 units wide, in the colours of pictures.py; the
// book's style sheet turns it light on dark. Every function here returns text, so that a whole picture is a value that
// can be made and looked at without a browser.

export const BLUE = "#0072B2", VERMILION = "#D55E00", GREEN = "#009E73", ORANGE = "#E69F00";
export const SKY = "#56B4E9", PURPLE = "#CC79A7", YELLOW = "#F0E442", BLACK = "#000000";
export const GREY = "#6B6B6B", GRID = "#E4E4E4";
export const VERMILION_INK = "#BF5300", PURPLE_INK = "#9B4B77"; // for words: 4.7 : 1 and more on white

const escaped = value => String(value)
  .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
const tenths = value => (typeof value === "number" ? Math.round(value * 10) / 10 : value);

// An element: its name, its attributes (those that are null are left out; numbers go to a tenth of a unit), its content.
export function element(name, attributes, content = "") {
  const written = Object.entries(attributes).filter(([, value]) => value != null)
    .map(([key, value]) => ` ${key}="${escaped(key.endsWith("opacity") ? value : tenths(value))}"`).join("");
  return `<${name}${written}>${content}</${name}>`;
}

// A whole picture on white. The parts are texts; later ones lie on top.
export function picture(width, height, ...parts) {
  const paper = element("rect", {width, height, fill: "#ffffff"});
  return element("svg", {
    xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`,
    "font-family": "DejaVu Sans, Verdana, sans-serif", "font-size": 10.5,
  }, paper + parts.flat(Infinity).join(""));
}

// Lines and shapes in units of the picture. `style` holds SVG attributes and overrides what stands here.
export function line(points, style = {}) {
  const path = points.map(([x, y], i) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return "";
    const starts = i === 0 || !points[i - 1].every(Number.isFinite); // the pen is lifted where there is no number
    return `${starts ? "M" : "L"}${tenths(x)} ${tenths(y)}`;
  }).join("");
  return element("path", {d: path, fill: "none", stroke: BLACK, "stroke-width": 2, "stroke-linejoin": "round", ...style});
}

export const area = (points, style = {}) => line(points, {fill: BLUE, stroke: "none", ...style});

export function rectangle(x, y, width, height, style = {}) {
  const [left, top] = [Math.min(x, x + width), Math.min(y, y + height)];
  return element("rect", {x: left, y: top, width: Math.abs(width), height: Math.abs(height), fill: GREY, ...style});
}

export const point = (x, y, style = {}) =>
  element("circle", {cx: x, cy: y, r: 5, fill: VERMILION, stroke: BLACK, "stroke-width": 1, ...style});

export const text = (x, y, words, style = {}) =>
  element("text", {x, y, fill: BLACK, "dominant-baseline": "central", ...style}, escaped(words));

// An arrow with a head of its own: markers would need ids, and two pictures of one page would share them.
export function arrow([x1, y1], [x2, y2], {head = 8, stroke = BLACK, ...style} = {}) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (!(length > 0)) return "";
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length], size = Math.min(head, length);
  const [bx, by] = [x2 - size * dx, y2 - size * dy];
  const tip = [[x2, y2], [bx - 0.4 * size * dy, by + 0.4 * size * dx], [bx + 0.4 * size * dy, by - 0.4 * size * dx]];
  return line([[x1, y1], [bx, by]], {stroke, ...style}) + area(tip, {fill: stroke});
}

// About `count` round numbers from low to high: multiples of 1, 2 or 5 times a power of ten.
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find(m => m * power >= rough * 0.999) * power;
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({length: last - first + 1}, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const raised = {"-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹"};
export const superscript = number => String(number).replace(/[-0-9]/g, sign => raised[sign]);
const written = value => String(value).replace("-", "−");

// A number with so many decimals: a true minus sign, and none before a zero (numerals.py writes the same).
export function fixed(value, decimals = 2) {
  const digits = value.toFixed(decimals);
  return Number(digits) === 0 ? digits.replace("-", "") : written(digits);
}

// Axes in a box [left, top, width, height] of the picture, for x and y from low to high, linear or logarithmic
// (`log: "x"`, "y" or "xy"; ticks then stand at the powers of ten). `xticks` and `yticks` may be given as lists of
// values or of [value, text]; an empty list leaves them out.
//
// The answer draws in the units of the data: axes.frame is the box with ticks and names, to be drawn first;
// axes.line(points, style), axes.area, axes.point(x, y, style), axes.arrow(from, to, style), axes.text(x, y, words,
// style), axes.rectangle(x1, y1, x2, y2, style); axes.inside(...parts) cuts off what lies outside of the box;
// axes.at(x, y) is a place in units of the picture.
export function axes({box, x: xlim, y: ylim, xlabel = "", ylabel = "", xticks, yticks, log = "", grid = true}) {
  const [left, top, width, height] = box, bottom = top + height;
  const scale = ([low, high], start, length, logarithmic) => {
    const way = logarithmic ? Math.log10 : value => value;
    return value => start + length * (way(value) - way(low)) / (way(high) - way(low));
  };
  const across = scale(xlim, left, width, log.includes("x")), up = scale(ylim, bottom, -height, log.includes("y"));
  const at = (x, y) => [across(x), up(y)];
  const marks = (given, [low, high], logarithmic, count) => {
    if (given) return given.map(tick => (Array.isArray(tick) ? tick : [tick, written(tick)]));
    if (!logarithmic) return ticks(low, high, count).map(value => [value, written(value)]);
    return ticks(Math.log10(low), Math.log10(high), count).filter(Number.isInteger)
      .map(power => [10 ** power, `10${superscript(power)}`]);
  };
  const xmarks = marks(xticks, xlim, log.includes("x"), width / 55), ymarks = marks(yticks, ylim, log.includes("y"), height / 35);
  const hair = {stroke: GRID, "stroke-width": 0.8}, edge = {stroke: BLACK, "stroke-width": 0.8};
  const frame = [
    grid ? xmarks.map(([value]) => line([[across(value), top], [across(value), bottom]], hair)) : "",
    grid ? ymarks.map(([value]) => line([[left, up(value)], [left + width, up(value)]], hair)) : "",
    line([[left, top], [left, bottom], [left + width, bottom]], edge),
    xmarks.map(([value, words]) => line([[across(value), bottom], [across(value), bottom + 3.5]], edge)
      + text(across(value), bottom + 12, words, {"text-anchor": "middle"})),
    ymarks.map(([value, words]) => line([[left - 3.5, up(value)], [left, up(value)]], edge)
      + text(left - 6, up(value), words, {"text-anchor": "end"})),
    xlabel ? text(left + width / 2, bottom + 27, xlabel, {"text-anchor": "middle"}) : "",
    ylabel ? text(12, top + height / 2, ylabel,
      {"text-anchor": "middle", transform: `rotate(-90 12 ${tenths(top + height / 2)})`}) : "",
  ].flat(Infinity).join("");
  const placed = points => points.map(([x, y]) => at(x, y));
  return {
    frame, at,
    line: (points, style) => line(placed(points), style),
    area: (points, style) => area(placed(points), style),
    point: (x, y, style) => point(...at(x, y), style),
    arrow: (from, to, style) => arrow(at(...from), at(...to), style),
    text: (x, y, words, style) => text(...at(x, y), words, style),
    rectangle: (x1, y1, x2, y2, style) =>
      rectangle(across(x1), up(y1), across(x2) - across(x1), up(y2) - up(y1), style),
    inside: (...parts) => element("svg", {
      x: left, y: top, width, height, viewBox: box.map(tenths).join(" "), overflow: "hidden",
    }, parts.flat(Infinity).join("")),
  };
}
