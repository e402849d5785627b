// The quiet line that says what the last change is doing, with a way to stop it.
import { icon } from "./dom.js";
import { LONG } from "./preview.js";
import { number, word } from "./words.js";

const icons = { making: "loader-circle", made: "circle-check", failed: "octagon-x", stopped: "square" };

/** Shows the state in the .regeneration line of a scope; ms is how long it took or has been taking. */
export function showRegeneration(scope, state, ms = 0, progress = null) {
  const stop = scope.querySelector("[data-stop]");
  if (stop) stop.hidden = state !== "making" || ms < LONG;
  const line = scope.querySelector("[data-regeneration]");
  // Below a fifth of a second a flashing "regenerating" would only disturb.
  if (!line || (state === "making" && ms < 200)) return;
  line.dataset.state = state;
  const text = words(state, ms, progress);
  // The clock ticks ten times a second: only the words are replaced, and they are not read aloud again.
  line.setAttribute("aria-live", state === "making" ? "off" : "polite");
  if (line.dataset.shown === state && line.lastChild) line.lastChild.textContent = text;
  else line.replaceChildren(icon(icons[state]), document.createElement("span"));
  line.lastChild.textContent = text;
  line.dataset.shown = state;
}

/** What is being done once it takes long, how long it took otherwise. */
function words(state, ms, progress) {
  const seconds = number(ms / 1000, ms < LONG ? 2 : 1, true);
  if (state !== "making" || ms < LONG || !progress)
    return word({ making: "making-for", made: "made-in", failed: "failed", stopped: "stopped" }[state], { seconds });
  const { stage, waiting_before: before } = progress;
  const key = before ? "stage-before" : `stage-${stage}`;
  const shown = word(key, { count: before });
  return `${shown === key ? word("stage-writing") : shown} ${word("seconds", { seconds })}`;
}
