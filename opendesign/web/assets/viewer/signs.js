// Drawn over the parts: arrows from where something stood to where it stands, and a frame around what is chosen.
import { ArrowHelper, Box3Helper, Scene, Vector3 } from "three";

export class Signs {
  constructor(stage) {
    this.stage = stage;
    this.scene = new Scene();
    this.arrows = [];
    this.frame = null;
  }

  /** Shows an arrow for every [from, to]; shorter ones than a thousandth of the size (mm) say nothing. */
  point(moves, size) {
    for (const arrow of this.arrows) {
      arrow.removeFromParent();
      arrow.dispose();
    }
    this.arrows = moves
      .filter(([from, to]) => from.distanceTo(to) > size / 1000)
      .map(([from, to]) => {
        const way = to.clone().sub(from);
        const head = Math.min(way.length() / 3, size / 30);
        const arrow = new ArrowHelper(new Vector3(), from, way.length(), 0, head, head * 0.6);
        arrow.setDirection(way.normalize());
        for (const piece of [arrow.line, arrow.cone]) piece.material.depthTest = false;
        this.scene.add(arrow);
        return arrow;
      });
    this.paint();
  }

  /** Puts a frame around a box; null takes it away. */
  surround(box) {
    this.frame?.removeFromParent();
    this.frame?.dispose();
    this.frame = box && new Box3Helper(box);
    if (this.frame) {
      this.frame.material.depthTest = false;
      this.scene.add(this.frame);
    }
    this.paint();
  }

  paint() {
    const { colours } = this.stage;
    for (const arrow of this.arrows) arrow.setColor(colours["ink-2"]);
    this.frame?.material.color.copy(colours.picked);
    this.stage.draw();
  }

  /** Draws what there is over a finished picture. */
  draw(renderer, camera, withArrows) {
    for (const arrow of this.arrows) arrow.visible = withArrows;
    renderer.autoClear = false;
    renderer.render(this.scene, camera);
    renderer.autoClear = true;
  }

  dispose() {
    for (const arrow of this.arrows) arrow.dispose();
    this.frame?.dispose();
  }
}
