// Builds static/build from static/scss, static/js and the npm packages: style sheets in both
// directions, bundles of scripts (htmx only for live pages) and the outline of the land. Knows nothing of the server.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import rtlcss from "rtlcss";
import { compile } from "sass";

import { drawLand } from "./land.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const packages = join(root, "node_modules");
const out = join(root, "static", "build");

async function buildStyles() {
  const { css } = compile(join(root, "static", "scss", "app.scss"), {
    style: "compressed",
    loadPaths: [packages],
    quietDeps: true,
  });
  await writeFile(join(out, "app.css"), css);
  await writeFile(join(out, "app.rtl.css"), rtlcss.process(css));
}

async function buildScripts() {
  await build({
    entryPoints: [join(root, "static", "js", "app.js")],
    outdir: out,
    bundle: true,
    splitting: true,
    chunkNames: "[name]-[hash]",
    format: "esm",
    minify: true,
    target: "es2020",
    legalComments: "none",
    logLevel: "warning",
  });
}

async function buildLand() {
  const topology = JSON.parse(await readFile(join(packages, "world-atlas", "land-110m.json"), "utf8"));
  const { svg, check } = drawLand(topology);
  await writeFile(join(out, "land.svg"), svg);
  await writeFile(join(out, "land.json"), JSON.stringify(check));
}

// The server adds these to the addresses, so that a browser may keep a file until it changes.
async function writeManifest() {
  const digests = {};
  for (const name of (await readdir(out)).filter((file) => file !== "manifest.json").sort()) {
    const content = await readFile(join(out, name));
    digests[name] = createHash("sha256").update(content).digest("hex").slice(0, 12);
  }
  await writeFile(join(out, "manifest.json"), JSON.stringify(digests, null, 1));
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await buildStyles();
await buildScripts();
await buildLand();
await writeManifest();
