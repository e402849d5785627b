// Renderer, scene, light and the loop that draws only when something changed. One unit is one millimetre, Z is up.
import { DirectionalLight, Group, HemisphereLight, Scene, WebGLRenderer } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { word } from "../js/words.js";
import { Cameras } from "./camera.js";
import { readColours } from "./colours.js";

export const FOOT = 52; // px: the row of buttons at the foot
const SHARPEST = 2; // device pixels per pixel: above 2 the eye gains nothing and a phone pays four times

export class Stage {
  /** Builds into element; throws when there is no WebGL. */
  constructor(element, label) {
    this.element = element;
    this.renderer = new WebGLRenderer({
      antialias: true,
      alpha: true,
      stencil: true,
      powerPreference: "low-power",
    });
    this.renderer.setClearColor(0x000000, 0);
    this.renderer.localClippingEnabled = true;
    this.canvas = this.renderer.domElement;
    this.canvas.tabIndex = 0;
    // Keys are handled here, so assistive software must hand them on.
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", word("viewer-label", { label }));
    element.append(this.canvas);
    this.scene = new Scene();
    this.colours = readColours();
    this.cameras = new Cameras(() => this.draw());
    this.addLight();
    this.addControls();
    this.beforeDraw = new Set();
    this.passes = null;
    this.watch();
  }

  /** A soft sky, and a key light that travels with the eye so that no view is dark. */
  addLight() {
    const sky = new HemisphereLight(0xffffff, 0x8d887d, 1.75);
    sky.position.set(0, 0, 1);
    this.scene.add(sky);
    this.lamps = new Group();
    const key = new DirectionalLight(0xffffff, 1.9);
    key.position.set(-0.55, 0.8, 1);
    const fill = new DirectionalLight(0xffffff, 0.45);
    fill.position.set(0.9, -0.2, 0.5);
    this.lamps.add(key, key.target, fill, fill.target);
    this.scene.add(this.lamps);
  }

  addControls() {
    const controls = new OrbitControls(this.cameras.active, this.canvas);
    controls.zoomSpeed = 1.2;
    controls.zoomToCursor = true;
    controls.addEventListener("change", () => {
      this.cameras.updateDepth();
      this.draw();
    });
    controls.addEventListener("start", () => this.cameras.stop());
    this.controls = controls;
    this.cameras.controls = controls;
    // OrbitControls forbids scrolling over the canvas; the style sheet says when a finger scrolls and when it turns.
    this.canvas.style.touchAction = "";
  }

  watch() {
    this.resizing = new ResizeObserver(() => this.resize());
    this.resizing.observe(this.element);
    this.onTheme = () => {
      this.colours = readColours();
      this.element.dispatchEvent(new Event("viewer:theme"));
      this.draw();
    };
    document.addEventListener("theme:changed", this.onTheme);
    this.watchWheel();
    this.resize();
  }

  /** The wheel zooms once the pointer has moved over the stage; a page that is merely scrolled past goes on scrolling. */
  watchWheel() {
    let moved = false;
    this.onScroll = () => (moved = false);
    window.addEventListener("scroll", this.onScroll, { passive: true });
    this.canvas.addEventListener(
      "pointermove",
      (event) => (moved ||= event.movementX !== 0 || event.movementY !== 0),
    );
    this.canvas.addEventListener("pointerleave", () => (moved = false));
    this.element.addEventListener(
      "wheel",
      (event) => {
        if (event.target === this.canvas && !moved && !event.ctrlKey) event.stopPropagation();
      },
      { capture: true, passive: true },
    );
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!width || !height) return;
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, SHARPEST));
    this.renderer.setSize(width, height, false);
    this.cameras.setSize(width, height, {
      foot: this.element.hasAttribute("bare") ? 0 : FOOT,
      side: this.side ?? 0,
    });
    this.size = { width, height };
    this.drawNow();
  }

  /** Keeps a strip at the left free, in pixels: the list of parts stands there. */
  keepFree(side) {
    this.side = side;
    this.resize();
  }

  /** Asks for a frame. */
  draw() {
    this.frame ??= requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    if (!this.size || this.gone) return;
    const camera = this.cameras.active;
    camera.updateMatrixWorld();
    this.lamps.quaternion.copy(camera.quaternion);
    for (const step of this.beforeDraw) step(camera, this.size);
    if (this.passes) this.passes(this.renderer, this.scene, camera, this.size);
    else this.renderer.render(this.scene, camera);
  }

  /** Gives everything back to the graphics card. */
  dispose() {
    this.gone = true;
    cancelAnimationFrame(this.frame);
    this.resizing.disconnect();
    document.removeEventListener("theme:changed", this.onTheme);
    window.removeEventListener("scroll", this.onScroll);
    this.cameras.stop();
    this.controls.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.canvas.remove();
  }
}
