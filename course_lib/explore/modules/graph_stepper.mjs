// The graph stepper: a program typed by the reader becomes a graph; values go up it, adjoints come down, step by step.
//
// `read` turns the text into nodes, with values and local partial derivatives. `events` lists what a sweep hands on,
// contribution by contribution, for the right sweep and for wrong ones. `places` puts the nodes on floors, as
// course_lib/autodiff/graph/picture.py does. `draw` shows how far one has come.
import {
  BLACK, BLUE, GREY, PURPLE_INK, VERMILION, VERMILION_INK, arrow, element, line, picture, rectangle, text,
} from "./drawing.mjs";

const MOST_NODES = 14, MOST_STEPS = 200, LONGEST = 200;

// Reading a program ------------------------------------------------------------------------------------------------

const FUNCTIONS = {
  sin: [Math.sin, a => Math.cos(a)],
  cos: [Math.cos, a => -Math.sin(a)],
  exp: [Math.exp, a => Math.exp(a)],
  log: [Math.log, a => 1 / a],
  sqrt: [Math.sqrt, a => 0.5 / Math.sqrt(a)],
  tanh: [Math.tanh, a => 1 - Math.tanh(a) ** 2],
};
const OPERATORS = {
  "+": [(a, b) => a + b, () => [1, 1]],
  "-": [(a, b) => a - b, () => [1, -1]],
  "*": [(a, b) => a * b, (a, b) => [b, a]],
  "/": [(a, b) => a / b, (a, b) => [1 / b, -a / (b * b)]],
  "**": [(a, b) => a ** b, (a, b, y) => [b * a ** (b - 1), y * Math.log(a)]],
};
const KNOWN = "I know + - * / **, brackets, and sin, cos, exp, log, sqrt, tanh.";

class Complaint extends Error {}

function tokens(source) {
  const found = [];
  const pattern = /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)|([A-Za-z]\w*)|(\*\*|[-+*/()=]))/iy;
  for (let at = 0; source.slice(at).trim() !== "";) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (!match) throw new Complaint(`I do not understand "${source.slice(at).trim()[0]}". ${KNOWN}`);
    found.push(match[1] !== undefined ? Number(match[1]) : match[2] ?? match[3]);
    at = pattern.lastIndex;
  }
  return found;
}

// The text as nodes in the program's order: {name, words, sources, partials, value}; a constant is no node.
export function read(source) {
  try {
    return {nodes: understood(source), complaint: ""};
  } catch (error) {
    if (error instanceof Complaint) return {nodes: [], complaint: error.message};
    throw error;
  }
}

