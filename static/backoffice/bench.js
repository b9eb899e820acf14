// Small helps at the bench, for gloved hands; its pages work without them.
"use strict";

// A scanner types wherever the focus stands, and ends with Enter. Its text belongs in the field that waits for a scan;
// where none does, its Enter presses nothing.
const SCANNER_MS = 150;
let lastKey = -SCANNER_MS;
document.addEventListener(
  "keydown",
  (event) => {
    const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select");
    if (typing || event.metaKey || event.ctrlKey || event.altKey) {
      return;
    }
    const isPress = event.key === "Enter" || event.key === " ";
    if (isPress && event.timeStamp - lastKey < SCANNER_MS) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    if (isPress || event.key.length !== 1) {
      return;
    }
    lastKey = event.timeStamp;
    const field = document.querySelector("input[data-scan]");
    if (field) {
      field.focus();
      event.stopImmediatePropagation();
    }
  },
  true,
);

// Of several weights, Enter goes on to the next empty one: a balance with a cable types its reading, then Enter.
for (const weights of document.querySelectorAll(".weights")) {
  weights.addEventListener("keydown", (event) => {
    const next = [...weights.querySelectorAll("input")].find((each) => !each.value.trim());
    if (event.key === "Enter" && next) {
      event.preventDefault();
      next.focus();
    }
  });
}

// While a weight is typed, the page already says where it lies. The server decides.
const typed = document.querySelector("input[data-low]");
const said = document.getElementById("weigh-said");
if (typed && said) {
  const trimmed = (value) => String(Number(value.toFixed(3)));
  typed.addEventListener("input", () => {
    const value = Number(typed.value);
    const low = Number(typed.dataset.low);
    const high = Number(typed.dataset.high);
    said.classList.remove("verdict--ok", "verdict--bad");
    if (!typed.value.trim() || Number.isNaN(value)) {
      said.textContent = "";
      return;
    }
    const within = value >= low && value <= high;
    said.classList.add(within ? "verdict--ok" : "verdict--bad");
    if (within) {
      said.textContent = said.dataset.within;
    } else if (value < low) {
      said.textContent = `${trimmed(low - value)} ${typed.dataset.unit} ${said.dataset.less}`;
    } else {
      said.textContent = `${trimmed(value - high)} ${typed.dataset.unit} ${said.dataset.more}`;
    }
  });
}

// A step's timer: it counts down where it stands, and says when the time is up. This tab remembers when it was started,
// so a page that was left or loaded anew goes on with it.
const clockTime = (at) => {
  const when = new Date(at);
  return [when.getHours(), when.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
};

for (const button of document.querySelectorAll("[data-timer]")) {
  const says = button.parentElement.querySelector("[data-timer-says]");
  const kept = `bench-timer-${button.dataset.of}`;
  const run = (started) => {
    const ends = started + Number(button.dataset.timer) * 1000;
    const wasOver = ends <= Date.now();
    button.disabled = true;
    const tick = () => {
      const left = Math.ceil((ends - Date.now()) / 1000);
      if (left > 0) {
        const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
        says.textContent = `${clock} ${button.dataset.left}`;
        window.setTimeout(tick, 250);
        return;
      }
      says.setAttribute("role", "status");
      says.textContent = wasOver ? `${button.dataset.since} ${clockTime(ends)}` : button.dataset.over;
    };
    tick();
  };
  button.addEventListener("click", () => {
    const started = Date.now();
    window.sessionStorage.setItem(kept, String(started));
    run(started);
  });
  const started = Number(window.sessionStorage.getItem(kept));
  if (started) {
    run(started);
  }
}
