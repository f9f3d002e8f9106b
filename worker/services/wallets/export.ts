/**
 * The key of a wallet leaves the bridge, sealed to a key that the caller made for this once (HPKE,
 * RFC 9180). The answer is given only with the audit line of it, in one batch. Whoever has the key
 * is bound by no policy, so it takes what nothing else does: a wallet that has just signed in, and
 * the approvals of the account for this wallet and this recipient (money rule M16).
 */
import { base64 } from '@scure/base';
import type { Principal } from '../../core/access.ts';
import { assert } from '../../core/assert.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { parseRecipientKey } from '../../core/wallets/recipient-key.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { toEtag } from '../../http/etag.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { creatorLasts } from '../keys/index.ts';
import { dataKeyOf } from '../secrets/index.ts';
import { requireGovernance } from '../workspace-wallets/index.ts';
import { LIMITS } from './limits.ts';
import { openWallet, type WalletPlace } from './service.ts';
import { updateWalletRow, type WalletRow, walletUnchanged } from './store.ts';

export async function exportKey(
  context: RequestContext,
  place: WalletPlace,
  recipientText: string,
) {
  const fresh = checkSignIn(context.principal, context.now);
  if (!fresh.ok) return fresh;
  const recipient = parseRecipientKey(recipientText);
  if (recipient === null)
    return err('request.malformed', {
      fields: [{ pointer: '/recipientPublicKey', detail: 'is not 32 bytes in base64' }],
    });
  const opened = await openWallet(context, place);
  if (!opened.ok) return opened;
  const row = opened.value;
  if (!row.exportable) return err('wallets.not_exportable');
  const recipientKeySha256 = recipient.sha256;
  const act = {
    operation: 'wallets.exportKey',
    walletId: row.walletId,
    recipientKeySha256,
  } as const;
  const governed = await requireGovernance(context, place.accountId, act);
  if (!governed.ok) return governed;
  const sealed = await sealFor(context, row, recipient.bytes);
  if (!sealed.ok) return sealed;
  const { now } = context;
  return commit(context, {
    statements: [
      guard('revision', walletUnchanged(row)),
      guard('state', governed.value.still),
      ...creatorLasts(context, null),
      updateWalletRow(context.db, row, { exportedAt: now, updatedAt: now }),
      ...governed.value.statements,
    ],
    accountId: place.accountId,
    target: { kind: 'wallet', id: row.walletId },
    details: { address: row.address, recipientKeySha256 },
    guards: {
      revision: { code: 'request.precondition_failed' },
      state: { code: 'request.precondition_failed' },
      member: { code: 'wallets.sign_in_required' },
    },
    answer: {
      status: 200,
      body: {
        walletId: row.walletId,
        publicKey: row.publicKey,
        recipientKeySha256,
        enc: base64.encode(sealed.value.enc),
        ciphertext: base64.encode(sealed.value.ciphertext),
      },
      etag: toEtag(row.revision + 1),
    },
  });
}

/**
 * The attack: a stolen API key, operator token or session. The wallet behind a session signed with
 * a key that none of them is.
 */
function checkSignIn(principal: Principal, now: number): Result<null, 'wallets.sign_in_required'> {
  const oldest = now - LIMITS.keyExportSignInMinutes.value * 60_000;
  return principal.kind === 'session' && principal.signedInAt > oldest
    ? ok(null)
    : err('wallets.sign_in_required');
}

async function sealFor(context: RequestContext, row: WalletRow, recipientPublicKey: Uint8Array) {
  const { walletId, accountId, purpose, exportable, publicKey, networkMagic, sealedKey } = row;
  assert(sealedKey !== null, 'the key of an account that is not purged');
  const wrappedKey = await dataKeyOf(context, accountId);
  if (!wrappedKey.ok) return wrappedKey;
  return context.env.BRIDGE.exportChainKey({
    accountId,
    wrappedKey: wrappedKey.value,
    facts: { walletId, purpose, network: networkMagic, exportable, publicKey },
    sealedKey,
    recipientPublicKey,
  });
}
