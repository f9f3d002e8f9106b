/**
 * What a quorum of nodes says of a transaction that was signed and that no sender follows, because
 * its sponsor was retired in between (money rules M4, M5): nothing while a block could still hold
 * it, and after that whether it is on the chain.
 */
import { rpcSenderEndpoint } from '../../chain/sender-steps/rpc-endpoint.ts';
import type { Hash256 } from '../../core/neo/hash256.ts';
import {
  decideQuorum,
  type Verdict,
  type Vote,
  verdictKey,
  verdictOf,
} from '../../core/neo/rpc/quorum.ts';
import type { Network } from '../chain/index.ts';

/** Null while it is not decided, or disputed. */
export async function askWhatBecame(
  { client, settings }: Network,
  { hash, validUntilBlock }: { readonly hash: Hash256; readonly validUntilBlock: number },
): Promise<Verdict | null> {
  const votes = await Promise.all(
    client.endpoints.map(async (name): Promise<Vote<Verdict> | null> => {
      const endpoint = rpcSenderEndpoint(client, name);
      // The height first: what is then absent was in no block up to it.
      const height = await endpoint.height();
      const found = height === null ? null : await endpoint.lookUp(hash);
      if (height === null || found === null) return null;
      const verdict = verdictOf({ ...found, height }, validUntilBlock);
      return verdict && { endpoint: name, verdict };
    }),
  );
  const decision = decideQuorum(
    votes.flatMap((vote) => vote ?? []),
    { required: settings.quorum, keyOf: verdictKey },
  );
  return decision.kind === 'decided' ? decision.verdict : null;
}
