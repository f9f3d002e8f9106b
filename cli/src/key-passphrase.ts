/**
 * The passphrase of a key of Neo: from a file or typed unseen, never from the command line. A new
 * one is typed twice. Refusals of NEP-2 are told in words that repeat nothing of what was given.
 */
import type { Command as Parser } from 'commander';
import type { Nep2Refusal } from '../../sdk/keys/index.ts';
import type { Context } from './context.ts';
import { CliFailure, EXIT, usage } from './failure.ts';
import { readTextFile } from './local-file.ts';

export interface PassphraseFlags {
  readonly passphraseFile?: string;
}

export const withPassphrase = (parser: Parser): Parser =>
  parser.option('--passphrase-file <file>', 'read the passphrase there, not from the terminal');

export async function readPassphrase(
  { io }: Context,
  { passphraseFile }: PassphraseFlags,
  isNew: boolean,
): Promise<string> {
  if (passphraseFile !== undefined)
    return (await readTextFile(passphraseFile)).replace(/\r?\n$/, '');
  if (!io.stdin.isTty) throw usage('without a terminal a passphrase needs --passphrase-file');
  io.stderr.write('passphrase: ');
  const passphrase = await io.stdin.readHiddenLine();
  io.stderr.write('\n');
  if (!isNew) return passphrase;
  io.stderr.write('again: ');
  const again = await io.stdin.readHiddenLine();
  io.stderr.write('\n');
  if (again !== passphrase) throw usage('the two passphrases differ');
  return passphrase;
}

const REFUSALS: Readonly<Record<Nep2Refusal, string>> = {
  not_nep2: 'this is no NEP-2 text',
  wrong_passphrase:
    'the passphrase is wrong, or the key was encrypted with other scrypt parameters',
  legacy_key: 'this is a key of Neo Legacy, whose accounts are not those of Neo N3',
  passphrase_malformed: 'the passphrase is too long or no Unicode text',
  scrypt_refused: 'the file asks for more work than is good',
};

export const refused = (refusal: Nep2Refusal): CliFailure =>
  refusal === 'wrong_passphrase'
    ? new CliFailure({ exitCode: EXIT.denied, code: refusal, detail: REFUSALS[refusal] })
    : usage(REFUSALS[refusal]);
