/**
 * * Where to and as whom. Flags win over the environment, the environment over the profile. A
 * stored token is sent only to the address it was stored for: `--addr` to somewhere else would
 * otherwise hand it to whoever listens there.
 */
import { usage } from './failure.ts';
import type { Io } from './io.ts';
import { readTextFile } from './local-file.ts';
import { loadProfiles, type Profile } from './profile.ts';
import { readRequestKey } from './request-key.ts';

const DEFAULT_ADDR = 'http://127.0.0.1:8787';

export interface ConnectionFlags {
  readonly addr?: string;
  readonly profile?: string;
  readonly tokenFile?: string;
  readonly signingKey?: string;
  readonly allowPlainHttp?: boolean;
}

export interface Connection {
  readonly addr: string;
  readonly token: string | undefined;
  /** Signs requests, where the credential was made with its public half. */
  readonly signingKey: JsonWebKey | undefined;
  readonly accountId: string | undefined;
  readonly allowPlainHttp: boolean;
}

export async function resolveConnection(io: Io, flags: ConnectionFlags): Promise<Connection> {
  const asked = flags.addr ?? io.env.SERVICE_LAYER_ADDR;
  const given = await givenToken(io, flags);
  const profile = await chosenProfile(io, flags, asked !== undefined && given !== undefined);
  const addr = parseAddr(asked ?? profile?.addr ?? DEFAULT_ADDR);
  const stored = profile !== undefined && parseAddr(profile.addr) === addr ? profile : undefined;
  const allowPlainHttp = flags.allowPlainHttp ?? stored?.allowPlainHttp ?? false;
  if (isPlainRemote(addr) && !allowPlainHttp)
    throw usage(
      `${addr} is not encrypted, and others on the way could read the credential; ` +
        'use https, or --allow-plain-http in a closed network',
    );
  // A stored key belongs to the stored credential and to no other.
  const keyFile =
    flags.signingKey ??
    io.env.SERVICE_LAYER_SIGNING_KEY ??
    (given === undefined ? stored?.signingKeyFile : undefined);
  return {
    addr,
    allowPlainHttp,
    token: given ?? stored?.token,
    signingKey: keyFile === undefined ? undefined : await readRequestKey(keyFile),
    accountId: io.env.SERVICE_LAYER_ACCOUNT ?? stored?.accountId,
  };
}

async function givenToken(io: Io, flags: ConnectionFlags): Promise<string | undefined> {
  if (flags.tokenFile === undefined) {
    const token = io.env.SERVICE_LAYER_TOKEN;
    return token === undefined || token === '' ? undefined : parseToken(token);
  }
  return parseToken((await readTextFile(flags.tokenFile)).trim());
}

/**
 * The file is left alone when nothing of it is needed, so that a script with its own credential
 * cannot trip over it.
 */
async function chosenProfile(
  io: Io,
  flags: ConnectionFlags,
  isComplete: boolean,
): Promise<Profile | undefined> {
  if (isComplete && flags.profile === undefined) return undefined;
  const book = await loadProfiles(io.env);
  const name = flags.profile ?? book.current;
  const profile = Object.hasOwn(book.profiles, name) ? book.profiles[name] : undefined;
  if (profile === undefined && flags.profile !== undefined)
    throw usage(`there is no profile ${name}; \`slctl profiles list\` shows what there is`);
  return profile;
}

/** The origin and, behind a proxy, the path under which the API lies. */
export function parseAddr(text: string): string {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : withScheme(text));
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw usage(`${JSON.stringify(text)} is not an address such as ${DEFAULT_ADDR}`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw usage('an address holds no credentials, no query and no fragment');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

const withScheme = (host: string): string =>
  `${/^(localhost|127\.|\[::1\])/.test(host) ? 'http' : 'https'}://${host}`;

/**
 * A line end or a stray letter would make `fetch` refuse the header with a message that quotes the
 * token.
 */
export function parseToken(text: string): string {
  if (/^[\u0021-\u007e]+$/.test(text)) return text;
  throw usage('the token is empty or holds a space, a line end or a character that is not ASCII');
}

function isPlainRemote(addr: string): boolean {
  const { protocol, hostname } = new URL(addr);
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$|\.localhost$/.test(hostname);
  return protocol === 'http:' && !isLocal;
}
