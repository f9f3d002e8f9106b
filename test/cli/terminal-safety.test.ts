/**
 * A tenant chooses names, logs and error texts. None of them may act on the terminal of whoever
 * reads them.
 */
import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeJson, safeLine, safeLines } from '../../cli/src/output/safe-text.ts';
import { run, serve } from './support/run-cli.ts';
import { problem } from './support/scripted-server.ts';

const ATTACKS: readonly (readonly [string, string])[] = [
  ['erases the screen', '\u001b[2J\u001b[H'],
  ['colours what follows', '\u001b[31;1m'],
  ['writes the clipboard (OSC 52)', '\u001b]52;c;ZXZpbA==\u0007'],
  ['retitles the window', '\u001b]0;evil\u001b\\'],
  ['sets a link', '\u001b]8;;https://evil.example\u001b\\'],
  ['is an 8-bit control sequence', '\u009b2J'],
  ['is an 8-bit control string', '\u009d0;evil\u009c'],
  ['is cut off in the middle', '\u001b['],
  ['opens a string that never ends', '\u001bP1;2'],
  ['overwrites its line', '\rfake'],
  ['makes a line of its own', '\nbox_9  forged'],
  ['is a Unicode line separator', '\u2028box_9  forged'],
  ['rings', '\u0007'],
  ['deletes', '\u0008\u007f'],
  ['reverses the text', '\u202egnp.exe'],
  ['isolates and reverses', '\u2067abc\u2069'],
  ['hides text', '\u{e0041}\u{e0042}'],
  ['is half a character', '\ud800'],
];

const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- finding control characters is the point
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

describe('a text that', () => {
  it.each(ATTACKS)('%s is harmless in a line', (_, attack) => {
    const line = safeLine(`a${attack}b`);
    expect(line).not.toMatch(UNSAFE);
    expect(line.isWellFormed()).toBe(true);
    expect(line.startsWith('a')).toBe(true);
  });

  it.each(ATTACKS)('%s is harmless in JSON, which still says the same', (_, attack) => {
    const document = { text: `a${attack}b` };
    const json = safeJson(document);
    expect(json).not.toMatch(UNSAFE);
    expect(JSON.parse(json)).toEqual(document);
  });
});

describe('for every text', () => {
  it('a line holds no control, and lines hold none but line ends and tabs', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        expect(safeLine(text)).not.toMatch(UNSAFE);
        expect(safeLines(text).replace(/[\n\t]/g, '')).not.toMatch(UNSAFE);
        expect(safeJson(text)).not.toMatch(UNSAFE);
        expect(JSON.parse(safeJson(text))).toBe(text);
      }),
    );
  });
});

describe('the program', () => {
  const LIST = ['secret-boxes', 'list-boxes', '--account-id', 'acc_1'];
  const attack = ATTACKS.map(([, text]) => text).join('');

  it('prints a hostile row as one line', async () => {
    const item = { id: `box_1${attack}`, name: attack, [`evil${attack}`]: attack };
    const server = await serve(() => ({ body: { items: [item], nextCursor: attack } }));
    const { out, err } = await run(LIST, { addr: server.addr, columns: 80 });
    expect(out.trimEnd().split('\n')).toHaveLength(2);
    expect(out.replaceAll('\n', '')).not.toMatch(UNSAFE);
    expect(err.replaceAll('\n', '')).not.toMatch(UNSAFE);
  });

  it('prints a hostile object so that no value poses as a field', async () => {
    const body = {
      note: 'one\nstatus: paid',
      [`key${attack}`]: [{ deep: attack }],
      status: 'unpaid',
    };
    const server = await serve(() => ({ body }));
    const words = ['secret-boxes', 'get-box', 'x', '--account-id', 'acc_1'];
    const { out } = await run(words, { addr: server.addr });
    expect(out.match(/^status:.*/gm)).toEqual([expect.stringContaining('unpaid')]);
    expect(out.replaceAll('\n', '')).not.toMatch(UNSAFE);
  });

  it('prints a hostile error harmlessly, in text and in JSON', async () => {
    const server = await serve(() =>
      problem(422, 'request.malformed', {
        detail: attack,
        fields: [{ pointer: attack, detail: attack }],
      }),
    );
    for (const words of [LIST, [...LIST, '--json']]) {
      const { err } = await run(words, { addr: server.addr });
      expect(err.replaceAll('\n', '')).not.toMatch(UNSAFE);
    }
  });
});
