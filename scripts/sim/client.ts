/**
 * The client of a run: it repeats itself, changes its mind, sends with and without approvals, and
 * where members sign it hands over what they signed, late or when one of them has broadcast it
 * already. What must be refused it tries as well.
 */
import {
  decodeTransaction,
  encodeUnsigned,
} from '../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../worker/core/neo/transaction/witness-scope.ts';
import type { AdoptCommand } from '../../worker/core/neo-sender/adopt.ts';
import type { SendCommand } from '../../worker/core/neo-sender/commands.ts';
import type { AttemptKind } from '../../worker/core/neo-sender/intent.ts';
import type { Leave } from '../../worker/core/neo-sender/leave.ts';
import { gasOf, networkFeeOf } from './chain-model.ts';
import { expectWithinDay } from './day-invariants.ts';
import { scriptOf } from './script-model.ts';
import { signTogether } from './wallet-model.ts';
import type { World } from './world.ts';

const GAS = 100_000_000n;
/** Of the first attempt, and of what cancels it: then the day has counted it already. */
const FEE_MAX = GAS / 2n;

export interface Client {
  readonly world: World;
  /** The sender's state changed by a command: look, and set the alarm. */
  readonly turned: () => Promise<void>;
}

export function startClient(client: Client): { readonly openCommands: () => number } {
  const { agenda, chance, scenario } = client.world;
  let open = 0;
  const later = (delayMs: number, act: () => Promise<void>) => {
    open += 1;
    agenda.after(delayMs, async () => {
      open -= 1;
      await act();
    });
  };
  for (let index = 0; index < scenario.intents; index += 1) {
    const at = chance.between(0, 20 * scenario.msPerBlock);
    if (scenario.isMultisig) later(at, async () => handOver(client, `intent-${index}`, later));
    else startIntent(client, { index, at, later });
  }
  return { openCommands: () => open };
}

type Later = (delayMs: number, act: () => Promise<void>) => void;

interface Start {
  readonly index: number;
  readonly at: number;
  readonly later: Later;
}

function startIntent(client: Client, { index, at, later }: Start): void {
  const { chance, scenario } = client.world;
  const command = commandOf(client.world, index);
  const isApproved = chance.hits(0.1);
  later(at, () => send(client, command, isApproved));
  // It asks again, or once more with the approvals it was told to collect.
  if (chance.hits(0.4))
    later(at + chance.between(0, 60_000), () =>
      send(client, command, isApproved || chance.hits(0.5)),
    );
  for (const kind of ['replacement', 'cancel'] as const)
    if (chance.hits(0.3)) {
      // Most of them when it is on its way.
      const after = at + chance.between(1, 12) * scenario.msPerBlock;
      later(after, () => replace(client, command.id, kind));
    }
}

function commandOf({ chance, wallet }: World, index: number): SendCommand {
  const gasSent = BigInt(chance.between(0, 4)) * GAS;
  const faults = chance.hits(0.1) ? ('always' as const) : ('never' as const);
  const behaviour = { gasSent, faults: chance.hits(0.15) ? ('on chain' as const) : faults };
  const { account } = wallet.sender;
  const script = scriptOf(behaviour, account);
  const signers = [{ account, scopes: CALLED_BY_ENTRY }];
  const blank = { nonce: 0, systemFee: 0n, networkFee: 0n, validUntilBlock: 0, attributes: [] };
  return {
    id: `intent-${index}`,
    purpose: 'simulated',
    template: encodeUnsigned({ ...blank, signers, script }),
    terms: {
      systemFeeMax: chance.hits(0.05) ? 10n : 50_000_000n,
      networkFeeMax: FEE_MAX,
      gasSent,
      windowBlocks: chance.between(4, 20),
    },
  };
}

const networkOf = ({ scenario: { quorum, msPerBlock } }: World) => ({ quorum, msPerBlock });

const leaveOf = ({ wallet: { policy } }: World, isApproved: boolean): Leave | null =>
  policy && { policy, isApproved };

const OF_POLICY = new Set(['sender.policy_refused', 'sender.approvals_required']);

