// Bundles the editor into one committed file: node build.mjs [OUTPUT].
// The output depends on nothing but the locked packages and the sources, so that a rebuild can be compared byte for byte.
import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const output = process.argv[2] ?? fileURLToPath(new URL("../static/desk/vendor/editor.js", import.meta.url));

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["src/index.js"],
  outfile: output,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2020"],
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  banner: { js: "/* Gongkai CMS editor. Contains Tiptap, ProseMirror, linkify and w3c-keyname (MIT). Built from cms/editor. */" },
});

// The licences ask that their notice travels with every copy: one text for each different notice, with its packages.
const packages = new Set(Object.keys(metafile.inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean));
const notices = new Map();
for (const name of [...packages].sort()) {
  const folder = join(here, "node_modules", name);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const notice = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${about.license}`;
  notices.set(notice, [...(notices.get(notice) ?? []), `${name} ${about.version}`]);
}
const text = [...notices].map(([notice, names]) => `${names.join("\n")}\n\n${notice}\n`).join(`\n${"-".repeat(72)}\n\n`);
writeFileSync(output.replace(/\.js$/, ".LICENSES.txt"), text);
