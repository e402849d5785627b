// Bundles the browser side of OpenDesign into ../static with content-hash names and a manifest.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");
const watching = process.argv.includes("--watch");

const shared = {
  absWorkingDir: here,
  outdir: out,
  bundle: true,
  minify: !watching,
  metafile: true,
  logLevel: "warning",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "file" },
  legalComments: "none",
};

const bundles = [
  {
    ...shared,
    format: "esm",
    splitting: true,
    entryPoints: { app: "js/app.js", viewer: "viewer/index.js", editor: "editor/index.js" },
  },
  { ...shared, format: "iife", entryPoints: { theme: "js/theme.js" } },
  { ...shared, entryPoints: { app: "css/app.css" } },
];

/** Writes the SVG sprite of the icons that icons.json names and returns its file name. */
function writeSprite() {
  const names = JSON.parse(readFileSync(join(here, "icons.json"), "utf8"));
  const set = JSON.parse(readFileSync(join(here, "node_modules/@iconify-json/lucide/icons.json"), "utf8"));
  const symbols = names.map((name) => {
    const alias = set.aliases?.[name]?.parent;
    const icon = set.icons[name] ?? set.icons[alias];
    if (!icon) throw new Error(`icons.json: lucide has no icon called "${name}"`);
    // What every line repeats, .icon says once in the style sheet.
    const body = icon.body.replaceAll(
      / (fill="none"|stroke="currentColor"|stroke-line(cap|join)="round"|stroke-width="2")/g,
      "",
    );
    return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
  });
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  return writeHashed("icons", ".svg", sprite);
}

function writeHashed(name, ending, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const file = `${name}-${hash}${ending}`;
  writeFileSync(join(out, file), content);
  return file;
}

/** Reads from esbuild's metafiles which source became which file: {"app.css": "app-ABCD1234.css", …}. */
function namesOf(results) {
  const names = {};
  const written = new Set();
  for (const { metafile } of results) {
    for (const [path, output] of Object.entries(metafile.outputs)) {
      const file = relative(out, join(here, path));
      written.add(file);
      const ending = file.slice(file.lastIndexOf("."));
      const plain = basename(file, ending).replace(/-[A-Z0-9]{8}$/, "") + ending;
      if (output.entryPoint || ending === ".woff2" || ending === ".svg") names[plain] = file;
    }
  }
  return { names, written };
}

/** Stores a gzip copy beside every text file, so that the server need not compress on each request. */
function compress(files) {
  const packed = [];
  for (const file of files.filter((name) => /\.(js|css|svg)$/.test(name))) {
    writeFileSync(join(out, `${file}.gz`), gzipSync(readFileSync(join(out, file)), { level: 9 }));
    packed.push(`${file}.gz`);
  }
  return packed;
}

async function build() {
  mkdirSync(out, { recursive: true });
  const results = [];
  for (const options of bundles) results.push(await esbuild.build(options));
  const { names, written } = namesOf(results);
  for (const [name, source] of [
    ["icons.svg", writeSprite()],
    ["logo.svg", writeLogo()],
  ]) {
    names[name] = source;
    written.add(source);
  }
  for (const file of compress([...written])) written.add(file);
  const sorted = Object.fromEntries(Object.entries(names).sort());
  writeFileSync(join(out, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
  written.add("manifest.json").add("stamp");
  // The old files go last: a page that is being served meanwhile still finds what it names.
  for (const file of readdirSync(out)) if (!written.has(file)) rmSync(join(out, file), { recursive: true });
  return sorted;
}

function writeLogo() {
  return writeHashed("logo", ".svg", readFileSync(join(here, "logo.svg")));
}

function report(names) {
  const kilobytes = (file) => (statSync(join(out, file)).size / 1000).toFixed(1).padStart(7);
  for (const [name, file] of Object.entries(names)) {
    const packed = /\.(js|css|svg)$/.test(file) ? `${kilobytes(`${file}.gz`)} kB gz` : "";
    console.log(`  ${name.padEnd(44)} ${kilobytes(file)} kB ${packed}`);
  }
}

report(await build());
if (watching) {
  const { watch } = await import("node:fs");
  let timer;
  watch(here, { recursive: true }, (_event, file) => {
    if (!/^(css|js|viewer|editor|icons|logo)/.test(file ?? "")) return;
    clearTimeout(timer);
    timer = setTimeout(
      () =>
        build().then(
          () => console.log("built"),
          (error) => console.error(error.message),
        ),
      80,
    );
  });
}