function understood(source) {
  if (source.length > LONGEST) throw new Complaint(`This program is long; please stay below ${LONGEST} characters.`);
  const statements = source.split(/[;\n]/).filter(one => one.trim() !== "").map(tokens);
  if (statements.length === 0) throw new Complaint("Type a program, such as x = 2; y = x * x; z = y * y + y");
  const taken = new Set(statements.flat().filter(one => /^[A-Za-z]/.test(one)));
  const nodes = [], known = new Map();
  let unnamed = 0;

  const append = (words, operands, value, partials) => {
    if (!Number.isFinite(value) || !partials.every(Number.isFinite)) {
      throw new Complaint(`${words} has no value or no slope at these numbers. Choose other inputs.`);
    }
    if (nodes.length === MOST_NODES) throw new Complaint(`This program has more than ${MOST_NODES} nodes. Take a shorter one.`);
    const sources = [], slopes = [];
    operands.forEach((operand, k) => {
      if (typeof operand !== "number") {
        sources.push(operand.index);
        slopes.push(partials[k]);
      }
    });
    nodes.push({name: "", words, sources, partials: slopes, value});
    return {index: nodes.length - 1};
  };
  const valueOf = operand => (typeof operand === "number" ? operand : nodes[operand.index].value);
  const wordsOf = operand => {
    if (typeof operand === "number") return shown(operand);
    const node = nodes[operand.index];
    while (node.name === "" && taken.has(`w${++unnamed}`));
    node.name ||= `w${unnamed}`;
    return node.name;
  };
  const operate = (operator, a, b) => {
    const [value, partials] = OPERATORS[operator], [u, v] = [valueOf(a), valueOf(b)], y = value(u, v);
    if (typeof a === "number" && typeof b === "number") return y;
    const slopes = partials(u, v, y).map((slope, k) => (typeof [a, b][k] === "number" ? 0 : slope));
    return append(`${wordsOf(a)} ${operator} ${wordsOf(b)}`, [a, b], y, slopes);
  };

  function parsed(words) {
    let at = 0;
    const next = () => words[at++];
    const chain = (lower, signs) => () => {
      let left = lower();
      while (signs.includes(words[at])) left = operate(next(), left, lower());
      return left;
    };
    const atom = () => {
      const word = next();
      if (typeof word === "number") return word;
      if (word === "(") return closed();
      if (word === undefined) throw new Complaint("The program stops in the middle of a line.");
      if (!/^[A-Za-z]/.test(word)) throw new Complaint(`I did not expect "${word}" here.`);
      if (words[at] === "(") {
        if (!FUNCTIONS[word]) throw new Complaint(`I do not know the function ${word}. ${KNOWN}`);
        next();
        const inner = closed(), [value, slope] = FUNCTIONS[word], a = valueOf(inner);
        return typeof inner === "number" ? value(a) : append(`${word}(${wordsOf(inner)})`, [inner], value(a), [slope(a)]);
      }
      if (FUNCTIONS[word]) throw new Complaint(`${word} needs brackets: ${word}(x).`);
      if (!known.has(word)) throw new Complaint(`${word} has no value yet. Give it one first: ${word} = 2; ...`);
      return known.get(word);
    };
    const closed = () => {
      const inner = sum();
      if (next() !== ")") throw new Complaint("A bracket is not closed.");
      return inner;
    };
    const power = () => {
      const base = atom();
      if (words[at] !== "**") return base;
      next();
      return operate("**", base, signed());
    };
    const signed = () => {
      if (words[at] !== "-") return power();
      next();
      const inner = signed();
      return typeof inner === "number" ? -inner : append(`-${wordsOf(inner)}`, [inner], -valueOf(inner), [-1]);
    };
    const product = chain(signed, ["*", "/"]), sum = chain(product, ["+", "-"]);
    const result = sum();
    if (at < words.length) throw new Complaint(`I did not expect "${words[at]}" here. One line a result, lines parted by ;`);
    return result;
  }

  statements.forEach((words, number) => {
    const named = words[1] === "=", name = named ? words[0] : "result";
    if (named && (typeof name === "number" || !/^[A-Za-z]\w{0,5}$/.test(name))) {
      throw new Complaint(`"${name}" is no name; take up to six letters and digits, such as y1.`);
    }
    if (named && FUNCTIONS[name]) throw new Complaint(`${name} is a function; take another name.`);
    if (!named && number < statements.length - 1) throw new Complaint("Give each line a name: y = ...");
    if (known.has(name)) throw new Complaint(`${name} has a value already. Take a new name, so that each node has its own.`);
    let result = parsed(named ? words.slice(2) : words);
    if (typeof result === "number") result = append(`${name} = ${shown(result)}`, [], result, []);
    if (nodes[result.index].name !== "") throw new Complaint(`${name} only renames ${nodes[result.index].name}.`);
    nodes[result.index].name = name;
    known.set(name, result);
  });
  if (nodes.at(-1).sources.length === 0) throw new Complaint("The last line computes nothing. Add one, such as z = x * x");
  return nodes;
}

// Sweeps -------------------------------------------------------------------------------------------------------------

// Everything that a sweep hands on, in order: from a node, by its k-th operand, to a node; its adjoint before and after.
export function events(nodes, sweep) {
  const adjoints = nodes.map(() => 0), done = [], last = nodes.length - 1;
  adjoints[last] = 1;
  const hand = (from, k, g) => {
    const to = nodes[from].sources[k], contribution = g * nodes[from].partials[k], before = adjoints[to];
    adjoints[to] = sweep === "assign" ? contribution : before + contribution;
    done.push({from, k, to, g, contribution, before, after: adjoints[to]});
    return contribution;
  };
  // Every path by itself: with the whole adjoint of the node each time, or with the contribution that just came.
  const walk = (from, g) => {
    for (let k = 0; k < nodes[from].sources.length && done.length < MOST_STEPS; k++) {
      const contribution = hand(from, k, sweep === "paths" ? g : adjoints[from]);
      walk(nodes[from].sources[k], contribution);
    }
  };
  if (sweep === "paths" || sweep === "unordered") walk(last, 1);
  else for (let from = last; from >= 0; from--) nodes[from].sources.forEach((_, k) => hand(from, k, adjoints[from]));
  return done;
}

