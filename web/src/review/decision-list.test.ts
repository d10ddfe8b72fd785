import { afterEach, describe, expect, it } from "vitest";
import { all, heard, mount, one, said } from "../shared/testing.ts";
import { DecisionList } from "./decision-list.ts";
import { summary } from "./samples.ts";

const rows = [
  summary(),
  summary({ decision_id: "dec_2", verdict: "wrong", contest: "open" }),
  summary({ decision_id: "dec_3", confidence: null }),
];
const list = (more: Partial<DecisionList> = {}): Promise<DecisionList> => mount(new DecisionList(), { decisions: rows, ...more });

describe("DecisionList", () => {
  afterEach(() => document.body.replaceChildren());

  it("gives each decision a real address that keeps filters and queue", async () => {
    const element = await list({ filters: { kind: "gate" }, queue: "random" });
    expect(one<HTMLAnchorElement>(element, "a").getAttribute("href")).toBe("/review?kind=gate&queue=random&decision=dec_1");
  });
  it("says in words what the marks of a row mean", async () => {
    const marks = all(await list(), "li").map((row) => said(row.querySelector(".marks")));
    expect(marks).toEqual(["", "✗Reviewed: wrong !Contested by the visitor, not decided yet", ""]);
  });
  it("opens on a plain click and leaves the others to the browser", async () => {
    const element = await list();
    const opened = heard<string>(element, "candor-open");
    const [first, second] = all(element, "a");
    first!.dispatchEvent(new MouseEvent("click", { cancelable: true }));
    second!.dispatchEvent(new MouseEvent("click", { cancelable: true, ctrlKey: true }));
    expect(opened).toEqual(["dec_1"]);
  });
  it("moves from the open decision on, and asks for more at the end", async () => {
    const element = await list({ selected: "dec_2", more: true });
    const asked = heard(element, "candor-more");
    element.move(1);
    expect((element.shadowRoot?.activeElement as HTMLElement).dataset["id"]).toBe("dec_3");
    expect(asked.length).toBe(1);
  });
  it("marks the open decision for screen readers", async () => {
    const element = await list({ selected: "dec_2" });
    expect(all(element, "[aria-current]").map((row) => row.dataset["id"])).toEqual(["dec_2"]);
  });
  it("can be stopped while it looks for older ones", async () => {
    const element = await list({ busy: true, more: true });
    const halted = heard(element, "candor-halt");
    one(element, ".end button").click();
    expect(halted.length).toBe(1);
  });
});
