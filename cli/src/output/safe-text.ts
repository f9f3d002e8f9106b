/**
 * * Text from a server is shown to a person's terminal, and tenants choose parts of it: names,
 * logs, error texts. An escape sequence in it could move the cursor and forge lines, retitle the
 * window, or write to the clipboard (OSC 52), and bidirectional controls could show a name
 * reversed. Everything that is not printing is taken out; line ends and tabs stay only where the
 * caller says that the text may have lines.
 */

/**
 * ECMA-48: control sequences and control strings, in their 7-bit and their 8-bit form, ended or cut
 * off.
 */
const SEQUENCES =
  // oxlint-disable-next-line no-control-regex -- finding control characters is the point
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[PX\]^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

/**
 * Other controls, bidirectional and invisible formatting, separators that some terminals treat as
 * line ends.
 */
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

export const safeLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(SEQUENCES, '')
    .replace(/\r\n|[\r\n\t\u2028\u2029]/g, ' ')
    .replace(UNSAFE, '');

export const safeLines = (text: string): string =>
  text
    .toWellFormed()
    .replace(SEQUENCES, '')
    .replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? character : ''));

/**
 * JSON in which those characters are escapes: the same document for a program, harmless on a
 * terminal.
 */
export const safeJson = (value: unknown, indent?: number): string =>
  (JSON.stringify(value, null, indent) ?? 'null').replace(UNSAFE, (character) =>
    character === '\n' ? character : escapeUnits(character),
  );

function escapeUnits(character: string): string {
  let escaped = '';
  for (let at = 0; at < character.length; at += 1)
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return escaped;
}
