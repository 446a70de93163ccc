/**
 * A value that is made when it is first asked for. In the build it stands in the place of the package `lazy-val`, which
 * electron-updater uses and which brings no licence text to carry along (vite.config.ts); the shape is that package's.
 */
export class Lazy<T> {
  #make: (() => T) | null;
  #value: T | undefined;

  constructor(make: () => T) {
    this.#make = make;
  }

  get hasValue(): boolean {
    return this.#make === null;
  }

  get value(): T {
    if (this.#make !== null) this.value = this.#make();
    return this.#value as T;
  }

  set value(value: T) {
    this.#value = value;
    this.#make = null;
  }
}
