// Parts of a page that ask for themselves anew (htmx). They hold still while somebody is busy in
// them, and say so; they sleep while nobody looks, and say when the line is lost.
import "htmx.org";

const FOCUSABLE = "a[href], button, summary, input:not([type=hidden]), textarea, select";

// Half an answer is one: an open form, a field with the cursor in it, a field that was changed.
function isBusy(part) {
  const focused = part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
  const typed = [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);
  return focused || typed || part.querySelector("details[open] form") !== null;
}

const show = (id, isShown) => document.getElementById(id)?.toggleAttribute("hidden", !isShown);

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  const busy = isBusy(part);
  show(`${part.id}-held`, busy);
  if (document.hidden || busy) event.preventDefault();
});

// What stood open stays open, and whatever had the focus has it still.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.shouldSwap) return; // 204: nothing is new
  const part = event.detail.target;
  if (isBusy(part)) {
    event.detail.shouldSwap = false; // somebody began to type while the answer was on its way
    return;
  }
  const open = [...part.querySelectorAll("details")].map((details) => details.open);
  const focused = [...part.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
  document.body.addEventListener("htmx:afterSwap", () => {
    const fresh = document.getElementById(part.id);
    fresh?.querySelectorAll("details").forEach((details, index) => {
      if (open[index]) details.open = true;
    });
    if (focused >= 0) fresh?.querySelectorAll(FOCUSABLE)[focused]?.focus({ preventScroll: true });
  }, { once: true });
});

const sayLost = (isLost) => show("lost", isLost);
document.body.addEventListener("htmx:sendError", () => sayLost(true));
document.body.addEventListener("htmx:timeout", () => sayLost(true));
document.body.addEventListener("htmx:responseError", () => sayLost(true));
document.body.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) sayLost(false);
});
