// Distance between two points: a corner or edge point near the pointer is taken before a point of a face.
import { BufferGeometry, LineBasicMaterial, LineSegments, Vector3 } from "three";
import { make } from "../js/dom.js";
import { length, word } from "../js/words.js";

const NEAR = 14; // px

export class Measure {
  constructor(viewer) {
    this.viewer = viewer;
    this.on = false;
    this.points = [];
    this.drawn = [];
  }

  toggle() {
    this.on = !this.on;
    if (this.on && this.viewer.pins.on) this.viewer.pins.toggle();
    this.viewer.classList.toggle("is-measuring", this.on);
    this.clear();
    this.viewer.note(this.on ? word("measure-first") : "");
    this.viewer.say("viewer:tools", {});
  }

  clear() {
    for (const undo of this.drawn) undo();
    this.drawn = [];
    this.points = [];
    this.viewer.stage.draw();
  }

  /** Takes a clicked point; the second one shows the distance. */
  add(hit, event) {
    const point = this.cornerNear(event) ?? hit?.point;
    if (!point) return;
    if (this.points.length === 2) this.clear();
    this.points.push(point.clone());
    this.drawn.push(
      this.viewer.labels.pin(
        make("span", { class: "dimension-label dimension-label--measure" }, String(this.points.length)),
        point.clone(),
      ),
    );
    this.viewer.note(word("measure-second"));
    if (this.points.length === 2) this.finish(...this.points);
  }

  finish(from, to) {
    const { stage, labels } = this.viewer;
    const material = new LineBasicMaterial({ color: stage.colours.picked, depthTest: false });
    const line = new LineSegments(new BufferGeometry().setFromPoints([from, to]), material);
    line.renderOrder = 9;
    stage.scene.add(line);
    this.drawn.push(() => {
      line.removeFromParent();
      line.geometry.dispose();
      material.dispose();
    });
    const middle = from.clone().add(to).multiplyScalar(0.5);
    this.drawn.push(
      labels.pin(
        make("span", { class: "dimension-label dimension-label--measure" }, length(from.distanceTo(to))),
        middle,
      ),
    );
    const away = to.clone().sub(from);
    this.viewer.note(
      `${word("distance")} ${length(from.distanceTo(to))} · ΔX ${length(Math.abs(away.x))} · ΔY ${length(Math.abs(away.y))} · ΔZ ${length(Math.abs(away.z))}`,
    );
    stage.draw();
  }

  /** The end of an edge nearest to the pointer, if it is near enough. */
  cornerNear(event) {
    const { stage, model, section } = this.viewer;
    const place = stage.canvas.getBoundingClientRect();
    const camera = stage.cameras.active;
    const wanted = [event.clientX - place.left, event.clientY - place.top];
    const point = new Vector3();
    const seen = new Vector3();
    let best = { distance: NEAR, depth: Infinity, point: null };
    for (const line of model.lines) {
      if (line.userData.part.hidden || !line.visible) continue;
      const { position } = line.geometry.attributes;
      const { index } = line.geometry;
      for (let at = 0; at < (index ?? position).count; at += 1) {
        point.fromBufferAttribute(position, index ? index.getX(at) : at).applyMatrix4(line.matrixWorld);
        if (section.axis && section.plane.distanceToPoint(point) < 0) continue;
        seen.copy(point).project(camera);
        const distance = Math.hypot(
          ((seen.x + 1) / 2) * place.width - wanted[0],
          ((1 - seen.y) / 2) * place.height - wanted[1],
        );
        // Of two corners under the pointer the nearer to the eye is meant.
        if (
          distance < best.distance - 2 ||
          (distance < best.distance + 2 && seen.z < best.depth && distance < NEAR)
        ) {
          best = { distance, depth: seen.z, point: point.clone() };
        }
      }
    }
    return best.point;
  }
}
