/**
 * `slctl audit export`: the whole audit log of an account as one file for `slctl audit verify`. The
 * API gives it in stretches; here they are joined, and what does not join stops the export.
 */
import type { Command as Parser } from 'commander';
import { type AuditExport, parseAuditExport } from '../../../worker/core/audit/verify.ts';
import {
  addGlobalOptions,
  type Context,
  type GlobalFlags,
  openSession,
  requireAccount,
  type Session,
  styleOf,
} from '../context.ts';
import { usage } from '../failure.ts';
import { printAnswer } from '../output/print.ts';
import { unexpected } from '../pages.ts';
import { writePrivate } from '../profile.ts';

interface ExportFlags extends GlobalFlags {
  readonly accountId?: string;
  readonly operator?: boolean;
  readonly fromSequence: string;
}

export function addAuditExport(service: Parser, context: Context): void {
  const parser = service
    .command('export')
    .summary('write the whole audit log to a file')
    .description(
      'Writes the audit log of an account, from its beginning or from an entry on, to a file.',
    )
    .argument('<file>')
    .option('--account-id <id>', 'the account')
    .option('--operator', 'the log of acts that belong to no account')
    .option('--from-sequence <integer>', 'the first entry', '1');
  addGlobalOptions(parser);
  parser.action(async (file: string) => {
    const flags = parser.optsWithGlobals<ExportFlags>();
    if (!/^[1-9]\d{0,14}$/.test(flags.fromSequence))
      throw usage('--from-sequence must be an integer from 1 on');
    const session = await openSession(context, flags);
    const log = await readLog(session, flags);
    await writePrivate(file, `${JSON.stringify(log)}\n`);
    const { accountId, entries, checkpoints } = log;
    printAnswer(context.io, styleOf(flags), {
      path: file,
      accountId,
      firstSequence: entries[0]?.sequence ?? null,
      lastSequence: entries.at(-1)?.sequence ?? null,
      checkpoints: checkpoints.length,
    });
  });
}

async function readLog(session: Session, flags: ExportFlags): Promise<AuditExport> {
  const id = flags.operator === true ? 'audit.exportOperatorLog' : 'audit.exportLog';
  const place =
    flags.operator === true ? {} : { accountId: requireAccount(session, flags.accountId) };
  const entries: AuditExport['entries'][number][] = [];
  const checkpoints = new Map<number, AuditExport['checkpoints'][number]>();
  let fromSequence = Number(flags.fromSequence);
  for (;;) {
    const { body } = await session.call(id, { ...place, fromSequence });
    const stretch = parseAuditExport(body);
    if (!stretch.ok) throw unexpected(`the export is malformed: ${stretch.failure.detail}`);
    for (const one of stretch.value.checkpoints) checkpoints.set(one.checkpoint.sequence, one);
    const last = stretch.value.entries.at(-1);
    if (last === undefined)
      return { ...stretch.value, entries, checkpoints: [...checkpoints.values()] };
    // A stretch that leads back would keep us here for ever.
    if (last.sequence < fromSequence) throw unexpected('the export does not go on');
    entries.push(...stretch.value.entries);
    fromSequence = last.sequence + 1;
  }
}
