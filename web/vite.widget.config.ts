/** Builds the widget: one classic script, styles inside, that asks for nothing else. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  publicDir: false,
  build: {
    outDir: "../bot/static",
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "src/widget/index.ts", name: "CandorWidget", formats: ["iife"], fileName: () => "widget.js" },
  },
});
