// Clicking a part: its name, box, volume and area; the point goes out as an event.
import { Raycaster, Vector2, Vector3 } from "three";
import { icon, make } from "../js/dom.js";
import { area, length, number, volume, word } from "../js/words.js";
import { measureMesh } from "./model.js";

const STILL = 4; // px: more is a turn, not a click

export class Picking {
  constructor(viewer) {
    this.viewer = viewer;
    this.path = null;
    this.ray = new Raycaster();
    const { canvas } = viewer.stage;
    canvas.addEventListener("pointerdown", (event) => (this.down = [event.clientX, event.clientY]));
    canvas.addEventListener("click", (event) => this.clicked(event));
  }

  clicked(event) {
    const [x, y] = this.down ?? [event.clientX, event.clientY];
    if (Math.hypot(event.clientX - x, event.clientY - y) > STILL || !this.viewer.model) return;
    const hit = this.hit(event);
    if (this.viewer.pins.on) return;
    if (this.viewer.measure.on) {
      this.viewer.measure.add(hit, event);
      return;
    }
    const part = hit?.object.userData.part;
    this.choose(part && part.path !== this.path ? part.path : null);
    if (!part) return;
    const point = hit.point.clone().sub(part.offset ?? new Vector3());
    this.viewer.say("viewer:pick", {
      path: part.path,
      name: part.name,
      point: point.toArray(),
      view: this.viewer.stage.cameras.write(),
    });
  }

  /** The first surface under the pointer that is neither hidden nor cut away. */
  hit(event) {
    const { stage, model, section } = this.viewer;
    const place = stage.canvas.getBoundingClientRect();
    const pointer = new Vector2(
      ((event.clientX - place.left) / place.width) * 2 - 1,
      1 - ((event.clientY - place.top) / place.height) * 2,
    );
    this.ray.setFromCamera(pointer, stage.cameras.active);
    const hits = this.ray.intersectObjects(model.meshes, false);
    return hits.find(({ point }) => !section.axis || section.plane.distanceToPoint(point) >= 0) ?? null;
  }

  /** Picks a part by its path, null for none. */
  choose(path) {
    this.path = path;
    this.viewer.repaint();
    this.refresh();
    this.viewer.partList.refresh();
  }

  /** Shows the facts of what is picked, also after a swap. */
  refresh() {
    this.box?.remove();
    this.box = null;
    const part = this.path && this.viewer.model?.parts.get(this.path);
    if (!part) return;
    this.box = make(
      "div",
      { class: "viewer-picked viewer-ui" },
      this.head(part),
      this.facts(part),
      this.opacity(part),
    );
    this.viewer.append(this.box);
  }

  head(part) {
    const act = (name, text, onclick) =>
      make("button", { type: "button", title: text, "aria-label": text, onclick }, icon(name));
    const many = this.viewer.model.parts.size > 1;
    return make(
      "div",
      { class: "picked-head" },
      make("span", {}, part.name),
      many ? act("eye-off", word("hide"), () => this.hide(part)) : null,
      many ? act("circle-dot", word("only-this"), () => this.viewer.partList.only(part.path)) : null,
      act("x", word("close"), () => this.choose(null)),
    );
  }

  hide(part) {
    this.viewer.partList.toggle(part.path);
    this.choose(null);
  }

  facts(part) {
    const size = part.box.getSize(new Vector3());
    const exact = part.facts.volume_mm3;
    const mesh = measureMesh(part);
    const list = make("dl", { class: "definition" });
    const add = (name, value) => list.append(make("dt", {}, name), make("dd", {}, value));
    add(
      word("box"),
      `${[size.x, size.y, size.z].map((value) => length(value).replace(/\s\S+$/, "")).join(" × ")} ${length(1).split(/\s/).at(-1)}`,
    );
    add(word("volume"), exact === undefined ? `≈ ${volume(mesh.volume)}` : volume(exact));
    add(word("area"), part.facts.area_mm2 === undefined ? `≈ ${area(mesh.area)}` : area(part.facts.area_mm2));
    return list;
  }

  opacity(part) {
    const output = make("output", {}, `${number(part.opacity * 100, 0)} %`);
    const slider = make("input", {
      type: "range",
      min: 0.1,
      max: 1,
      step: 0.05,
      value: part.opacity,
      "aria-label": word("opacity"),
    });
    const paint = () => slider.style.setProperty("--fill", `${((slider.value - 0.1) / 0.9) * 100}%`);
    slider.addEventListener("input", () => {
      part.opacity = Number(slider.value);
      output.textContent = `${number(part.opacity * 100, 0)} %`;
      paint();
      this.viewer.repaint();
    });
    paint();
    return make("label", { class: "cluster small" }, word("opacity"), output, slider);
  }
}
