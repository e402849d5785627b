// On every page. The viewer and the editor are separate files, fetched only where a page has them.
import "./requests.js";
import "./theme-choice.js";
import "./small.js";
import "./changes.js";
import { enhanceParameters } from "./parameters.js";

const lazy = [
  { selector: "od-viewer, od-compare", load: () => import("../viewer/index.js") },
  { selector: "od-editor", load: () => import("../editor/index.js") },
];

/** Fetches what the page needs, after it has been painted. */
function enhance(root) {
  for (const form of root.querySelectorAll("form.parameters[data-preview]")) enhanceParameters(form);
  for (const entry of lazy) {
    if (entry.started || !root.querySelector(entry.selector)) continue;
    entry.started = true;
    requestAnimationFrame(() => setTimeout(entry.load, 0));
  }
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target.parentElement ?? document));
