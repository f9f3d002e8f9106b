/**
 * * `slctl audit verify`: recomputes an exported audit log on this machine. Nothing is asked of the
 * platform but, when an address is given, its list of public keys; a reader who does not trust the
 * platform at all keeps that list and the newest checkpoint himself and gives both as files.
 */
import type { Command as Parser } from 'commander';
import {
  type SignedCheckpoint,
  signedCheckpointSchema,
} from '../../../worker/core/audit/checkpoint.ts';
import {
  type AuditFault,
  parseAuditExport,
  verifyAuditExport,
} from '../../../worker/core/audit/verify.ts';
import { addGlobalOptions, type Context, type GlobalFlags, styleOf } from '../context.ts';
import { CliFailure, EXIT, usage } from '../failure.ts';
import { readJsonFile } from '../local-file.ts';
import { printAnswer } from '../output/print.ts';
import { writePrivate } from '../profile.ts';
import { checkpointCheck, readSigningKeys } from '../signing-keys.ts';

interface VerifyFlags extends GlobalFlags {
  readonly from?: string;
  readonly keys?: string;
  readonly accountId?: string;
  readonly saveCheckpoint?: string;
}

export function addAuditVerify(service: Parser, context: Context): void {
  const parser = service
    .command('verify')
    .summary('recompute an exported audit log')
    .description(
      'Recomputes an exported audit log offline and tells the first entry that was changed, dropped, swapped or ' +
        'cut off. Signatures are checked with --keys, or with the keys of the API when --addr is given.',
    )
    .argument('<file>', 'the export; - reads standard input')
    .option('--from <file>', 'the newest checkpoint of an earlier verification')
    .option('--keys <file>', 'public keys, as `slctl system list-signing-keys --json` prints them')
    .option('--account-id <id>', 'refuse the log of any other account')
    .option('--save-checkpoint <file>', 'keep the newest checkpoint for the next --from');
  addGlobalOptions(parser);
  parser.action((file: string) => verify(context, file, parser.optsWithGlobals<VerifyFlags>()));
}

async function verify(context: Context, file: string, flags: VerifyFlags): Promise<void> {
  const { io } = context;
  const log = parseAuditExport(await readJsonFile(io, file));
  if (!log.ok) throw faultFailure(log.failure);
  if (flags.accountId !== undefined && flags.accountId !== log.value.accountId)
    throw faultFailure({
      kind: 'other_account',
      sequence: 0,
      detail: `this is the log of ${log.value.accountId}`,
    });
  const keys = await readSigningKeys(context, flags);
  const verdict = verifyAuditExport({
    log: log.value,
    ...(flags.from === undefined ? {} : { lastKnown: await readCheckpoint(context, flags.from) }),
    ...(keys === undefined ? {} : { isSigned: checkpointCheck(keys) }),
  });
  if (!verdict.ok) throw faultFailure(verdict.failure);
  const { newestCheckpoint, ...summary } = verdict.value;
  if (flags.saveCheckpoint !== undefined && newestCheckpoint !== undefined)
    await writePrivate(flags.saveCheckpoint, `${JSON.stringify(newestCheckpoint, null, 2)}\n`);
  printAnswer(io, styleOf(flags), { verified: true, ...summary });
  if (keys === undefined)
    io.stderr.write(
      'warning: signatures were not checked; give --keys or --addr to prove the origin\n',
    );
}

async function readCheckpoint({ io }: Context, path: string): Promise<SignedCheckpoint> {
  const parsed = signedCheckpointSchema.safeParse(await readJsonFile(io, path));
  if (parsed.success) return parsed.data;
  throw usage(`${path} is not a signed checkpoint`);
}

function faultFailure({ kind, sequence, detail }: AuditFault): CliFailure {
  const place = sequence === 0 ? '' : `entry ${sequence}: `;
  return new CliFailure({
    exitCode: EXIT.unverified,
    code: `audit.${kind}`,
    detail: `${place}${detail}`,
  });
}
