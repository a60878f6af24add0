// Parts of a page that ask for themselves anew (htmx). They hold still while somebody is busy in
// them, sleep while nobody looks, and say when the line is lost.
import "htmx.org";

const BUSY = "details[open] input, details[open] textarea, details[open] select, details[open] form";

function isBusy(part) {
  const focused = part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, button, summary");
  const typed = [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);
  return focused || typed || part.querySelector(BUSY) !== null;
}

function sayLost(isLost) {
  document.getElementById("lost")?.toggleAttribute("hidden", !isLost);
}

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (document.hidden || isBusy(part)) event.preventDefault();
});

// Which details stood open, so that they still do when the part has been replaced.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const open = [...event.detail.target.querySelectorAll("details")].map((details) => details.open);
  const id = event.detail.target.id;
  document.body.addEventListener("htmx:afterSwap", () => {
    document.getElementById(id)?.querySelectorAll("details").forEach((details, index) => {
      if (open[index]) details.open = true;
    });
  }, { once: true });
});

document.body.addEventListener("htmx:sendError", () => sayLost(true));
document.body.addEventListener("htmx:timeout", () => sayLost(true));
document.body.addEventListener("htmx:responseError", () => sayLost(true));
document.body.addEventListener("htmx:afterOnLoad", () => sayLost(false));
