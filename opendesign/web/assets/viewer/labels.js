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

  /** Pins an element to a point (mm); returns the function that takes it away. */
  pin(element, point) {
    this.layer.append(element);
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
      const x = ((this.seen.x + 1) / 2) * width;
      const y = ((1 - this.seen.y) / 2) * height;
      element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
    }
  }
}
