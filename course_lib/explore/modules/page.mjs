// What every live explorable does in the page: the browser's own inputs around a picture that follows them.
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

const KINDS = {slider, entry};

export function explorable(draw) {
  function render({model, el}) {
    const descriptions = model.get("controls"), data = model.get("data");
    const last = {}; // the last place of a slider, where a picture has fewer steps than the slider has places
    const choose = (name, where, places) => {
      const chosen = {...model.get("chosen"),
        [name]: typeof where === "string" ? where : Math.min(Math.max(where, 0), last[name] ?? places)};
      model.set("chosen", chosen); // with a kernel, Python learns it too; other views of this model follow
      model.save_changes();
    };
    const controls = descriptions.map(one => {
      const kind = KINDS[one.kind] ?? (one.options.length > 4 ? select : radios);
      return {...one, ...kind(one, where => choose(one.name, where, one.options.length - 1))};
    });
    const frame = make("div", {class: "explorable-frame"});
    const status = make("div", {class: "live-status", role: "status"});
    el.classList.add("explorable", "explorable-live");
    el.replaceChildren(...controls.map(one => one.row), frame, status);

    let announcing, waiting = false, told = null;
    function redraw() {
      waiting = false;
      const chosen = model.get("chosen");
      const value = ({name, options}) => (typeof chosen[name] === "string" ? chosen[name] : options[chosen[name]][0]);
      const values = Object.fromEntries(controls.map(one => [one.name, value(one)]));
      const {svg, alternativeText, reading = [], table, last: ends = {}} = draw(values, data);
      frame.innerHTML = svg;
      frame.firstChild.setAttribute("role", "img");
      frame.firstChild.setAttribute("aria-label", alternativeText);
      frame.firstChild.classList.add("picture");
      if (reading.length > 0) {
        frame.append(make("dl", {class: "explorable-reading"}, ...reading.map(
          ([name, number]) => make("div", {}, make("dt", {}, name), make("dd", {}, number)))));
      }
      if (table) {
        const cells = (kind, words) => make("tr", {}, ...words.map(word => make(kind, {}, word)));
        frame.append(make("table", {class: "live-table"}, cells("th", table.header), ...table.rows.map(row => cells("td", row))));
      }
      for (const one of controls) {
        last[one.name] = ends[one.name];
        const end = ends[one.name] ?? one.options.length - 1;
        one.show(typeof chosen[one.name] === "string" ? chosen[one.name] : Math.min(chosen[one.name], end), end);
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
    return () => model.off("change:chosen", later);
  }
  return {render};
}
