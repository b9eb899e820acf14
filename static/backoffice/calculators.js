// A calculator's page: what htmx has just changed is told to the fields, and the sheet can be printed.
const mark = () => {
  for (const said of document.querySelectorAll(".calc-field .field__error")) {
    const refused = said.textContent.trim() !== "";
    const field = document.getElementById(said.id.replace(/_error$/, ""));
    said.closest(".calc-field").classList.toggle("field--error", refused);
    if (refused) {
      field.setAttribute("aria-invalid", "true");
    } else {
      field.removeAttribute("aria-invalid");
    }
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
  }
};

// On a telephone the calculators of a family stand in one row: the one that is open is brought into sight.
document.querySelector(".calc-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) {
    window.print();
  }
});

document.body.addEventListener("htmx:afterSettle", () => {
  // The page as it was sent may have been refused; what is typed since then says otherwise.
  document.getElementById("error-summary")?.remove();
  mark();
});
mark();
