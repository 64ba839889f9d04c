interface Point { x: number; y?: string }
type Pair<T> = [T, T];
export abstract class Store<T> implements Iterable<T> {
  private readonly items: T[] = [];
  // nothing yet
  static from(x: unknown): boolean { return x === undefined; }
}
enum Color { Red = 1, Green }
const name = `a${1 + 2}b`;
