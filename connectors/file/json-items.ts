import { CrossdockError } from '../../core/sdk.ts';

const SPACE = /^[\s\uFEFF]*$/;

/**
 * Reads a JSON file as a stream: the texts of the items of its list, one after the other, in memory for one item; or the
 * one document that is no list. Items are cut out, not parsed. Throws BODY_UNREADABLE.
 */
export async function* readJsonItems(input: AsyncIterable<string>, maxChars: number): AsyncGenerator<string> {
  const cutter = new Cutter(maxChars);
  for await (const chunk of input) yield* cutter.push(chunk);
  yield* cutter.end();
}

/** Counts brackets outside strings; each comma or bracket at depth 1 ends an item. */
class Cutter {
  readonly #maxChars: number;
  #state: 'start' | 'list' | 'document' | 'end' = 'start';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #item = '';
  #count = 0;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  *push(chunk: string): Generator<string> {
    let from = 0;
    if (this.#state === 'start') {
      const first = chunk.search(/[^\s\uFEFF]/);
      if (first < 0) return;
      this.#state = chunk[first] === '[' ? 'list' : 'document';
      from = this.#state === 'list' ? first + 1 : first;
    }
    if (this.#state === 'list') {
      for (let i = from; i < chunk.length; i += 1) {
        if (!this.#endsItem(chunk.charCodeAt(i))) continue;
        yield* this.#take(chunk.slice(from, i), chunk[i] === ']');
        from = i + 1;
        if (chunk[i] !== ']') continue;
        this.#state = 'end';
        break;
      }
    }
    this.#keep(chunk.slice(from));
  }

  *end(): Generator<string> {
    if (this.#state === 'list') throw unreadable('its list does not end');
    if (this.#state === 'document') yield this.#item;
  }

  #endsItem(char: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (char === 0x5c) this.#escaped = true;
      else if (char === 0x22) this.#inString = false;
      return false;
    }
    switch (char) {
      case 0x22: // "
        this.#inString = true;
        return false;
      case 0x5b: // [
      case 0x7b: // {
        this.#depth += 1;
        return false;
      case 0x7d: // }
        this.#depth -= 1;
        return false;
      case 0x5d: // ]
        if (this.#depth === 0) return true;
        this.#depth -= 1;
        return false;
      default:
        return char === 0x2c && this.#depth === 0;
    }
  }

  *#take(rest: string, last: boolean): Generator<string> {
    this.#keep(rest);
    const item = this.#item;
    this.#item = '';
    if (SPACE.test(item)) {
      if (last && this.#count === 0) return;
      throw unreadable(`item ${this.#count + 1} is missing`);
    }
    this.#count += 1;
    yield item;
  }

  #keep(text: string): void {
    if (this.#state === 'end') {
      if (!SPACE.test(text)) throw unreadable('something follows its list');
      return;
    }
    this.#item += text;
    if (this.#item.length > this.#maxChars)
      throw unreadable(`item ${this.#count + 1} is longer than ${this.#maxChars} characters`);
  }
}

function unreadable(reason: string): CrossdockError {
  return new CrossdockError('BODY_UNREADABLE', `The JSON can not be read: ${reason}.`);
}
