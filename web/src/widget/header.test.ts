import { describe, expect, it } from "vitest";
import { Header } from "./header.ts";
import { all, heard, mount, one, said } from "../shared/testing.ts";

describe("<candor-header>", () => {
  it("says that an AI speaks, and for whom", async () => {
    const header = await mount(new Header(), { company: "Fern & Hale" });
    expect(said(one(header, ".speaker"))).toBe("AI assistant of Fern & Hale AI Not a person");
  });
  it("says which person speaks", async () => {
    const header = await mount(new Header(), { owner: "human", humanName: "Mina" });
    expect(said(one(header, ".speaker"))).toBe("Mina, a person Human The AI is silent meanwhile");
    expect(all(header, ".tag.ai").length).toBe(0);
  });
  it.each(["", "expired", "withdrawn", "returned", "closed"])(
    "has the way to a human in sight when the request is '%s'",
    async (handoffState) => {
      const header = await mount(new Header(), { handoffState });
      const asked = heard(header, "candor-human");
      one(header, "button.human").click();
      expect(asked.length).toBe(1);
    },
  );
  it("does not offer to ask twice", async () => {
    const header = await mount(new Header(), { handoffState: "queued" });
    expect([all(header, "button.human").length, said(one(header, ".state"))]).toEqual([0, "A person has been asked"]);
  });
});
