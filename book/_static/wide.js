// A formula in a line that is wider than the line can be pushed sideways, by finger and by keyboard; without this its end
// would be cut off. So can a block of code that is too wide for a narrow screen.
"use strict";
(() => {
  const mark = () => {
    for (const formula of document.querySelectorAll("main mjx-container:not([display])")) {
      const line = formula.closest("p, li, dd, td, th, figcaption, summary, h1, h2, h3, h4, main");
      formula.classList.remove("wide");
      const room = line.clientWidth - parseFloat(getComputedStyle(line).paddingRight);
      const inTable = formula.closest("td, th"); // which is pushed as a whole
      const wide = !inTable && line.clientWidth > 0 && formula.getBoundingClientRect().width > room + 1;
      formula.classList.toggle("wide", wide);
    }
    for (const block of document.querySelectorAll('main :is(pre, .math, .wide, .output, [tabindex="-1"], .pst-scrollable-table-container)')) {
      if (block.scrollWidth > block.clientWidth && block.tabIndex < 0) block.tabIndex = 0; // the theme says -1
    }
  };
  let waiting;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(mark, 100); };
  addEventListener("load", mark);
  addEventListener("resize", soon);
  addEventListener("toggle", soon, true); // an answer that is unfolded
})();
