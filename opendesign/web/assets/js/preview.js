// Asking for a regenerated part: one request at a time, the newest wins, nothing stale is shown.
import { word } from "./words.js";

const PATIENCE = 300; // ms: a running request younger than this is let finish, it is nearly there
const REST = 80; // ms without a change before an older request is given up

/** Keeps at most one request running and always ends with the newest values. */
export class Preview {
  /** @param ask (signal) => Promise<Response> for the newest values; @param show (answer) => void; @param tell (state, ms) => void */
  constructor({ ask, show, tell }) {
    Object.assign(this, { ask, show, tell });
    this.sequence = 0;
    this.running = null;
    this.waiting = false;
  }

  /** Says that the values changed. */
  want() {
    this.sequence += 1;
    if (!this.running) {
      this.start();
      return;
    }
    this.waiting = true;
    clearTimeout(this.rest);
    const { running } = this;
    const pause = Math.max(REST, PATIENCE - (performance.now() - running.since));
    // Only the request that these values wait for may be given up, never the one that brings them.
    this.rest = setTimeout(() => running.abort.abort(), pause);
  }

  async start() {
    const number = this.sequence;
    const run = { abort: new AbortController(), since: performance.now() };
    clearTimeout(this.rest);
    this.running = run;
    this.waiting = false;
    this.tell("making", 0);
    const clock = setInterval(() => this.tell("making", performance.now() - run.since), 100);
    try {
      const answer = await this.settle(run);
      // An answer for older values still shows while newer ones wait: the part follows the slider.
      if (answer)
        this.show(answer, { milliseconds: performance.now() - run.since, newest: number === this.sequence });
    } catch (error) {
      if (error.name !== "AbortError")
        this.show({ state: "failed", error: { message: error.message } }, { newest: true });
    } finally {
      clearInterval(clock);
      this.running = null;
      if (this.waiting) this.start();
    }
  }

  /** Asks until the build is made or failed; gives up when newer values wait. */
  async settle(run) {
    for (let pause = 150; ; pause = Math.min(pause * 1.5, 1000)) {
      const answer = await readAnswer(await this.ask(run.abort.signal));
      if (answer.state !== "wanted" && answer.state !== "making") return answer;
      if (this.waiting) return null;
      await sleep(pause, run.abort.signal);
      run.abort.signal.throwIfAborted();
    }
  }
}

function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", resolve, { once: true });
  });
}

async function readAnswer(response) {
  const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
  const answer = isJson ? await response.json() : {};
  if (answer.state) return answer;
  const message = answer.detail ?? answer.title ?? word("request-failed", { status: response.status });
  return { state: "failed", error: { message } };
}

/** Puts an answer into the page: viewer, facts, files, error box. */
export function showAnswer(answer, { scope, viewer, facts, files }) {
  const stage = viewer && document.querySelector(viewer);
  showError(scope, answer);
  if (answer.state !== "made") {
    stage?.note?.(word("last-good"), true);
    return;
  }
  if (stage && answer.viewer) stage.setAttribute("src", answer.viewer);
  stage?.note?.("");
  replaceInside(facts, answer.facts_html);
  replaceInside(files, answer.files_html);
}

function replaceInside(selector, html) {
  const place = selector && html !== undefined && html !== null ? document.querySelector(selector) : null;
  if (!place) return;
  place.innerHTML = html;
  window.htmx?.process(place);
}

function showError(scope, answer) {
  const box = scope.querySelector("[data-build-error]");
  if (!box) return;
  box.hidden = answer.state === "made";
  if (box.hidden) return;
  const { message, file, line } = answer.error ?? {};
  box.querySelector("[data-error-message]").textContent = message ?? word("failed");
  const place = box.querySelector("[data-error-place]");
  place.replaceChildren();
  if (file)
    place.append(
      Object.assign(document.createElement("code"), { textContent: line ? `${file}:${line}` : file }),
    );
}
