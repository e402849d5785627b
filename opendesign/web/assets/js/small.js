// Small conveniences, each by one data attribute; the page works without any of them.
import { toast } from "./toast.js";
import { word } from "./words.js";

document.addEventListener("click", (event) => {
  const target = event.target.closest?.("[data-copy]");
  if (target) copy(target);
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    toast(word("copy-failed"), "warn");
    return;
  }
  const use = button.querySelector("use");
  const before = use?.getAttribute("href");
  use?.setAttribute("href", before.replace(/#.*/, "#check"));
  setTimeout(() => use?.setAttribute("href", before), 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-shows]");
  if (button) show(button, button.getAttribute("aria-pressed") === "false");
});

/** Shows a password or hides it again; what is sent is hidden, so that no browser keeps it among texts. */
function show(button, shown) {
  document.getElementById(button.dataset.shows).type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", shown);
  const use = button.querySelector("use");
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye-off" : "#eye"));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = event.target.closest?.("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
});

export function isTyping(element) {
  return (
    element.isContentEditable ||
    element.matches?.("input, textarea, select, od-viewer *, od-compare *, od-editor *")
  );
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-submits]")) event.target.form?.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
  for (const button of event.target.querySelectorAll("[data-shows]")) show(button, false);
});

const units = [
  ["year", 31557600],
  ["month", 2629800],
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang || undefined, { numeric: "auto" });

function showAges(root) {
  for (const time of root.querySelectorAll("time[data-ago]")) {
    const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
    if (Number.isNaN(seconds)) continue;
    const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
    time.textContent = relative.format(Math.round(seconds / size), unit);
  }
}

showAges(document);
document.addEventListener("htmx:load", (event) => showAges(event.target.parentElement ?? document));

// A number and a slider beside each other hold the same value, and moving either chooses it.
document.addEventListener("input", (event) => {
  const pair = event.target.closest?.("[data-paired]");
  if (!pair) return;
  for (const field of pair.querySelectorAll("input")) {
    if (field !== event.target) field.value = String(Number(Number(event.target.value).toPrecision(6)));
  }
  const choice = pair.closest("fieldset")?.querySelector('input[type="radio"][value="own"]');
  if (choice) choice.checked = true;
});
