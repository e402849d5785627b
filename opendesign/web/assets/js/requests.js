// htmx with its SSE extension, the CSRF header, and what a failed request says.
import htmx from "htmx.org";
import "htmx-ext-sse";
import { csrfToken } from "./csrf.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

window.htmx = htmx;

document.addEventListener("htmx:configRequest", (event) => {
  const { verb, headers } = event.detail;
  if (verb !== "get") headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 422) return;
  toast(reasonOf(xhr) ?? word("request-failed", { status: xhr.status }), "bad");
});

document.addEventListener("htmx:sendError", () => toast(word("no-connection"), "bad"));

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (event.detail.successful && form.matches?.("form[data-clears]")) form.reset();
});

/** Takes the sentence out of a problem+json answer. */
function reasonOf(xhr) {
  if (!/json/.test(xhr.getResponseHeader("Content-Type") ?? "")) return null;
  try {
    const problem = JSON.parse(xhr.responseText);
    return problem.detail ?? problem.title ?? null;
  } catch {
    return null;
  }
}
