// What every explorable does in the page: the browser's own inputs around a picture that follows them.
//
// A module's `draw(values, data)` returns {svg, alternativeText, reading}, as the Python drawing function returns a
// Frame. Here the controls are made from their description in Python, the picture is drawn anew after each change,
// and what it says is announced to screen readers once the reader has stopped for half a second.

const make = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
let made = 0; // numbers the groups of radio buttons, whose names must differ within a page

function slider({label, options, buttons}, choose) {
  const input = make("input", {type: "range", min: 0, max: options.length - 1, step: 1, "aria-label": label});
  const output = make("output", {"aria-hidden": "true"});
  input.addEventListener("input", () => choose(Number(input.value)));
  const step = (words, by) => {
    const button = make("button", {type: "button", "aria-label": `${label}: ${words}`}, by < 0 ? "◀" : "▶");
    button.addEventListener("click", () => choose(Number(input.value) + by));
    return button;
  };
  const [back, on] = buttons ? [step("back", -1), step("on", 1)] : [];
  const row = make("div", {class: "live-slider"}, make("span", {class: "live-label"}, label),
    ...(buttons ? [back, input, on] : [input]), output);
  return {row, show(index, last) {
    input.max = last;
    input.value = index;
    input.setAttribute("aria-valuetext", options[index][1]);
    output.textContent = options[index][1];
    // A disabled button would lose the keyboard's place; one that says it is, keeps it.
    back?.setAttribute("aria-disabled", index === 0);
    on?.setAttribute("aria-disabled", index === last);
  }};
}

function radios({label, options}, choose) {
  const name = `live-${Date.now()}-${made++}`;
  const inputs = options.map(([, words], index) => {
    const input = make("input", {type: "radio", name});
    input.addEventListener("change", () => choose(index));
    return make("label", {}, input, ` ${words}`);
  });
  const row = make("fieldset", {class: "live-choice"}, make("legend", {class: "live-label"}, label), ...inputs);
  return {row, show(index) { inputs[index].firstChild.checked = true; }};
}

function select({label, options}, choose) {
  const input = make("select", {"aria-label": label}, ...options.map(([, words]) => make("option", {}, words)));
  input.addEventListener("change", () => choose(input.selectedIndex));
  const row = make("label", {class: "live-select"}, make("span", {class: "live-label"}, label), input);
  return {row, show(index) { input.selectedIndex = index; }};
}

// A line of text. What is chosen is the text itself; the options are suggestions.
function entry({label, options}, choose) {
  const list = `live-${Date.now()}-${made++}`;
  const input = make("input", {type: "text", "aria-label": label, list, spellcheck: "false", autocomplete: "off"});
  const suggestions = make("datalist", {id: list}, ...options.map(([, words]) => make("option", {value: words})));
  const examples = make("select", {"aria-label": `${label}: examples`},
    make("option", {value: ""}, "Examples"), ...options.map(([, words]) => make("option", {value: words}, words)));
  input.addEventListener("input", () => choose(input.value));
  examples.addEventListener("change", () => { if (examples.value) choose(examples.value); });
  const row = make("div", {class: "live-entry"}, make("span", {class: "live-label"}, label), input, suggestions, examples);
  return {row, show(words) {
    if (input.value !== words) input.value = words;
    examples.value = options.some(([, known]) => known === words) ? words : "";
  }};
}

// Points of the picture that are dragged: by mouse and finger, and by the arrow keys once the tab key has come to one.
// Each is a button over the picture, which stays when the picture is drawn anew. `draw` says where they stand,
// {places, unit, labels}: places in units of the picture (a point without one is not shown), how many of these units
// one unit of the data is, across and up, and what each point is called.
function points({label, start, low, high, step}, choose) {
  const again = make("button", {type: "button"}, "Start again");
  const row = make("div", {class: "live-points"}, make("span", {class: "live-label"}, label), again);
  again.addEventListener("click", () => choose(start));
  let values = start, unit = [1, 1], width = 1;
  const bounded = (z, axis) => {
    const onGrid = Math.round(z / step[axis]) * step[axis], decimals = Math.max(0, Math.ceil(-Math.log10(step[axis])));
    return Number(Math.min(high[axis], Math.max(low[axis], onGrid)).toFixed(decimals));
  };
  const move = (i, to) => choose(values.map((value, j) => (j === i ? to.map(bounded) : value)));
  const handles = start.map((_, i) => {
    const handle = make("button", {type: "button", class: "live-handle"});
    let grip = null;
    const letGo = () => { grip = null; };
    handle.addEventListener("pointerdown", event => {
      grip = {at: [event.clientX, event.clientY], from: values[i]};
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", event => {
      if (!grip) return;
      const scale = handle.parentElement.getBoundingClientRect().width / width;
      const gone = [event.clientX - grip.at[0], event.clientY - grip.at[1]];
      move(i, grip.from.map((z, axis) => z + gone[axis] / scale / unit[axis]));
    });
    handle.addEventListener("pointerup", letGo);
    handle.addEventListener("pointercancel", letGo);
    handle.addEventListener("keydown", event => {
      const [axis, sign] = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1]}[event.key] ?? [];
      if (axis === undefined) return;
      event.preventDefault(); // the arrow keys do not scroll the page meanwhile
      const along = Math.min(axis, values[i].length - 1); // a point on a line follows all four keys
      move(i, values[i].map((z, j) => (j === along ? z + sign * step[j] * (event.shiftKey ? 10 : 1) : z)));
    });
    return handle;
  });
  return {row, handles, show(chosen, _, shown = {places: []}, size = [1, 1]) {
    values = chosen;
    [unit, width] = [shown.unit, size[0]];
    handles.forEach((handle, i) => {
      const place = shown.places[i];
      handle.hidden = !place;
      if (!place) return;
      handle.style.left = `${(100 * place[0]) / size[0]}%`;
      handle.style.top = `${(100 * place[1]) / size[1]}%`;
      handle.setAttribute("aria-label", shown.labels[i]);
    });
    row.hidden = !shown.places.some(Boolean);
  }};
}

