/** A ring buffer: keeps the newest items in order of arrival. */
export interface Ring<Item> {
  push(item: Item): void;
  readonly length: number;
  /** The item at a position, from the oldest. */
  at(index: number): Item | undefined;
  /** Oldest first; a copy. */
  toArray(): Item[];
}

/**
 * @param capacity maximum number of items
 * @param weight the maximum weight of all items together, and the weight of one
 */
export function createRing<Item>(capacity: number, weight: { max: number; weigh: (item: Item) => number }): Ring<Item> {
  /** Those before the oldest are empty, and removed together once there are as many as the ring may have items. */
  let items: (Item | undefined)[] = [];
  /** Index of the oldest item. */
  let first = 0;
  let total = 0;
  return {
    push(item) {
      items.push(item);
      total += weight.weigh(item);
      while (items.length - first > capacity || total > weight.max) {
        total -= weight.weigh(items[first] as Item);
        items[first++] = undefined;
      }
      if (first >= capacity) {
        items = items.slice(first);
        first = 0;
      }
    },
    get length() {
      return items.length - first;
    },
    at: (index) => (index < 0 ? undefined : items[first + index]),
    toArray: () => items.slice(first) as Item[],
  };
}
