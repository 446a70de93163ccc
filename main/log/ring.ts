/** A ring buffer: keeps the newest `capacity` items in order of arrival. */
export interface Ring<Item> {
  push(item: Item): void;
  /** Oldest first; a copy. */
  toArray(): Item[];
}

export function createRing<Item>(capacity: number): Ring<Item> {
  const items: Item[] = [];
  /** Index of the oldest item once the ring is full; the next item replaces it. */
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
