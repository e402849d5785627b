// Both states at once, as the eye sees them: what stands nearer in one of them was added or removed.
import {
  Color,
  DepthTexture,
  DoubleSide,
  LineBasicMaterial,
  MeshLambertMaterial,
  NearestFilter,
  NoBlending,
  SRGBColorSpace,
  ShaderMaterial,
  UnsignedIntType,
  Vector2,
  Vector3,
  WebGLRenderTarget,
} from "three";
import { FullScreenQuad } from "three/addons/postprocessing/Pass.js";
import { stripes } from "./pattern.js";

const sides = ["before", "after"];
const kinds = ["added", "removed", "common", "moved"];
const LIT = 0.75; // of white: no lamp makes it brighter than a byte holds; what has moved lacks blue
const SMOOTH = 4; // samples a pixel
const kept = { samples: SMOOTH, colorSpace: SRGBColorSpace, minFilter: NearestFilter, magFilter: NearestFilter };
const TRIED = 3; // the drawing whose time is taken: the first ones wait for shaders
const SLOW = 60; // ms
const LIFT = 2; // pixels that lines are nearer than they are

const vertexShader = `
  varying vec2 place;
  void main() {
    place = uv;
    gl_Position = vec4(position.xy, 0.0, 1.0);
  }`;

const fragmentShader = `
  uniform sampler2D beforeLight, beforeDepth, afterLight, afterDepth;
  uniform float near, far, tolerance, pixel, ratio;
  uniform vec3 addedTint, removedTint, commonTint, movedTint;
  varying vec2 place;
  ${stripes}

  float reach(sampler2D depths) {
    float depth = texture2D(depths, place).x;
    return depth < 1.0 ? near * far / (far - depth * (far - near)) : far * 1e3;
  }

  // Two meshes of one curved face lie apart by their tolerance; seen at a slant, by more.
  float leeway(float distance) {
    float slope = length(vec2(dFdx(distance), dFdy(distance))) / (pixel * distance);
    return tolerance * sqrt(1.0 + min(slope * slope, 400.0));
  }

  float light(vec4 seen) {
    return seen.r / max(seen.a * ${LIT}, 1e-3);
  }

  vec4 old(vec4 seen) {
    vec3 tint = seen.b < 0.5 * seen.r ? movedTint : removedTint;
    return vec4(tint * light(seen) * (1.0 - 0.42 * striped(gl_FragCoord.xy / ratio)), 1.0) * seen.a;
  }

  vec4 fresh(vec4 seen) {
    vec3 tint = seen.b < 0.5 * seen.r ? movedTint : addedTint;
    return vec4(tint * light(seen), 1.0) * seen.a;
  }

  void main() {
    vec4 before = texture2D(beforeLight, place), after = texture2D(afterLight, place);
    gl_FragColor = vec4(0.0);
    if (before.a + after.a == 0.0) return;
    float was = reach(beforeDepth), is = reach(afterDepth);
    vec4 shown;
    if (abs(was - is) <= leeway(min(was, is))) {
      float lit = min(before.a, after.a) > 0.5 ? min(light(before), light(after)) : light(after.a > before.a ? after : before);
      shown = vec4(commonTint * lit, 1.0) * max(before.a, after.a);
    } else if (is < was) {
      shown = fresh(after) + (1.0 - after.a) * old(before);
    } else {
      shown = old(before) + (1.0 - before.a) * fresh(after);
    }
    gl_FragColor = vec4(shown.rgb / max(shown.a, 1e-3), shown.a);
    #include <colorspace_fragment>
    gl_FragColor.rgb *= gl_FragColor.a;
  }`;

export class Both {
  constructor() {
    this.targets = {};
    const uniforms = {};
    for (const side of sides) {
      const depthTexture = new DepthTexture(1, 1, UnsignedIntType);
      this.targets[side] = new WebGLRenderTarget(1, 1, { ...kept, depthTexture });
      uniforms[`${side}Light`] = { value: this.targets[side].texture };
      uniforms[`${side}Depth`] = { value: depthTexture };
    }
    for (const name of ["near", "far", "tolerance", "pixel", "ratio"]) uniforms[name] = { value: 1 };
    for (const kind of kinds) uniforms[`${kind}Tint`] = { value: null };
    this.uniforms = uniforms;
    const material = new ShaderMaterial({ uniforms, vertexShader, fragmentShader, blending: NoBlending });
    Object.assign(material, { depthTest: false, depthWrite: false });
    this.quad = new FullScreenQuad(material);
    const face = (...shares) => new MeshLambertMaterial({ color: new Color(...shares), side: DoubleSide });
    this.faces = { kept: face(LIT, LIT, LIT), moved: face(LIT, LIT, LIT / 20) };
    this.lift = { value: 0 };
    this.edges = [0.9, 0.28].map((opacity) => this.edge(opacity));
  }

