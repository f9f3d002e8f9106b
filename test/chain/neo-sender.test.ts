/**
 * A sender on the private network, with the product's own decisions, statements, steps and RPC
 * client: each transaction ends in the right state, with the evidence of both nodes.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { accountNamed, councilAccount, type NamedAccount } from '../../scripts/devnet/accounts.ts';
import { payFromGenesis } from '../../scripts/devnet/funds.ts';
import { blockCount } from '../../scripts/devnet/node.ts';
import { chanceOf } from '../../scripts/sim/random.ts';
import { senderInMemory } from '../../scripts/sim/sender-in-memory.ts';
import type { SenderEndpoint, SenderOutside } from '../../worker/chain/sender-steps/outside.ts';
import { performSenderStep } from '../../worker/chain/sender-steps/perform.ts';
import { rpcSenderEndpoint } from '../../worker/chain/sender-steps/rpc-endpoint.ts';
import { CALL_FLAGS } from '../../worker/core/neo/call-flags.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import { ScriptBuilder } from '../../worker/core/neo/script-builder.ts';
import {
  decodeUnsigned,
  encodeTransaction,
  encodeUnsigned,
} from '../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../worker/core/neo/transaction/witness-scope.ts';
import type { Leave } from '../../worker/core/neo-sender/leave.ts';
import type { StepReport } from '../../worker/core/neo-sender/steps.ts';
import type { WalletPolicy } from '../../worker/core/wallets/wallet-policy.ts';
import { devnet, follower, openAccount, rpc, validator } from './support/devnet.ts';
import { draft, openClient, signed } from './support/rpc-client.ts';

const GAS = 100_000_000n;
const GAS_TOKEN = NATIVE_CONTRACTS.GasToken.hash;
const QUORUM = 2;
const client = openClient([validator.rpcUrl, follower.rpcUrl]);
let account: NamedAccount;

beforeAll(async () => {
  account = await openAccount('neo-sender', { gas: 50n, neo: 0n });
});

interface Gate {
  isOpen: boolean;
}

/** A closed gate is a node that takes a transaction and keeps it for itself. */
function endpointOf(name: string, gate: Gate): SenderEndpoint {
  const endpoint = rpcSenderEndpoint(client, name);
  const send: SenderEndpoint['send'] = async (bytes) =>
    gate.isOpen ? endpoint.send(bytes) : { kind: 'accepted' };
  return { ...endpoint, send };
}

const outsideOf = (
  gate: Gate,
  report: (report: StepReport) => Promise<unknown>,
): SenderOutside => ({
  endpoints: client.endpoints.map((name) => endpointOf(name, gate)),
  quorum: QUORUM,
  draftWitnesses: async () => [
    { invocation: emptySignature(), verification: account.verification },
  ],
  signerOf: async () => ({
    policy: null,
    sign: async (unsigned) => {
      const decoded = decodeUnsigned(unsigned);
      return decoded.ok ? encodeTransaction(signed(decoded.value, [account])) : null;
    },
  }),
  report: async (_sender, told) => {
    await report(told);
  },
});

