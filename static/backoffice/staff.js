// Keys and small helps on staff pages that work without them.
"use strict";

const KEYS_OFF = "staff-keys-off";
const keysAreOff = () => localStorage.getItem(KEYS_OFF) === "yes";

// The queue: the chosen order's panel is fetched, the page stays.
const list = document.querySelector("table[data-queue]");
let latest = 0;

const choose = async (row) => {
  if (!row || row.classList.contains("is-chosen")) {
    return;
  }
  const mine = ++latest;
  for (const other of list.querySelectorAll("tr[data-order]")) {
    const isIt = other === row;
    other.classList.toggle("is-chosen", isIt);
    const link = other.querySelector(".rows__pick");
    if (isIt) {
      link.setAttribute("aria-current", "true");
    } else {
      link.removeAttribute("aria-current");
    }
  }
  row.scrollIntoView({ block: "nearest" });
  const panel = document.getElementById("panel");
  // A decision must never reach another order than the one shown.
  panel.replaceChildren();
  const answer = await fetch(row.dataset.panel, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (mine !== latest) {
    return;
  }
  if (!answer.ok) {
    window.location.reload();
    return;
  }
  panel.innerHTML = await answer.text();
  document.getElementById("chosen").textContent = panel.querySelector("h2").textContent;
  window.history.replaceState(null, "", `${list.dataset.queue}&order=${row.dataset.order}`);
};

if (list) {
  list.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-order]");
    if (!row || event.metaKey || event.ctrlKey || event.shiftKey || window.getSelection().toString()) {
      return;
    }
    // On a telephone the panel stands below the list: there the link leads to it.
    if (window.matchMedia("(max-width: 767px)").matches) {
      return;
    }
    event.preventDefault();
    choose(row);
  });
  list.addEventListener("dblclick", (event) => {
    const row = event.target.closest("tr[data-order]");
    if (row) {
      window.location.assign(row.dataset.open);
    }
  });
}

const step = (by) => {
  const rows = [...list.querySelectorAll("tr[data-order]")];
  const here = rows.findIndex((row) => row.classList.contains("is-chosen"));
  choose(rows[Math.min(Math.max(here + by, 0), rows.length - 1)]);
};

// Keys act only outside of fields, and can be switched off (WCAG 2.1.4).
document.addEventListener("keydown", (event) => {
  const at = event.target;
  const typing = at.closest("input, textarea, select, [contenteditable]");
  if (typing || event.metaKey || event.ctrlKey || event.altKey || event.repeat || keysAreOff()) {
    return;
  }
  // Enter on a link or a button is that link's or button's.
  if (event.key === "Enter" && at.closest("a, button, summary")) {
    return;
  }
  if (list && (event.key === "j" || event.key === "k")) {
    event.preventDefault();
    step(event.key === "j" ? 1 : -1);
    return;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) {
    return;
  }
  event.preventDefault();
  if (target.matches("input")) {
    target.focus();
    target.select();
    return;
  }
  if (!target.matches("summary")) {
    target.click();
    return;
  }
  target.parentElement.open = true;
  target.parentElement.querySelector("textarea, input:not([type=hidden])")?.focus();
});

const showKeys = () => {
  document.documentElement.classList.toggle("no-keys", keysAreOff());
  for (const button of document.querySelectorAll("[data-keys-switch]")) {
    button.hidden = false;
    button.textContent = keysAreOff() ? button.dataset.on : button.dataset.off;
  }
};

for (const button of document.querySelectorAll("[data-keys-switch]")) {
  button.addEventListener("click", () => {
    localStorage.setItem(KEYS_OFF, keysAreOff() ? "no" : "yes");
    showKeys();
  });
}
showKeys();

// A page that waits for the worker looks again by itself.
const waits = document.querySelector("[data-look-again]");
if (waits) {
  window.setTimeout(() => window.location.reload(), Number(waits.dataset.lookAgain));
}

// A paper opens beside the page, and the page then knows that it was printed.
for (const form of document.querySelectorAll("form[data-then-reload]")) {
  form.addEventListener("submit", () => {
    window.setTimeout(() => window.location.assign(window.location.pathname), 1500);
  });
}

// Papers that are there open by themselves: somebody has pressed for them already.
document.querySelector("form[data-send-itself]")?.requestSubmit();
