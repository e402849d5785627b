// From one change to the next: links open what they lead to, and so do the keys j and k.
import { isTyping } from "./small.js";

const ABOVE = 120; // pixels from the top within which a part counts as the one being read

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[data-change][href^="#"]');
  const goal = link && document.getElementById(link.hash.slice(1))?.closest("details");
  if (!goal) return;
  event.preventDefault();
  go(goal);
});

document.addEventListener("keydown", (event) => {
  if (!["j", "k"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const step = event.key === "j" ? 1 : -1;
  const parts = [...document.querySelectorAll("details[data-part]")];
  if (parts.length < 2) {
    document.querySelector(`a[data-change="${step > 0 ? "next" : "previous"}"]`)?.click();
    return;
  }
  const focused = parts.indexOf(event.target.closest?.("details[data-part]"));
  const read = parts.findLastIndex((part) => part.getBoundingClientRect().top < ABOVE);
  const goal = parts[(focused < 0 ? read : focused) + step];
  if (goal) go(goal);
});

function go(part) {
  part.open = true;
  part.scrollIntoView({ block: "start" });
  part.querySelector("summary").focus({ preventScroll: true });
  history.replaceState(history.state, "", `#${part.id}-body`);
}

// What is on the stage stays there, with the eye where it is: only what is new of it joins.
const joining = ["before", "after", "overlay", "marks", "figures"];

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  const [shown, fresh] = [target, fragment].map((place) => place.querySelector?.("od-compare"));
  if (!target.matches?.("[data-stage]") || !shown || !fresh) return;
  event.detail.shouldSwap = false;
  for (const name of joining) {
    const value = fresh.getAttribute(name);
    if (value && value !== shown.getAttribute(name)) shown.setAttribute(name, value);
  }
  shown.toggleAttribute("partial", fresh.hasAttribute("partial"));
  shown.querySelector(".before-after")?.replaceWith(fresh.querySelector(".before-after"));
});
