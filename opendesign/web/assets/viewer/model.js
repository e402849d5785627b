// A GLB made ready for the stage: parts found by their path, our materials, edges, sizes.
import {
  Box3,
  Color,
  DoubleSide,
  Group,
  LineBasicMaterial,
  MeshStandardMaterial,
  SRGBColorSpace,
  Vector3,
} from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { stripe } from "./pattern.js";

const MILLIMETRES = 1000; // glTF is in metres

/** Fetches and reads a GLB; raises an Error with a sentence when it cannot. */
export async function loadModel(src, signal) {
  const response = await fetch(src, { signal });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
  return readModel(await response.arrayBuffer());
}

/** Reads a GLB that is here already. */
export async function readModel(bytes) {
  const { scene } = await new GLTFLoader().parseAsync(bytes, "");
  return new Model(scene);
}

export class Model {
  constructor(scene) {
    this.root = new Group();
    const upright = new Group();
    upright.scale.setScalar(MILLIMETRES);
    upright.rotation.x = Math.PI / 2;
    upright.add(scene);
    upright.updateMatrixWorld(true);
    this.parts = new Map();
    this.meshes = [];
    this.lines = [];
    this.materials = new Set();
    scene.traverse((object) => this.adopt(object));
    for (const part of this.parts.values()) part.box = boxOf(part);
    this.box = new Box3();
    for (const part of this.parts.values()) this.box.union(part.box);
    this.flatten();
  }

  /** Hangs every mesh under the root with its own matrix: parts then move freely (explode) and swaps stay cheap. */
  flatten() {
    for (const object of [...this.meshes, ...this.lines]) {
      object.userData.home = object.matrixWorld.clone();
      object.matrix.copy(object.matrixWorld);
      object.matrixAutoUpdate = false;
      this.root.add(object);
    }
    this.root.updateMatrixWorld(true);
  }

  /** Moves the parts away from the middle; 0 is assembled, 1 about twice as wide. */
  explode(factor) {
    const middle = this.box.getCenter(new Vector3());
    for (const part of this.parts.values()) {
      part.offset = part.box.getCenter(new Vector3()).sub(middle).multiplyScalar(factor);
      for (const object of [...part.meshes, ...part.lines]) {
        object.matrix.makeTranslation(part.offset).multiply(object.userData.home);
      }
    }
    this.root.updateMatrixWorld(true);
  }

  /** Puts a mesh or a set of edges under its part. */
  adopt(object) {
    if (!object.isMesh && !object.isLineSegments && !object.isLine) return;
    object.material.dispose();
    const node = partNode(object);
    const {
      path = node.name || `part-${this.parts.size + 1}`,
      name,
      colour,
      kind: change,
      ...facts
    } = node.userData;
    if (!this.parts.has(path)) {
      const shade = readColour(colour);
      const part = { path, name: lastName(name || path), change, facts };
      this.parts.set(path, { ...part, ...shade, meshes: [], lines: [], hidden: false });
    }
    const part = this.parts.get(path);
    object.userData.part = part;
    const list = object.isMesh ? "meshes" : "lines";
    part[list].push(object);
    this[list].push(object);
    if (!object.isMesh) splitEdges(object.geometry);
  }

  /** Gives every part its colour in this theme; picked is the path that stands out. */
  paint(colours, picked = null) {
    // Given back one painting later: the last user of a compiled shader takes it along.
    for (const material of this.retired ?? []) material.dispose();
    this.retired = this.materials;
    this.materials = new Set();
    const shared = new Map();
    for (const part of this.parts.values()) {
      const look = lookOf(part, colours, picked);
      const key = JSON.stringify(look);
      if (!shared.has(key)) shared.set(key, this.materialsFor(look, colours));
      const { face, edge } = shared.get(key);
      for (const mesh of part.meshes) mesh.material = face;
      for (const line of part.lines) line.material = line.geometry.groups.length ? edge : edge[0];
      for (const object of [...part.meshes, ...part.lines]) object.renderOrder = look.opacity < 1 ? 1 : 0;
    }
    this.clip(this.planes ?? []);
  }

  materialsFor({ colour, opacity, edgeOpacity, striped }, colours) {
    const face = new MeshStandardMaterial({
      color: colour,
      roughness: 0.72,
      metalness: 0.02,
      side: DoubleSide,
    });
    Object.assign(face, { polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 });
    Object.assign(face, { transparent: opacity < 1, opacity, depthWrite: opacity >= 1 });
    if (striped) stripe(face, devicePixelRatio);
    const edge = [1, 0.3].map(
      (share) =>
        new LineBasicMaterial({
          color: colours["part-edge"],
          transparent: true,
          opacity: edgeOpacity * share,
        }),
    );
    for (const material of [face, ...edge]) this.materials.add(material);
    return { face, edge };
  }

