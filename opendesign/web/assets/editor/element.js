// <od-editor>: turns its textarea into CodeMirror; the textarea keeps the text, so the form works the same.
import { autocompletion } from "@codemirror/autocomplete";
import { indentWithTab } from "@codemirror/commands";
import { pythonLanguage, python } from "@codemirror/lang-python";
import { indentUnit } from "@codemirror/language";
import { unifiedMergeView } from "@codemirror/merge";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { basicSetup } from "codemirror";
import { make } from "../js/dom.js";
import { ACCEPT, Preview, markStale, showAnswer } from "../js/preview.js";
import { showRegeneration } from "../js/regeneration.js";
import { csrfToken } from "../js/csrf.js";
import { completeCadQuery } from "./completion.js";
import { errorLine, showErrorLine } from "./error-line.js";
import { look } from "./look.js";

const REST = 350; // ms without typing before the part is made again

export class OdEditor extends HTMLElement {
  connectedCallback() {
    if (this.view) return;
    this.textarea = this.querySelector("textarea");
    this.form = this.closest("form");
    this.original = this.textarea.value;
    this.changes = new Compartment();
    this.build();
    this.listen();
    if (this.getAttribute("preview")) this.startPreview();
    this.classList.add("is-loaded");
  }

  disconnectedCallback() {
    clearTimeout(this.rest);
    this.view?.destroy();
    this.view = null;
    this.host?.remove();
    this.classList.remove("is-loaded");
  }

  build() {
    this.host = make("div", { class: "editor-host" });
    this.textarea.after(this.host);
    // In a shadow root CodeMirror uses constructed style sheets, which a strict content policy allows.
    const root = this.host.attachShadow({ mode: "open" });
    const label = this.getAttribute("file") ?? "";
    const language =
      this.getAttribute("language") === "python"
        ? [python(), pythonLanguage.data.of({ autocomplete: completeCadQuery })]
        : [];
    const state = EditorState.create({
      doc: this.textarea.value,
      extensions: [
        keymap.of([{ key: "Mod-s", preventDefault: true, run: () => this.save() }]),
        basicSetup,
        keymap.of([indentWithTab]),
        indentUnit.of("    "),
        language,
        autocompletion({ activateOnTyping: true }),
        look,
        errorLine,
        this.changes.of([]),
        EditorState.readOnly.of(this.textarea.readOnly),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
        EditorView.updateListener.of((update) => update.docChanged && this.changed()),
      ],
    });
    this.view = new EditorView({ state, parent: root, root });
  }

  listen() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-changes]");
      if (button) this.toggleChanges(button);
      if (event.target.closest("[data-stop]")) this.preview?.stop();
    });
    this.form?.addEventListener("submit", () => (this.saving = true));
    window.addEventListener("beforeunload", (event) => {
      if (this.view && !this.saving && this.textarea.value !== this.original) event.preventDefault();
    });
  }

  startPreview() {
    const viewer = this.getAttribute("viewer");
    this.preview = new Preview({
      ask: (signal) =>
        fetch(this.getAttribute("preview"), {
          method: "POST",
          body: new FormData(this.form),
          signal,
          headers: { Accept: ACCEPT, "X-CSRFToken": csrfToken() },
        }),
      show: (answer, { milliseconds, newest, seen }) => {
        if (!newest) return;
        showAnswer(answer, {
          scope: this,
          viewer,
          facts: this.getAttribute("facts"),
          said: this.getAttribute("said"),
          seen,
        });
        showRegeneration(this, answer.state, milliseconds);
        this.showError(answer.state === "failed" ? answer.error : null);
        this.dispatchEvent(new CustomEvent(`editor:${answer.state}`, { bubbles: true, detail: answer }));
      },
      tell: (state, ms, progress, glimpsed) => {
        showRegeneration(this, state, ms, progress);
        markStale(viewer, ms, glimpsed);
      },
      see: (bytes) => document.querySelector(viewer)?.glimpse?.(bytes) ?? false,
    });
  }

  changed() {
    this.textarea.value = this.view.state.doc.toString();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.preview?.want(), REST);
  }

  /** Puts the error under its line; an error of another file only stands in the box below. */
  showError(error) {
    const here = error?.line && (!error.file || error.file === this.getAttribute("file"));
    this.view.dispatch({
      effects: showErrorLine.of(here ? { line: error.line, message: error.message } : null),
    });
  }

  toggleChanges(button) {
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(shown));
    const view = shown
      ? unifiedMergeView({ original: this.original, mergeControls: false, highlightChanges: true })
      : [];
    this.view.dispatch({ effects: this.changes.reconfigure(view) });
  }

  save() {
    this.form?.requestSubmit();
    return true;
  }

  /** The text as it stands. */
  get value() {
    return this.textarea.value;
  }

  /** Replaces the whole text; undo brings the old one back. */
  set value(text) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }
}
