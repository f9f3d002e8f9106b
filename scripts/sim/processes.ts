/**
 * The steps of the product (worker/chain/sender-steps) run in this world: every await of theirs is
 * a request and a reply that take time, may get lost on either way, and before and after which the
 * process may die. What was done before a loss or a death stays done.
 */

import type { SenderEvent } from '../../durable-objects/neo-sender/rpc.ts';
import { deliverEvents, type Outbox } from '../../worker/chain/sender-steps/deliver.ts';
import type {
  SenderEndpoint,
  SenderOutside,
  StepSigner,
} from '../../worker/chain/sender-steps/outside.ts';
import { performSenderStep } from '../../worker/chain/sender-steps/perform.ts';
import {
  decodeHash256,
  encodeHash256,
  type Hash256,
  hash256Of,
} from '../../worker/core/neo/hash256.ts';
import type { SendAnswer } from '../../worker/core/neo/rpc/broadcast.ts';
import {
  decodeTransaction,
  decodeUnsigned,
  encodeTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import type { SenderStep, StepReport } from '../../worker/core/neo-sender/steps.ts';
import { ok } from '../../worker/core/result.ts';
import { expectPermitted } from './day-invariants.ts';
import type { EndpointModel } from './endpoint-model.ts';
import { expectSigned, expectStored } from './invariants.ts';
import { tighten } from './wallet-model.ts';
import type { World } from './world.ts';

const TIMEOUT_MS = 8_000;
const BRIDGE_REFUSES = null;
const NO_SIGNER = null;
const NO_HASH = decodeHash256(new Uint8Array(32));

interface Process {
  isDead: boolean;
}

/** `turned` is called when the sender has taken a report. */
export function startStep(world: World, step: SenderStep, turned: () => Promise<void>): void {
  const process: Process = { isDead: false };
  // A step that dies never ends, and is forgotten with its promises.
  void performSenderStep(step, outsideOf(world, process, turned));
}

interface Exchange<Answer> {
  readonly effect: () => Answer | Promise<Answer>;
  /** What the process is told when request or reply is lost. */
  readonly lost: Answer;
}

function exchange<Answer>(
  world: World,
  process: Process,
  { effect, lost }: Exchange<Answer>,
): Promise<Answer> {
  const { agenda, chance, scenario } = world;
  const latency = () => 1 + chance.between(0, scenario.latencyMsMax);
  const lives = (): boolean => {
    process.isDead ||= chance.hits(scenario.deathRate);
    return !process.isDead;
  };
  return new Promise((resolve) => {
    const reply = (answer: Answer, delayMs: number) =>
      agenda.after(delayMs, () => {
        if (lives()) resolve(answer);
      });
    if (!lives()) return;
    if (chance.hits(scenario.lossRate)) {
      reply(lost, TIMEOUT_MS);
      return;
    }
    agenda.after(latency(), async () => {
      const answer = await effect();
      const isLost = chance.hits(scenario.lossRate);
      reply(isLost ? lost : answer, isLost ? TIMEOUT_MS : latency());
    });
  });
}

function outsideOf(world: World, process: Process, turned: () => Promise<void>): SenderOutside {
  const { scenario } = world;
  return {
    quorum: scenario.quorum,
    endpoints: world.endpoints.map((endpoint) => endpointOf(world, process, endpoint)),
    draftWitnesses: async () => [witnessOf(NO_HASH)],
    signerOf: () =>
      exchange(world, process, { effect: () => signerOf(world, process), lost: NO_SIGNER }),
    report: async (_sender, report) => {
      const effect = () => deliver(world, report, turned);
      await exchange(world, process, { effect, lost: undefined });
      if (world.chance.hits(scenario.duplicateRate)) world.agenda.after(50, effect);
    },
  };
}

/** The events on their way to where verdicts are read, which may fail at every one of them. */
export function startDelivery(world: World, turned: () => Promise<void>): void {
  const process: Process = { isDead: false };
  const { sender } = world;
  const outbox: Outbox = {
    listEvents: async ({ limit }) => {
      const effect = async () => (await sender.listEvents()).slice(0, limit);
      return ok({ items: await exchange(world, process, { effect, lost: [] }) });
    },
    acknowledgeEvents: async (through) => {
      const effect = () => sender.acknowledgeEvents(through).then(turned);
      await exchange(world, process, { effect, lost: undefined });
      return ok({ removed: 0 });
    },
  };
  const record = async (event: SenderEvent): Promise<void> => {
    const effect = () => write(world, event);
    if (!(await exchange(world, process, { effect, lost: false })))
      throw new Error('the event was not written, as far as anybody knows');
  };
  void deliverEvents(outbox, record).catch(() => undefined);
}

/** Once, by its id. */
function write({ told, violations }: World, { id, type }: SenderEvent): boolean {
  if ((told.get(id) ?? type) !== type) violations.push(`event ${id} was told as two things`);
  told.set(id, type);
  return true;
}

async function deliver(
  { sender }: World,
  report: StepReport,
  turned: () => Promise<void>,
): Promise<void> {
  const taken = await sender.report(report);
  if (taken.ok) await turned();
}

function endpointOf(world: World, process: Process, endpoint: EndpointModel): SenderEndpoint {
  const ask = <Answer>(effect: () => Answer) =>
    exchange<Answer | null>(world, process, { effect, lost: null });
  return {
    name: endpoint.name,
    healthy: world.chance.hits(0.9),
    height: () => ask(() => endpoint.height()),
    gasBalance: () => ask(() => endpoint.gasBalance()),
    simulate: (transaction) => ask(() => endpoint.simulate(transaction)),
    networkFee: (transaction) => ask(() => endpoint.networkFee(transaction)),
    lookUp: (hash) => ask(() => endpoint.lookUp(hash)),
    send: (signed) =>
      exchange<SendAnswer>(world, process, {
        effect: () => receive(world, endpoint, signed),
        lost: { kind: 'unreachable', reason: 'timed out' },
      }),
  };
}

async function receive(
  world: World,
  endpoint: EndpointModel,
  signed: Uint8Array,
): Promise<SendAnswer> {
  const decoded = decodeTransaction(signed);
  if (!decoded.ok) throw new Error('a broadcast of what is no transaction');
  await expectSigned(world, signed);
  return endpoint.send(decoded.value);
}

/** The policy of the moment: the owner tightens it where it hurts, between an intent and its signature. */
function signerOf(world: World, process: Process): StepSigner {
  const { chance, scenario, wallet } = world;
  if (chance.hits(scenario.tightenRate)) tighten(wallet, chance.oneOf([2n, 1_000_000_000_000n]));
  const { policy } = wallet;
  return {
    policy,
    sign: (unsigned) =>
      exchange(world, process, {
        effect: () => sign(world, unsigned, policy),
        lost: BRIDGE_REFUSES,
      }),
  };
}

/** As the bridge signs: the same bytes for the same transaction (RFC 6979), or a refusal. */
async function sign(
  world: World,
  unsigned: Uint8Array,
  policy: StepSigner['policy'],
): Promise<Uint8Array | null> {
  const decoded = decodeUnsigned(unsigned);
  if (!decoded.ok) throw new Error('the bridge was asked to sign what is no transaction');
  const hash = hash256Of(unsigned);
  await expectStored(world, hash);
  if (policy) await expectPermitted(world, { hash, transaction: decoded.value, policy });
  if (world.chance.hits(world.scenario.bridgeFailureRate)) return BRIDGE_REFUSES;
  return encodeTransaction({ ...decoded.value, witnesses: [witnessOf(hash)] });
}

/** Of the form of a signature's witness; the model does not check signatures. */
function witnessOf(hash: Hash256) {
  const invocation = new Uint8Array(66);
  invocation.set([0x0c, 0x40]);
  invocation.set(encodeHash256(hash), 2);
  return { invocation, verification: new Uint8Array(40).fill(0x41) };
}
