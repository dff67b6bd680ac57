/** The method that a call runs. */
export const invoke: unique symbol = Symbol('dl.invoke');

/**
 * An object that is a function as well: `new` gives an arrow function with the class's prototype. Subclass fields, private ones too,
 * land on it, since a derived class initialises what `super()` returned. The function's own `name` and `length` are
 * removed, so that fields may have these names, and its methods are the class's alone (`apply` is `Module`'s).
 */
export abstract class Callable {
  constructor() {
    const callable: Callable = Object.setPrototypeOf((...args: readonly unknown[]) => callable[invoke](args), new.target.prototype);
    Reflect.deleteProperty(callable, 'name');
    Reflect.deleteProperty(callable, 'length');
    // biome-ignore lint/correctness/noConstructorReturn: returning another object is the point; see above.
    return callable;
  }

  protected abstract [invoke](args: readonly unknown[]): unknown;
}
