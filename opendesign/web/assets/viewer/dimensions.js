// The box of the part as on a drawing: thin lines with extension lines and ticks, numbers in mm.
import { BufferGeometry, LineBasicMaterial, LineSegments, Vector3 } from "three";
import { make } from "../js/dom.js";
import { length } from "../js/words.js";

const END_ON = 0.97; // cosine: a dimension that points at the eye (within 14°) is left out

const gapOf = (box) => box.getSize(new Vector3()).length() * 0.055;

export class Dimensions {
  constructor(stage, labels) {
    this.stage = stage;
    this.labels = labels;
    this.shown = false;
    this.step = (camera) => this.update(camera);
  }

  /** Draws the dimensions of a box (mm), or takes them away. */
  show(shown, box) {
    if (this.shown) this.clear();
    this.shown = shown;
    this.box = box;
    if (!shown || !box || box.isEmpty()) return;
    this.material = new LineBasicMaterial({ color: this.stage.colours.dimension });
    this.axes = box
      .getSize(new Vector3())
      .toArray()
      .map((size) => this.axis(size));
    this.side = null;
    // Before the labels are placed: they follow the points that this sets.
    this.stage.beforeDraw = new Set([this.step, ...this.stage.beforeDraw]);
    this.stage.draw();
  }

  axis(size) {
    const lines = new LineSegments(new BufferGeometry(), this.material);
    lines.frustumCulled = false;
    this.stage.scene.add(lines);
    const label = make("span", { class: "dimension-label" }, length(size));
    const point = new Vector3();
    return { lines, label, point, unpin: this.labels.pin(label, point) };
  }

  /** A box with the room that the dimension lines take. */
  around(box) {
    const room = this.shown ? gapOf(box) * 1.5 : 0;
    return box.clone().expandByVector(new Vector3(room, room, 0));
  }

  clear() {
    this.shown = false;
    this.stage.beforeDraw.delete(this.step);
    for (const { lines, unpin } of this.axes ?? []) {
      lines.removeFromParent();
      lines.geometry.dispose();
      unpin();
    }
    this.material?.dispose();
    this.axes = this.material = null;
  }

  /** Puts each dimension on the side of the box that faces the eye. */
  update(camera) {
    if (!this.axes) return;
    const eye = camera.position.clone().sub(this.stage.controls.target);
    const ahead = eye.clone().normalize();
    const flat = this.box.getSize(new Vector3()).toArray().map((size) => size < 1e-6); // a drawing has no height to tell
    this.axes.forEach(({ lines, label }, axis) => {
      lines.visible = !flat[axis] && Math.abs(ahead.getComponent(axis)) < END_ON;
      label.hidden = !lines.visible;
    });
    const side = [eye.x > 0, eye.y > 0, eye.z > -1e-9].join();
    if (side !== this.side) this.place(eye);
    this.side = side;
  }

  place(eye) {
    const { min, max } = this.box;
    const gap = gapOf(this.box);
    const [right, back, above] = [eye.x > 0, eye.y > 0, eye.z > -1e-9];
    const near = { x: right ? max.x : min.x, y: back ? max.y : min.y, z: above ? min.z : max.z };
    const far = right ? min.x : max.x;
    const outX = new Vector3(right ? 1 : -1, 0, 0);
    const outY = new Vector3(0, back ? 1 : -1, 0);
    this.write(0, new Vector3(min.x, near.y, near.z), new Vector3(max.x, near.y, near.z), outY, gap);
    this.write(1, new Vector3(near.x, min.y, near.z), new Vector3(near.x, max.y, near.z), outX, gap);
    this.write(
      2,
      new Vector3(far, near.y, min.z),
      new Vector3(far, near.y, max.z),
      outX.clone().negate(),
      gap,
    );
  }

  write(axis, from, to, out, gap) {
    const a = from.clone().addScaledVector(out, gap);
    const b = to.clone().addScaledVector(out, gap);
    const tick = b
      .clone()
      .sub(a)
      .normalize()
      .add(out)
      .multiplyScalar(gap * 0.14);
    const points = [
      [a, b],
      [from.clone().addScaledVector(out, gap * 0.2), a.clone().addScaledVector(out, gap * 0.3)],
      [to.clone().addScaledVector(out, gap * 0.2), b.clone().addScaledVector(out, gap * 0.3)],
      [a.clone().sub(tick), a.clone().add(tick)],
      [b.clone().sub(tick), b.clone().add(tick)],
    ].flat();
    this.axes[axis].lines.geometry.setFromPoints(points);
    this.axes[axis].point.copy(a).add(b).multiplyScalar(0.5);
  }
}
