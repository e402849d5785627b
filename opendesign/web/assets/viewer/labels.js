// Words at points of the part: placed by transform after each frame.
import { Vector3 } from "three";
import { make } from "../js/dom.js";

export class Labels {
  constructor(stage) {
    this.stage = stage;
    this.layer = make("div", { class: "viewer-labels" });
    stage.element.append(this.layer);
    this.pinned = new Map();
    this.seen = new Vector3();
    stage.beforeDraw.add((camera, size) => this.place(camera, size));
  }

  /** Pins an element to a point (mm), perhaps `whole`: never cut by the edge; returns the function that takes it away. */
  pin(element, point, whole = false) {
    this.layer.append(element);
    element.toggleAttribute("data-whole", whole);
    this.pinned.set(element, point);
    this.stage.draw();
    return () => {
      this.pinned.delete(element);
      element.remove();
    };
  }

  place(camera, { width, height }) {
    for (const [element, point] of this.pinned) {
      this.seen.copy(point).project(camera);
      const visible = Math.abs(this.seen.z) < 1;
      element.style.visibility = visible ? "" : "hidden";
      const half = element.hasAttribute("data-whole") ? element.offsetWidth / 2 + 4 : 0;
      const across = ((this.seen.x + 1) / 2) * width;
      const x = half && across > 0 && across < width ? Math.min(Math.max(across, half), width - half) : across;
      const y = ((1 - this.seen.y) / 2) * height;
      element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
    }
  }
}
