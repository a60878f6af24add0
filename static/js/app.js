// Starts what a page has use for. Every page works without it: scripts only add comfort.
import { Button, CharacterCount, Checkboxes, ErrorSummary, FileUpload, NotificationBanner, PasswordInput, Radios, SkipLink, Tabs, createAll } from "govuk-frontend";

import { keepDrafts } from "./drafts.js";
import { runTimes } from "./times.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, FileUpload, NotificationBanner, PasswordInput, Radios, SkipLink, Tabs]) {
  createAll(component);
}
keepDrafts(document);
runTimes(document);
if (document.querySelector("[hx-get], [hx-post]")) import("./live.js");
if (document.querySelector("[data-key-help]")) import("./keys.js").then(({ runKeys }) => runKeys(document));
