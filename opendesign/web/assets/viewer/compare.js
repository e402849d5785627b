// <od-compare>: before, after and overlay seen by one eye; a wipe between before and after.
import { Box3 } from "three";
import { icon, make } from "../js/dom.js";
import { word } from "../js/words.js";
import { move } from "./keys.js";
import { Labels } from "./labels.js";
import { loadModel } from "./model.js";
import { Note } from "./note.js";
import { Pins } from "./pins.js";
import { Stage } from "./stage.js";

const modes = ["overlay", "wipe", "before", "after"];

export class OdCompare extends HTMLElement {
  static observedAttributes = ["mode"];

  connectedCallback() {
    this.seeing = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.seeing.disconnect();
        this.begin();
      },
      { rootMargin: "200px" },
    );
    this.seeing.observe(this);
  }

  disconnectedCallback() {
    this.seeing?.disconnect();
    this.loading?.abort();
    for (const model of Object.values(this.models ?? {})) model.dispose();
    this.models = null;
    this.pins?.dispose();
    this.stage?.dispose();
    this.stage = this.pins = null;
    for (const child of this.querySelectorAll(":scope > .viewer-ui, :scope > .viewer-labels")) child.remove();
    this.classList.remove("is-loaded");
  }

  attributeChangedCallback(_name, _before, mode) {
    if (this.models) this.show(mode);
  }

  async begin() {
    if (this.stage || !this.isConnected) return;
    const note = (this.noteBox = new Note(this));
    try {
      this.stage = new Stage(this, this.getAttribute("label") ?? "");
    } catch {
      note.show(word("no-webgl"));
      return;
    }
    this.loading = new AbortController();
    const { signal } = this.loading;
    const names = ["before", "after", "overlay"].filter((name) => this.getAttribute(name));
    const loaded = await Promise.allSettled(names.map((name) => loadModel(this.getAttribute(name), signal)));
    if (signal.aborted) {
      for (const { value } of loaded) value?.dispose();
      return;
    }
    this.models = {};
    loaded.forEach(({ value }, at) => value && (this.models[names[at]] = value));
    if (!Object.keys(this.models).length) {
      note.show(word("viewer-failed"), true);
      this.dispatchEvent(
        new CustomEvent("viewer:error", { bubbles: true, detail: { message: loaded[0]?.reason?.message } }),
      );
      return;
    }
    this.build();
  }

  build() {
    const { stage, models } = this;
    const box = new Box3();
    for (const model of Object.values(models)) {
      box.union(model.box);
      stage.scene.add(model.root);
      model.paint(stage.colours);
    }
    this.box = box;
    this.addEventListener("viewer:theme", () => {
      for (const model of Object.values(this.models ?? {})) model.paint(stage.colours);
    });
    stage.cameras.frame(box, "iso", false);
    stage.canvas.addEventListener("keydown", (event) => move(this, event) && event.preventDefault());
    this.labels = new Labels(stage);
    this.pins = new Pins(this);
    this.addModes();
    this.addWipe();
    this.addLegend();
    const wanted = this.getAttribute("mode");
    this.show(this.has(wanted) ? wanted : modes.find((mode) => this.has(mode)));
    this.classList.add("is-loaded");
    this.dispatchEvent(
      new CustomEvent("viewer:loaded", { bubbles: true, detail: { parts: Object.keys(models) } }),
    );
  }

  /** What a point can be put on: the part as it is proposed. */
  get surfaces() {
    const meshes = this.mode === "before" ? [] : (this.models?.after?.meshes ?? []);
    return { meshes, isSeen: () => true };
  }

  note(text) {
    if (text) this.noteBox.show(text);
    else this.noteBox.hide();
  }

  has(mode) {
    return mode === "wipe" ? Boolean(this.models.before && this.models.after) : Boolean(this.models[mode]);
  }

  addModes() {
    this.buttons = modes
      .filter((mode) => this.has(mode))
      .map((mode) =>
        make(
          "button",
          {
            type: "button",
            class: "button button--small",
            "data-mode": mode,
            onclick: () => this.setAttribute("mode", mode),
          },
          word(`mode-${mode}`),
        ),
      );
    const views = ["iso", "front", "top", "right"].map((view) =>
      make(
        "button",
        { type: "button", class: "is-word", onclick: () => this.stage.cameras.frame(this.box, view) },
        word(`view-${view}`),
      ),
    );
    const fit = make(
      "button",
      {
        type: "button",
        title: word("fit"),
        "aria-label": word("fit"),
        onclick: () => this.stage.cameras.frame(this.box),
      },
      icon("focus"),
    );
    this.append(
      make(
        "div",
        { class: "compare-modes button-group viewer-ui", role: "group", "aria-label": word("compare-by") },
        ...this.buttons,
      ),
      make(
        "div",
        { class: "viewer-bar viewer-ui", role: "toolbar", "aria-label": word("viewer-tools") },
        fit,
        ...views,
        this.pins.button(),
      ),
    );
  }

  addWipe() {
    this.share = 0.5;
    const input = make("input", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.005,
      value: this.share,
      "aria-label": word("mode-wipe"),
    });
    this.line = make(
      "div",
      { class: "wipe-line" },
      make("span", { class: "wipe-grip" }, icon("move-horizontal")),
    );
    this.wipe = make(
      "div",
      { class: "wipe viewer-ui" },
      this.line,
      make("span", { class: "wipe-word wipe-word--before" }, word("mode-before")),
      make("span", { class: "wipe-word wipe-word--after" }, word("mode-after")),
      input,
    );
    input.addEventListener("input", () => {
      this.share = Number(input.value);
      this.stage.draw();
    });
    this.append(this.wipe);
  }

  addLegend() {
    const entry = (kind) =>
      make("li", {}, make("span", { class: `swatch swatch--${kind}` }), word(`change-${kind}`));
    const kinds = ["added", "removed", "common"];
    if ([...(this.models.overlay?.parts.values() ?? [])].some((part) => part.change === "moved"))
      kinds.push("moved");
    this.legend = make("ul", { class: "legend viewer-ui" }, ...kinds.map(entry));
    this.append(this.legend);
  }

  show(mode) {
    if (!this.has(mode)) return;
    this.mode = mode;
    for (const button of this.buttons)
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    this.wipe.hidden = mode !== "wipe";
    this.legend.hidden = mode !== "overlay";
    this.labels.layer.hidden = mode === "before";
    this.stage.passes = mode === "wipe" ? this.drawWipe.bind(this) : this.drawOne.bind(this);
    this.stage.draw();
  }

  only(name) {
    for (const [key, model] of Object.entries(this.models)) model.root.visible = key === name;
  }

  drawOne(renderer, scene, camera) {
    this.only(this.mode);
    renderer.render(scene, camera);
  }

  /** Before left of the line, after right of it: the same picture drawn twice, each in its half. */
  drawWipe(renderer, scene, camera, { width, height }) {
    // The thumb of a range input stays inside by half its width: the line follows it exactly.
    const thumb = 32;
    const x = thumb / 2 + this.share * (width - thumb);
    this.line.style.transform = `translateX(${x.toFixed(1)}px)`;
    renderer.setScissorTest(true);
    for (const [name, left, wide] of [
      ["before", 0, x],
      ["after", x, width - x],
    ]) {
      this.only(name);
      renderer.setScissor(left, 0, wide, height);
      renderer.render(scene, camera);
    }
    renderer.setScissorTest(false);
  }
}
