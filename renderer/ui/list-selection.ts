/** What is selected in a list, by ID. */
export interface Selection<Id> {
  ids: ReadonlySet<Id>;
  /** The item where a range starts. */
  anchor: Id | null;
  /** The item from which the arrow keys move. */
  cursor: Id | null;
}

interface Item<Id> {
  id: Id;
}

const NOTHING: Selection<never> = { ids: new Set(), anchor: null, cursor: null };

/** @returns the same object for every list */
export function noSelection<Id>(): Selection<Id> {
  return NOTHING;
}

/** Selects one item only. */
export function selectOne<Id>(id: Id): Selection<Id> {
  return { ids: new Set([id]), anchor: id, cursor: id };
}

/** Adds an item to the selection, or removes it. */
export function toggleOne<Id>(before: Selection<Id>, id: Id): Selection<Id> {
  const ids = new Set(before.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id, cursor: id };
}

/** Selects the range from the anchor to an item. */
export function selectTo<Id>(before: Selection<Id>, items: readonly Item<Id>[], id: Id): Selection<Id> {
  const end = items.findIndex((item) => item.id === id);
  const found = items.findIndex((item) => item.id === before.anchor);
  const start = found === -1 ? end : found;
  const range = items.slice(Math.min(start, end), Math.max(start, end) + 1);
  return { ids: new Set(range.map((item) => item.id)), anchor: items[start]?.id ?? id, cursor: id };
}

export function selectAll<Id>(items: readonly Item<Id>[]): Selection<Id> {
  return { ids: new Set(items.map((item) => item.id)), anchor: items[0]?.id ?? null, cursor: items.at(-1)?.id ?? null };
}

/** The selected items, in the order of the list. Items that are not in the list do not count. */
export function selectedItems<T extends Item<unknown>>(
  selection: Selection<T['id']>,
  items: readonly T[],
): readonly T[] {
  return selection.ids.size === 0 ? [] : items.filter((item) => selection.ids.has(item.id));
}