// The adjoints after the first `count` events; null where nothing has come yet.
export function adjointsAfter(nodes, done, count) {
  const adjoints = nodes.map(() => null);
  adjoints[nodes.length - 1] = 1;
  for (const {to, after} of done.slice(0, count)) adjoints[to] = after;
  return adjoints;
}

// Layout -------------------------------------------------------------------------------------------------------------

// Where each node stands, [across, floor], and for each edge "from,to" the bends between its ends, in units of nodes.
export function places(sources) {
  const layer = [], below = sources.map(() => []), bends = {};
  sources.forEach((members, i) => { layer[i] = Math.max(0, ...members.map(s => layer[s] + 1)); });
  sources.forEach((members, i) => {
    for (const s of [...new Set(members)].sort((a, b) => a - b)) {
      let last = s;
      bends[`${s},${i}`] = [];
      for (let height = layer[s] + 1; height < layer[i]; height++) {
        bends[`${s},${i}`].push(layer.length);
        layer.push(height);
        below.push([last]);
        last = layer.length - 1;
      }
      below[i].push(last);
    }
  });
  const above = layer.map(() => []);
  below.forEach((members, i) => { for (const s of members) above[s].push(i); });
  const rows = Array.from({length: Math.max(...layer) + 1}, () => []);
  layer.forEach((height, i) => rows[height].push(i));
  const widest = Math.max(...rows.map(row => row.length)), across = [];
  const spread = row => row.forEach((i, k) => { across[i] = k + (widest - row.length) / 2; });
  rows.forEach(spread);
  for (let sweep = 0; sweep < 4; sweep++) {
    for (const [neighbours, order] of [[above, [...rows].reverse()], [below, rows]]) {
      for (const row of order) {
        const wish = new Map(row.map(i => [i, neighbours[i].length === 0 ? across[i]
          : neighbours[i].reduce((total, n) => total + across[n], 0) / neighbours[i].length]));
        row.sort((a, b) => wish.get(a) - wish.get(b));
        spread(row);
      }
    }
  }
  const where = i => [across[i], layer[i]];
  return {
    nodes: sources.map((_, i) => where(i)),
    bends: Object.fromEntries(Object.entries(bends).map(([edge, between]) => [edge, between.map(where)])),
  };
}

// Drawing ------------------------------------------------------------------------------------------------------------

const HALO = {stroke: "#ffffff", "stroke-width": 4, "paint-order": "stroke", "stroke-linejoin": "round"};
const WIDE = 104, HIGH = 38, ACROSS = 122, UP = 84, LEFT = 12, TOP = 28;

export function shown(value) {
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e5 || size < 1e-4)) return value.toExponential(2);
  return String(Number(value.toPrecision(5)));
}

const SWEEPS = {"right": "right", "= for +=": "assign", "no order": "unordered", "path by path": "paths"};

