import { describe, expect, it } from "vitest";
import { dark, light } from "./tokens.ts";

type Name = keyof typeof light;

/** The contrast ratio of WCAG 2.2. */
function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x) as [number, number];
  return (a + 0.05) / (b + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => channel(parseInt(hex.slice(at, at + 2), 16) / 255)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

const text: [Name, Name][] = [
  ...(["bg", "surface", "raised"] as Name[]).flatMap((ground): [Name, Name][] => [
    ["ink", ground],
    ["muted", ground],
    ["accent", ground],
  ]),
  ["on-accent", "accent"],
  ["on-accent-soft", "accent-soft"],
  ["ai", "ai-soft"],
  ["human", "human-soft"],
  ["danger", "danger-soft"],
  ["danger", "bg"],
  ["danger", "surface"],
  ["warn", "warn-soft"],
  ["ink", "accent-soft"],
  ["ink", "ai-soft"],
  ["ink", "human-soft"],
];
const edges: [Name, Name][] = (["bg", "surface", "raised"] as Name[]).flatMap((ground): [Name, Name][] => [
  ["edge", ground],
  ["focus", ground],
]);

describe.each([
  ["light", light],
  ["dark", dark],
])("%s colours", (_name, values) => {
  it.each(text)("%s on %s can be read", (ink, ground) => {
    expect(contrast(values[ink], values[ground])).toBeGreaterThanOrEqual(4.5);
  });
  it.each(edges)("%s on %s can be seen", (edge, ground) => {
    expect(contrast(values[edge], values[ground])).toBeGreaterThanOrEqual(3);
  });
});
