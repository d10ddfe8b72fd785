/**
 * The decisions in the list: those that fit the filters, page after page, or those of a queue.
 *
 * A page can be short or empty although older ones follow, because each call examines a bounded number of records; then the
 * next one is asked for at once, until enough has come or somebody says stop.
 */
import type { ReviewQueue, DecisionSummary } from "../shared/api.ts";
import { fetchDecisions, fetchQueue, PAGE_SIZE } from "./api.ts";
import type { Filters } from "./filters.ts";

const ENOUGH = PAGE_SIZE / 2;

export class Feed {
  decisions: DecisionSummary[] = [];
  /** There may be more to load. */
  more = false;
  busy = false;
  /** Of the queue; "" for the filtered list. */
  title = "";
  explanation = "";
  #filters: Filters = {};
  #queue = "";
  #cursor = "";
  #sample: ReviewQueue | null = null;
  #asking = new AbortController();

  /** `changed` is called after each change, `failed` with what a call threw. */
  constructor(
    private readonly changed: () => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** From the newest on; the queue's when one is named, from `sample` on when the reader has seen that. */
  async load(filters: Filters, queue: string, sample: ReviewQueue | null = null): Promise<void> {
    this.#filters = filters;
    this.#queue = queue;
    this.#sample = sample;
    this.#cursor = "";
    Object.assign(this, { decisions: [], title: "", explanation: "", more: false });
    await this.loadMore();
  }

  async loadMore(): Promise<void> {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    this.#turn(true);
    try {
      await (this.#queue ? this.#addQueue(signal) : this.#addPages(signal));
    } catch (error) {
      if (signal.aborted) return;
      this.failed(error);
    }
    this.#turn(false);
  }

  /** Ends a search that goes on; what has come stays. */
  stop(): void {
    this.#asking.abort();
    this.#turn(false);
  }

  /** Shows in its row what has become of a decision. */
  mark(id: string, marks: Partial<DecisionSummary>): void {
    this.decisions = this.decisions.map((one) => (one.decision_id === id ? { ...one, ...marks } : one));
    this.changed();
  }

  /** The one after `id`; the first one when it is not in the list; undefined at the end. */
  after(id: string): DecisionSummary | undefined {
    return this.decisions[this.decisions.findIndex((one) => one.decision_id === id) + 1];
  }

  async #addPages(signal: AbortSignal): Promise<void> {
    const wanted = this.decisions.length + ENOUGH;
    do {
      const page = await fetchDecisions(this.#filters, this.#cursor, signal);
      signal.throwIfAborted();
      this.#cursor = page.next_cursor ?? "";
      this.more = page.more && this.#cursor !== "";
      this.decisions = [...this.decisions, ...page.decisions];
      this.changed();
    } while (this.more && this.decisions.length < wanted);
  }

  async #addQueue(signal: AbortSignal): Promise<void> {
    const page = this.#sample ?? (await fetchQueue(this.#queue, signal));
    signal.throwIfAborted();
    this.#sample = null;
    const known = new Set(this.decisions.map((one) => one.decision_id));
    const fresh = page.decisions.filter((one) => !known.has(one.decision_id));
    Object.assign(this, { title: page.title, explanation: page.explanation, more: fresh.length > 0 });
    this.decisions = [...this.decisions, ...fresh];
    this.changed();
  }

  #turn(busy: boolean): void {
    this.busy = busy;
    this.changed();
  }
}
