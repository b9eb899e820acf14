// Small helps on top of pages that work without them.
"use strict";

// Of a double press on "Continue" the second half may land on the next page, under the same finger: it answers nothing.
const DOUBLE_PRESS_MS = 600;
let touched = false;
document.addEventListener("input", () => {
  touched = true;
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-page-of-many")) {
    return;
  }
  const last = Number(sessionStorage.getItem("pressed-at"));
  const page = sessionStorage.getItem("pressed-on");
  if (!touched && page !== location.pathname && Date.now() - last < DOUBLE_PRESS_MS) {
    event.preventDefault();
    return;
  }
  sessionStorage.setItem("pressed-at", String(Date.now()));
  sessionStorage.setItem("pressed-on", location.pathname);
});

// Papers print from the page, where there is a printer.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