function rig() {
  const sender = senderInMemory(() => Date.now(), chanceOf(Date.now()));
  const identity = { magic: devnet.magic, account: account.scriptHash };
  const network = { quorum: QUORUM, msPerBlock: devnet.blockMs };
  const gate: Gate = { isOpen: true };
  const outside = () => outsideOf(gate, (report) => sender.report(report));
  const send = (id: string, script: Uint8Array, gasSent = 0n, leave: Leave | null = null) =>
    sender.send({
      sender: identity,
      network,
      leave,
      command: {
        id,
        purpose: 'chain-test',
        template: encodeUnsigned({
          nonce: 0,
          systemFee: 0n,
          networkFee: 0n,
          validUntilBlock: 0,
          signers: [{ account: account.scriptHash, scopes: CALLED_BY_ENTRY }],
          attributes: [],
          script,
        }),
        terms: { systemFeeMax: GAS, networkFeeMax: GAS, gasSent, windowBlocks: 8 },
      },
    });
  const until = async (condition: () => Promise<boolean>) => {
    const end = Date.now() + 50_000;
    while (Date.now() < end) {
      if (await condition()) return;
      for (const step of (await sender.ring()).steps) void performSenderStep(step, outside());
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(
      `nothing after 50 s: ${JSON.stringify(await sender.rows('SELECT * FROM intents'))}`,
    );
  };
  const stateOf = async (table: string, where: string) =>
    (await sender.rows(`SELECT state FROM ${table} WHERE ${where}`)).map(({ state }) => state);
  const ended = (id: string) =>
    until(async () => {
      const rows = await sender.rows(`SELECT id FROM intents WHERE id = '${id}' AND ended_at > 0`);
      return rows.length > 0;
    });
  /** As the chain tells it, of the attempt that was included. */
  const evidence = async (id: string) => {
    const [row] = await sender.rows(
      `SELECT i.state, i.vm_state, i.block_hash, i.included_attempt, a.hash FROM intents i
       LEFT JOIN attempts a ON a.intent_id = i.id AND a.number = i.included_attempt
       WHERE i.id = '${id}'`,
    );
    const onChain = (await rpc.call('getrawtransaction', [row?.hash, true])) as {
      readonly blockhash: string;
      readonly vmstate: string;
    };
    expect(onChain).toMatchObject({ blockhash: row?.block_hash, vmstate: row?.vm_state });
    return row;
  };
  return { sender, network, gate, send, until, stateOf, ended, evidence };
}

/** PUSHDATA1 of 64 zero bytes. */
const emptySignature = (): Uint8Array => Uint8Array.of(0x0c, 0x40, ...new Uint8Array(64));

const transfer = (datoshi: bigint): Uint8Array =>
  new ScriptBuilder()
    .call({
      contract: NATIVE_CONTRACTS.GasToken.hash,
      method: 'transfer',
      args: [
        { type: 'Hash160', value: account.scriptHash },
        { type: 'Hash160', value: accountNamed('stranger').scriptHash },
        { type: 'Integer', value: datoshi },
        { type: 'Any', value: null },
      ],
      flags: CALL_FLAGS.All,
      result: 'asserted',
    })
    .toBytes();

describe('a sender on a real chain', () => {
  it('confirms by the application logs of both nodes', async () => {
    const { send, ended, evidence } = rig();
    await send('confirmed', Uint8Array.of(0x11, 0x40));
    await ended('confirmed');
    expect(await evidence('confirmed')).toMatchObject({ state: 'confirmed', vm_state: 'HALT' });
  });

  it('M4 replaces by Conflicts: the dearer one is on the chain, the first is void', async () => {
    const { sender, gate, send, until, ended, evidence, stateOf } = rig();
    gate.isOpen = false;
    await send('replaced', Uint8Array.of(0x11, 0x40));
    await until(async () => (await stateOf('intents', "id = 'replaced'"))[0] === 'live');
    const raise = { id: 'replaced', attempt: 2, kind: 'replacement', networkFeeMax: GAS } as const;
    expect(await sender.replace({ command: raise, leave: null })).toMatchObject({ ok: true });
    await until(async () => (await stateOf('attempts', 'number = 2'))[0] === 'live');
    gate.isOpen = true;
    await ended('replaced');
    expect(await evidence('replaced')).toMatchObject({ state: 'confirmed', included_attempt: 2 });
    expect(await stateOf('attempts', '1 = 1 ORDER BY number')).toEqual(['void', 'included']);
  });

  it('M4 cancels by a transaction that does nothing, and proves it', async () => {
    const { sender, gate, send, until, ended, evidence, stateOf } = rig();
    gate.isOpen = false;
    await send('cancelled', Uint8Array.of(0x11, 0x40));
    await until(async () => (await stateOf('intents', "id = 'cancelled'"))[0] === 'live');
    const cancel = { id: 'cancelled', attempt: 2, kind: 'cancel', networkFeeMax: GAS } as const;
    expect(await sender.replace({ command: cancel, leave: null })).toMatchObject({ ok: true });
    await until(async () => (await stateOf('attempts', 'number = 2'))[0] === 'live');
    gate.isOpen = true;
    await ended('cancelled');
    expect(await evidence('cancelled')).toMatchObject({ state: 'cancelled', included_attempt: 2 });
  });

  it('M7 expires only past its last block, absent from both nodes', async () => {
    const { gate, send, ended, sender, stateOf } = rig();
    gate.isOpen = false;
    await send('expired', Uint8Array.of(0x11, 0x40));
    await ended('expired');
    expect(await stateOf('intents', "id = 'expired'")).toEqual(['expired']);
    const votes = await sender.rows('SELECT DISTINCT endpoint, verdict FROM votes');
    expect(votes.map(({ verdict }) => verdict)).toEqual([
      '{"kind":"expired"}',
      '{"kind":"expired"}',
    ]);
  });

  it('M8 faults what declared less than it moves: fees are burned before its script runs', async () => {
    const { send, ended, evidence } = rig();
    const balance = (await rpc.call('invokefunction', [
      NATIVE_CONTRACTS.GasToken.hash,
      'balanceOf',
      [{ type: 'Hash160', value: account.scriptHash }],
    ])) as { readonly stack: readonly { readonly value: string }[] };
    const all = BigInt(balance.stack[0]?.value ?? '0');
    await send('faulted', transfer(all));
    await ended('faulted');
    expect(await evidence('faulted')).toMatchObject({ state: 'faulted', vm_state: 'FAULT' });
  });

  it('M16 counts the true fees of a day in the end, and lets nothing pass it', async () => {
    const { sender, send, ended, evidence } = rig();
    const perDay = 4n * GAS;
    const policy: WalletPolicy = {
      contracts: [],
      tokens: [{ token: GAS_TOKEN, perDay }],
      scopes: ['CalledByEntry'],
      customContracts: [],
      systemFeeMax: GAS,
      networkFeeMax: GAS,
      approvals: null,
    };
    const leave = { policy, isApproved: false };
    expect(await send('counted', transfer(2n * GAS), 2n * GAS, leave)).toMatchObject({ ok: true });
    expect(await send('passing', transfer(1n), 1n, leave)).toMatchObject({
      failure: { code: 'sender.policy_refused' },
    });
    await ended('counted');
    expect(await evidence('counted')).toMatchObject({ state: 'confirmed' });
    const [paid] = await sender.rows('SELECT system_fee + network_fee AS fees FROM attempts');
    const spent = await sender.spent();
    const today = spent.ok && spent.value.amounts.get(GAS_TOKEN);
    expect(today).toBe(2n * GAS + BigInt(Number(paid?.fees)));
  });

  it('M19 follows what two of three members signed to its end', async () => {
    const { sender, network, ended, evidence } = rig();
    const council = councilAccount();
    await payFromGenesis(rpc, [council], { gas: 5n, neo: 0n });
    const height = (await blockCount(rpc)) - 1;
    const unsigned = draft(council, { validUntilBlock: height + 20, systemFee: 10_000n });
    const adopted = await sender.adopt({
      sender: { magic: devnet.magic, account: council.scriptHash },
      network,
      command: {
        id: 'adopted',
        purpose: 'chain-test',
        signed: encodeTransaction(signed(unsigned, [council])),
        preparedHeight: height,
      },
    });
    expect(adopted).toMatchObject({ value: { state: 'live' } });
    await ended('adopted');
    expect(await evidence('adopted')).toMatchObject({ state: 'confirmed', vm_state: 'HALT' });
  });
});
