/** What others may ask of the system service. */
import { ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { listRecordedKeys, recordSigningKey } from './signing-keys.ts';

export { recordSigningKey };

/** Current and past public keys, as a verifier takes them. */
export async function listSigningKeys(
  context: Pick<RequestContext, 'env' | 'db' | 'now'>,
): Promise<Result<Awaited<ReturnType<typeof listRecordedKeys>>>> {
  await recordSigningKey(context.env, context.db, context.now);
  return ok(await listRecordedKeys(context.db));
}
