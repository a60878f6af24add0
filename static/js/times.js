// Moments as people say them: "5 minutes ago", and deadlines as minutes and seconds that run down.
// What the server wrote stays in the tooltip.
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

const secondsUntil = (element) => (Date.parse(element.dateTime) - Date.now()) / 1000;

export function inWords(seconds, language) {
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS[3];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

export function asClock(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const parts = left >= 3600 ? [left / 3600, (left / 60) % 60, left % 60] : [left / 60, left % 60];
  return parts.map((part, index) => String(Math.floor(part)).padStart(index ? 2 : 1, "0")).join(":");
}

function show(element, words) {
  if (!element.title) element.title = element.textContent;
  if (element.textContent !== words) element.textContent = words;
}

export function runTimes(root) {
  const language = root.documentElement.lang;
  const tick = () => {
    for (const element of root.querySelectorAll("time[data-relative]")) {
      const seconds = secondsUntil(element);
      if (!Number.isNaN(seconds)) show(element, inWords(seconds, language));
    }
    for (const element of root.querySelectorAll("time[data-countdown]")) {
      const seconds = secondsUntil(element);
      if (!Number.isNaN(seconds)) show(element, asClock(seconds));
    }
  };
  tick();
  setInterval(tick, 1000);
  root.addEventListener("htmx:afterSwap", tick);
}
