/**
 * The order of what was said. The same item can come twice (with the first call, by replay, after a reconnect): it is listed
 * once. The number of its event, where known, gives the order; what has none yet follows in the order it came.
 */
export interface Placed {
  key: string;
  eventId: number | null;
}

/** `items` with `item` in its place; one of the same key is replaced, and its event's number kept when the new one has none. */
export function place<T extends Placed>(items: readonly T[], item: T): readonly T[] {
  const known = items.find(({ key }) => key === item.key);
  const placed = { ...item, eventId: item.eventId ?? known?.eventId ?? null } as T;
  const all = known ? items.map((one) => (one === known ? placed : one)) : [...items, placed];
  return all.sort((one, other) => (one.eventId ?? Infinity) - (other.eventId ?? Infinity) || 0);
}
