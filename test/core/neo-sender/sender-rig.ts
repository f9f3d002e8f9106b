/** A sender over SQLite in memory, with the test as its clock, its client and its outside. */
import { chanceOf } from '../../../scripts/sim/random.ts';
import { senderInMemory } from '../../../scripts/sim/sender-in-memory.ts';
import { decodeHash256 } from '../../../worker/core/neo/hash256.ts';
import type { Sighting } from '../../../worker/core/neo/rpc/quorum.ts';
import {
  decodeUnsigned,
  encodeTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import type { AttemptKind } from '../../../worker/core/neo-sender/intent.ts';
import type { Leave } from '../../../worker/core/neo-sender/leave.ts';
import type { SenderStep, StepOutcome } from '../../../worker/core/neo-sender/steps.ts';
import { NOW, quoteOf, SENDER, TERMS, templateOf } from './intents.ts';

export const NETWORK = { quorum: 2, msPerBlock: 15_000 };
const BLOCK = decodeHash256(new Uint8Array(32).fill(0xb1));

export interface SendMore {
  readonly purpose?: string;
  readonly gasSent?: bigint;
  readonly template?: Uint8Array;
  readonly leave?: Leave | null;
}

export interface ReplaceMore {
  readonly attempt?: number;
  readonly kind?: Exclude<AttemptKind, 'original'>;
  readonly networkFeeMax?: bigint;
  readonly leave?: Leave | null;
}

export function senderRig(startAt = NOW) {
  const clock = { now: startAt };
  const sender = senderInMemory(() => clock.now, chanceOf(1));
  const send = (id: string, more: SendMore = {}) =>
    sender.send({
      sender: SENDER,
      network: NETWORK,
      leave: more.leave ?? null,
      command: {
        id,
        purpose: more.purpose ?? 'test',
        template: more.template ?? templateOf(),
        terms: { ...TERMS, gasSent: more.gasSent ?? 0n },
      },
    });
  const replace = (id: string, more: ReplaceMore = {}) => {
    const { attempt = 2, kind = 'replacement', networkFeeMax = 300n, leave = null } = more;
    return sender.replace({ command: { id, attempt, kind, networkFeeMax }, leave });
  };
  const report = (step: SenderStep, outcome: StepOutcome) =>
    sender.report({
      intentId: step.intentId,
      attempt: step.kind === 'observe' ? null : step.attempt,
      leaseNumber: step.leaseNumber,
      outcome,
    });
  const stateOf = async (id: string) =>
    (await sender.rows(`SELECT state FROM intents WHERE id = '${id}'`))[0]?.state;
  /** Rings and takes the one step of this kind. */
  const lease = async <Kind extends SenderStep['kind']>(kind: Kind, id = 'txn_1') => {
    const { steps } = await sender.ring();
    const step = steps.find((one) => one.kind === kind && one.intentId === id);
    if (step?.kind !== kind)
      throw new Error(`no ${kind} among ${steps.map((one) => one.kind).join()}`);
    return step as SenderStep & { readonly kind: Kind };
  };
  const sign = async (id = 'txn_1', quote = quoteOf()) => {
    await report(await lease('prepare', id), quote);
    const step = await lease('sign', id);
    await report(step, { kind: 'signed', signed: signed(step.unsigned) });
  };
  const goLive = async (id = 'txn_1', quote = quoteOf()) => {
    await send(id);
    await sign(id, quote);
  };
  /** Each endpoint says the same of the attempt. */
  const observe = async (sightings: readonly Sighting[], id = 'txn_1', attempt = 1) => {
    clock.now += 15_000;
    const step = await lease('observe', id);
    const seen = sightings.map((sighting, index) => ({ endpoint: `n${index}`, sighting }));
    return report(step, {
      kind: 'observed',
      heights: seen.map(({ endpoint, sighting }) => ({ endpoint, height: sighting.height })),
      sightings: seen.map((one) => ({ ...one, attempt })),
    });
  };
  return { clock, sender, send, replace, report, stateOf, lease, sign, goLive, observe };
}

export function signed(unsigned: Uint8Array): Uint8Array {
  const decoded = decodeUnsigned(unsigned);
  if (!decoded.ok) throw new Error(decoded.malformed.reason);
  const witness = { invocation: Uint8Array.of(1), verification: Uint8Array.of(2) };
  return encodeTransaction({ ...decoded.value, witnesses: [witness] });
}

export const included = (blockIndex = 110, vmState: 'HALT' | 'FAULT' = 'HALT'): Sighting => ({
  kind: 'included',
  height: 115,
  blockIndex,
  blockHash: BLOCK,
  vmState,
  notificationsDigest: 'n',
});
/** Past the last block of everything that is prepared here. */
export const absent: Sighting = { kind: 'absent', height: 200 };
export const twice = (sighting: Sighting) => [sighting, sighting];
