"use strict";
// Keeps a page of the sandbox fresh: asks for its middle once a second and puts in what is new.
// A field that somebody is typing into is never replaced, and its phone never moves.

const PAUSE_MS = 1000;
const PAUSE_HIDDEN_MS = 4000;
const main = document.getElementById("main");
const offline = document.querySelector("[data-offline]");
const title = document.title;
let unseen = 0;
let timer = 0;

document.querySelectorAll("[data-reload]").forEach((link) => { link.hidden = true; });

function isTyping(card) {
  const field = card.querySelector("input[name=body]");
  return Boolean(field) && (field.value !== "" || field === document.activeElement);
}

function isAtEnd(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 40;
}

function showEnd(log) {
  log.scrollTop = log.scrollHeight;
}

function putParts(old, fresh) {
  fresh.querySelectorAll(":scope > [data-part]").forEach((part) => {
    const place = old.querySelector(`:scope > [data-part=${part.dataset.part}]`);
    if (!place || place.innerHTML === part.innerHTML) return;
    const follow = part.dataset.part === "log" && isAtEnd(place);
    const focused = place.contains(document.activeElement) ? document.activeElement : null;
    const target = focused && focused.form ? focused.form.getAttribute("action") : null;
    place.innerHTML = part.innerHTML;
    if (follow) showEnd(place);
    if (target) {
      const again = place.querySelector(`form[action="${target}"] button`);
      if (again) again.focus();
    }
  });
}

function putCard(old, fresh) {
  const news = Number(fresh.dataset.activity) > Number(old.dataset.activity);
  old.dataset.activity = fresh.dataset.activity;
  const canAnswer = (card) => Boolean(card.querySelector("form.answer"));
  if (canAnswer(old) !== canAnswer(fresh)) {
    old.replaceWith(fresh);
    return fresh;
  }
  putParts(old, fresh);
  if (news) buzz(old);
  return old;
}

function buzz(card) {
  card.classList.remove("buzz");
  void card.offsetWidth;  // so that the animation starts anew
  card.classList.add("buzz");
  if (document.hidden) {
    unseen += 1;
    document.title = `(${unseen}) ${title}`;
  }
}

function putCards(wall, freshWall) {
  const cards = [...freshWall.children].map((fresh) => {
    const old = document.getElementById(fresh.id);
    if (old) return putCard(old, fresh);
    wall.append(fresh);
    buzz(fresh);
    return fresh;
  });
  const kept = new Set(cards);
  const typing = [...wall.children].some(isTyping);
  [...wall.children].forEach((card) => { if (!kept.has(card) && !isTyping(card)) card.remove(); });
  const ordered = cards.every((card, place) => wall.children[place] === card);
  if (!ordered && !typing) wall.append(...cards);
  wall.querySelectorAll("[data-part=log]").forEach((log) => { if (log.scrollTop === 0) showEnd(log); });
}

function putPlain(fresh) {
  fresh.querySelectorAll("[data-plain]").forEach((part) => {
    const place = document.getElementById(part.id);
    if (!place || place.innerHTML === part.innerHTML) return;
    const open = Boolean(place.querySelector("details[open]"));
    place.innerHTML = part.innerHTML;
    if (open) place.querySelector("details").open = true;
  });
}

function putPage(html) {
  const fresh = new DOMParser().parseFromString(`<main>${html}</main>`, "text/html");
  putPlain(fresh);
  const wall = main.querySelector("[data-wall]");
  const freshWall = fresh.querySelector("[data-wall]");
  if (wall && freshWall) putCards(wall, freshWall);
  const alone = main.querySelector(".one > [data-card]");
  const freshAlone = fresh.querySelector(".one > [data-card]");
  if (alone && freshAlone) putCard(alone, freshAlone);
}

async function refresh() {
  window.clearTimeout(timer);
  try {
    const url = new URL(window.location.href);
    url.hash = "";
    url.searchParams.set("version", main.dataset.version);
    const answer = await fetch(url, { cache: "no-store" });
    if (answer.status === 200) {
      putPage(await answer.text());
      main.dataset.version = answer.headers.get("X-Version");
    }
    offline.hidden = true;
  } catch {
    offline.hidden = false;
  }
  timer = window.setTimeout(refresh, document.hidden ? PAUSE_HIDDEN_MS : PAUSE_MS);
}

async function submitQuietly(event) {
  const form = event.target.closest("form[data-quiet]");
  if (!form) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await fetch(form.action, {
    method: "POST", body: fields, headers: { "X-Requested-With": "fetch" },
  });
  if (answer.ok) {
    form.querySelectorAll("input[name=body]:not([type=hidden])").forEach((field) => { field.value = ""; });
  } else {
    window.alert(answer.status === 404 ? "Write the number in full, like +15550100123." : await answer.text());
  }
  refresh();
}

document.addEventListener("submit", submitQuietly);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  document.title = title;
  refresh();
});
document.querySelectorAll("[data-part=log]").forEach(showEnd);
timer = window.setTimeout(refresh, PAUSE_MS);
