// A scanner types faster than a person, wherever the focus stands, and ends with Enter. No letter of it is one of a page's
// keys: its text goes into the field that waits for a scan, or into the search, which knows every label. Every page works
// without this; the bench, where a scan is most of the work, has its own.
"use strict";

const SCANNER_MS = 100;
const FORGOTTEN_MS = 500;
const field = document.getElementById("scanned") ?? document.getElementById("find");
let typed = "";
let waiting = 0;

const toTheField = () => {
  const fold = field.closest("details");
  if (fold) {
    fold.open = true;
  }
  field.value = typed;
  typed = "";
  field.focus();
};

const does = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"], [data-keys~="${CSS.escape(key)}"]`);

// One key alone was a person's: it goes on to the keys of the page, if it still does what it did when it was pressed.
// One that does nothing here can wait for what follows, however slow the page is.
const goOn = (target, meant) => {
  const key = typed;
  typed = "";
  if (meant && does(key) === meant) {
    const at = target.isConnected ? target : document.body;
    at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
};

document.addEventListener(
  "keydown",
  (event) => {
    const at = event.target;
    const inAField = at.closest("input:not([type=checkbox], [type=radio]), textarea, select");
    const isLetter = event.key.length === 1 && event.key !== " ";
    // "/" only moves the focus to the search, where a person types on at once.
    const isToSearch = event.key === "/" && !typed;
    if (!field || !event.isTrusted || inAField || !isLetter || isToSearch) {
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || event.repeat) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    window.clearTimeout(waiting);
    typed += event.key;
    if (typed.length > 1) {
      toTheField();
    } else {
      const meant = does(typed);
      waiting = window.setTimeout(goOn, meant ? SCANNER_MS : FORGOTTEN_MS, at, meant);
    }
  },
  true,
);
