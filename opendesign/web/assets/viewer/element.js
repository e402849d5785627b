// <od-viewer>: the life of the element. What it shows and how one handles it is in the files beside this one.
import { Vector3 } from "three";
import { word } from "../js/words.js";
import { Axes } from "./axes.js";
import { addBar } from "./bar.js";
import { Dimensions } from "./dimensions.js";
import { addKeys } from "./keys.js";
import { Labels } from "./labels.js";
import { Measure } from "./measure.js";
import { Misfits } from "./misfits.js";
import { loadModel, readModel } from "./model.js";
import { Note } from "./note.js";
import { PartList } from "./parts.js";
import { Picking } from "./pick.js";
import { Pins } from "./pins.js";
import { Section } from "./section.js";
import { Stage } from "./stage.js";
import { Tools } from "./tools.js";
import { views } from "./camera.js";

export class OdViewer extends HTMLElement {
  static observedAttributes = ["src"];

  constructor() {
    super();
    this.sequence = 0;
    this.edges = true;
    this.addEventListener("viewer:theme", () => this.repaint());
  }

  connectedCallback() {
    // Loads only when it comes near the screen: a page of many viewers stays quick.
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
    this.sequence += 1;
    this.loading?.abort();
    this.end();
  }

  attributeChangedCallback(_name, before, after) {
    if (this.stage && after && after !== before) this.swap(after);
  }

  /** Builds the stage; without WebGL the poster stays and a note says so. */
  begin() {
    if (this.stage || !this.isConnected) return;
    this.noteBox = new Note(this);
    try {
      this.stage = new Stage(this, this.getAttribute("label") ?? "");
    } catch {
      this.noteBox.show(word("no-webgl"));
      this.fail(null, word("no-webgl"));
      return;
    }
    this.labels = new Labels(this.stage);
    this.dimensions = new Dimensions(this.stage, this.labels);
    this.section = new Section(this.stage);
    this.picking = new Picking(this);
    this.measure = new Measure(this);
    this.misfits = new Misfits(this);
    this.pins = new Pins(this);
    this.axes = new Axes(this.stage);
    this.tools = new Tools(this);
    this.partList = new PartList(this);
    this.edges = this.getAttribute("edges") !== "off";
    if (!this.hasAttribute("bare")) addBar(this);
    addKeys(this);
    this.listen();
    if (this.getAttribute("src")) this.swap(this.getAttribute("src"));
  }

  listen() {
    const { canvas, controls } = this.stage;
    canvas.addEventListener("focus", () => this.classList.add("is-active"));
    canvas.addEventListener("blur", () => this.classList.remove("is-active"));
    if (!this.hasAttribute("address")) return;
    controls.addEventListener("end", () => {
      clearTimeout(this.writing);
      this.writing = setTimeout(
        () => history.replaceState(history.state, "", `#view=${this.stage.cameras.write()}`),
        300,
      );
    });
  }

  end() {
    if (!this.stage) return;
    this.pins.dispose();
    this.section.clear();
    this.dimensions.clear();
    this.misfits.end();
    this.model?.dispose();
    this.stage.dispose();
    this.stage = this.model = this.shown = null;
    for (const child of this.querySelectorAll(":scope > .viewer-ui, :scope > .viewer-labels")) child.remove();
    this.classList.remove("is-loaded", "is-active", "is-measuring");
  }

  /** Shows another GLB from exactly the same place; resolves to false when a later one won. */
  async swap(src) {
    const number = ++this.sequence;
    this.loading?.abort();
    if (src === this.shown) {
      this.removeAttribute("aria-busy");
      return true;
    }
    this.loading = new AbortController();
    this.setAttribute("aria-busy", "true");
    let model;
    try {
      model = await loadModel(src, this.loading.signal);
    } catch (error) {
      if (number !== this.sequence) return false;
      this.removeAttribute("aria-busy");
      this.noteBox.show(word("viewer-failed"), true);
      this.fail(src, error.message);
      return false;
    }
    if (number !== this.sequence || !this.stage) {
      model.dispose();
      return false;
    }
    this.put(model, src);
    return true;
  }

