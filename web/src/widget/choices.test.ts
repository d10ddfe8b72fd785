import { describe, expect, it } from "vitest";
import { Choices } from "./choices.ts";
import type { Consent, ConsentState } from "./conversation.ts";
import { heard, mount, one } from "./testing.ts";

const consent = (state: ConsentState): Consent => ({ purpose: "order_history", title: "Orders", why: "To answer.", state });

describe("<candor-choices>", () => {
  it.each(["none", "requested", "refused", "withdrawn", "expired"] as const)("is off and allows when it is %s", async (state) => {
    const choices = await mount(new Choices(), { consents: [consent(state)] });
    const chosen = heard(choices, "choose");
    expect(one(choices, "[role=switch]").getAttribute("aria-checked")).toBe("false");
    one(choices, "[role=switch]").click();
    expect(chosen).toEqual([{ purpose: "order_history", choice: "allow" }]);
  });
  it("withdraws with one tap", async () => {
    const choices = await mount(new Choices(), { consents: [consent("given")] });
    const chosen = heard(choices, "choose");
    expect(one(choices, "[role=switch]").getAttribute("aria-checked")).toBe("true");
    one(choices, "[role=switch]").click();
    expect(chosen).toEqual([{ purpose: "order_history", choice: "withdraw" }]);
  });
});
