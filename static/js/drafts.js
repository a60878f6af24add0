// Keeps what was typed into <form data-keep="name"> on this device, through a lost connection or a
// closed tab, until the form has been sent; twelve hours at most. Never passwords, files or tokens.
const PREFIX = "draft:";
const SENT = "sent:";
const KEPT_FOR_MS = 12 * 3600 * 1000;
const NEVER = new Set(["password", "file", "submit", "button", "image"]);

const isKept = (field) => field.name && field.name !== "csrf_token" && !NEVER.has(field.type);
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + key));
    return draft && Date.now() - draft.at < KEPT_FOR_MS ? draft : null;
  } catch {
    return null;
  }
}

function save(form) {
  const fields = [...form.elements].filter(isKept).filter((field) => !isChoice(field) || field.checked);
  const values = fields.map((field) => [field.name, field.value]);
  localStorage.setItem(PREFIX + form.dataset.keep, JSON.stringify({ at: Date.now(), values }));
}

// A hidden field comes back only for a form that may have arrived: it names that submission, and the
// server then knows the second sending for the same.
function restore(form, draft, wasSent) {
  const left = new Map();
  for (const [name, value] of draft.values) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of [...form.elements].filter(isKept)) {
    const values = left.get(field.name);
    if (isChoice(field)) field.checked = Boolean(values?.includes(field.value));
    else if (values?.length && (field.type !== "hidden" || wasSent)) field.value = values.shift();
    if (field.type !== "hidden") field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function forgetWhatArrived(root) {
  for (const mark of Object.keys(sessionStorage).filter((key) => key.startsWith(SENT))) {
    const key = mark.slice(SENT.length);
    if (root.querySelector(`form[data-keep="${CSS.escape(key)}"]`)) continue;
    localStorage.removeItem(PREFIX + key);
    sessionStorage.removeItem(mark);
  }
}

function keep(form, wasAnswered) {
  const key = form.dataset.keep;
  const draft = read(key);
  if (draft && !wasAnswered) restore(form, draft, sessionStorage.getItem(SENT + key) !== null);
  else if (!draft) localStorage.removeItem(PREFIX + key);
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 300, form);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    save(form);
    sessionStorage.setItem(SENT + key, "1");
  });
}

export function keepDrafts(root) {
  try {
    forgetWhatArrived(root);
    // A form that comes back with errors holds what was typed already.
    const wasAnswered = root.querySelector(".govuk-error-summary") !== null;
    for (const form of root.querySelectorAll("form[data-keep]")) keep(form, wasAnswered);
  } catch (error) {
    // Private browsing may forbid storage: the form works all the same.
    console.warn("drafts are not kept", error.name);
  }
}
