/**
 * A transfer that the policy of a wallet does not let pass by itself: proposed, read and approved by
 * a wallet of the workspace, sent, and cancelled while it is on its way. On a network with blocks
 * the cancellation comes, or the transfer does; never both. The platform must serve a network: see
 * `NEO_NETWORKS`.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/transactions/approve-and-send.ts
 */
import { setTimeout as passing } from 'node:timers/promises';
import { print, runExample, type Tenant, withAccount } from '../connect.ts';
import { createWallet } from '../neo-wallet.ts';

const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const ONE_GAS = '100000000';

/** Somebody whose signature counts: the id of the wallet, and what it signs with. */
async function addApprover({ client: { workspaceWallets }, accountId }: Tenant) {
  const approver = createWallet();
  const { publicKey, scriptHash: address } = approver;
  const added = await workspaceWallets.createWallet({ accountId, kind: 'neo', address });
  const place = { accountId, walletId: added.id };
  const asked = await workspaceWallets.createChallenge(place);
  const signature = approver.signText(asked.text);
  await workspaceWallets.verifyWallet({ ...place, challengeId: asked.id, publicKey, signature });
  return { approver, walletId: added.id };
}

await runExample(() =>
  withAccount('transactions example', async (tenant) => {
    const { client, accountId } = tenant;
    const { chain, wallets, transactions } = client;
    const network = (await chain.listNetworks()).items[0]?.id;
    if (network === undefined) return print('no network is configured: see NEO_NETWORKS');

    const { approver, walletId } = await addApprover(tenant);
    // Without a policy of its own nothing is free: whatever it signs needs one approval.
    const wallet = await wallets.createWallet({ accountId, network, label: 'treasury' });
    const transfer = {
      contract: GAS,
      method: 'transfer',
      args: [
        { type: 'Hash160', value: wallet.scriptHash },
        { type: 'Hash160', value: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i' },
        { type: 'Integer', value: ONE_GAS },
        { type: 'Any', value: null },
      ],
      // A transfer that answers false would be charged and have done nothing.
      result: 'asserted' as const,
    };
    const proposed = await transactions.createTransaction({
      accountId,
      walletId: wallet.id,
      requestId: 'payout-7',
      calls: [transfer],
    });
    const place = { accountId, transactionId: proposed.id };
    print(`${proposed.status}: it needs ${proposed.threshold} of ${proposed.approvers.length}`);

    const asked = await transactions.createApprovalChallenge({ ...place, walletId });
    print(`to be signed: ${/for: (.*?)\. Request/.exec(asked.text ?? '')?.[1]}`);
    const approved = await transactions.createApproval({
      ...place,
      challengeId: asked.id,
      publicKey: approver.publicKey,
      signature: approver.signText(asked.text),
    });
    print(`approved: ${approved.status}`);

    // A wallet without GAS waits for some; then there is nothing to see but why.
    let current = approved;
    for (let look = 0; look < 20 && current.attempts[0]?.state !== 'live'; look += 1) {
      await passing(500);
      current = await transactions.getTransaction(place);
    }
    const [attempt] = current.attempts;
    print(`attempt 1 is ${attempt?.state}, ${attempt?.hash ?? `because of ${current.reason}`}`);

    const cancelled = await transactions.cancelTransaction(place);
    print(`cancelled: ${cancelled.status}, ${cancelled.attempts.length} attempts, one can come`);
    await wallets.retireWallet({ accountId, walletId: wallet.id });
  }),
);
