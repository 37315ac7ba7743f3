/** A Map in the order of use. */
export class LRUCache<K, V> {
  readonly #values = new Map<K, V>();
  readonly #max: number;

  constructor({ max }: { readonly max: number }) {
    this.#max = max;
  }

  get(key: K): V | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, value);
    }
    return value;
  }

  set(key: K, value: V): this {
    this.#values.delete(key);
    this.#values.set(key, value);
    const oldest = this.#values.keys().next();
    if (this.#values.size > this.#max && !oldest.done) this.#values.delete(oldest.value);
    return this;
  }

  has(key: K): boolean {
    return this.#values.has(key);
  }

  delete(key: K): boolean {
    return this.#values.delete(key);
  }
}
