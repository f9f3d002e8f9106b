/**
 * * `slctl receipts verify`: the signature of an execution's receipt, and, for whoever was given
 * the salt, that an input or an output is the one the receipt speaks of.
 */
import { base64urlnopad, hex } from '@scure/base';
import type { Command as Parser } from 'commander';
import {
  RECEIPT_SALT_BYTES,
  type Receipt,
  saltedHash,
  verifyReceipt,
} from '../../../worker/core/receipt/receipt.ts';
import { addGlobalOptions, type Context, type GlobalFlags, styleOf } from '../context.ts';
import { CliFailure, EXIT, usage } from '../failure.ts';
import { readJsonFile } from '../local-file.ts';
import { isRow } from '../output/cell.ts';
import { printAnswer } from '../output/print.ts';
import { publicKeysOf, readSigningKeys } from '../signing-keys.ts';

interface ReceiptFlags extends GlobalFlags {
  readonly keys?: string;
  readonly salt?: string;
  readonly input?: string;
  readonly output?: string;
}

export function addReceiptsVerify(service: Parser, context: Context): void {
  const parser = service
    .command('verify')
    .summary('verify the receipt of an execution')
    .description(
      'Verifies the signature of a receipt with --keys, or with the keys of the API when --addr is given. With the ' +
        'salt of the execution, --input and --output prove that these are the values the receipt speaks of.',
    )
    .argument('<file>', '{receipt, signature} as the API gives it; - reads standard input')
    .option('--keys <file>', 'public keys, as `slctl system list-signing-keys --json` prints them')
    .option('--salt <salt>', 'the salt of the execution, in hex or base64url')
    .option('--input <file>', 'JSON that must be the input')
    .option('--output <file>', 'JSON that must be the output');
  addGlobalOptions(parser);
  parser.action((file: string) => verify(context, file, parser.optsWithGlobals<ReceiptFlags>()));
}

async function verify(context: Context, file: string, flags: ReceiptFlags): Promise<void> {
  const { io } = context;
  const document = await readJsonFile(io, file);
  const keys = await readSigningKeys(context, flags);
  if (keys === undefined) throw usage('a signature needs keys: give --keys or --addr');
  const { receipt, signature, salt } = isRow(document) ? document : {};
  const verified = verifyReceipt({ receipt, signature, publicKeys: publicKeysOf(keys) });
  if (!verified.ok) throw unverified(verified.failure.code, verified.failure.detail);
  const values = { salt: flags.salt ?? salt, receipt: verified.value.receipt };
  const checked = ['signature'];
  for (const part of ['input', 'output'] as const) {
    const path = flags[part];
    if (path === undefined) continue;
    checkPart({ ...values, part, value: await readJsonFile(io, path) });
    checked.push(part);
  }
  const { keyId } = verified.value;
  printAnswer(io, styleOf(flags), { verified: true, checked, keyId, ...verified.value.receipt });
}

interface PartCheck {
  readonly part: 'input' | 'output';
  readonly receipt: Receipt;
  readonly salt: unknown;
  readonly value: unknown;
}

function checkPart({ part, receipt, salt, value }: PartCheck): void {
  const hash = saltedHash({ part, salt: decodeSalt(salt), value });
  if (!hash.ok) throw usage(`the ${part} is not JSON that can be hashed`);
  const promised = part === 'input' ? receipt.inputHash : receipt.outputHash;
  if (hash.value !== promised)
    throw unverified(`receipt.${part}_differs`, `the receipt speaks of another ${part}`);
}

function decodeSalt(salt: unknown): Uint8Array {
  if (typeof salt !== 'string') throw usage('to check a value, --salt is needed');
  const isHex = /^[0-9a-f]{64}$/i.test(salt);
  const isBase64 = /^[A-Za-z0-9_-]{43}$/.test(salt);
  if (!isHex && !isBase64) throw usage(`a salt is ${RECEIPT_SALT_BYTES} bytes in hex or base64url`);
  return isHex ? hex.decode(salt.toLowerCase()) : base64urlnopad.decode(salt);
}

const unverified = (code: string, detail = 'the receipt does not verify'): CliFailure =>
  new CliFailure({ exitCode: EXIT.unverified, code, detail });
