import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../shared/http.ts";
import { currentStaff, isSignedOut, sentence, signOut } from "./session.ts";

const answer = (status: number, body: unknown = null): Response => new Response(body === null ? null : JSON.stringify(body), { status });

describe("currentStaff", () => {
  afterEach(() => vi.restoreAllMocks());

  it("gives nobody when nobody is signed in", async () => {
    vi.spyOn(globalThis, "fetch").mockResolvedValue(answer(401, { error: { code: "not_signed_in", message: "Please sign in." } }));
    expect(await currentStaff()).toBeNull();
  });
  it("does not take a broken server for signed out", async () => {
    vi.spyOn(globalThis, "fetch").mockResolvedValue(answer(503));
    await expect(currentStaff()).rejects.toBeInstanceOf(ApiError);
  });
  it("marks a write as deliberate", async () => {
    const fetch = vi.spyOn(globalThis, "fetch").mockResolvedValue(answer(204));
    await signOut();
    expect(fetch.mock.calls[0]?.[1]?.headers).toMatchObject({ "X-Candor": "1" });
  });
});

it("only a 401 counts as signed out", () => {
  expect([401, 403, 0].map((status) => isSignedOut(new ApiError(status, "c", "m")))).toEqual([true, false, false]);
});

it("sentence gives the server's words, and its own for what is no answer of the server", () => {
  expect(sentence(new ApiError(409, "already_claimed", "Mina took this conversation first."))).toBe("Mina took this conversation first.");
  expect(sentence(new TypeError("x is undefined"))).not.toContain("undefined");
});
