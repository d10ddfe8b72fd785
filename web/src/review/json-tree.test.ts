import { afterEach, expect, it } from "vitest";
import { JsonTree } from "./json-tree.ts";

afterEach(() => document.body.replaceChildren());

it("folds what is nested, leaves out nothing, and shows markup as text", async () => {
  const tree = new JsonTree();
  tree.value = { text: "<img src=x>", gpc: false, nothing: null, list: [{ name: "a" }], empty: {} };
  document.body.append(tree);
  await tree.updateComplete;
  const root = tree.shadowRoot!;
  expect(root.querySelectorAll("details").length).toBe(2);
  expect(root.querySelector("img")).toBeNull();
  expect([...root.querySelectorAll(".key")].map((key) => key.textContent)).toEqual([
    "text",
    "gpc",
    "nothing",
    "list",
    "0",
    "name",
    "empty",
  ]);
});
