import { describe, expect, it, vi } from "vitest";
import { ApiError } from "./http.ts";
import { type Pending, SendQueue } from "./send-queue.ts";

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
  return { outgoing: new SendQueue({ send, changed: () => undefined, wait: rest, pauses: [500, 1500, 4000] }), calls, rest };
}

describe("The desk's queue", () => {
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
    await vi.waitFor(() => expect(outgoing.pending[0]?.reason).toBe("Mina has this conversation."));
    expect(calls.map(([, text]) => text)).toEqual(["one"]);
    outgoing.retry();
    await vi.waitFor(() => expect(calls.map(([, text]) => text)).toEqual(["one", "one", "two"]));
    expect(calls[0]?.[0]).toBe(calls[1]?.[0]);
  });
  it("stops after a few attempts and waits for the person", async () => {
    const { outgoing, calls } = setUp([offline, offline, offline, offline]);
    outgoing.add("hello");
    await vi.waitFor(() => expect(outgoing.pending[0]?.status).toBe("failed"));
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
    await vi.waitFor(() => expect(outgoing.pending[0]?.status).toBe("failed"));
    outgoing.discard(outgoing.pending[0]?.clientMessageId ?? "");
    await vi.waitFor(() => expect(calls.map(([, text]) => text)).toEqual(["one", "two"]));
  });
  it("gives back the text of a message that is taken out", async () => {
    const { outgoing } = setUp([refused]);
    outgoing.add("hello");
    await vi.waitFor(() => expect(outgoing.pending[0]?.status).toBe("failed"));
    expect(outgoing.discard(outgoing.pending[0]?.clientMessageId ?? "")).toBe("hello");
    expect(outgoing.pending).toEqual([]);
  });
});

describe("The visitor's queue", () => {
  const pending = (clientMessageId: string): Pending => ({ clientMessageId, text: "hi", shown: "hi", status: "sending" });

  it("lists what is restored twice once", () => {
    const { outgoing } = setUp();
    outgoing.put(pending("c1"));
    outgoing.put(pending("c1"));
    expect(outgoing.pending).toEqual([pending("c1")]);
  });
  it("forgets the reason of a refusal when the message is sent again", async () => {
    const { outgoing } = setUp([refused]);
    outgoing.add("hi");
    await vi.waitFor(() => expect(outgoing.pending[0]).toMatchObject({ status: "failed", reason: "Mina has this conversation." }));
    outgoing.retry(outgoing.pending[0]?.clientMessageId);
    expect([outgoing.pending[0]?.status, outgoing.pending[0]?.reason]).toEqual(["sending", undefined]);
  });
  it("stays when the echo of something else arrives", () => {
    const { outgoing } = setUp();
    outgoing.put(pending("c1"));
    outgoing.confirm("c2");
    expect(outgoing.pending.map((one) => one.clientMessageId)).toEqual(["c1"]);
  });
  it("goes on behind a refusal, where that is wanted", async () => {
    const sent: string[] = [];
    const send = (_id: string, text: string): Promise<void> =>
      text === "bad" ? Promise.reject(refused) : Promise.resolve(void sent.push(text));
    const queue = new SendQueue({ send, changed: () => undefined, skipRefused: true });
    queue.add("bad");
    queue.add("good");
    await vi.waitFor(() => expect(sent).toEqual(["good"]));
    expect(queue.pending.map(({ status }) => status)).toEqual(["failed", "sent"]);
  });
  it("tries again what was not reached, and leaves to its writer what was refused", async () => {
    const failures = [refused, offline];
    const sent: string[] = [];
    const send = (_id: string, text: string): Promise<void> => {
      const failure = failures.shift();
      return failure ? Promise.reject(failure) : Promise.resolve(void sent.push(text));
    };
    const queue = new SendQueue({ send, changed: () => undefined, skipRefused: true });
    for (const text of ["refused", "unsent", "behind"]) queue.add(text);
    await vi.waitFor(() => expect(queue.pending.map(({ status }) => status)).toEqual(["failed", "failed", "failed"]));
    queue.retryUnsent();
    await vi.waitFor(() => expect(sent).toEqual(["unsent", "behind"]));
  });
});
