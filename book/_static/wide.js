// What is wider than the page can be pushed sideways, by finger and by keyboard, and shows that it can: it fades where it
// goes on. A formula in a line would otherwise lose its end.
"use strict";
(() => {
  const WIDE = 'main :is(pre, .formula-line, .wide, .output, [tabindex="-1"], .pst-scrollable-table-container)';
  const fade = block => {
    const beyond = block.scrollWidth - block.clientWidth;
    block.classList.toggle("goes-on-left", block.scrollLeft > 1);
    block.classList.toggle("goes-on-right", block.scrollLeft < beyond - 1);
  };
  const mark = () => {
    for (const formula of document.querySelectorAll("main mjx-container:not([display])")) {
      const line = formula.closest("p, li, dd, td, th, figcaption, summary, h1, h2, h3, h4, main");
      formula.classList.remove("wide");
      const room = line.clientWidth - parseFloat(getComputedStyle(line).paddingRight);
      const inTable = formula.closest("td, th"); // which is pushed as a whole
      const wide = !inTable && line.clientWidth > 0 && formula.getBoundingClientRect().width > room + 1;
      formula.classList.toggle("wide", wide);
    }
    for (const block of document.querySelectorAll(WIDE)) {
      if (block.scrollWidth > block.clientWidth && block.tabIndex < 0) block.tabIndex = 0; // the theme says -1
      fade(block);
    }
  };
  let waiting;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(mark, 100); };
  addEventListener("load", mark);
  addEventListener("resize", soon);
  addEventListener("toggle", soon, true); // an answer that is unfolded
  addEventListener("scroll", ({target}) => { if (target.matches?.(WIDE)) fade(target); }, {capture: true, passive: true});
})();
