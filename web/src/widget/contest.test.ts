import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../shared/http.ts";
import { Contest } from "./contest.ts";
import { copies } from "./copy.ts";
import { all, mount, one, said } from "../shared/testing.ts";

type Asked = [reason: string, address: string];

async function opened(fail?: ApiError): Promise<{ element: Contest; asked: Asked[] }> {
  const asked: Asked[] = [];
  const contest = (...given: Asked): Promise<void> => {
    asked.push(given);
    return fail ? Promise.reject(fail) : Promise.resolve();
  };
  const element = await mount(new Contest(), { contest });
  one(element, "button").click();
  await element.updateComplete;
  return { element, asked };
}

async function send(element: Contest, reason: string, address: string): Promise<void> {
  one<HTMLTextAreaElement>(element, "textarea").value = reason;
  one<HTMLInputElement>(element, "input").value = address;
  one(element, "form").dispatchEvent(new Event("submit", { cancelable: true }));
  await vi.waitFor(() => expect(element.sending).toBe(false));
  await element.updateComplete;
}

const focused = (element: Contest): string =>
  element.shadowRoot?.activeElement?.className || element.shadowRoot?.activeElement?.localName || "";

describe("<candor-contest>", () => {
  it("is one quiet button until it is pressed", async () => {
    const element = await mount(new Contest());
    expect(all(element, "button").map(said)).toEqual(["Have a human check this"]);
    expect(one(element, "button").getAttribute("aria-expanded")).toBe("false");
    expect(all(element, "form").length).toBe(0);
  });
  it("opens a form that has the focus, with a label for each field and two answers of equal weight", async () => {
    const { element } = await opened();
    expect(focused(element)).toBe("field");
    expect(all<HTMLLabelElement>(element, "label").map((label) => label.htmlFor)).toEqual(["reason", "address"]);
    expect(all(element, ".answers button").map((button) => [said(button), button.className])).toEqual([
      ["Send", "button"],
      ["Cancel", "button"],
    ]);
  });
  it("sends what was written, ends trimmed, and what was not written as nothing", async () => {
    const { element, asked } = await opened();
    await send(element, "  It is wrong. ", "");
    expect(asked).toEqual([["It is wrong.", ""]]);
    expect(all(element, "form").length).toBe(0);
  });
  it("shows the state instead, and puts the focus there when it was asked for here", async () => {
    const { element } = await opened();
    await send(element, "", "ada@example.org");
    element.state = "open";
    await element.updateComplete;
    expect([said(one(element, ".state")), focused(element)]).toEqual(["A person will check this answer.", "state"]);
    element.state = "overturned";
    await element.updateComplete;
    expect(said(one(element, ".state"))).toBe("A person checked this answer: it was wrong.");
  });
  it("takes no focus when the state came from elsewhere", async () => {
    const element = await mount(new Contest(), { state: "upheld", copy: copies.zh });
    expect([said(one(element, ".state")), focused(element)]).toEqual([copies.zh.checked.upheld, ""]);
    expect(all(element, "button").length).toBe(0);
  });
  it("says what is wanted instead of a wrong address, at the field", async () => {
    const { element, asked } = await opened();
    await send(element, "It is wrong.", "somewhere");
    expect([asked, said(one(element, "[role=alert]")), focused(element)]).toEqual([[], copies.en.contactInvalid, "field"]);
    expect(one(element, "input").getAttribute("aria-describedby")).toBe("problem");
    await send(element, "It is wrong.", "");
    expect(asked).toEqual([["It is wrong.", ""]]);
  });
  it("keeps what was written when it could not be sent, with the server's reason if it has one", async () => {
    for (const [error, sentence] of [
      [new ApiError(0, "offline", "Not reached."), copies.en.checkFailed],
      [new ApiError(400, "contact_not_understood", "Please write it like name@example.com."), "Please write it like name@example.com."],
    ] as const) {
      const { element } = await opened(error);
      await send(element, "It is wrong.", "");
      expect(said(one(element, "[role=alert]"))).toBe(sentence);
      expect(one<HTMLTextAreaElement>(element, "textarea").value).toBe("It is wrong.");
    }
  });
  it.each(["Cancel", "Escape"])("is left with %s, and the focus goes back to the button", async (way) => {
    const { element, asked } = await opened();
    const outside = vi.fn();
    document.body.addEventListener("keydown", outside, { once: true });
    if (way === "Cancel") all(element, ".answers button").at(-1)?.click();
    else one(element, "textarea").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true }));
    await vi.waitFor(() => expect(focused(element)).toBe("quiet"));
    expect([all(element, "form").length, asked, outside.mock.calls.length]).toEqual([0, [], 0]);
  });
});
