// What every page with a form needs: an error summary is read first, and a second press sends nothing
// (the server would know it for a repeat anyway).
"use strict";

document.getElementById("error-summary")?.focus();

const submitButtons = (form) => form.querySelectorAll("button[type=submit]");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-once")) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of submitButtons(form)) {
    button.setAttribute("aria-disabled", "true");
  }
});

// A page brought back by the Back button may be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) {
    return;
  }
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    for (const button of submitButtons(form)) {
      button.removeAttribute("aria-disabled");
    }
  }
});
