import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../ui/http.ts";
import { Outgoing } from "./outgoing.ts";

const offline = new ApiError(0, "offline", "The server could not be reached.");
const refused = new ApiError(409, "not_yours", "Mina has this conversation.");

/** A server that fails as told, then accepts. */
function setUp(failures: ApiError[] = []) {
  const calls: [string, string][] = [];
  const rest = vi.fn(() => Promise.resolve());
  const send = (id: string, text: string): Promise<void> => {
    calls.push([id, text]);
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve();
  };
  return { outgoing: new Outgoing(send, () => undefined, rest), calls, rest };
}

describe("Outgoing", () => {
  it("resends under the same id when the connection fails", async () => {
    const { outgoing, calls, rest } = setUp([offline, offline]);
    outgoing.add("hello");
    await vi.waitFor(() => expect(calls.length).toBe(3));
    expect(new Set(calls.map(([id]) => id)).size).toBe(1);
    expect(rest).toHaveBeenCalledTimes(2);
  });
  it("keeps a message in sight until the server has shown it", async () => {
    const { outgoing, calls } = setUp();
    outgoing.add("hello");
    await vi.waitFor(() => expect(calls.length).toBe(1));
    const id = outgoing.pending[0]?.clientMessageId ?? "";
    outgoing.confirm(id);
    expect(outgoing.pending).toEqual([]);
  });
  it("sends in order, and holds back what stands behind a failure", async () => {
    const { outgoing, calls } = setUp([refused]);
    outgoing.add("one");
    outgoing.add("two");
    await vi.waitFor(() => expect(outgoing.pending[0]?.trouble).toBe("Mina has this conversation."));
    expect(calls.map(([, text]) => text)).toEqual(["one"]);
    outgoing.retry();
    await vi.waitFor(() => expect(calls.map(([, text]) => text)).toEqual(["one", "one", "two"]));
    expect(calls[0]?.[0]).toBe(calls[1]?.[0]);
  });
  it("stops after a few attempts and waits for the person", async () => {
    const { outgoing, calls } = setUp([offline, offline, offline, offline]);
    outgoing.add("hello");
    await vi.waitFor(() => expect(outgoing.pending[0]?.trouble).not.toBe(""));
    expect(calls.length).toBe(4);
  });
  it("does not resend what arrived although its answer was lost", async () => {
    const { outgoing, calls, rest } = setUp([offline]);
    rest.mockImplementation(() => {
      outgoing.confirm(outgoing.pending[0]?.clientMessageId ?? "");
      return Promise.resolve();
    });
    outgoing.add("hello");
    await vi.waitFor(() => expect(outgoing.pending).toEqual([]));
    await Promise.resolve();
    expect(calls.length).toBe(1);
  });
  it("lets the next one go when the one before it is taken out", async () => {
    const { outgoing, calls } = setUp([refused]);
    outgoing.add("one");
    outgoing.add("two");
    await vi.waitFor(() => expect(outgoing.pending[0]?.trouble).not.toBe(""));
    outgoing.discard(outgoing.pending[0]?.clientMessageId ?? "");
    await vi.waitFor(() => expect(calls.map(([, text]) => text)).toEqual(["one", "two"]));
  });
  it("gives back the text of a message that is taken out", async () => {
    const { outgoing } = setUp([refused]);
    outgoing.add("hello");
    await vi.waitFor(() => expect(outgoing.pending[0]?.trouble).not.toBe(""));
    expect(outgoing.discard(outgoing.pending[0]?.clientMessageId ?? "")).toBe("hello");
    expect(outgoing.pending).toEqual([]);
  });
});