  /** Lines leave the depths to the faces they lie on: faces pushed back, as elsewhere, would not agree. */
  edge(opacity) {
    const material = new LineBasicMaterial({ transparent: true, opacity, depthWrite: false });
    material.onBeforeCompile = (shader) => {
      shader.uniforms.lift = this.lift;
      shader.vertexShader = shader.vertexShader
        .replace("void main() {", "uniform float lift;\nvoid main() {")
        .replace("#include <project_vertex>", "#include <project_vertex>\ngl_Position.z -= lift * gl_Position.w;");
    };
    return material;
  }

  /** Gives a model what this way of looking needs; moved are the paths of the parts that only stand elsewhere. */
  dress(model, moved, colours) {
    for (const edge of this.edges) edge.color.copy(colours["part-edge"]);
    for (const part of model.parts.values()) {
      for (const mesh of part.meshes) mesh.material = this.faces[moved.has(part.path) ? "moved" : "kept"];
      for (const line of part.lines) line.material = line.geometry.groups.length ? this.edges : this.edges[0];
    }
  }

  /** Draws models (before, after; one may be missing). Whoever has no graphics card gets it jagged rather than late. */
  draw(renderer, ...seen) {
    this.drawn = (this.drawn ?? 0) + 1;
    if (this.drawn !== TRIED) return this.drawNow(renderer, ...seen);
    waitFor(renderer);
    const began = performance.now();
    this.drawNow(renderer, ...seen);
    waitFor(renderer);
    if (performance.now() - began < SLOW) return;
    for (const target of Object.values(this.targets)) {
      target.samples = 0;
      target.dispose();
    }
    this.drawNow(renderer, ...seen);
  }

  drawNow(renderer, scene, camera, models, box, colours) {
    const size = renderer.getDrawingBufferSize(new Vector2());
    const range = closeRange(camera, box);
    const pixel = (2 * Math.tan((camera.fov * Math.PI) / 360)) / size.y;
    this.lift.value = (LIFT * pixel * range.share) / range.distance;
    for (const side of sides) {
      this.targets[side].setSize(size.x, size.y);
      for (const [name, model] of Object.entries(models)) model.root.visible = name === side;
      renderer.setRenderTarget(this.targets[side]);
      renderer.render(scene, camera);
    }
    renderer.setRenderTarget(null);
    const values = {
      near: camera.near,
      far: camera.far,
      tolerance: tolerance(box.getSize(new Vector3()).length()),
      pixel,
      ratio: renderer.getPixelRatio(),
    };
    for (const [name, value] of Object.entries(values)) this.uniforms[name].value = value;
    for (const kind of kinds) this.uniforms[`${kind}Tint`].value = colours[kind];
    range.restore();
    this.quad.render(renderer);
  }

  dispose() {
    for (const side of sides) {
      this.targets[side].depthTexture.dispose();
      this.targets[side].dispose();
    }
    for (const material of [...Object.values(this.faces), ...this.edges]) material.dispose();
    this.quad.material.dispose();
    this.quad.dispose();
  }
}

/** Returns when everything that was asked for is drawn. */
function waitFor(renderer) {
  const gl = renderer.getContext();
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

/** How far, in mm, two meshes of one face may lie apart: the engine's own fineness, and a little. */
const tolerance = (size) => 1.2 * Math.min(Math.max(size / 1000, 0.005), Math.max(0.1, size / 5000));

/** Puts near and far as close around a box as can be: depths are compared, so every bit counts. */
function closeRange(camera, box) {
  const { near, far } = camera;
  const radius = box.getSize(new Vector3()).length() / 2 || 1;
  const distance = camera.position.distanceTo(box.getCenter(new Vector3()));
  camera.near = Math.max(distance - radius * 1.01, radius / 500);
  camera.far = distance + radius * 1.01;
  camera.updateProjectionMatrix();
  return {
    distance,
    share: (2 * camera.near * camera.far) / (camera.far - camera.near),
    restore() {
      Object.assign(camera, { near, far });
      camera.updateProjectionMatrix();
    },
  };
}
