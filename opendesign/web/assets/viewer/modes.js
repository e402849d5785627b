// Ways to look at a comparison: their buttons, the bar of views, what the colours mean; the page remembers the way.
import { icon, make } from "../js/dom.js";
import { word } from "../js/words.js";

export const keyOf = { both: "B", overlay: "T", wipe: "W", before: "Q", after: "A" };
const names = Object.keys(keyOf);
const views = { iso: "0", front: "1", top: "2", right: "3" };
const coloured = ["both", "overlay"];
const place = `compare ${location.pathname}`;

export class Modes {
  constructor(compare) {
    this.compare = compare;
    this.buttons = names.map((name) =>
      make(
        "button",
        {
          type: "button",
          class: "button button--small",
          "data-mode": name,
          title: `${word(`mode-${name}-hint`)} (${keyOf[name]})`,
          onclick: () => this.choose(name),
        },
        word(`mode-${name}`),
      ),
    );
    this.legend = make("ul", { class: "legend viewer-ui" });
    const group = { class: "compare-modes button-group viewer-ui", role: "group", "aria-label": word("compare-by") };
    compare.append(make("div", group, ...this.buttons), this.bar(), this.legend);
  }

  bar() {
    const { compare } = this;
    const look = (text, key, view, ...inside) =>
      make(
        "button",
        {
          type: "button",
          class: view ? "is-word" : null,
          title: `${text} (${key})`,
          "aria-label": text,
          onclick: () => compare.stage.cameras.frame(compare.box, view),
        },
        ...inside,
      );
    return make(
      "div",
      { class: "viewer-bar viewer-ui", role: "toolbar", "aria-label": word("viewer-tools") },
      look(word("fit"), "F", undefined, icon("focus")),
      ...Object.entries(views).map(([view, key]) => look(word(`view-${view}`), key, view, word(`view-${view}`))),
      compare.pins.button(),
    );
  }

  /** Looks that way, here and whenever the page is seen again. */
  choose(mode) {
    if (!this.compare.has(mode)) return;
    try {
      sessionStorage.setItem(place, mode);
    } catch {
      // Storage may be forbidden; the choice then lasts for this part.
    }
    this.compare.setAttribute("mode", mode);
    this.compare.show(mode);
  }

  /** The way that was chosen on this page, else the one the page proposes, else the first there is. */
  best() {
    let kept = null;
    try {
      kept = sessionStorage.getItem(place);
    } catch {
      // As above.
    }
    return [kept, this.compare.getAttribute("mode"), ...names].find((mode) => this.compare.has(mode));
  }

  /** Shows the buttons of what there is. */
  offer() {
    for (const button of this.buttons) button.hidden = !this.compare.has(button.dataset.mode);
  }

  refresh() {
    const { mode, tree, models } = this.compare;
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    this.legend.hidden = !coloured.includes(mode);
    const parts = [...(models.overlay?.parts.values() ?? [])];
    const moved = mode === "both" ? tree.moves().length : parts.some((part) => part.change === "moved");
    const kinds = ["added", "removed", "common", ...(moved ? ["moved"] : [])];
    this.legend.replaceChildren(
      ...kinds.map((kind) =>
        make("li", {}, make("span", { class: `swatch swatch--${kind}` }), word(`change-${kind}`)),
      ),
    );
  }
}
