// The quiet line that says what the last change is doing.
import { icon } from "./dom.js";
import { number, word } from "./words.js";

/** Shows the state in a .regeneration line; ms is how long it took or has been taking. */
export function showRegeneration(line, state, ms = 0) {
  if (!line) return;
  const seconds = number(ms / 1000, ms < 1000 ? 2 : 1, true);
  // Below a fifth of a second a flashing "regenerating" would only disturb.
  if (state === "making" && ms < 200) return;
  line.dataset.state = state;
  const shown = { making: "loader-circle", made: "circle-check", failed: "octagon-x" }[state];
  const text = word({ making: "making-for", made: "made-in", failed: "failed" }[state], { seconds });
  // The clock ticks ten times a second: only the words are replaced, and they are not read aloud again.
  line.setAttribute("aria-live", state === "making" ? "off" : "polite");
  if (line.dataset.shown === state && line.lastChild) line.lastChild.textContent = text;
  else line.replaceChildren(icon(shown), document.createElement("span"));
  line.lastChild.textContent = text;
  line.dataset.shown = state;
}