async function send(
  { world, turned }: Client,
  command: SendCommand,
  isApproved: boolean,
): Promise<void> {
  const { sender, wallet, violations } = world;
  const leave = leaveOf(world, isApproved);
  const whole = { sender: wallet.sender, network: networkOf(world), command, leave };
  const sent = await sender.send(whole);
  if (!sent.ok) {
    const { code } = sent.failure;
    if (leave === null || !OF_POLICY.has(code)) violations.push(`${command.id}: ${code}`);
    return;
  }
  if (leave && !isApproved && !sent.value.isRepeat) await expectWithinDay(world, command.id);
  const other = { ...command, purpose: 'another' };
  const conflict = await sender.send({ ...whole, command: other });
  if (conflict.ok) violations.push(`${command.id} was taken with another body`);
  await turned();
}

async function replace(
  { world, turned }: Client,
  id: string,
  kind: Exclude<AttemptKind, 'original'>,
): Promise<void> {
  const { sender, chance, violations } = world;
  const attempts = await sender.rows(`SELECT number FROM attempts WHERE intent_id = '${id}'`);
  if (attempts.length === 0) return;
  const networkFeeMax = kind === 'cancel' ? FEE_MAX : 2n * GAS;
  const command = { id, kind, attempt: attempts.length + 1, networkFeeMax };
  const isApproved = chance.hits(0.1);
  const first = await sender.replace({ command, leave: leaveOf(world, isApproved) });
  // The answer was lost, and the client asks again.
  const second = chance.hits(0.5)
    ? await sender.replace({ command, leave: leaveOf(world, false) })
    : first;
  if (first.ok && !second.ok) violations.push(`${id}: a repeated command was refused`);
  if (first.ok && kind === 'replacement' && !isApproved) await expectWithinDay(world, id);
  await turned();
}

/** Signed at this height; handed over some blocks later, and again. */
async function handOver(client: Client, id: string, later: Later): Promise<void> {
  const { chain, chance, scenario } = client.world;
  const command = signedCommandOf(client.world, id);
  const decoded = decodeTransaction(command.signed);
  // A member need not wait for anybody.
  if (decoded.ok && chance.hits(0.2)) chain.admit(decoded.value);
  const delay = () => chance.between(0, 8) * scenario.msPerBlock;
  later(delay(), () => adopt(client, command));
  if (chance.hits(0.3)) later(delay(), () => adopt(client, command));
  if (chance.hits(0.3)) later(delay(), () => replace(client, id, 'cancel'));
}

function signedCommandOf({ chain, chance, wallet }: World, id: string): AdoptCommand {
  const gasSent = BigInt(chance.between(0, 2)) * GAS;
  const { account } = wallet.sender;
  const blank = {
    nonce: chance.bits32(),
    systemFee: 0n,
    networkFee: 0n,
    validUntilBlock: chain.height + chance.between(1, 20),
    signers: [{ account, scopes: CALLED_BY_ENTRY }],
    attributes: [],
    script: scriptOf({ gasSent, faults: chance.hits(0.1) ? 'on chain' : 'never' }, account),
  };
  const signed = signTogether({
    ...blank,
    systemFee: gasOf(blank),
    networkFee: networkFeeOf(blank),
  });
  return { id, purpose: 'simulated', signed, preparedHeight: chain.height };
}

async function adopt({ world, turned }: Client, command: AdoptCommand): Promise<void> {
  const { chance, sender, wallet, violations } = world;
  const whole = { sender: wallet.sender, network: networkOf(world), command };
  const taken = await sender.adopt(whole);
  if (!taken.ok) violations.push(`${command.id} was refused: ${taken.failure.code}`);
  // Signatures take long to make and to check, so not every time.
  if (chance.hits(0.2)) {
    const twice = await sender.adopt({ ...whole, command: { ...command, id: 'another' } });
    const other = signedCommandOf(world, command.id);
    const conflict = await sender.adopt({ ...whole, command: other });
    if (twice.ok || conflict.ok) violations.push(`${command.id} was taken twice`);
  }
  await turned();
}
