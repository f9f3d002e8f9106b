/**
 * Names of a manifest as identifiers of TypeScript. Any text can stand in a manifest, and whoever
 * generates a client runs what is generated: a name that reached the source as it is could end a
 * string or a comment and go on as code. So nothing of a name gets into the source but letters,
 * digits and underscores of ASCII, and texts as literals in which everything else is escaped. The
 * same names give the same identifiers.
 */

/** ECMA-262: what strict code and modules reserve, and names that mean something there. */
const RESERVED = new Set(
  (
    'break case catch class const continue debugger default delete do else enum export extends ' +
    'false finally for function if import in instanceof new null return super switch this throw ' +
    'true try typeof var void while with implements interface let package private protected ' +
    'public static yield await arguments eval undefined NaN Infinity ' +
    // As properties these mean something, and one of them makes an object a promise.
    'constructor prototype __proto__ hasOwnProperty isPrototypeOf propertyIsEnumerable toString ' +
    'toLocaleString valueOf toJSON then'
  ).split(' '),
);

const IDENTIFIER_CHARACTERS_MAX = 60;

/** Letters, digits and underscores of ASCII, no digit first; never empty and never reserved. */
export function toIdentifier(text: string): string {
  const kept = text
    .slice(0, IDENTIFIER_CHARACTERS_MAX)
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^(?=[0-9])/, '_');
  return kept === '' || RESERVED.has(kept) ? `${kept}_` : kept;
}

/** For a type: `on-transfer` is `OnTransfer`. */
export const toTypeName = (text: string): string =>
  toIdentifier(text)
    .replaceAll(/_+([A-Za-z])/g, (_, first: string) => first.toUpperCase())
    .replace(/^[a-z]/, (first) => first.toUpperCase());

/** Gives each name out once; what comes later and is taken gets a number. */
export class NameSpace {
  readonly #taken: Set<string>;

  constructor(taken: readonly string[] = []) {
    this.#taken = new Set(taken);
  }

  take(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${wanted}_${String(number)}`;
    this.#taken.add(name);
    return name;
  }
}

/**
 * A text as a literal in single quotes. All but plain ASCII is escaped, so that nothing ends the
 * literal, no line, and no reader is shown another order than the machine reads ("Trojan Source").
 */
export function toLiteral(text: string): string {
  const escaped = text.replaceAll(/[^\x20-\x7e]|['\\<>]/g, (character) =>
    character === "'" || character === '\\' ? `\\${character}` : escapeUnit(character),
  );
  return `'${escaped}'`;
}

/** Without the flag `u`, so one unit of UTF-16 at a time. */
const escapeUnit = (unit: string): string =>
  `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
