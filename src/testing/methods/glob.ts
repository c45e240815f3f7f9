/** A pattern that the server cannot read. */
export class GlobError extends Error {
  override readonly name = "GlobError";
}

/**
 * Compiles a pattern for channel names: `*` and `**` match any characters, `?` any one, `[abc]`, `[a-z]` and `[!…]` one of
 * a set, `{a,b}` one of several patterns. `\` takes the next character literally. No character is a separator.
 *
 * @throws GlobError for a set that is open, empty or of both kinds, a range that runs backwards, and U+FFFD.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const expression = new RegExp(`^(?:${new GlobReader(pattern).read()})$`, "su");
  return (text) => expression.test(text);
}

class GlobReader {
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#characters = [...pattern.toWellFormed()];
    // To the server U+FFFD stands for an unreadable character, even if the client sent U+FFFD itself.
    if (this.#characters.includes("\ufffd")) throw new GlobError("the pattern is not valid Unicode");
  }

  read(): string {
    let expression = "";
    while (this.#at < this.#characters.length) expression += this.#item();
    // The server closes open alternatives at the end of the pattern.
    return expression + ")".repeat(this.#depth);
  }

  #item(): string {
    const character = this.#next();
    switch (character) {
      case "*":
        return ".*";
      case "?":
        return ".";
      case "[":
        return this.#set();
      case "{":
        this.#depth++;
        return "(?:";
      case ",":
        return this.#depth > 0 ? "|" : ",";
      case "}":
        if (this.#depth === 0) return literal("}");
        this.#depth--;
        return ")";
      case "\\":
        return this.#at < this.#characters.length ? literal(this.#next()) : "";
      default:
        return literal(character);
    }
  }

  #set(): string {
    const negated = this.#take("!") ? "^" : "";
    const low = this.#next();
    if (this.#take("-")) {
      const high = this.#next();
      if ((high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0)) {
        throw new GlobError(`the range ${low}-${high} runs backwards`);
      }
      this.#close();
      return `[${negated}${inSet(low)}-${inSet(high)}]`;
    }
    this.#at--;
    let members = "";
    while (this.#characters[this.#at] !== "]") {
      if (this.#take("\\") && this.#at >= this.#characters.length) break;
      members += inSet(this.#next());
    }
    if (members === "") throw new GlobError("an empty set: []");
    this.#close();
    return `[${negated}${members}]`;
  }

  #close(): void {
    if (!this.#take("]")) throw new GlobError("a set is not closed: ] expected");
  }

  #take(character: string): boolean {
    if (this.#characters[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #next(): string {
    const character = this.#characters[this.#at];
    if (character === undefined) throw new GlobError("the pattern ends inside a set");
    this.#at++;
    return character;
  }
}

function literal(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

function inSet(character: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}
