/** Timers by name: setting one again replaces it. */
export interface NamedTimers<Name extends string> {
  set(name: Name, ms: number): void;
  clear(name: Name): void;
}

/** @param fire called with the name of each timer that is due */
export function createNamedTimers<Name extends string>(fire: (name: Name) => void): NamedTimers<Name> {
  const timers = new Map<Name, ReturnType<typeof setTimeout>>();
  const clear = (name: Name): void => {
    clearTimeout(timers.get(name));
    timers.delete(name);
  };
  return {
    clear,
    set(name, ms) {
      clear(name);
      timers.set(
        name,
        setTimeout(() => {
          timers.delete(name);
          fire(name);
        }, ms),
      );
    },
  };
}
