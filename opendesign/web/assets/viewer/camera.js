// Where one looks from: two projections of one eye, standard views, fitting, gliding, an address for it.
import { OrthographicCamera, PerspectiveCamera, Spherical, Vector3 } from "three";

const FIELD = 30; // degrees: narrow, so that straight edges look straight
const MARGIN = 1.14; // the part leaves about a sixteenth free on each side
const GLIDE = 260; // ms

/** Directions from the part to the eye; Z is up, the front is seen from −Y. */
export const views = {
  iso: [0.459, -0.734, 0.5], // azimuth −58°, elevation 30°, as the stills: the picture does not jump when 3D arrives
  front: [0, -1, 0],
  back: [0, 1, 0],
  right: [1, 0, 0],
  left: [-1, 0, 0],
  top: [0, -1e-5, 1],
  bottom: [0, -1e-5, -1],
};

// Spherical of three has Y up; these turn Z-up vectors into it and back.
const toYUp = (v) => new Vector3(v.x, v.z, -v.y);
const toZUp = (v) => new Vector3(v.x, -v.z, v.y);

export class Cameras {
  constructor(draw) {
    this.draw = draw;
    this.perspective = new PerspectiveCamera(FIELD, 1, 0.1, 1e5);
    this.orthographic = new OrthographicCamera(-1, 1, 1, -1, -1e5, 1e5);
    for (const camera of [this.perspective, this.orthographic]) {
      camera.up.set(0, 0, 1);
      camera.position.set(...views.iso).multiplyScalar(100);
      camera.lookAt(0, 0, 0);
    }
    this.active = this.perspective;
    this.aspect = 1;
    this.free = { x: 1, y: 1 };
    this.reach = 100;
  }

  get target() {
    return this.controls.target;
  }

  /** Takes the size of the picture in pixels; foot and side are the strips at the bottom and the left that are covered. */
  setSize(width, height, { foot, side }) {
    this.aspect = width / height;
    this.free = { x: 1 - side / width, y: 1 - foot / height };
    this.perspective.aspect = this.aspect;
    // A shifted lens: the part sits in the middle of what is free, and turning still goes about its own middle.
    for (const camera of [this.perspective, this.orthographic])
      camera.setViewOffset(width, height, -side / 2, foot / 2, width, height);
    this.perspective.updateProjectionMatrix();
    this.setHalfHeight(this.orthographic.top);
  }

  setHalfHeight(half) {
    const camera = this.orthographic;
    Object.assign(camera, { top: half, bottom: -half, left: -half * this.aspect, right: half * this.aspect });
    camera.updateProjectionMatrix();
  }

  /** Keeps near and far around a part of this radius (mm), however far one zooms. */
  setReach(radius) {
    this.reach = Math.max(radius, 1e-3);
    this.updateDepth();
  }

  updateDepth() {
    const distance = this.perspective.position.distanceTo(this.target);
    this.perspective.near = Math.max(distance - this.reach * 6, this.reach / 500);
    this.perspective.far = distance + this.reach * 20;
    this.perspective.updateProjectionMatrix();
    this.orthographic.near = -this.reach * 60;
    this.orthographic.far = this.reach * 60;
    this.orthographic.updateProjectionMatrix();
  }

  /** Changes the projection without changing what one sees at the target's depth. */
  project(kind) {
    const next = kind === "orthographic" ? this.orthographic : this.perspective;
    if (next === this.active) return;
    const offset = this.active.position.clone().sub(this.target);
    const tangent = Math.tan((FIELD * Math.PI) / 360);
    if (next === this.orthographic) {
      next.zoom = 1;
      this.setHalfHeight(offset.length() * tangent);
    } else {
      offset.setLength(this.orthographic.top / this.orthographic.zoom / tangent);
    }
    next.position.copy(this.target).add(offset);
    this.active = next;
    this.controls.object = next;
    this.controls.update();
    this.updateDepth();
    this.draw();
  }

  /** Where the eye must stand in a direction to see the whole box: {position, target, half}. */
  framing(box, direction) {
    const centre = box.getCenter(new Vector3());
    const ahead = direction.clone().normalize();
    const right = new Vector3(0, 0, 1).cross(ahead).normalize();
    const up = ahead.clone().cross(right);
    const seen = cornersOf(box).map((corner) => corner.sub(centre));
    const flat = this.active === this.orthographic;
    const tangent = Math.tan((FIELD * Math.PI) / 360);
    const across = fitAlong(seen, right, ahead, tangent * this.aspect * this.free.x, flat);
    const upward = fitAlong(seen, up, ahead, tangent * this.free.y, flat);
    const distance = Math.max(across.distance, upward.distance) * MARGIN || 1;
    const target = centre.addScaledVector(right, across.middle).addScaledVector(up, upward.middle);
    return { target, position: target.clone().addScaledVector(ahead, distance), half: distance * tangent };
  }

  /** Shows the whole box from a view ("iso", "top", …) or, without one, from where one is. */
  frame(box, view, glide = true) {
    if (box.isEmpty()) return;
    const direction = view ? new Vector3(...views[view]) : this.active.position.clone().sub(this.target);
    const wanted = this.framing(box, direction);
    this.setReach(box.getSize(new Vector3()).length() / 2);
    if (glide) this.move(wanted);
    else this.place(wanted);
  }

