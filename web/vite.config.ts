/** Builds the pages (demo shop, desk, review, privacy centre) into ../bot/static and runs the unit tests. */
import { copyFileSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { shortTemplates } from "./vite.templates.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const gateway = process.env["CANDOR_URL"] ?? "http://127.0.0.1:8000";
const pages = ["demo", "desk", "review", "privacy"].filter((name) => existsSync(`${root}${name}.html`));

/** The API's page at /docs, served from here: no page of ours loads anything from elsewhere. */
const apiPage = {
  name: "api-page",
  writeBundle(): void {
    for (const file of ["swagger-ui-bundle.js", "swagger-ui.css"])
      copyFileSync(`${root}node_modules/swagger-ui-dist/${file}`, `${root}../bot/static/assets/${file}`);
  },
};

export default defineConfig({
  root,
  plugins: [apiPage, shortTemplates],
  base: "/",
  publicDir: false,
  build: {
    outDir: "../bot/static",
    emptyOutDir: true, // the widget's build comes second and keeps what it finds
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: { input: Object.fromEntries(pages.map((name) => [name, `${root}${name}.html`])) },
  },
  server: { host: "127.0.0.1", proxy: Object.fromEntries(["/api", "/demo/", "/widget.js", "/assets/"].map((path) => [path, gateway])) },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
});
