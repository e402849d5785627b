// Comments pinned to points of the part: their numbers on it, and putting a new one there by click or key.
import { Raycaster, Vector2, Vector3 } from "three";
import { icon, make } from "../js/dom.js";
import { length, word } from "../js/words.js";
import { FOOT } from "./stage.js";

const STILL = 4; // px: more is a turn, not a click
const REST = 120; // ms without a new picture, after which it is looked what hides what
const WIDE = 620; // px: below, the form stays under the stage
const MOST = 60; // points that are looked behind

export class Pins {
  static open = null; // the one whose new point the form is about

  /** host: an element with a stage, labels, `surfaces` and `note`, and in `pins` the selector of the comments. */
  constructor(host) {
    this.host = host;
    this.on = false;
    this.form = document.querySelector("form[data-place]");
    this.home = this.form?.nextSibling;
    this.ray = new Raycaster();
    this.drawn = [];
    this.leaving = new AbortController();
    const { canvas, beforeDraw } = host.stage;
    const listen = (target, type, act) => target.addEventListener(type, act, { signal: this.leaving.signal });
    listen(canvas, "pointerdown", (event) => (this.down = [event.clientX, event.clientY]));
    listen(canvas, "click", (event) => this.clicked(event));
    listen(canvas, "keydown", (event) => this.pressed(event));
    listen(document, "click", (event) => this.asked(event));
    listen(document, "htmx:afterSettle", () => this.fill());
    beforeDraw.add((camera) => this.turned(camera));
    if (this.form) this.prepare(listen);
    this.fill();
  }

  dispose() {
    this.leaving.abort();
    clearTimeout(this.resting);
    this.putBack();
  }

  /** The form shows itself once there is a point; elsewhere it stands open. */
  prepare(listen) {
    this.form.classList.add("is-waiting");
    this.form.querySelector("details").open = false;
    listen(this.form.querySelector("[data-cancels]"), "click", () => this.cancel());
    listen(this.form, "keydown", (event) => event.key === "Escape" && this.cancel());
    listen(this.form, "input", () => this.showPoint());
  }

  /** The button that begins and ends it; none where nobody may comment. */
  button() {
    if (!this.form) return null;
    const title = `${word("pin")} (C)`;
    const onclick = () => this.toggle();
    this.control = make("button", { type: "button", title, "aria-label": word("pin"), onclick }, icon("map-pin"));
    this.control.setAttribute("aria-pressed", "false");
    return this.control;
  }