  /** Shows a GLB's bytes until a file with an address follows; resolves to false when that was quicker. */
  async glimpse(bytes) {
    if (!this.stage) return false;
    const number = ++this.sequence;
    this.loading?.abort();
    let model;
    try {
      model = await readModel(bytes);
    } catch {
      return false;
    }
    if (number !== this.sequence || !this.stage) {
      model.dispose();
      return false;
    }
    this.put(model, "");
    return true;
  }

  put(model, src) {
    const previous = this.model;
    const { stage } = this;
    model.inherit(previous);
    this.model = model;
    this.shown = src;
    stage.scene.add(model.root);
    if (this.tools.exploded) model.explode(this.tools.exploded);
    previous?.root.removeFromParent();
    this.repaint();
    this.partList.fill();
    this.dimensions.show(
      previous ? this.dimensions.shown : this.hasAttribute("dimensions"),
      model.shownBox(),
    );
    if (previous) stage.cameras.setReach(model.box.getSize(new Vector3()).length() / 2);
    else this.firstLook();
    this.tools.refresh();
    this.picking.refresh();
    this.measure.clear();
    this.noteBox.hide();
    this.removeAttribute("aria-busy");
    stage.drawNow();
    // Only now: until the new materials are drawn once, these keep the compiled shaders alive.
    previous?.dispose();
    this.classList.add("is-loaded");
    this.say("viewer:loaded", {
      src,
      parts: [...model.parts.keys()],
      box: [model.box.min.toArray(), model.box.max.toArray()],
    });
  }

  firstLook() {
    const { cameras } = this.stage;
    const view = this.getAttribute("view");
    cameras.frame(this.frame(), views[view] ? view : "iso", false);
    if (this.getAttribute("projection") === "orthographic") cameras.project("orthographic");
    if (this.hasAttribute("address")) cameras.read(new URLSearchParams(location.hash.slice(1)).get("view"));
  }

  /** Gives everything its colours again: after a swap, a pick, a change of theme. */
  repaint() {
    if (!this.model) return;
    this.model.paint(this.stage.colours, this.picking.path);
    this.model.showEdges(this.edges);
    this.section.cut(this.model, this.section.axis);
    if (this.dimensions.shown) this.dimensions.show(true, this.dimensions.box);
    this.misfits.draw();
    this.stage.draw();
  }

  /** What a point can be put on, and which of it is not cut away. */
  get surfaces() {
    const { section } = this;
    return {
      meshes: this.model?.meshes ?? [],
      isSeen: (point) => !section.axis || section.plane.distanceToPoint(point) >= 0,
    };
  }

  /** Shows the whole part from where one is. */
  fit() {
    if (this.model) this.stage.cameras.frame(this.frame());
  }

  /** Looks from a standard view: iso front back left right top bottom. */
  look(view) {
    if (this.model) this.stage.cameras.frame(this.frame(), view);
  }

  /** What must fit into the picture: the shown parts, and room for the dimensions around them. */
  frame() {
    return this.dimensions.around(this.model.shownBox());
  }

  /** Picks a part by its path; null picks none. */
  select(path) {
    this.picking?.choose(path);
  }

  /** Shows a sentence over the stage; stale marks what stands there as no longer current. Empty text takes it away. */
  note(text, stale = false) {
    this.noteBox ??= new Note(this);
    if (text) this.noteBox.show(text, stale);
    else this.noteBox.hide();
  }

  toggleEdges() {
    this.edges = !this.edges;
    this.model?.showEdges(this.edges);
    this.stage.draw();
    this.say("viewer:tools", {});
  }

  toggleDimensions() {
    this.dimensions.show(!this.dimensions.shown, this.model?.shownBox());
    this.stage.draw();
    this.say("viewer:tools", {});
  }

  toggleProjection() {
    const { cameras } = this.stage;
    cameras.project(cameras.active.isPerspectiveCamera ? "orthographic" : "perspective");
    this.say("viewer:tools", {});
  }

  /** After parts were hidden or moved: whatever measures the shown box follows. */
  shownChanged() {
    if (this.dimensions.shown) this.dimensions.show(true, this.model.shownBox());
    this.section.cut(this.model, this.section.axis);
    this.stage.draw();
  }

  say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
  }

  fail(src, message) {
    this.say("viewer:error", { src, message });
  }
}
