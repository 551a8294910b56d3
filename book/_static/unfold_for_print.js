// On paper nobody can unfold an answer: open all of them before printing, and close them again after.
"use strict";
(() => {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach(details => { details.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach(details => { details.open = false; }));
})();
