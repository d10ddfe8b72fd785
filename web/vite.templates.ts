/** Takes the indentation out of Lit's templates and of style sheets: a visitor's browser need not load it. */
import type { Plugin, Rollup } from "vite";

const TAGS = new Set(["html", "svg", "css"]);

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

export const shortTemplates: Plugin = {
  name: "short-templates",
  apply: "build",
  enforce: "post",
  transform(this: Rollup.TransformPluginContext, code: string, id: string) {
    if (!id.includes("/src/") || !code.includes("`")) return null;
    const edits: [Node, string][] = [];
    walk(this.parse(code) as unknown as Node, id.endsWith(".styles.ts"), edits);
    edits.sort(([one], [other]) => other.start - one.start);
    const short = edits.reduce((text, [part, instead]) => text.slice(0, part.start) + instead + text.slice(part.end), code);
    return { code: short, map: null };
  },
};

function walk(node: Node, stylesOnly: boolean, edits: [Node, string][]): void {
  const tag = node.type === "TaggedTemplateExpression" && String((node["tag"] as Node)["name"]);
  const template = tag && TAGS.has(tag) ? (node["quasi"] as Node) : stylesOnly && node.type === "TemplateLiteral" ? node : null;
  if (template) shorten(template, tag === "css" || stylesOnly, edits);
  for (const child of Object.values(template ? (template["expressions"] as Node[]) : node).flat()) {
    if (child && typeof (child as Node).type === "string") walk(child as Node, stylesOnly, edits);
  }
}

function shorten(template: Node, css: boolean, edits: [Node, string][]): void {
  for (const part of template["quasis"] as Node[]) {
    const raw = (part["value"] as { raw: string }).raw;
    edits.push([part, css ? shortCss(raw) : raw.replace(/\s*\n\s*/g, " ")]);
  }
}

const shortCss = (css: string): string =>
  css
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/: /g, ":")
    .replace(/;}/g, "}")
    .replace(/(?<![\d.])0\./g, ".");
