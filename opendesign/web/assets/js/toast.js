// Short messages at the lower right, read aloud, gone after a while unless they are about a failure.
import { icon, make } from "./dom.js";
import { word } from "./words.js";

const icons = { good: "circle-check", bad: "octagon-x", warn: "triangle-alert" };

/** Shows a message; kind is good, bad, warn or empty. */
export function toast(text, kind = "") {
  const area = document.getElementById("toasts");
  if (!area) return;
  const close = make(
    "button",
    { type: "button", class: "button button--quiet button--icon button--small", "aria-label": word("close") },
    icon("x"),
  );
  const box = make(
    "div",
    { class: `message${kind ? ` message--${kind}` : ""}` },
    icon(icons[kind] ?? "info"),
    make("div", {}, text),
    close,
  );
  close.addEventListener("click", () => box.remove());
  area.append(box);
  if (kind !== "bad") setTimeout(() => box.remove(), 6000);
}
