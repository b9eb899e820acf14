// The plan on the prescriber's form: steps come and go, and the quantity follows, without leaving the page.
// Without this file the same buttons load the page anew, and nothing typed is lost.
"use strict";

const form = document.querySelector("[data-plan-form]");
let waiting = 0;
let running = null;

async function ask(name, value) {
  running?.abort();
  running = new AbortController();
  const body = new FormData(form);
  body.set(name, value);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, signal: running.signal });
  if (!answer.ok) {
    throw new Error(`The server answered ${answer.status}`);
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function show(page, ids) {
  for (const id of ids) {
    const fresh = page.getElementById(id);
    if (fresh) {
      document.getElementById(id).replaceChildren(...document.adoptNode(fresh).childNodes);
    }
  }
}

function focusAfter(action) {
  const doses = form.querySelectorAll(".plan-step input[name$='-dose']");
  if (action === "add_step") {
    doses[doses.length - 1].focus();
  } else {
    document.getElementById("plan").focus();
  }
}

form.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-inline]");
  if (!button) {
    return;
  }
  event.preventDefault();
  // What was typed goes along with this request; the one that waits would only break it off.
  window.clearTimeout(waiting);
  try {
    const page = await ask(button.name, button.value);
    show(page, ["plan", "plan-panel"]);
    focusAfter(button.value);
  } catch (error) {
    if (error.name !== "AbortError") {
      form.requestSubmit(button);
    }
  }
});

form.addEventListener("input", () => {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(async () => {
    try {
      show(await ask("action", "work_out"), ["plan-panel"]);
    } catch {
      // The figures on the page are then the last ones; the check page works them out again.
    }
  }, 500);
});
