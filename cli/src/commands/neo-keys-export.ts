/**
 * `slctl neo-keys recipient | export`: the key of an exportable wallet, out of the platform and into
 * a wallet file (NEP-6, its key under a passphrase by NEP-2). The key is in the clear in this
 * process's memory alone: not on standard output, in no error, in no file. What could fail here is
 * tried before the server is asked, since an export is recorded and uses its approvals up; the
 * recipient's file goes only when the wallet file is there, so whatever failed can be asked again.
 */
import { rm } from 'node:fs/promises';
import type { Command as Parser } from 'commander';
import * as z from 'zod';
import {
  addressOf,
  createPrivateKey,
  type ExportRecipient,
  encryptKey,
  KEY_LIMITS,
  makeAccount,
  makeWallet,
  openExportedKey,
  type PrivateKey,
} from '../../../sdk/keys/index.ts';
import { callOf, findCommand } from '../call.ts';
import {
  addGlobalOptions,
  type Context,
  type GlobalFlags,
  openSession,
  requireAccount,
  type Session,
  styleOf,
} from '../context.ts';
import { makeRecipientFile, readRecipientFile } from '../export-recipient.ts';
import { CliFailure, EXIT, usage } from '../failure.ts';
import {
  type PassphraseFlags,
  readPassphrase,
  refused,
  withPassphrase,
} from '../key-passphrase.ts';
import { printAnswer } from '../output/print.ts';
import { unexpected } from '../pages.ts';
import { writeNewPrivate, writePrivate } from '../profile.ts';

interface ExportFlags extends GlobalFlags, PassphraseFlags {
  readonly accountId?: string;
  readonly walletId: string;
  readonly out: string;
  readonly label?: string;
}

const OPERATION = 'wallets.exportKey';
const LABEL_MAX = KEY_LIMITS.labelCharactersMax.value;
/** What is encrypted with them is thrown away. */
const LEAST_SCRYPT = { n: 2, r: 1, p: 1 };

const walletSchema = z.object({
  networkMagic: z.int(),
  publicKey: z.string(),
  address: z.string(),
});
const exportedSchema = z.object({ enc: z.string(), ciphertext: z.string() });

export function addKeyExport(keys: Parser, context: Context): void {
  const recipient = keys
    .command('recipient')
    .summary('Make the one-time key that an export is sealed to')
    .description(
      'Makes a one-time key in a file of its own, and prints its public half and the SHA-256 that ' +
        `the approvals of \`${OPERATION}\` name.`,
    )
    .argument('<file>', 'the file');
  addGlobalOptions(recipient).action(async (file: string) => {
    const { recipientPublicKey, recipientKeySha256 } = await makeRecipientFile(file);
    const made = { recipientPublicKey, recipientKeySha256, path: file };
    printAnswer(context.io, styleOf(recipient.optsWithGlobals<GlobalFlags>()), made);
  });
  const exporting = keys
    .command('export')
    .summary('Export the key of a wallet to a wallet file')
    .description(
      'Exports the key of an exportable wallet to a wallet file (NEP-6), as a session whose wallet ' +
        'has just signed in. The recipient file is removed once the wallet file is written.',
    )
    .argument('<recipient-file>', 'of `slctl neo-keys recipient`')
    .option('--account-id <id>', 'the account')
    .requiredOption('--wallet-id <id>', 'the wallet')
    .requiredOption('--out <wallet-file>', 'the file to make')
    .option('--label <text>', 'a name for the account of the file');
  addGlobalOptions(withPassphrase(exporting)).action(async (file: string) => {
    const flags = exporting.optsWithGlobals<ExportFlags>();
    printAnswer(context.io, styleOf(flags), await exportToFile(context, file, flags));
  });
}

async function exportToFile(context: Context, file: string, flags: ExportFlags): Promise<object> {
  const recipient = await readRecipientFile(file);
  const session = await openSession(context, flags);
  const place = {
    accountId: requireAccount(session, flags.accountId),
    walletId: flags.walletId,
  };
  const passphrase = await readPassphrase(context, flags, true);
  await checkForm(passphrase, flags.label);
  // Taken before the server is asked: a name that is in use, or a folder that takes no file.
  await writeNewPrivate(flags.out, '');
  let key: PrivateKey;
  try {
    key = await fetchKey(session, place, recipient);
    await writePrivate(flags.out, await walletText(key, passphrase, flags.label));
  } catch (error) {
    await rm(flags.out, { force: true });
    throw error;
  }
  await rm(file);
  return { walletId: place.walletId, address: addressOf(key), path: flags.out };
}

/** Everything for which a wallet file could be refused but the key itself. */
async function checkForm(passphrase: string, label = ''): Promise<void> {
  if (label.length > LABEL_MAX) throw usage(`--label has more than ${LABEL_MAX} characters`);
  const privateKey = createPrivateKey();
  const trial = await encryptKey({ privateKey, passphrase, scrypt: LEAST_SCRYPT });
  if (!trial.ok) throw refused(trial.refusal);
}

async function fetchKey(
  session: Session,
  place: { readonly accountId: string; readonly walletId: string },
  recipient: ExportRecipient,
): Promise<PrivateKey> {
  const { accountId, walletId } = place;
  const wallet = walletSchema.safeParse((await session.call('wallets.getWallet', place)).body);
  if (!wallet.success) throw unexpected('the answer is no wallet');
  const { recipientPublicKey, recipientKeySha256 } = recipient;
  const call = callOf(findCommand(session.table, OPERATION), { ...place, recipientPublicKey });
  // An answer that was lost on the way comes again, and takes no second approvals.
  const idempotencyKey = `neo-keys-export/${walletId}/${recipientKeySha256}`;
  const exported = exportedSchema.safeParse(
    (await session.api.send({ ...call, idempotencyKey })).body,
  );
  if (!exported.success) throw unexpected('the answer is no exported key');
  // The id is the one asked for: what was sealed for another wallet does not open.
  const asked = { accountId, wallet: { ...wallet.data, id: walletId } };
  const key = await openExportedKey(asked, recipient, exported.data);
  if (key !== null && addressOf(key) === wallet.data.address) return key;
  throw new CliFailure({
    exitCode: EXIT.unverified,
    code: 'export.unopened',
    detail: 'what was answered does not open to the key of this wallet',
  });
}

async function walletText(
  privateKey: PrivateKey,
  passphrase: string,
  label: string | undefined,
): Promise<string> {
  const form = { privateKey, passphrase, isDefault: true };
  const made = await makeAccount(label === undefined ? form : { ...form, label });
  if (!made.ok) throw refused(made.refusal);
  return `${JSON.stringify(makeWallet([made.account]), null, 2)}\n`;
}