  /** Cuts everything with these planes. */
  clip(planes) {
    this.planes = planes;
    for (const material of this.materials) material.clippingPlanes = planes.length ? planes : null;
  }

  showEdges(shown) {
    for (const line of this.lines) line.visible = shown;
  }

  /** Shows or hides the parts whose path is this one or lies below it. */
  setHidden(path, hidden) {
    for (const part of this.below(path)) part.hidden = hidden;
    this.applyHidden();
  }

  /** Hidden parts go to a layer that neither the eye nor the pointer sees. */
  applyHidden() {
    for (const part of this.parts.values()) {
      for (const object of [...part.meshes, ...part.lines]) object.layers.set(part.hidden ? 31 : 0);
    }
  }

  *below(path) {
    for (const part of this.parts.values())
      if (part.path === path || part.path.startsWith(`${path}/`)) yield part;
  }

  /** Takes over what the person had set on the model before this one. */
  inherit(previous) {
    if (!previous) return;
    for (const part of this.parts.values()) {
      const before = previous.parts.get(part.path);
      if (before) Object.assign(part, { hidden: before.hidden, opacity: before.opacity });
    }
    this.applyHidden();
  }

  /** The box of what is shown. */
  shownBox() {
    const box = new Box3();
    for (const part of this.parts.values()) {
      if (!part.hidden) box.union(part.offset ? part.box.clone().translate(part.offset) : part.box);
    }
    return box.isEmpty() ? this.box.clone() : box;
  }

  /** Frees the memory on the graphics card. */
  dispose() {
    this.root.removeFromParent();
    for (const object of [...this.meshes, ...this.lines]) object.geometry.dispose();
    for (const material of [...this.materials, ...(this.retired ?? [])]) material.dispose();
  }
}

function lookOf(part, colours, picked) {
  const change = part.change && colours[part.change];
  let colour = change || part.colour || colours.part;
  if (part.path === picked) colour = colour.clone().lerp(colours.picked, 0.42);
  // What is common steps back, so that an addition inside the part shows.
  const opacity =
    part.change === "common"
      ? Math.min(part.opacity, 0.3)
      : part.change === "removed"
        ? Math.min(part.opacity, 0.72)
        : part.opacity;
  const edgeOpacity = part.change === "common" ? 0.22 : 0.25 + 0.65 * opacity;
  return { colour: colour.getHex(), opacity, edgeOpacity, striped: part.change === "removed" };
}

/** A colour of the design, [red, green, blue, opacity] in sRGB 0…1 or "#rrggbb": what paint needs. */
function readColour(colour) {
  if (Array.isArray(colour)) {
    const [red, green, blue, opacity = 1] = colour;
    return { colour: new Color().setRGB(red, green, blue, SRGBColorSpace), opacity };
  }
  return { colour: colour ? new Color(colour) : null, opacity: 1 };
}

/** Edges between tangent faces follow the sharp ones in the index: they are drawn fainter, as on a drawing. */
function splitEdges(geometry) {
  const { sharp } = geometry.userData;
  const count = geometry.index?.count ?? 0;
  if (sharp === undefined || !count || geometry.groups.length) return;
  geometry.addGroup(0, sharp * 2, 0);
  geometry.addGroup(sharp * 2, count - sharp * 2, 1);
}

/** The nearest node above that names a part. */
function partNode(object) {
  for (let node = object; node; node = node.parent)
    if (node.userData?.path || node.userData?.kind) return node;
  return object.parent?.isGroup && object.parent.parent ? object.parent : object;
}

const lastName = (path) => path.split("/").at(-1);

function boxOf(part) {
  const box = new Box3();
  for (const mesh of part.meshes.length ? part.meshes : part.lines) {
    mesh.geometry.computeBoundingBox();
    box.union(mesh.geometry.boundingBox.clone().applyMatrix4(mesh.matrixWorld));
  }
  return box;
}

/** Volume (mm³) and area (mm²) of a part's meshes, by its triangles: good to about a thousandth. */
export function measureMesh(part) {
  let volume = 0;
  let area = 0;
  const [a, b, c] = [new Vector3(), new Vector3(), new Vector3()];
  for (const mesh of part.meshes) {
    const { position } = mesh.geometry.attributes;
    const index = mesh.geometry.index;
    const count = index ? index.count : position.count;
    const corner = (vector, at) =>
      vector.fromBufferAttribute(position, index ? index.getX(at) : at).applyMatrix4(mesh.matrixWorld);
    for (let at = 0; at < count; at += 3) {
      corner(a, at);
      corner(b, at + 1).sub(a);
      corner(c, at + 2).sub(a);
      const normal = b.cross(c);
      area += normal.length() / 2;
      volume += a.dot(normal) / 6;
    }
  }
  return { volume: Math.abs(volume), area };
}