export function draw({program, sweep, step}, {yours = {}} = {}) {
  const {nodes, complaint} = read(program);
  if (complaint) return complained(complaint);
  const done = events(nodes, SWEEPS[sweep]);
  if (done.length === MOST_STEPS) {
    return complained(`This sweep takes more than ${MOST_STEPS} steps here: it walks every path, and paths double with `
      + "each value that is used twice. Choose the right sweep, or a shorter program.");
  }
  const inputs = nodes.filter(node => node.sources.length === 0).length;
  const forward = nodes.length - inputs, last = forward + 1 + done.length, now = Math.min(step, last);
  const operations = nodes.map((_, i) => i).filter(i => nodes[i].sources.length > 0);
  const counted = Math.max(0, now - forward - 1), event = counted > 0 ? done[counted - 1] : null;
  const computed = i => nodes[i].sources.length === 0 || operations.indexOf(i) < now;
  const adjoints = now > forward ? adjointsAfter(nodes, done, counted) : nodes.map(() => null);
  const active = event ? event.from : now === forward + 1 ? nodes.length - 1 : now > 0 ? operations[now - 1] : -1;
  const right = adjointsAfter(nodes, events(nodes, "right"), Infinity);
  const gradient = found => nodes.map((node, i) => [node, found[i]]).filter(([node]) => node.sources.length === 0)
    .map(([node, adjoint]) => `${node.name}: ${adjoint === null ? "none" : shown(adjoint)}`).join(", ");
  const said = sentence(nodes, now, forward, last, event, sweep, operations, gradient(adjoints), gradient(right));
  const rows = nodes.map((node, i) => [
    statement(node), computed(i) ? shown(node.value) : "", adjoints[i] === null ? "" : shown(adjoints[i]),
  ]);
  const found = nodes.map(node => (node.name in yours ? shown(yours[node.name]) : "")), given = found.some(words => words);
  const others = nodes.map((node, i) => `${node.name} ${found[i]}`).filter((_, i) => found[i]).join(", ");
  return {
    svg: graph(nodes, computed, adjoints, active, event, now <= forward, said, found),
    alternativeText: `The graph of ${program}. Sweep: ${sweep}. Step ${now} of ${last}: ${said} `
      + rows.map(([words, value, adjoint]) => words + (value && `, value ${value}`) + (adjoint && `, adjoint ${adjoint}`)).join("; ") + "." + (given ? ` Your adjoints: ${others}.` : ""),
    reading: [
      ["Step", `${now} of ${last}, ${now <= forward ? "forwards" : "backwards"}`],
      ["Adjoints of the inputs", gradient(adjoints)],
      ["Sweep", sweep],
      ["The gradient that is right", gradient(right)],
    ],
    table: given ? {header: ["Node", "Value", "Adjoint", "Yours"], rows: rows.map((row, i) => [...row, found[i]])}
      : {header: ["Node", "Value", "Adjoint"], rows},
    last: {step: last},
  };
}

function complained(complaint) {
  const lines = complaint.match(/.{1,58}(?:\s|$)/g) ?? [complaint];
  return {
    svg: picture(400, 60 + 16 * lines.length, lines.map((words, k) => text(14, 30 + 16 * k, words.trim()))),
    alternativeText: complaint, reading: [], last: {step: 0},
  };
}

const statement = node => (node.sources.length === 0 ? node.words : `${node.name} = ${node.words}`);

function sentence(nodes, now, forward, last, event, sweep, operations, found, right) {
  if (now === 0) return "The inputs are known.";
  if (now <= forward) {
    const node = nodes[operations[now - 1]];
    return `${node.name} = ${node.words} = ${shown(node.value)}.`;
  }
  if (!event) return `The sweep begins: the adjoint of ${nodes.at(-1).name} is 1.`;
  const from = nodes[event.from], to = nodes[event.to];
  const handed = `${from.name} hands ${shown(event.g)} · ${shown(from.partials[event.k])} = ${shown(event.contribution)} to ${to.name}`;
  const kept = sweep === "= for +=" ? `, which keeps ${shown(event.after)} and forgets ${shown(event.before)}.`
    : `: ${shown(event.before)} + ${shown(event.contribution)} = ${shown(event.after)}.`;
  if (now < last) return handed + kept;
  return handed + kept + (found === right ? ` Done: ${found}.` : ` Done: ${found}. Right is ${right}.`);
}

