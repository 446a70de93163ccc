/**
 * A value that is created on first access. The build uses it instead of the package `lazy-val`, a dependency of
 * electron-updater that ships without a licence text (vite.config.ts). Same interface as that package.
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
