// A scanner types faster than a person, wherever the focus stands, and ends with Enter. Its text belongs in the field for
// the vial: no letter of it is one of this page's keys. The page works without this.
"use strict";

const SCANNER_MS = 100;
const field = document.getElementById("scanned");
let typed = "";
let waiting = 0;

const toTheField = () => {
  field.closest("details").open = true;
  field.value = typed;
  typed = "";
  field.focus();
};

// One key alone was a person's: it goes on to the keys of the page.
const goOn = (target) => {
  const key = typed;
  typed = "";
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
};

document.addEventListener(
  "keydown",
  (event) => {
    const at = event.target;
    const elsewhere = event.key.length !== 1 || event.key === " " || at.closest("input, textarea, select");
    if (!field || !event.isTrusted || elsewhere || event.metaKey || event.ctrlKey || event.altKey || event.repeat) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    window.clearTimeout(waiting);
    typed += event.key;
    if (typed.length > 1) {
      toTheField();
    } else {
      waiting = window.setTimeout(() => goOn(at), SCANNER_MS);
    }
  },
  true,
);
