// A plane that cuts the part; the cut is filled with the hatching of a drawing.
import {
  AlwaysStencilFunc,
  BackSide,
  CanvasTexture,
  DecrementWrapStencilOp,
  FrontSide,
  IncrementWrapStencilOp,
  Mesh,
  MeshBasicMaterial,
  NotEqualStencilFunc,
  Plane,
  PlaneGeometry,
  RepeatWrapping,
  ReplaceStencilOp,
  Vector3,
} from "three";

const axes = { x: new Vector3(1, 0, 0), y: new Vector3(0, 1, 0), z: new Vector3(0, 0, 1) };
const HATCH = 64; // lines across the part

export class Section {
  constructor(stage) {
    this.stage = stage;
    this.axis = null;
    this.flipped = false;
    this.share = 0.5;
    this.plane = new Plane();
    this.extras = [];
  }

  /** Cuts model across an axis ("x", "y", "z"; null: not at all) at a share 0…1 of its box. Returns the place in mm. */
  cut(model, axis, share = this.share, flipped = this.flipped) {
    this.clear();
    Object.assign(this, { model, axis, share, flipped });
    if (!axis || !model) {
      model?.clip([]);
      this.stage.draw();
      return null;
    }
    this.addStencils();
    this.addCap();
    return this.move(share);
  }

  /** Cuts so that the laid-open face looks at the eye. */
  cutTowards(model, axis, eye) {
    return this.cut(model, axis, this.share, eye.clone().sub(model.box.getCenter(new Vector3()))[axis] < 0);
  }

  /** Moves the plane without building anything anew. */
  move(share) {
    const { axis, model } = this;
    const { min, max } = model.box;
    this.share = share;
    // The very ends are left out: a plane in a face flickers.
    const place = min[axis] + (max[axis] - min[axis]) * Math.min(Math.max(share, 0.002), 0.998);
    const normal = axes[axis].clone().multiplyScalar(this.flipped ? 1 : -1);
    this.plane.setFromNormalAndCoplanarPoint(normal, axes[axis].clone().multiplyScalar(place));
    model.clip([this.plane]);
    this.cap.position.copy(model.box.getCenter(new Vector3()));
    this.cap.position[axis] = place;
    this.cap.lookAt(this.cap.position.clone().sub(normal));
    this.stage.draw();
    return place;
  }

  /** Counts, for every pixel, how many surfaces of a solid the cut laid open. */
  addStencils() {
    const base = {
      depthWrite: false,
      depthTest: false,
      colorWrite: false,
      stencilWrite: true,
      stencilFunc: AlwaysStencilFunc,
      clippingPlanes: [this.plane],
    };
    const operation = (side, op) =>
      new MeshBasicMaterial({ ...base, side, stencilFail: op, stencilZFail: op, stencilZPass: op });
    this.stencils = [
      operation(BackSide, IncrementWrapStencilOp),
      operation(FrontSide, DecrementWrapStencilOp),
    ];
    for (const mesh of this.model.meshes) {
      if (mesh.userData.part.hidden) continue;
      for (const material of this.stencils) {
        const twin = new Mesh(mesh.geometry, material);
        twin.matrixAutoUpdate = false;
        twin.matrix.copy(mesh.matrixWorld);
        twin.renderOrder = 2;
        this.extras.push(twin);
        this.stage.scene.add(twin);
      }
    }
  }

  addCap() {
    const size = this.model.box.getSize(new Vector3()).length() * 1.1 || 1;
    this.texture = hatching(this.stage.colours);
    this.texture.repeat.setScalar(HATCH);
    const material = new MeshBasicMaterial({
      map: this.texture,
      stencilWrite: true,
      stencilRef: 0,
      stencilFunc: NotEqualStencilFunc,
      stencilFail: ReplaceStencilOp,
      stencilZFail: ReplaceStencilOp,
      stencilZPass: ReplaceStencilOp,
      side: 2,
      polygonOffset: true,
      polygonOffsetFactor: 1,
      polygonOffsetUnits: 1,
    });
    this.cap = new Mesh(new PlaneGeometry(size, size), material);
    this.cap.renderOrder = 3;
    this.cap.onAfterRender = (renderer) => renderer.clearStencil();
    this.extras.push(this.cap);
    this.stage.scene.add(this.cap);
  }

  clear() {
    for (const object of this.extras) object.removeFromParent();
    this.extras = [];
    for (const material of this.stencils ?? []) material.dispose();
    this.stencils = null;
    this.cap?.geometry.dispose();
    this.cap?.material.dispose();
    this.texture?.dispose();
    this.cap = null;
  }
}

/** A tile with one diagonal line: repeated it is the hatching of a cut. */
function hatching(colours) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext("2d");
  pen.fillStyle = `#${colours.part.clone().lerp(colours.stage, 0.55).getHexString()}`;
  pen.fillRect(0, 0, 64, 64);
  pen.strokeStyle = `#${colours["ink-2"].getHexString()}`;
  pen.lineWidth = 7;
  pen.beginPath();
  for (const shift of [-64, 0, 64]) {
    pen.moveTo(shift - 4, 68);
    pen.lineTo(shift + 68, -4);
  }
  pen.stroke();
  const texture = new CanvasTexture(canvas);
  texture.wrapS = texture.wrapT = RepeatWrapping;
  texture.colorSpace = "srgb";
  texture.anisotropy = 8;
  return texture;
}
