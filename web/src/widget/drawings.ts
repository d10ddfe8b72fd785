/** The loader's two drawings. Built node by node: pages with a Trusted Types policy refuse markup from text. */

type Shape = [tag: string, attributes: Record<string, string>];

/** Candor's mark: a square (the machine) and a circle (a person), speaking together. */
export const mark = (): SVGElement =>
  drawing(28, 26, [
    [
      "path",
      {
        d: "M6.5 3h9A3.5 3.5 0 0 1 19 6.500v6a3.5 3.5 0 0 1-3.5 3.500H9.800L5 19.600V16A3.5 3.5 0 0 1 3 12.500v-6A3.5 3.5 0 0 1 6.5 3z",
        fill: "currentColor",
        stroke: "none",
      },
    ],
    ["circle", { cx: "18.6", cy: "17.4", r: "6.6", fill: "var(--accent)", "stroke-width": "2" }],
  ]);

export const closeIcon = (): SVGElement =>
  drawing(24, 20, [["path", { d: "M6 6l12 12M18 6L6 18", "stroke-width": "1.9", "stroke-linecap": "round" }]]);

function drawing(box: number, size: number, shapes: Shape[]): SVGElement {
  const svg = node([
    "svg",
    { viewBox: `0 0 ${box} ${box}`, width: `${size}`, height: `${size}`, "aria-hidden": "true", focusable: "false" },
  ]);
  svg.append(...shapes.map(node));
  return svg;
}

function node([tag, attributes]: Shape): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