  move(wanted) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.place(wanted);
    else this.glide(wanted);
  }

  /** Glides to a point (mm), which then is in the middle, seen from where its normal looks. */
  visit(point, normal) {
    const target = new Vector3(...point);
    const back = this.active.position.clone().sub(this.target);
    const distance = Math.min(back.length(), this.reach * 4);
    const ahead = normal ? back.setLength(0.6).add(new Vector3(...normal)) : back;
    const position = target.clone().addScaledVector(ahead.normalize(), distance);
    this.move({ target, position, half: distance * Math.tan((FIELD * Math.PI) / 360) });
  }

  place({ position, target, half }) {
    this.target.copy(target);
    this.active.position.copy(position);
    if (this.active === this.orthographic) {
      this.active.zoom = 1;
      this.setHalfHeight(half);
    }
    this.controls.update();
    this.updateDepth();
    this.draw();
  }

  glide(wanted) {
    this.stop();
    const camera = this.active;
    const from = { target: this.target.clone(), half: this.orthographic.top / this.orthographic.zoom };
    const start = new Spherical().setFromVector3(toYUp(camera.position.clone().sub(this.target)));
    const end = new Spherical().setFromVector3(toYUp(wanted.position.clone().sub(wanted.target)));
    const turn = ((((end.theta - start.theta) % (2 * Math.PI)) + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
    const began = performance.now();
    const step = () => {
      const time = Math.min((performance.now() - began) / GLIDE, 1);
      const share = 1 - (1 - time) ** 3;
      const mix = (a, b) => a + (b - a) * share;
      const now = new Spherical(
        mix(start.radius, end.radius),
        mix(start.phi, end.phi),
        start.theta + turn * share,
      );
      const target = from.target.clone().lerp(wanted.target, share);
      const offset = toZUp(new Vector3().setFromSpherical(now.makeSafe()));
      this.place({ target, position: target.clone().add(offset), half: mix(from.half, wanted.half) });
      this.gliding = time < 1 ? requestAnimationFrame(step) : null;
    };
    step();
  }

  stop() {
    cancelAnimationFrame(this.gliding);
    this.gliding = null;
  }

  /** Turns by angles in radians, moves sideways in shares of the picture, or zooms by a factor. */
  nudge({ turn = 0, tilt = 0, across = 0, upward = 0, zoom = 1 }) {
    this.stop();
    const offset = this.active.position.clone().sub(this.target);
    const spherical = new Spherical().setFromVector3(toYUp(offset));
    spherical.theta += turn;
    spherical.phi = Math.min(Math.max(spherical.phi + tilt, 1e-4), Math.PI - 1e-4);
    if (this.active === this.perspective) spherical.radius /= zoom;
    else this.active.zoom *= zoom;
    const size =
      this.active === this.perspective
        ? spherical.radius * 0.54
        : (2 * this.orthographic.top) / this.active.zoom;
    const right = new Vector3().setFromMatrixColumn(this.active.matrixWorld, 0);
    const up = new Vector3().setFromMatrixColumn(this.active.matrixWorld, 1);
    this.target.addScaledVector(right, across * size).addScaledVector(up, upward * size);
    this.active.position.copy(this.target).add(toZUp(new Vector3().setFromSpherical(spherical)));
    this.active.updateProjectionMatrix();
    this.controls.update();
    this.updateDepth();
    this.draw();
  }

  /** The view as short text: "x,y,z,tx,ty,tz" and for the orthographic eye half the height of what it sees. */
  write() {
    const numbers = [...this.active.position.toArray(), ...this.target.toArray()];
    if (this.active === this.orthographic) numbers.push(this.orthographic.top / this.orthographic.zoom);
    return numbers.map((value) => Number(value.toPrecision(5))).join(",");
  }

  /** Takes a view from text; false when it is none. */
  read(text) {
    const numbers = (text ?? "").split(",").map(Number);
    if (![6, 7].includes(numbers.length) || !numbers.every(Number.isFinite)) return false;
    this.project(numbers.length === 7 ? "orthographic" : "perspective");
    this.place({
      position: new Vector3(...numbers.slice(0, 3)),
      target: new Vector3(...numbers.slice(3, 6)),
      half: numbers[6],
    });
    return true;
  }
}

/** How far off the eye must be along ahead, and where it must aim, so that the corners fill one direction exactly. */
function fitAlong(corners, axis, ahead, tangent, flat) {
  let [low, high] = [Infinity, -Infinity];
  for (const corner of corners) {
    // A corner that is nearer to the eye spreads wider; without perspective it does not.
    const spread = flat ? 0 : corner.dot(ahead) * tangent;
    high = Math.max(high, corner.dot(axis) + spread);
    low = Math.min(low, corner.dot(axis) - spread);
  }
  return { distance: (high - low) / (2 * tangent), middle: (high + low) / 2 };
}

function cornersOf({ min, max }) {
  const corners = [];
  for (const x of [min.x, max.x])
    for (const y of [min.y, max.y]) for (const z of [min.z, max.z]) corners.push(new Vector3(x, y, z));
  return corners;
}