  toggle() {
    if (!this.form) return;
    this.on = !this.on;
    const { host } = this;
    if (this.on && host.measure?.on) host.measure.toggle();
    host.classList.toggle("is-pinning", this.on);
    this.control?.setAttribute("aria-pressed", String(this.on));
    this.cross?.remove();
    host.note(this.on ? word("pin-how") : "");
    if (this.on) {
      this.cross = make("span", { class: "viewer-cross", "aria-hidden": "true" });
      host.labels.layer.append(this.cross);
      host.stage.canvas.focus();
      host.stage.draw();
    }
    host.dispatchEvent(new CustomEvent("viewer:tools", { bubbles: true, detail: {} }));
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isKey = event.key.toLowerCase() === "c" && !this.host.tools;
    if (isKey) this.toggle();
    else if (this.on && event.key === "Escape") this.toggle();
    else if (this.on && event.key === "Enter") this.put(this.middle());
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  clicked(event) {
    const [x, y] = this.down ?? [event.clientX, event.clientY];
    if (!this.on || Math.hypot(event.clientX - x, event.clientY - y) > STILL) return;
    const place = this.host.stage.canvas.getBoundingClientRect();
    this.put([event.clientX - place.left, event.clientY - place.top]);
  }

  /** The middle of what is free of buttons, in pixels. */
  middle() {
    const { size, side = 0 } = this.host.stage;
    return [(size.width + side) / 2, (size.height - FOOT) / 2];
  }

  /** Puts the new point on the surface at a place of the picture. */
  put([x, y]) {
    const { stage, surfaces } = this.host;
    const { width, height } = stage.size;
    stage.cameras.active.updateMatrixWorld(); // keys may have turned it since the last picture
    this.ray.setFromCamera(new Vector2((x / width) * 2 - 1, 1 - (y / height) * 2), stage.cameras.active);
    const hits = this.ray.intersectObjects(surfaces.meshes, false);
    const hit = hits.find(({ point }) => surfaces.isSeen(point));
    if (!hit) {
      this.host.note(word("pin-nothing"));
      return;
    }
    const normal = hit.face.normal.clone().transformDirection(hit.object.matrixWorld);
    if (normal.dot(this.ray.ray.direction) > 0) normal.negate();
    const point = hit.point.clone().sub(hit.object.userData.part.offset ?? new Vector3());
    if (this.on) this.toggle();
    this.open(hit.point, point, normal);
  }

  /** Opens the form beside the point. */
  open(seen, point, normal) {
    const { form, host } = this;
    const { elements } = form;
    point.toArray().forEach((value, at) => (elements["xyz"[at]].value = value.toFixed(3)));
    elements.normal.value = normal
      .toArray()
      .map((value) => value.toFixed(3))
      .join(",");
    elements.view.value = host.stage.cameras.write();
    this.showPoint();
    Pins.open?.putBack();
    Pins.open = this;
    this.unmark = host.labels.pin(make("span", { class: "viewer-marker viewer-marker--new" }, "+"), seen);
    form.classList.remove("is-waiting");
    const isBeside = host.clientWidth > WIDE;
    form.classList.toggle("is-beside", isBeside);
    if (isBeside) host.append(form);
    elements.body.focus({ preventScroll: isBeside });
  }

  showPoint() {
    const { elements } = this.form;
    const each = ["x", "y", "z"].map((axis) => elements[axis].value);
    this.form.querySelector("output").textContent = each.every(Boolean)
      ? each.map((value) => length(Number(value), 1).replace(/\s\S+$/, "")).join(" · ")
      : "";
  }

  cancel() {
    if (Pins.open !== this) return;
    this.putBack();
    this.form.classList.add("is-waiting");
    this.host.stage?.canvas.focus({ preventScroll: true });
  }

  putBack() {
    if (Pins.open === this) Pins.open = null;
    this.unmark?.();
    this.unmark = null;
    if (!this.form || this.form.parentElement !== this.host) return;
    this.form.classList.remove("is-beside");
    this.home.before(this.form);
  }

  /** Draws the numbers of the comments. */
  fill() {
    const list = this.host.getAttribute("pins") && document.querySelector(this.host.getAttribute("pins"));
    if (list === this.list && list?.childElementCount === this.count) return;
    this.list = list;
    this.count = list?.childElementCount;
    for (const { undo } of this.drawn) undo();
    this.drawn = [...(list?.querySelectorAll("[data-point]") ?? [])].map((element) => this.mark(element));
    this.host.stage.draw();
  }

  mark({ dataset }) {
    const point = new Vector3(...dataset.point.split(",").map(Number));
    const normal = dataset.normal ? new Vector3(...dataset.normal.split(",").map(Number)) : null;
    const label = word("pin-number", { number: dataset.number });
    const element = make(
      "a",
      { class: "viewer-marker", href: `#${dataset.comment}`, "aria-label": label, title: label },
      dataset.number,
    );
    return { comment: dataset.comment, point, normal, element, undo: this.host.labels.pin(element, point) };
  }

  /** Dims what looks away at once, and what something else hides as soon as the picture rests. */
  turned(camera) {
    const [x, y] = this.middle();
    if (this.on) this.cross.style.transform = `translate(${x}px, ${y}px)`;
    const toEye = new Vector3();
    for (const pin of this.drawn) {
      this.towards(camera, pin.point, toEye);
      pin.away = pin.normal !== null && pin.normal.dot(toEye) < -0.02;
      pin.element.classList.toggle("is-behind", pin.away || Boolean(pin.hidden));
    }
    clearTimeout(this.resting);
    if (this.drawn.length) this.resting = setTimeout(() => this.rested(camera), REST);
  }

  towards(camera, point, into) {
    if (camera.isPerspectiveCamera) return into.copy(camera.position).sub(point).normalize();
    return camera.getWorldDirection(into).negate();
  }

  rested(camera) {
    if (this.host.stage?.cameras.active !== camera) return;
    const { meshes } = this.host.surfaces;
    const reach = this.host.stage.cameras.reach;
    const toEye = new Vector3();
    for (const pin of this.drawn.slice(0, MOST)) {
      this.towards(camera, pin.point, toEye);
      const start = pin.point.clone().addScaledVector(toEye, reach * 0.01);
      this.ray.set(start, toEye);
      pin.hidden = !pin.away && this.ray.intersectObjects(meshes, false).length > 0;
      pin.element.classList.toggle("is-behind", pin.away || pin.hidden);
    }
  }

  /** "Show" beside a comment turns the part so that one sees its point. */
  asked(event) {
    if (event.target.closest?.("[data-begins-pin]") && this.host.picking) this.toggle();
    const wanted = event.target.closest?.("[data-show-pin]")?.dataset.showPin;
    const pin = wanted && this.drawn.find(({ comment }) => comment === wanted);
    if (!pin) return;
    for (const { element } of this.drawn) element.classList.toggle("is-shown", element === pin.element);
    this.host.stage.cameras.visit(pin.point.toArray(), pin.normal?.toArray());
    if (this.host.picking) this.host.scrollIntoView({ block: "nearest" });
  }
}
