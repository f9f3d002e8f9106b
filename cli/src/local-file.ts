/**
 * * Values from files and from standard input. `@path` is the file's text as it stands, `-` and
 * `@-` are standard input without its last line end (so that `echo secret | slctl ... --value -`
 * stores what was meant), `@@text` is the text `@text`. Text that is not UTF-8 is refused rather
 * than stored changed.
 */
import { readFile } from 'node:fs/promises';
import { usage } from './failure.ts';
import type { Io } from './io.ts';
import { isMissing } from './profile.ts';

const FILE_BYTES_MAX = 64 * 1024 * 1024;

export async function readTextFile(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (isMissing(error)) throw usage(`there is no file ${path}`);
    throw usage(`${path} cannot be read: ${error instanceof Error ? error.message : 'unknown'}`);
  }
  return decodeUtf8(bytes, path);
}

export async function readJsonFile(io: Io, path: string): Promise<unknown> {
  const text = path === '-' ? await readStdin(io) : await readTextFile(path);
  return parseJsonText(text, path === '-' ? 'standard input' : path);
}

export function parseJsonText(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 quotes the text around the fault; for a secret that would put it on the screen, so only
    // the kind is told.
    const kind = error instanceof SyntaxError ? 'not valid JSON' : 'unreadable';
    throw usage(`${source} is ${kind}`);
  }
}

export async function readStdin(io: Io): Promise<string> {
  const text = decodeUtf8(await io.stdin.readAll(), 'standard input');
  return text.replace(/\r?\n$/, '');
}

/** Resolves the `@` forms of one flag's text. */
export async function readFlagText(io: Io, text: string): Promise<string> {
  if (text === '-' || text === '@-') return readStdin(io);
  if (text.startsWith('@@')) return text.slice(1);
  return text.startsWith('@') ? readTextFile(text.slice(1)) : text;
}

function decodeUtf8(bytes: Uint8Array, source: string): string {
  if (bytes.length > FILE_BYTES_MAX) throw usage(`${source} has more than ${FILE_BYTES_MAX} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The decoder's own message names no file.
    throw usage(`${source} is not UTF-8 text`);
  }
}
