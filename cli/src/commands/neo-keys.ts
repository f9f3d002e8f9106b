/**
 * `slctl neo-keys generate | show | encrypt | decrypt`: keys of Neo on this machine, as wallets of
 * Neo read them. No server is asked; `recipient` and `export`, for which one is, are beside this
 * file. A key and a passphrase are never taken from the command line, where other processes and the
 * shell's history see them, and a key leaves in the clear by `decrypt` alone, whose purpose that is.
 */
import type { Command as Parser } from 'commander';
import {
  addressOf,
  createPrivateKey,
  decryptKey,
  encodeWif,
  encryptKey,
  makeAccount,
  makeWallet,
  NEP2_SCRYPT,
  type PrivateKey,
  parseWallet,
  parseWif,
  publicKeyOf,
  type ScryptParameters,
  type Wallet,
} from '../../../sdk/keys/index.ts';
import { addGlobalOptions, type Context, type GlobalFlags, styleOf } from '../context.ts';
import { usage } from '../failure.ts';
import {
  type PassphraseFlags,
  readPassphrase,
  refused,
  withPassphrase,
} from '../key-passphrase.ts';
import { parseJsonText, readFlagText } from '../local-file.ts';
import { printAnswer } from '../output/print.ts';
import { writeNewPrivate } from '../profile.ts';
import { addKeyExport } from './neo-keys-export.ts';

interface KeyFlags extends GlobalFlags, PassphraseFlags {
  readonly label?: string;
  readonly account?: string;
}

/** A WIF, a NEP-2 text, and what lacks a letter or two of either. */
const KEY_TEXT = /^(?:[KL5]|6P)[1-9A-HJ-NP-Za-km-z]{40,}$/;
const SOURCE = 'a file, or - for standard input';

export function addNeoKeys(program: Parser, context: Context): void {
  const keys = program
    .command('neo-keys')
    .summary('keys of Neo on this machine')
    .description(
      'Makes, shows, encrypts and decrypts keys of Neo on this machine, and takes the key of a ' +
        'wallet out of the platform: NEP-2 and NEP-6.',
    );
  const add = (name: string, summary: string, argument: readonly [string, string]) => {
    const parser = keys.command(name).summary(summary).description(`${summary}.`);
    parser.argument(...argument);
    return addGlobalOptions(parser);
  };
  const act = (parser: Parser, work: Work) =>
    parser.action(async (argument: string) => {
      const flags = parser.optsWithGlobals<KeyFlags>();
      printAnswer(context.io, styleOf(flags), await work(context, argument, flags));
    });
  const generate = add('generate', 'Make a key in a wallet file of its own', [
    '<file>',
    'the file',
  ]);
  act(withPassphrase(generate).option('--label <text>', 'a name for the account'), generateKey);
  act(add('show', 'Show address and public key of a WIF', ['<wif-file>', SOURCE]), showKey);
  const encrypt = add('encrypt', 'Encrypt a WIF to a NEP-2 text', ['<wif-file>', SOURCE]);
  act(withPassphrase(encrypt), encrypted);
  const decrypt = add('decrypt', 'Decrypt a NEP-2 text or a wallet file to a WIF', [
    '<file>',
    SOURCE,
  ]);
  act(
    withPassphrase(decrypt).option('--account <address>', 'which account of a wallet file'),
    decrypted,
  );
  addKeyExport(keys, context);
}

type Work = (context: Context, argument: string, flags: KeyFlags) => Promise<object>;

async function generateKey(context: Context, file: string, flags: KeyFlags): Promise<object> {
  const { label } = flags;
  const privateKey = createPrivateKey();
  const passphrase = await readPassphrase(context, flags, true);
  const form = { privateKey, passphrase, isDefault: true };
  const made = await makeAccount(label === undefined ? form : { ...form, label });
  if (!made.ok) throw refused(made.refusal);
  await writeNewPrivate(file, `${JSON.stringify(makeWallet([made.account]), null, 2)}\n`);
  return { ...describe(privateKey), path: file };
}

async function showKey(context: Context, source: string): Promise<object> {
  return describe(await readWif(context, source));
}

async function encrypted(context: Context, source: string, flags: KeyFlags): Promise<object> {
  const privateKey = await readWif(context, source);
  const passphrase = await readPassphrase(context, flags, true);
  const outcome = await encryptKey({ privateKey, passphrase });
  if (!outcome.ok) throw refused(outcome.refusal);
  return { ...describe(privateKey), nep2: outcome.encrypted };
}

async function decrypted(context: Context, source: string, flags: KeyFlags): Promise<object> {
  const { text, scrypt } = readEncrypted(await readSecret(context, source), source, flags.account);
  const passphrase = await readPassphrase(context, flags, false);
  const outcome = await decryptKey({ encrypted: text, passphrase, scrypt });
  if (!outcome.ok) throw refused(outcome.refusal);
  return { ...describe(outcome.privateKey), wif: encodeWif(outcome.privateKey) };
}

const describe = (key: PrivateKey) => ({ address: addressOf(key), publicKey: publicKeyOf(key) });

function readEncrypted(text: string, source: string, address: string | undefined) {
  if (!text.startsWith('{')) return { text, scrypt: NEP2_SCRYPT };
  const parsed = parseWallet(parseJsonText(text, source));
  if (!parsed.ok) {
    const { pointer, reason } = parsed.misshapen;
    throw usage(`${source} is no wallet file: ${pointer === '' ? '' : `${pointer}: `}${reason}`);
  }
  return keyOfWallet(parsed.value, address);
}

function keyOfWallet(
  { accounts, scrypt }: Wallet,
  address: string | undefined,
): { readonly text: string; readonly scrypt: ScryptParameters } {
  const wanted = accounts.filter((account) => address === undefined || account.address === address);
  const account = wanted.length > 1 ? wanted.find(({ isDefault }) => isDefault) : wanted[0];
  if (account === undefined)
    throw usage(
      wanted.length > 1 ? 'which account? Give --account' : 'the file has no such account',
    );
  if (account.key === null) throw usage(`the file has no key of ${account.address}`);
  return { text: account.key, scrypt };
}

async function readWif(context: Context, source: string): Promise<PrivateKey> {
  const key = parseWif(await readSecret(context, source));
  // Nothing of the text is told: it may be a key with one letter missing.
  if (key === null) throw usage('this is no WIF of a compressed key');
  return key;
}

async function readSecret({ io }: Context, source: string): Promise<string> {
  // Before it is taken for the name of a file, and repeated as one that is not there.
  if (KEY_TEXT.test(source)) throw usage('a key belongs in a file or on standard input');
  return (await readFlagText(io, source === '-' ? source : `@${source}`)).trim();
}
