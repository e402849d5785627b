// Asking for a regenerated part: one request at a time, the newest wins, nothing stale is shown.
import { word } from "./words.js";

const PATIENCE = 300; // ms: a running request younger than this is let finish, it is nearly there
const REST = 80; // ms without a change before an older request is given up
export const LONG = 1000; // ms: what takes longer says what it does, and can be stopped

/** Keeps at most one request running and always ends with the newest values. */
export class Preview {
  /**
   * @param ask (signal) => Promise<Response> for the newest values
   * @param show (answer, {milliseconds, newest, seen}) => void
   * @param tell (state, ms, progress) => void, ten times a second
   * @param see (bytes) => Promise<boolean>, what can be seen before the answer; true when it is shown
   */
  constructor({ ask, show, tell, see }) {
    Object.assign(this, { ask, show, tell, see });
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

  /** Gives up what is being made; the server ends it when it sees that nobody reads the answer. */
  stop() {
    if (!this.running) return;
    clearTimeout(this.rest);
    this.waiting = false;
    this.running.stopped = true;
    this.running.abort.abort();
  }

  async start() {
    const number = this.sequence;
    const run = { abort: new AbortController(), since: performance.now(), number };
    clearTimeout(this.rest);
    this.running = run;
    this.waiting = false;
    this.tell("making", 0);
    const clock = setInterval(
      () => this.tell("making", performance.now() - run.since, run.progress, run.glimpsed),
      100,
    );
    try {
      const answer = await this.settle(run);
      // An answer for older values still shows while newer ones wait: the part follows the slider.
      if (answer)
        this.show(answer, {
          milliseconds: performance.now() - run.since,
          newest: number === this.sequence,
          seen: run.seen,
        });
    } catch (error) {
      if (run.stopped) this.show({ state: "stopped" }, { newest: true });
      else if (error.name !== "AbortError")
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
      const answer = await readAnswer(await this.ask(run.abort.signal), (news) => this.hear(run, news));
      if (answer.state !== "wanted" && answer.state !== "making") return answer;
      if (this.waiting) return null;
      await sleep(pause, run.abort.signal);
      run.abort.signal.throwIfAborted();
    }
  }

  /** Takes news of a running request; what can be seen of older values is not shown any more. */
  async hear(run, { progress, sight }) {
    run.progress = progress;
    if (!sight || !this.see || run.number !== this.sequence) return;
    const bytes = Uint8Array.from(atob(sight.glb), (letter) => letter.charCodeAt(0)).buffer;
    run.glimpsed = await this.see(bytes);
    run.seen = run.glimpsed && !sight.coarse;
  }
}

function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", resolve, { once: true });
  });
}

/** What the preview's requests accept: lines of news, the answer last. */
export const ACCEPT = "application/x-ndjson, application/json";

async function readAnswer(response, hear) {
  const kind = response.headers.get("Content-Type") ?? "";
  let answer = {};
  if (/ndjson/.test(kind)) {
    for await (const line of lines(response)) {
      answer = JSON.parse(line);
      if (answer.progress) hear(answer);
    }
    if (answer.progress) answer = {};
  } else if (/json/.test(kind)) answer = await response.json();
  if (answer.state) return answer;
  const message = answer.detail ?? answer.title ?? word("request-failed", { status: response.status });
  return { state: "failed", error: { message } };
}

/** Yields an answer's lines as they come. */
async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    yield* parts.filter(Boolean);
  }
  if (rest) yield rest;
}

/** Marks what stands on the stage as older than what is being made, once that takes longer than a second. */
export function markStale(viewer, milliseconds, glimpsed) {
  if (milliseconds < LONG || glimpsed) return;
  document.querySelector(viewer)?.note?.(word("last-good-making"), true);
}

/** Puts an answer into the page: viewer, facts, files, what the script said, error box. seen: it is on the stage. */
export function showAnswer(answer, { scope, viewer, facts, files, said, seen }) {
  const stage = viewer && document.querySelector(viewer);
  showError(scope, answer);
  replaceInside(said, answer.said_html);
  if (answer.state !== "made") {
    stage?.note?.(word(answer.state === "stopped" ? "last-good-stopped" : "last-good"), true);
    return;
  }
  if (stage && answer.viewer && seen) stage.shown = answer.viewer;
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
  box.hidden = answer.state === "made" || answer.state === "stopped";
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