function graph(nodes, computed, adjoints, active, event, upwards, said, yours) {
  const {nodes: spots, bends} = places(nodes.map(node => node.sources));
  const all = [...spots, ...Object.values(bends).flat()], floors = Math.max(...spots.map(([, floor]) => floor));
  const span = Math.max(...all.map(([across]) => across)) * ACROSS + WIDE + 2 * LEFT;
  const width = Math.max(400, span), shift = (width - span) / 2 + LEFT + WIDE / 2;
  const at = ([across, floor]) => [shift + across * ACROSS, TOP + (floors - floor) * UP + HIGH / 2];
  const edges = [], labels = [], drawn = nodes.flatMap((node, i) => node.sources.map((s, k) => {
    const alike = node.sources.map((other, n) => [other, n]).filter(([other]) => other === s).map(([, n]) => n);
    const side = alike.length > 1 ? (alike.indexOf(k) === 0 ? -1 : 1) : 0;
    return {i, k, s, side, between: bends[`${s},${i}`].map(at)};
  }));
  // Where an edge leaves a node: side by side, in the order of the places that it comes from, so that none cross there.
  const port = (edge, end, towards) => {
    const beside = drawn.filter(other => other[end] === edge[end])
      .sort((a, b) => towards(a) - towards(b) || a.k - b.k);
    return (beside.indexOf(edge) - (beside.length - 1) / 2) * Math.min(26, 80 / beside.length);
  };
  for (const edge of drawn) {
    const {i, k, s, side, between} = edge, node = nodes[i];
    const handed = event !== null && event.from === i && event.k === k, lit = handed || (upwards && active === i);
    const stroke = handed ? VERMILION : lit ? BLUE : GREY;
    const [x1, y1] = at(spots[s]), [x2, y2] = at(spots[i]);
    const low = x1 + port(edge, "s", one => one.between[0]?.[0] ?? at(spots[one.i])[0]);
    const high = x2 + port(edge, "i", one => one.between.at(-1)?.[0] ?? at(spots[one.s])[0]);
    const corners = between.flatMap(([x, y]) => [[x + 10 * side, y + HIGH / 2], [x + 10 * side, y - HIGH / 2]]);
    const middle = corners.length > 0 ? [] : [[(low + high) / 2 + 8 * side, (y1 + y2) / 2]];
    const path = [[low, y1 - HIGH / 2], ...corners, ...middle, [high, y2 + HIGH / 2]];
    edges.push(line(path, {stroke, "stroke-width": lit ? 2.5 : 1.2}));
    if (lit) edges.push(arrow(...(handed ? [path[1], path[0]] : [path.at(-2), path.at(-1)]), {stroke, "stroke-width": 2.5}));
    if (!computed(i)) continue;
    const [lx, ly] = corners.length > 0 ? [(path[0][0] + path[1][0]) / 2, (path[0][1] + path[1][1]) / 2] : middle[0];
    const words = handed ? `${shown(event.g)} · ${shown(node.partials[k])}` : shown(node.partials[k]);
    labels.push(text(lx + 4 * side, ly, words, {
      fill: handed ? VERMILION_INK : BLACK, "font-weight": handed ? "bold" : "normal",
      "text-anchor": side < 0 ? "end" : side > 0 ? "start" : "middle",
      ...HALO,
    }));
  }
  const boxes = nodes.map((node, i) => {
    const [x, y] = at(spots[i]), [left, upper] = [x - WIDE / 2, y - HIGH / 2];
    const taker = event !== null && event.to === i, lit = i === active || taker;
    return [
      rectangle(left, upper, WIDE, HIGH, {
        fill: "#ffffff", rx: 6, stroke: taker ? VERMILION : lit && upwards ? BLUE : BLACK, "stroke-width": lit ? 3 : 1,
      }),
      text(x, upper + 12, statement(node), {"text-anchor": "middle"}),
      computed(i) ? text(left + 7, upper + 27, shown(node.value), {fill: BLUE}) : "",
      adjoints[i] === null ? "" : text(left + WIDE - 7, upper + 27, shown(adjoints[i]), {
        fill: VERMILION_INK, "text-anchor": "end", "font-weight": "bold",
      }),
      yours[i] && text(x + WIDE / 2 - 2, upper + HIGH + 9, `yours: ${yours[i]}`, {"text-anchor": "end", fill: PURPLE_INK, ...HALO}),
    ];
  });
  const bottom = TOP + floors * UP + HIGH;
  const legend = [
    text(12, bottom + 18, "in a node: value", {fill: BLUE}), text(134, bottom + 18, "adjoint", {fill: VERMILION_INK, "font-weight": "bold"}),
    text(12, bottom + 34, "on an edge: partial derivative"),
  ];
  return picture(width, bottom + 46, text(12, 10, said, {"font-weight": "bold"}), edges, labels, boxes, legend);
}
