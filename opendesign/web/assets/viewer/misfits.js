// What does not fit: the promised places in one colour, those that are there in another, the mm between both.
import {
  Box3,
  BufferGeometry,
  CircleGeometry,
  CylinderGeometry,
  DoubleSide,
  Float32BufferAttribute,
  Group,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  Quaternion,
  Vector3,
} from "three";
import { make } from "../js/dom.js";

const AROUND = 64; // pieces of a circle
const UP = new Vector3(0, 1, 0);
const vector = (point) => new Vector3(...point);

export class Misfits {
  /** `scene`: what it is drawn into; `there`: the colour of what is not where it is promised. */
  constructor(viewer, scene = viewer.stage.scene, there = "removed") {
    this.viewer = viewer;
    this.there = there;
    this.root = new Group();
    scene.add(this.root);
    this.undo = [];
    this.listening = new AbortController();
    viewer.closest("[data-misfits]")?.addEventListener("click", (event) => this.clicked(event), this.listening);
    this.read();
  }

  /** What is to be drawn: told by an attribute, or within the element. */
  read() {
    const { viewer } = this;
    const told = viewer.getAttribute("figures") ?? viewer.querySelector(":scope > script[type='application/json']")?.textContent;
    this.figures = told ? JSON.parse(told) : [];
  }

  /** Draws everything anew, in the colours as they are now. */
  draw() {
    this.clear();
    const { stage, labels } = this.viewer;
    for (const figure of this.figures) {
      const group = new Group();
      const { picked, [this.there]: there } = stage.colours;
      if (figure.between) this.box(group, figure.between, there, true);
      if (figure.found && figure.kind !== "side") this.shape(group, figure.found, there);
      this.shape(group, figure.promised, picked);
      if (figure.line) this.lines(group, figure.line.map(vector), stage.colours["ink-2"]);
      this.root.add(group);
      this.undo.push(() => {
        group.removeFromParent();
        group.traverse((each) => {
          each.geometry?.dispose();
          each.material?.dispose();
        });
      });
      const text = make("span", { class: "dimension-label misfit-label" }, figure.label);
      const place = boxOf(figure.line ?? pointsOf(figure.promised)).getCenter(new Vector3());
      this.undo.push(labels.pin(text, place, true));
    }
  }

  clear() {
    for (const undo of this.undo) undo();
    this.undo = [];
  }

  end() {
    this.clear();
    this.listening.abort();
  }

  /** A button of the list beside the stage: shows one misfit from near, so that one sees how far it is off. */
  clicked(event) {
    const button = event.target.closest("[data-misfit]");
    const figure = button && this.figures[Number(button.dataset.misfit)];
    const whole = this.viewer.model?.box ?? this.viewer.box;
    if (!figure || !whole) return;
    const { cameras } = this.viewer.stage;
    const points = figure.between ? figure.line : [...pointsOf(figure.promised), ...pointsOf(figure.found)];
    const room = figure.between ? vector(figure.line[0]).distanceTo(vector(figure.line[1])) * 4 : 0.5;
    cameras.frame(boxOf(points).expandByScalar(room + (figure.promised.diameter ?? 0)), viewOf(figure));
    cameras.setReach(whole.getSize(new Vector3()).length() / 2);
    this.viewer.scrollIntoView({ block: "nearest" });
    this.viewer.stage.canvas.focus({ preventScroll: true });
  }

  shape(group, shape, colour) {
    if (shape.ends) this.round(group, shape, colour);
    else if (shape.corners) this.flat(group, shape.corners, colour);
    else this.box(group, shape.box, colour, false);
  }

  /** A cylinder: its wall, a circle at each end, and its middle line a little beyond them. */
  round(group, { ends, diameter }, colour) {
    const [low, high] = ends.map(vector);
    const way = high.clone().sub(low);
    const length = way.length();
    way.normalize();
    const turn = new Quaternion().setFromUnitVectors(UP, way);
    const wall = new CylinderGeometry(diameter / 2, diameter / 2, length, AROUND, 1, true);
    wall.applyQuaternion(turn).translate(...low.clone().add(high).multiplyScalar(0.5));
    this.fill(group, wall, colour);
    const rim = new CircleGeometry(diameter / 2, AROUND).getAttribute("position");
    for (const end of [low, high]) {
      const points = [];
      for (let at = 1; at < rim.count; at += 1) {
        const point = new Vector3(rim.getX(at), 0, rim.getY(at)).applyQuaternion(turn).add(end);
        points.push(point, point);
      }
      this.lines(group, [...points.slice(1), points[0]], colour);
    }
    const beyond = way.multiplyScalar(diameter / 2);
    this.lines(group, [low.clone().sub(beyond), high.clone().add(beyond)], colour);
  }

  flat(group, corners, colour) {
    const points = corners.map(vector);
    this.lines(group, [0, 1, 1, 2, 2, 3, 3, 0].map((at) => points[at]), colour);
    const faces = [0, 1, 2, 0, 2, 3].flatMap((at) => corners[at]);
    this.fill(group, new BufferGeometry().setAttribute("position", new Float32BufferAttribute(faces, 3)), colour);
  }

  /** The edges of a box, and its sides where it is `filled`. */
  box(group, [low, high], colour, filled) {
    const corner = (at) => [0, 1, 2].map((axis) => ((at >> axis) & 1 ? high : low)[axis]);
    const pairs = [0, 1, 2].flatMap((axis) =>
      [...Array(8).keys()].filter((at) => !((at >> axis) & 1)).flatMap((at) => [at, at | (1 << axis)]),
    );
    this.lines(group, pairs.map((at) => vector(corner(at))), colour);
    if (!filled) return;
    const sides = [0, 1, 2].flatMap((axis) => {
      const [a, b] = [1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3)];
      return [0, 1 << axis].flatMap((at) => [at, at | a, at | a | b, at, at | a | b, at | b]);
    });
    const points = new Float32BufferAttribute(sides.flatMap(corner), 3);
    this.fill(group, new BufferGeometry().setAttribute("position", points), colour);
  }

  lines(group, points, color) {
    // Over the part: what is inside of it would be hidden otherwise.
    const material = new LineBasicMaterial({ color, depthTest: false, transparent: true });
    const drawn = new LineSegments(new BufferGeometry().setFromPoints(points), material);
    drawn.renderOrder = 9;
    group.add(drawn);
  }

  fill(group, geometry, color) {
    const look = { color, opacity: 0.22, transparent: true, depthTest: false, depthWrite: false, side: DoubleSide };
    const drawn = new Mesh(geometry, new MeshBasicMaterial(look));
    drawn.renderOrder = 8;
    group.add(drawn);
  }
}

const pointsOf = (shape) => shape?.ends ?? shape?.corners ?? shape?.box ?? [];
const boxOf = (points) => new Box3().setFromPoints(points.map(vector));

/** The standard view that shows a figure best: along a hole, across what is measured otherwise. */
function viewOf({ kind, promised, line }) {
  const [from, to] = kind === "round" ? promised.ends : (line ?? [[0, 0, 0], [0, 0, 1]]);
  const way = from.map((value, axis) => Math.abs(to[axis] - value));
  const most = way.indexOf(Math.max(...way));
  return (kind === "round" ? ["right", "front", "top"] : ["front", "right", "front"])[most];
}
