/**
 * * `slctl login`: proves a credential at the server, then stores it. Nothing is stored that did
 * not work, and the credential is never echoed, logged or printed. `--token` is there for scripts;
 * its text is visible to other processes of the machine while the command runs, which standard
 * input and `--token-file` avoid.
 */
import { resolve } from 'node:path';
import type { Command as Parser } from 'commander';
import { parseAddr, parseToken } from '../connection.ts';
import {
  addGlobalOptions,
  type Context,
  type GlobalFlags,
  openSession,
  type Session,
} from '../context.ts';
import { usage } from '../failure.ts';
import { readStdin, readTextFile } from '../local-file.ts';
import { isRow, readPath } from '../output/cell.ts';
import { loadProfiles, type Profile, parseProfileName, saveProfiles } from '../profile.ts';
import { readRequestKey } from '../request-key.ts';

interface LoginFlags extends GlobalFlags {
  readonly token?: string;
  readonly accountId?: string;
}

/** Every credential may read it, so it tells a good one from a bad one. */
const PROOF_PATH = '/system/status';

export function addLogin(program: Parser, context: Context): void {
  const parser = program
    .command('login')
    .summary('prove a credential and store it')
    .description(
      'Proves a credential at the server and stores it in a profile. Without --token and --token-file the ' +
        'credential is read from the terminal, unseen, or from standard input.',
    )
    .option('--token <token>', 'the credential; - reads standard input')
    .option('--account-id <id>', 'the account that commands work on unless told otherwise');
  addGlobalOptions(parser);
  parser.action(() => login(context, parser.optsWithGlobals<LoginFlags>()));
}

async function login(context: Context, flags: LoginFlags): Promise<void> {
  const { io } = context;
  const book = await loadProfiles(io.env);
  const name = parseProfileName(flags.profile ?? 'default');
  const known = Object.hasOwn(book.profiles, name) ? book.profiles[name] : undefined;
  const addr = parseAddr(
    flags.addr ?? io.env.SERVICE_LAYER_ADDR ?? known?.addr ?? '127.0.0.1:8787',
  );
  const token = await readToken(context, flags);
  const session = await openCandidate(context, { addr, token }, flags);
  const { accountId, signingPublicKey } = await proveCredential(session, flags.accountId);
  const signingKeyFile = await proveSigningKey(flags.signingKey, signingPublicKey);
  const profile: Profile = {
    addr,
    token,
    ...(accountId === undefined ? {} : { accountId }),
    ...(signingKeyFile === undefined ? {} : { signingKeyFile }),
    ...(flags.allowPlainHttp === true ? { allowPlainHttp: true } : {}),
  };
  const path = await saveProfiles(io.env, {
    ...book,
    current: name,
    profiles: { ...book.profiles, [name]: profile },
  });
  const account = accountId === undefined ? '' : ` for ${accountId}`;
  io.stderr.write(`logged in to ${addr}${account}; profile ${name} stored in ${path}\n`);
}

/**
 * As if the environment said it all: what is being proved is the new credential, not a stored one.
 */
function openCandidate(
  context: Context,
  { addr, token }: { readonly addr: string; readonly token: string },
  { allowPlainHttp, timeout }: LoginFlags,
): Promise<Session> {
  const env = { SERVICE_LAYER_ADDR: addr, SERVICE_LAYER_TOKEN: token };
  return openSession(
    { ...context, io: { ...context.io, env } },
    {
      ...(allowPlainHttp === undefined ? {} : { allowPlainHttp }),
      ...(timeout === undefined ? {} : { timeout }),
    },
  );
}

async function readToken({ io }: Context, flags: LoginFlags): Promise<string> {
  if (flags.token !== undefined && flags.token !== '-') return parseToken(flags.token);
  if (flags.tokenFile !== undefined)
    return parseToken((await readTextFile(flags.tokenFile)).trim());
  if (!io.stdin.isTty) return parseToken((await readStdin(io)).trim());
  io.stderr.write('Credential: ');
  const line = await io.stdin.readHiddenLine();
  io.stderr.write('\n');
  return parseToken(line.trim());
}

interface Proved {
  readonly accountId: string | undefined;
  readonly signingPublicKey: unknown;
}

/**
 * The account the credential works on: the one asked for, once it could be read, else the
 * credential's own.
 */
async function proveCredential(session: Session, asked: string | undefined): Promise<Proved> {
  let signingPublicKey: unknown;
  const proof = session.table.find(({ path, method }) => path === PROOF_PATH && method === 'get');
  if (proof !== undefined) {
    const { body } = await session.call(proof.id, {});
    const read = (path: string) => (isRow(body) ? readPath(body, path) : undefined);
    const own = read('caller.accountId');
    signingPublicKey = read('caller.signingPublicKey');
    if (asked === undefined)
      return { accountId: typeof own === 'string' ? own : undefined, signingPublicKey };
  }
  if (asked === undefined)
    throw usage('this server cannot prove a credential without --account-id');
  await session.call('accounts.getAccount', { accountId: asked });
  return { accountId: asked, signingPublicKey };
}

/** A key that the server would refuse is not stored; the file stays where it is. */
async function proveSigningKey(
  file: string | undefined,
  signingPublicKey: unknown,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const { x } = await readRequestKey(file);
  if (x !== signingPublicKey)
    throw usage(`the credential was not made with the public key of ${file}`);
  return resolve(file);
}
