// Single keys for pages on which people work all day: j and k go through [data-key-row], / searches,
// n and p turn pages, o opens the first form of a row, d goes to the decision and u back to the
// queue, ? says so. Never while somebody types, and they can be turned off (WCAG 2.1.4).
const OFF = "keys:off";
const LETTERS = { KeyD: "d", KeyJ: "j", KeyK: "k", KeyN: "n", KeyO: "o", KeyP: "p", KeyU: "u" };

const isTyping = (target) => target.isContentEditable || target.closest("input, textarea, select, dialog[open]") !== null;

function isOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

function turn(off) {
  try {
    if (off) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  } catch (error) {
    console.warn("the choice is not kept", error.name);
  }
}

// On a keyboard of another script the key is named by its place.
const keyOf = (event) => (/^[\x20-\x7e]$/.test(event.key) ? event.key : (LETTERS[event.code] ?? event.key));

const rowOf = (element) => element?.closest("[data-key-row]");

function step(rows, by) {
  const at = rows.indexOf(rowOf(document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[next]?.focus();
  rows[next]?.scrollIntoView({ block: "nearest" });
}

// What is folded in a row is unfolded, and its first field gets the focus.
function unfold(row) {
  const folded = row?.querySelector("details:not([open])");
  if (!folded) return;
  folded.open = true;
  folded.querySelector("input:not([type=hidden]), textarea, select")?.focus();
}

export function runKeys(root) {
  const dialog = root.getElementById("keys");
  const off = root.querySelector("[data-key-off]");
  const rows = () => [...root.querySelectorAll("[data-key-row]")];
  const moves = {
    j: () => step(rows(), 1),
    k: () => step(rows(), -1),
    "/": () => root.querySelector("[data-key-search]")?.focus(),
    n: () => root.querySelector("a[rel=next]")?.click(),
    p: () => root.querySelector("a[rel=prev]")?.click(),
    o: () => unfold(rowOf(root.activeElement)),
    d: () => root.querySelector("[data-key-decision]")?.focus(),
    u: () => root.querySelector("[data-key-back]")?.click(),
    "?": () => dialog?.showModal(),
  };
  const arrows = { ArrowDown: moves.j, ArrowUp: moves.k };

  root.querySelector("[data-key-hint]")?.removeAttribute("hidden");
  root.querySelector("[data-key-help]")?.addEventListener("click", moves["?"]);
  if (off) {
    off.checked = isOff();
    off.addEventListener("change", () => turn(off.checked));
  }
  root.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    // Arrows go through the rows only from one of them: elsewhere they scroll the page.
    const isRow = event.target.matches("a[data-key-row]");
    const move = isOff() ? undefined : (isRow && arrows[event.key]) || moves[keyOf(event)];
    if (!move) return;
    event.preventDefault();
    move();
  });
}