const KINDS = {slider, entry, points};
const isFree = chosen => typeof chosen === "string" || Array.isArray(chosen); // the value itself, no place in a list

// On a narrow screen a picture shrinks, and its words with it. They are made larger again: never less than 12 pixels high.
const SMALLEST = 12;
function keepLegible(picture) {
  const scale = picture.clientWidth / picture.viewBox.baseVal.width;
  if (!(scale > 0)) return;
  for (const words of picture.querySelectorAll("text, tspan")) {
    const size = parseFloat(getComputedStyle(words).fontSize);
    if (size * scale < SMALLEST) words.style.fontSize = `${SMALLEST / scale}px`;
  }
}

export function explorable(draw) {
  function render({model, el}) {
    const descriptions = model.get("controls"), data = model.get("data");
    const last = {}; // the last place of a slider, where a picture has fewer steps than the slider has places
    const choose = (name, where, places) => {
      const chosen = {...model.get("chosen"),
        [name]: isFree(where) ? where : Math.min(Math.max(where, 0), last[name] ?? places)};
      model.set("chosen", chosen); // with a kernel, Python learns it too; other views of this model follow
      model.save_changes();
    };
    const controls = descriptions.map(one => {
      const kind = KINDS[one.kind] ?? (one.options.length > 4 ? select : radios);
      return {...one, ...kind(one, where => choose(one.name, where, (one.options?.length ?? 0) - 1))};
    });
    const canvas = make("div"); // drawn anew at each change; the points over it stay, and keep the keyboard
    const stage = make("div", {class: "live-stage"}, canvas, ...controls.flatMap(one => one.handles ?? []));
    const frame = make("div", {class: "explorable-frame"}, stage);
    const status = make("div", {class: "live-status", role: "status"});
    el.classList.add("explorable", "explorable-live");
    el.replaceChildren(...controls.map(one => one.row), frame, status);

    let announcing, waiting = false, told = null;
    function redraw() {
      waiting = false;
      const chosen = model.get("chosen");
      const value = ({name, options}) => (isFree(chosen[name]) ? chosen[name] : options[chosen[name]][0]);
      const values = Object.fromEntries(controls.map(one => [one.name, value(one)]));
      const {svg, alternativeText, reading = [], table, last: ends = {}, handles = {}} = draw(values, data);
      canvas.innerHTML = svg;
      const picture = canvas.firstChild;
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", alternativeText);
      picture.classList.add("picture");
      keepLegible(picture);
      while (frame.lastChild !== stage) frame.lastChild.remove();
      if (reading.length > 0) {
        frame.append(make("dl", {class: "explorable-reading"}, ...reading.map(
          ([name, number]) => make("div", {}, make("dt", {}, name), make("dd", {}, number)))));
      }
      if (table) {
        const cells = (kind, words) => make("tr", {}, ...words.map(word => make(kind, {}, word)));
        frame.append(make("table", {class: "live-table"}, cells("th", table.header), ...table.rows.map(row => cells("td", row))));
      }
      for (const one of controls) {
        if (one.kind === "points") {
          one.show(chosen[one.name], null, handles[one.name], picture.getAttribute("viewBox").split(" ").slice(2).map(Number));
          continue;
        }
        last[one.name] = ends[one.name];
        const end = ends[one.name] ?? one.options.length - 1;
        one.show(isFree(chosen[one.name]) ? chosen[one.name] : Math.min(chosen[one.name], end), end);
      }
      clearTimeout(announcing);
      if (told !== null && told !== alternativeText) {
        announcing = setTimeout(() => { status.textContent = alternativeText; }, 500);
      }
      told = alternativeText;
    }
    const later = () => {
      if (!waiting) requestAnimationFrame(redraw); // at most one picture a frame of the screen
      waiting = true;
    };
    model.on("change:chosen", later);
    redraw();
    let width = stage.clientWidth;
    const turned = new ResizeObserver(() => {
      if (stage.clientWidth !== width) later();
      width = stage.clientWidth;
    });
    turned.observe(stage);
    return () => {
      turned.disconnect();
      model.off("change:chosen", later);
    };
  }
  return {render};
}

// In a built page nobody manages widgets: the state lies compressed in the first script of the explorable's home, and what
// one chooses stays in the page. A browser that cannot unpack it keeps the still picture.
export async function bringAlive(draw, home) {
  const packed = Uint8Array.from(atob(home.querySelector("script").textContent), sign => sign.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const state = await new Response(unpacked).json();
  let changed = () => {};
  const model = {
    get: name => state[name],
    set(name, value) { state[name] = value; changed(); },
    save_changes() {},
    on(event, then) { changed = then; },
    off() { changed = () => {}; },
  };
  const el = make("div");
  home.append(el);
  explorable(draw).render({model, el});
  home.classList.add("has-living-explorable");
  dispatchEvent(new Event("explorable-alive"));
}
