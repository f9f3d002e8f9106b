/**
 * The way out of a sender with the real bridge and the real wallet: what is signed is decided by the
 * policy that the wallet has when the bridge is asked.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { expect, it, vi } from 'vitest';
import type { NeoSender } from '../../../durable-objects/neo-sender/neo-sender.ts';
import { nep17 } from '../../../worker/chain/contracts/nep17.ts';
import { senderName } from '../../../worker/chain/sender-steps/sender-name.ts';
import { parseAddress } from '../../../worker/core/neo/address.ts';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import type { ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { encodeUnsigned } from '../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../../worker/core/neo/transaction/witness-scope.ts';
import type { SenderStep, StepOutcome } from '../../../worker/core/neo-sender/steps.ts';
import type { ChainPort } from '../../../worker/core/ports.ts';
import { parsePolicy } from '../../../worker/core/wallets/policy-form.ts';
import { makeWallet, POLICY, pathOf } from '../../services/wallets/wallets-under-test.ts';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';

const { NEO_SENDER } = env as unknown as { NEO_SENDER: DurableObjectNamespace<NeoSender> };
// Exported by worker/index.ts under this name.
const { ChainPort: port } = exports as unknown as { readonly ChainPort: ChainPort };
const { magic } = NETWORKS.up;

function drafted(account: ScriptHash, gasSent: bigint) {
  const to = parseAddress(SMALL_CHAIN.receiver);
  if (!to) throw new Error('a receiver');
  const transfer = nep17(SMALL_CHAIN.gas).transfer({ from: account, to, amount: gasSent });
  const template = encodeUnsigned({
    nonce: 0,
    systemFee: 0n,
    networkFee: 0n,
    validUntilBlock: 0,
    signers: [{ account, scopes: CALLED_BY_ENTRY }],
    attributes: [],
    script: encodeCalls([transfer]),
  });
  return {
    template,
    terms: { systemFeeMax: 100n, networkFeeMax: 100n, gasSent, windowBlocks: 100 },
  };
}

/** A transfer of a wallet whose sign step waits to be performed. */
async function openSigning() {
  const tenant = await openTenant();
  const made = await makeWallet(tenant, { policy: POLICY });
  const account = parseAddress(made.body.address);
  const policy = parsePolicy(POLICY);
  if (!account || !policy.ok) throw new Error('a wallet and its policy');
  const sender = { magic, account };
  const stub = NEO_SENDER.getByName(senderName(sender));
  const handed: SenderStep[] = [];
  await runInDurableObject(stub, (instance) => {
    instance.ports = {
      chain: {
        performSenderSteps: async (steps) => {
          handed.push(...steps);
        },
        deliverSenderEvents: async () => undefined,
      },
    };
  });
  const stepOf = (kind: SenderStep['kind']) =>
    vi.waitFor(() => {
      const step = handed.findLast((one) => one.kind === kind);
      if (step === undefined) throw new Error(`no ${kind} yet`);
      return step;
    });
  const sent = await stub.send({
    sender,
    network: { quorum: 1, msPerBlock: 1_000 },
    leave: { policy: policy.value, isApproved: false },
    command: {
      id: 'txn_1',
      purpose: 'test',
      ...drafted(account, 700n),
    },
  });
  expect(sent).toMatchObject({ ok: true });
  const { leaseNumber } = await stepOf('prepare');
  const outcome: StepOutcome = {
    kind: 'quoted',
    systemFee: 50n,
    networkFee: 50n,
    balances: [{ endpoint: 'a', height: 100, datoshi: 10_000n }],
  };
  await stub.report({ intentId: 'txn_1', attempt: 1, leaseNumber, outcome });
  const step = await stepOf('sign');
  const view = async () => {
    const told = await stub.get('txn_1');
    return told.ok ? told.value : undefined;
  };
  const set = (body: object) => tenant.call(`PUT ${pathOf(made)}/policy`, { body });
  return { sender, step, view, set, stub, tenant, made };
}

it('has the bridge sign what the policy of the wallet lets pass', async () => {
  const { step, view, stub } = await openSigning();
  await port.performSenderSteps([step]);
  expect(await view()).toMatchObject({ state: 'live', reason: null });
  const spent = await stub.spent();
  expect(spent.ok && spent.value.amounts.get(SMALL_CHAIN.gas)).toBe(900n);
});

it('M20: has the bridge sign nothing once the policy was tightened, and says why', async () => {
  const { step, view, set } = await openSigning();
  const tightened = { ...POLICY, tokens: [{ token: SMALL_CHAIN.gas, perDay: '799' }] };
  expect((await set(tightened)).status).toBe(200);
  await port.performSenderSteps([step]);
  expect(await view()).toMatchObject({
    state: 'prepared',
    reason: 'policy_refused',
    detail: expect.stringContaining('799 a day'),
  });
});

it('has the bridge sign nothing for a wallet that was retired', async () => {
  const { step, view, tenant, made } = await openSigning();
  expect((await tenant.call(`POST ${pathOf(made)}/retire`)).status).toBe(200);
  await port.performSenderSteps([step]);
  expect(await view()).toMatchObject({ state: 'prepared' });
});

it('D4: delivers verdicts, and acknowledges those that concern nobody any more', async () => {
  const { sender, stub } = await openSigning();
  const command = { id: 'txn_2', purpose: 'test', ...drafted(sender.account, 0n) };
  await stub.send({ sender, network: { quorum: 1, msPerBlock: 1_000 }, leave: null, command });
  const cancel = { id: 'txn_2', attempt: 2, kind: 'cancel', networkFeeMax: 1n } as const;
  await stub.replace({ command: cancel, leave: null });
  const waiting = async () => {
    const events = await stub.listEvents({ afterSequence: 0, limit: 10 });
    return events.ok ? events.value.items.map(({ type }) => type) : [];
  };
  expect(await waiting()).toEqual(['transaction.rejected']);
  await port.deliverSenderEvents(sender);
  expect(await waiting()).toEqual([]);
});
