// Explorables for the keyboard, for the ear and for paper.
//
// The sliders of ipywidgets have no accessible name, and tell a screen reader the index of their position in
// place of its value. This script gives each handle the name and the value that stand beside it, makes each
// group of radio buttons one stop of the tab key, announces what the picture says after a change, and
// hides the still picture once the moving one is there.
"use strict";
(() => {
  const text = (root, selector) => root.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const set = (element, name, value) => {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };

  function mendSlider(slider) {
    const handle = slider.querySelector(".noUi-handle");
    if (!handle) return;
    set(handle, "aria-label", text(slider, ".widget-label"));
    const readout = slider.querySelector(".widget-readout");
    if (readout) set(readout, "contenteditable", "false"); // there is no kernel to read what one types
    const value = text(slider, ".widget-readout");
    if (value) set(handle, "aria-valuetext", value);
  }

  function mendRadios(group, number) {
    set(group, "role", "radiogroup");
    set(group, "aria-label", text(group, ".widget-label"));
    for (const button of group.querySelectorAll("input[type=radio]")) {
      if (!button.name) button.name = `choice-${number}`;
    }
  }

  function announce(explorable) {
    let region = explorable.querySelector(":scope > .explorable-announcement");
    if (!region) {
      region = document.createElement("div");
      region.className = "explorable-announcement";
      region.setAttribute("role", "status");
      explorable.append(region);
    }
    const says = explorable.querySelector(".explorable-frame img")?.alt ?? "";
    if (says === explorable.dataset.says) return;
    const first = explorable.dataset.says === undefined; // what is there at the start needs no announcement
    explorable.dataset.says = says;
    clearTimeout(explorable.announcing);
    if (!first) explorable.announcing = setTimeout(() => { region.textContent = says; }, 500);
  }

  function mend(explorable, number) {
    explorable.querySelectorAll(".widget-hslider").forEach(mendSlider);
    explorable.querySelectorAll(".widget-radio").forEach((group, i) => mendRadios(group, `${number}-${i}`));
    explorable.querySelectorAll('label[title="null"]').forEach(label => label.removeAttribute("title"));
    if (explorable.querySelector(".explorable-frame .picture")) {
      explorable.closest(".cell_output")?.classList.add("has-living-explorable");
      dispatchEvent(new Event("explorable-alive")); // formulas have waited for this
      if (!explorable.matches(".explorable-live")) announce(explorable); // live ones announce for themselves
    }
  }

  // anywidget gives a module two seconds to start. On a slow machine it then reports an error that nobody awaits, goes
  // on, and the explorable appears all the same.
  addEventListener("unhandledrejection", event => {
    if (/^\[anywidget\] Failed to initialize model/.test(event.reason?.message)) event.preventDefault();
  });

  const mendAll = () => document.querySelectorAll(".explorable").forEach(mend);
  addEventListener("DOMContentLoaded", () => {
    const main = document.querySelector("main") ?? document.body;
    if (!main.querySelector('script[type="application/vnd.jupyter.widget-view+json"]')) return;
    new MutationObserver(mendAll).observe(main, {
      attributeFilter: ["aria-valuetext"], characterData: true, childList: true, subtree: true,
    });
    mendAll();
  });
})();
