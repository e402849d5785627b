// What tells colours apart where colours alone do not: what was taken away is striped.

/** GLSL: how much of a stripe, 0…1, is at a place in CSS pixels. */
export const stripes = `
  float striped(vec2 at) {
    float along = abs(fract((at.x + at.y) / 9.0) - 0.5) * 9.0;
    return smoothstep(0.6, 1.6, along - 1.6);
  }`;

/** Stripes the faces drawn with a material. */
export function stripe(material, ratio) {
  material.onBeforeCompile = (shader) => {
    shader.fragmentShader = shader.fragmentShader
      .replace("void main() {", `${stripes}\nvoid main() {`)
      .replace(
        "#include <dithering_fragment>",
        `#include <dithering_fragment>
         gl_FragColor.rgb *= 1.0 - 0.35 * striped(gl_FragCoord.xy / ${ratio.toFixed(2)});`,
      );
  };
  material.customProgramCacheKey = () => `striped ${ratio}`;
}
