// The small box above the bar: where the cut is, how far the parts are apart.
import { icon, make } from "../js/dom.js";
import { length, number, word } from "../js/words.js";

const order = ["x", "y", "z"];

export class Tools {
  constructor(viewer) {
    this.viewer = viewer;
    this.exploded = null;
    this.box = make("div", { class: "viewer-tools viewer-ui" });
    viewer.append(this.box);
  }

  toggleSection() {
    const { section, model } = this.viewer;
    if (!model) return;
    if (section.axis) section.cut(model, null);
    else this.cutAcross("x");
    this.refresh();
    if (section.axis) this.slider?.focus();
  }

  toggleExplode() {
    const { model } = this.viewer;
    if (!model) return;
    this.exploded = this.exploded === null ? 0.6 : null;
    this.spread();
    this.refresh();
    this.viewer.fit();
  }

  spread() {
    this.viewer.model.explode(this.exploded ?? 0);
    this.viewer.shownChanged();
  }

  /** Draws the rows that are needed now. */
  refresh() {
    const rows = [];
    if (this.viewer.section.axis) rows.push(this.sectionRow());
    if (this.exploded !== null) rows.push(this.explodeRow());
    this.box.replaceChildren(...rows);
    this.viewer.say("viewer:tools", {});
  }

  sectionRow() {
    const { section } = this.viewer;
    const buttons = order.map((axis) =>
      make(
        "button",
        {
          type: "button",
          class: "button",
          "aria-pressed": String(section.axis === axis),
          "aria-label": word("section-across", { axis: axis.toUpperCase() }),
          onclick: () => this.cutAcross(axis),
        },
        axis.toUpperCase(),
      ),
    );
    const output = make("output", {}, length(section.move(section.share)));
    this.slider = slider(section.share, word("section"), (share) => {
      output.textContent = length(section.move(share));
    });
    const flip = make(
      "button",
      {
        type: "button",
        class: "button",
        "aria-label": word("flip"),
        title: word("flip"),
        onclick: () => this.flip(),
      },
      icon("refresh-cw"),
    );
    return make(
      "div",
      {},
      icon("scissors"),
      make("span", { class: "button-group" }, ...buttons),
      this.slider,
      output,
      flip,
    );
  }

  cutAcross(axis) {
    const { section, model, stage } = this.viewer;
    section.cutTowards(model, axis, stage.cameras.active.position);
    this.refresh();
  }

  flip() {
    const { section, model } = this.viewer;
    section.cut(model, section.axis, section.share, !section.flipped);
    this.refresh();
  }

  explodeRow() {
    const output = make("output", {}, `${number(this.exploded * 100, 0)} %`);
    const control = slider(this.exploded / 2, word("explode"), (share) => {
      this.exploded = share * 2;
      output.textContent = `${number(this.exploded * 100, 0)} %`;
      this.spread();
    });
    return make("div", {}, icon("unfold-horizontal"), control, output);
  }
}

function slider(value, label, act) {
  const element = make("input", { type: "range", min: 0, max: 1, step: 0.002, value, "aria-label": label });
  const paint = () => element.style.setProperty("--fill", `${element.value * 100}%`);
  element.addEventListener("input", () => {
    paint();
    act(Number(element.value));
  });
  paint();
  return element;
}
