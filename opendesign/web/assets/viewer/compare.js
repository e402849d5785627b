// <od-compare>: before, after and what lies between them, seen by one eye. How is in the files beside this one.
import { Box3, Vector3 } from "three";
import { word } from "../js/words.js";
import { Both } from "./both.js";
import { addCompareKeys } from "./keys.js";
import { Labels } from "./labels.js";
import { Marks } from "./marks.js";
import { Misfits } from "./misfits.js";
import { loadModel } from "./model.js";
import { Modes } from "./modes.js";
import { Note } from "./note.js";
import { Pins } from "./pins.js";
import { Signs } from "./signs.js";
import { Stage } from "./stage.js";
import { Wipe } from "./wipe.js";

const sources = ["before", "after", "overlay"];

export class OdCompare extends HTMLElement {
  static observedAttributes = ["mode", "marks", "figures", "partial", ...sources];

  constructor() {
    super();
    this.addEventListener("viewer:theme", () => {
      this.signs?.paint();
      this.misfits?.draw();
      if (this.mode) this.show(this.mode);
    });
  }

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
    this.misfits?.end();
    for (const holder of [this.both, this.signs, this.pins, this.stage]) holder?.dispose();
    this.models = this.both = this.signs = this.misfits = this.pins = this.stage = this.modes = this.tree = this.mode = null;
    for (const child of this.querySelectorAll(":scope > .viewer-ui, :scope > .viewer-labels")) child.remove();
    this.classList.remove("is-loaded");
  }

  /** What comes later joins what is shown: the eye stays where it is. */
  attributeChangedCallback(name, before, value) {
    if (!this.models || value === before) return;
    if (name === "mode") this.show(value);
    else if (name === "marks") this.marked();
    else if (name === "figures") this.missed();
    else if (name === "partial") this.modes && this.build();
    else this.take([name]);
  }

  async begin() {
    if (this.stage || !this.isConnected) return;
    this.noteBox = new Note(this);
    try {
      this.stage = new Stage(this, this.getAttribute("label") ?? "");
    } catch {
      this.noteBox.show(word("no-webgl"));
      return;
    }
    this.loading = new AbortController();
    this.models = {};
    // Both states say what changed; the exact difference may follow.
    const first = sources.filter((name) => this.getAttribute(name));
    const states = first.filter((name) => name !== "overlay");
    await this.take(states.length ? states : first);
    if (states.length && first.includes("overlay")) await this.take(["overlay"]);
  }

  /** Fetches what some attributes name and shows it; without anything to show, says so. */
  async take(names) {
    const { signal } = this.loading;
    const wanted = names.map((name) => this.getAttribute(name));
    const loaded = await Promise.allSettled(wanted.map((src) => loadModel(src, signal)));
    loaded.forEach(({ value: model }, at) => {
      if (!model) return;
      if (signal.aborted || this.getAttribute(names[at]) !== wanted[at]) return model.dispose();
      this.models[names[at]]?.dispose();
      this.models[names[at]] = model;
      this.stage.scene.add(model.root);
    });
    if (signal.aborted) return;
    if (Object.keys(this.models).length) this.build();
    else {
      this.noteBox.show(word("viewer-failed"), true);
      const message = loaded[0]?.reason?.message;
      this.dispatchEvent(new CustomEvent("viewer:error", { bubbles: true, detail: { message } }));
    }
  }

  /** Sets everything up at the first model, and brings it up to date at those that come later. */
  build() {
    this.box = Object.values(this.models).reduce((box, model) => box.union(model.box), new Box3());
    const isFirst = !this.modes;
    if (isFirst) this.furnish();
    this.modes.offer();
    this.marked();
    this.show(this.modes.best());
    if (isFirst) this.stage.cameras.frame(this.box, "iso", false);
    else this.stage.cameras.setReach(this.box.getSize(new Vector3()).length() / 2);
    this.classList.add("is-loaded");
    this.dispatchEvent(
      new CustomEvent("viewer:loaded", { bubbles: true, detail: { parts: Object.keys(this.models) } }),
    );
  }

  furnish() {
    this.both = new Both();
    this.signs = new Signs(this.stage);
    this.labels = new Labels(this.stage);
    this.pins = new Pins(this);
    this.modes = new Modes(this);
    this.wipe = new Wipe(this);
    this.tree = new Marks(this);
    this.misfits = new Misfits(this, this.signs.scene, "ink-2");
    this.misfits.draw();
    addCompareKeys(this);
  }

  /** What became of each part is known, or known anew. */
  marked() {
    if (!this.tree) return;
    this.tree.fill(this.getAttribute("marks"));
    const middle = (part) => part.box.getCenter(new Vector3());
    const moves = this.tree.moves();
    this.signs.point(
      moves.map((states) => states.map(middle)),
      this.box.getSize(new Vector3()).length(),
    );
    if (this.mode) this.show(this.mode);
  }

  /** What does not fit is known, or known anew. */
  missed() {
    this.misfits?.read();
    this.misfits?.draw();
    this.stage?.draw();
  }

  /** Says whether there is what a mode shows; one state alone says what changed only when there never was another. */
  has(mode) {
    const { before, after, overlay } = this.models;
    const alone = !["before", "after"].every((name) => this.getAttribute(name)) && !this.hasAttribute("partial");
    const both = (before && after) || (alone && (before || after));
    return Boolean({ both, overlay, wipe: before && after, before, after }[mode]);
  }

  show(mode) {
    if (!this.has(mode)) return;
    this.mode = mode;
    this.modes.refresh();
    this.wipe.layer.hidden = mode !== "wipe";
    this.labels.layer.hidden = mode === "before";
    this.misfits.root.visible = mode !== "before";
    const { stage, models } = this;
    for (const [name, model] of Object.entries(models)) {
      if (mode === "both" && name !== "overlay") this.both.dress(model, this.moved(name), stage.colours);
      else model.paint(stage.colours);
    }
    stage.passes = (renderer, scene, camera, size) => {
      this.draw(renderer, scene, camera, size);
      this.signs.draw(renderer, camera, mode === "both" || mode === "overlay");
    };
    stage.draw();
  }

  /** The paths of what only stands elsewhere, in one of the two states. */
  moved(state) {
    const at = state === "before" ? 0 : 1;
    return new Set(this.tree.moves().map((states) => states[at].path));
  }

  draw(renderer, scene, camera, size) {
    if (this.mode === "both") {
      this.both.draw(renderer, scene, camera, this.models, this.box, this.stage.colours);
    } else if (this.mode === "wipe") {
      this.wipe.draw(renderer, scene, camera, size);
    } else {
      this.only(this.mode);
      renderer.render(scene, camera);
    }
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

  only(name) {
    for (const [key, model] of Object.entries(this.models)) model.root.visible = key === name;
  }
}
