// The error of the last build, under the line that caused it.
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType } from "@codemirror/view";

/** Shows {line, message}; null takes it away. */
export const showErrorLine = StateEffect.define();

class Message extends WidgetType {
  constructor(text) {
    super();
    this.text = text;
  }

  eq(other) {
    return other.text === this.text;
  }

  toDOM() {
    const box = document.createElement("div");
    box.className = "cm-error-message";
    box.setAttribute("role", "alert");
    box.textContent = this.text;
    return box;
  }
}

export const errorLine = StateField.define({
  create: () => Decoration.none,
  update(shown, transaction) {
    let next = shown.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(showErrorLine))
        next = effect.value ? decorate(transaction.state.doc, effect.value) : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorate(doc, { line, message }) {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Decoration.set([
    Decoration.line({ class: "cm-error-line" }).range(at.from),
    Decoration.widget({ widget: new Message(message), block: true, side: 1 }).range(at.to),
  ]);
}
