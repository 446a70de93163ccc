/** Keeps the newest `capacity` items, in the order in which they came. */
export interface Ring<Item> {
  push(item: Item): void;
  /** Oldest first; a copy. */
  toArray(): Item[];
}

export function createRing<Item>(capacity: number): Ring<Item> {
  const items: Item[] = [];
  /** Where the next item goes once the ring is full: on the oldest. */
  let next = 0;
  return {
    push(item) {
      if (items.length < capacity) {
        items.push(item);
        return;
      }
      items[next] = item;
      next = (next + 1) % capacity;
    },
    toArray: () => [...items.slice(next), ...items.slice(0, next)],
  };
}
