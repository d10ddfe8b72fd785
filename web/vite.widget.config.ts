/**
 * Builds the widget: classic scripts with their styles inside. `widget.js` is the loader, which is all that a page loads
 * before its visitor opens the chat; `assets/widget-chat-….js` is the rest, one script a language. Fails when they grow too large.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, defineConfig, type InlineConfig, type Plugin, type Rollup } from "vite";
import { shortTemplates } from "./vite.templates.ts";

/** Bytes, gzipped: 15 and 38 KiB. */
const LOADER_LIMIT = 15 * 1024;
const WHOLE_LIMIT = 38 * 1024;

/** Styles of the loader and of the page /privacy. */
const NOT_IN_THE_CHAT = new Set(["widget.styles.ts", "page.styles.ts"]);

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const script = (entry: string, fileName: string): InlineConfig => ({
  root: here("."),
  publicDir: false,
  build: {
    outDir: "../bot/static",
    emptyOutDir: false,
    reportCompressedSize: false,
    target: "es2022",
    rollupOptions: { input: here(entry), output: { format: "iife", entryFileNames: fileName } },
  },
});

/** The copy of the other languages is left out: modules `copy.….ts` all resolve to those of `language`. */
const only = (language: string): Plugin => ({
  name: "only-one-language",
  enforce: "pre",
  resolveId(source, importer) {
    const [, path] = /^(\.\/.*copy\.)\w\w\.ts$/.exec(source) ?? [];
    return path && importer ? resolve(dirname(importer), `${path}${language}.ts`) : null;
  },
});

/** Copy and styles come before the code, side by side: they compress better among their like, by 1.4 KB. */
const alikeFirst: Plugin = {
  name: "alike-first",
  transform(code, id) {
    if (!id.endsWith("/chat.entry.ts")) return null;
    const modules = ["shared", "privacy", "widget"].flatMap((folder) =>
      readdirSync(here(`src/${folder}`))
        .filter((name) => /^copy\.ts$|\.styles\.ts$/.test(name) && !NOT_IN_THE_CHAT.has(name))
        .map((name) => `import "../${folder}/${name}";\n`),
    );
    return { code: modules.sort().join("") + code, map: null };
  },
};

async function buildChat(language: string): Promise<string> {
  const config = script("src/widget/chat.entry.ts", `assets/widget-chat-${language}-[hash].js`);
  const built = await build({ ...config, plugins: [only(language), alikeFirst, shortTemplates], configFile: false });
  return (Array.isArray(built) ? built : [built as Rollup.RollupOutput])[0]!.output[0].fileName;
}

const size = (name: string): number => gzipSync(readFileSync(here(`../bot/static/${name}`)), { level: 9 }).length;

const checkSizes = (chats: string[]): Plugin => ({
  name: "check-sizes",
  writeBundle(): void {
    const loader = size("widget.js");
    const whole = loader + Math.max(...chats.map(size));
    console.log(`The widget, gzipped: ${loader} bytes before the chat is opened, ${whole} in all.`);
    if (loader > LOADER_LIMIT || whole > WHOLE_LIMIT) throw new Error(`The limits are ${LOADER_LIMIT} and ${WHOLE_LIMIT} bytes.`);
  },
});

export default defineConfig(async () => {
  const [en, zh] = [await buildChat("en"), await buildChat("zh")];
  const loader = script("src/widget/index.ts", "widget.js");
  return { ...loader, define: { CANDOR_CHAT: JSON.stringify({ en, zh }) }, plugins: [shortTemplates, checkSizes([en, zh])] };
});
