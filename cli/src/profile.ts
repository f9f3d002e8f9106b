/**
 * * The stored profiles: `$XDG_CONFIG_HOME/slctl/config.json`, a secret file. It is written with
 * mode 0600 through a rename, so it is never half written and never readable by others even for a
 * moment; a file that others can read is refused, because the credentials in it must be taken for
 * known. On Windows the modes say nothing and are not looked at.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { usage } from './failure.ts';
import type { Io } from './io.ts';

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
const OTHERS = 0o077;

const profileSchema = z.strictObject({
  addr: z.string(),
  token: z.string(),
  accountId: z.string().exactOptional(),
  /** The file of the key that signs requests; the key itself stays there. */
  signingKeyFile: z.string().exactOptional(),
  /** Said at login, for closed networks. */
  allowPlainHttp: z.literal(true).exactOptional(),
});
export type Profile = Readonly<z.infer<typeof profileSchema>>;

const configSchema = z.strictObject({
  formatVersion: z.literal(1),
  current: z.string(),
  profiles: z.record(z.string(), profileSchema),
});
export type ProfileBook = Readonly<z.infer<typeof configSchema>>;

const EMPTY_BOOK: ProfileBook = { formatVersion: 1, current: 'default', profiles: {} };

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export function parseProfileName(text: string): string {
  // `__proto__` as a key would not be stored as one.
  if (!NAME.test(text)) throw usage(`${JSON.stringify(text)} is not a name for a profile`);
  return text;
}

function configPath(env: Io['env']): string {
  const root = env.XDG_CONFIG_HOME;
  // The XDG specification: a relative path is to be ignored.
  const folder = root?.startsWith('/') === true ? root : join(env.HOME ?? homedir(), '.config');
  return join(folder, 'slctl', 'config.json');
}

export async function loadProfiles(env: Io['env']): Promise<ProfileBook> {
  const path = configPath(env);
  const text = await readPrivate(path);
  if (text === undefined) return EMPTY_BOOK;
  const parsed = configSchema.safeParse(parseJson(text));
  if (!parsed.success) throw usage(`${path} is not a configuration of slctl; mend or remove it`);
  return parsed.data;
}

export async function saveProfiles(env: Io['env'], book: ProfileBook): Promise<string> {
  const path = configPath(env);
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
  await writePrivate(path, `${JSON.stringify(book, null, 2)}\n`);
  return path;
}

/** Beside the target, because a rename is atomic only within one file system. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', PRIVATE_FILE);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(draft, PRIVATE_FILE);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** For what must never take the place of another: a file that is there stays as it is. */
export async function writeNewPrivate(path: string, text: string): Promise<void> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'wx', PRIVATE_FILE);
  } catch (error) {
    if (isExisting(error)) throw usage(`${path} is there already, and is not written over`);
    throw error;
  }
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A file with something secret of the user's own, held to the same modes. */
export async function readSecretFile(path: string): Promise<string> {
  const text = await readPrivate(path);
  if (text === undefined) throw usage(`there is no file ${path}`);
  return text;
}

async function readPrivate(path: string): Promise<string | undefined> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw usage(`${path} cannot be read: ${error instanceof Error ? error.message : 'unknown'}`);
  }
  try {
    // The open file is asked, not the path: what is checked is what is read.
    const { mode } = await file.stat();
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) throw tooOpen(path, mode);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

const tooOpen = (path: string, mode: number) =>
  usage(
    `${path} can be read by others (mode ${(mode & 0o777).toString(8)}), and it holds credentials. ` +
      `Revoke them if others use this machine, then run: chmod 600 ${path}`,
  );

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses undefined with the one message for every malformed file.
    return undefined;
  }
}

const isExisting = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';
