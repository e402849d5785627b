// The three directions at the lower left, turning with the eye.
import { Vector3 } from "three";
import { makeSvg } from "../js/dom.js";

const LONG = 22;

export class Axes {
  constructor(stage) {
    this.svg = makeSvg("svg", {
      class: "viewer-axes viewer-ui",
      viewBox: "-32 -32 64 64",
      "aria-hidden": "true",
    });
    this.marks = ["X", "Y", "Z"].map((name) => {
      const line = makeSvg("line", { x1: 0, y1: 0 });
      const text = makeSvg("text", {}, name);
      this.svg.append(line, text);
      return { line, text };
    });
    stage.element.append(this.svg);
    const seen = new Vector3();
    stage.beforeDraw.add((camera) => {
      const turn = camera.quaternion.clone().invert();
      this.marks.forEach(({ line, text }, axis) => {
        seen.set(0, 0, 0).setComponent(axis, 1).applyQuaternion(turn);
        line.setAttribute("x2", (seen.x * LONG).toFixed(1));
        line.setAttribute("y2", (-seen.y * LONG).toFixed(1));
        text.setAttribute("x", (seen.x * (LONG + 7)).toFixed(1));
        text.setAttribute("y", (-seen.y * (LONG + 7)).toFixed(1));
      });
    });
  }
}
