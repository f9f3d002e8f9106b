/**
 * The credentials a development instance needs, generated once into the two `.dev.vars` files that
 * Wrangler reads as well. Guarantees: an existing value is never changed, the files are readable by
 * their owner only, and every generated value carries a mark (`dev_`, `dev:`) that both Workers
 * refuse outside development. The master key and the signing key stand in the bridge's file alone,
 * so that the API Worker never sees them.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';

export type Variables = Readonly<Record<string, string>>;

export interface Credentials {
  readonly api: Variables;
  readonly bridge: Variables;
}

const OWNER_ONLY = 0o600;
const TOKEN_CHARACTERS = 43;
const KEY_BYTES = 32;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/**
 * The largest multiple of 62 in a byte; bytes above it are dropped, else the first characters were
 * likelier.
 */
const BASE62_BYTE_LIMIT = 248;

const HEAD =
  '# Made by `npm start` for development. Values marked dev are refused in any other ENVIRONMENT.';

/** Reads both files of `folder`, making what is missing. */
export function loadCredentials(folder: string): Credentials {
  return {
    api: completeFile(join(folder, '.dev.vars'), {
      API_TOKENS: () => `operator:dev_operator_${randomBase62(TOKEN_CHARACTERS)}`,
    }),
    bridge: completeFile(join(folder, 'enclave-bridge', '.dev.vars'), {
      SECRET_ENCRYPTION_KEY: developmentKey,
      SIGNING_KEY: developmentKey,
    }),
  };
}

/** The first token of API_TOKENS, for the line that `npm start` prints. */
export function firstOperatorToken(apiTokens: string): string | undefined {
  const [entry = ''] = apiTokens.split(/[\s,]+/).filter((text) => text !== '');
  const colon = entry.indexOf(':');
  return colon < 0 ? undefined : entry.slice(colon + 1);
}

function completeFile(path: string, makers: Readonly<Record<string, () => string>>): Variables {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : `${HEAD}\n`;
  const present = parseVariables(text);
  const missing = Object.entries(makers).filter(([name]) => !(name in present));
  if (missing.length === 0) {
    chmodSync(path, OWNER_ONLY);
    return present;
  }
  const made = missing.map(([name, make]) => [name, make()] as const);
  const lines = made.map(([name, value]) => `${name}=${value}\n`).join('');
  const joint = text.endsWith('\n') ? '' : '\n';
  writeOwnerOnly(path, `${text}${joint}${lines}`);
  return { ...present, ...Object.fromEntries(made) };
}

function parseVariables(text: string): Variables {
  const entries = Object.entries(parseEnv(text));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/**
 * Written beside and renamed: a crash leaves the old file, and no moment in which others may read
 * the new one.
 */
function writeOwnerOnly(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode: OWNER_ONLY, flag: 'wx' });
  renameSync(draft, path);
}

function developmentKey(): string {
  const key = randomBytes(KEY_BYTES);
  // Keeps a signing key below the order of P-256, whose first four bytes are ff.
  key[0] = (key[0] ?? 0) & 0x7f;
  return `dev:hex:${key.toString('hex')}`;
}

function randomBase62(characters: number): string {
  let text = '';
  while (text.length < characters) {
    for (const byte of randomBytes(characters)) {
      if (byte < BASE62_BYTE_LIMIT && text.length < characters)
        text += BASE62[byte % BASE62.length];
    }
  }
  return text;
}
