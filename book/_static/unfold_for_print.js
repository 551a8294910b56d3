// On paper nobody can unfold an answer, an output or a table: open them all before printing, and close them again after.
"use strict";
(() => {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:is(.sd-dropdown, .foldable-table, .below-input):not([open])")];
    opened.forEach(details => { details.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach(details => { details.open = false; }));
})();
