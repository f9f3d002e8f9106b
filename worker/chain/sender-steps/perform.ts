/**
 * The outside part of a sender's steps: ask, sign, send, look. Each step reports once, under its
 * lease, and may die at any await: what it had done by then has no effect but its own, since bytes
 * are signed and sent as they were stored, and the next holder of the step does it again.
 */
import { assertNever } from '../../core/assert.ts';
import { decideBroadcast, type EndpointSend } from '../../core/neo/rpc/broadcast.ts';
import type { Sighting } from '../../core/neo/rpc/quorum.ts';
import { decodeUnsigned, type Transaction } from '../../core/neo/transaction/transaction.ts';
import type { BalanceReading } from '../../core/neo-sender/free-gas.ts';
import { decideWithheld } from '../../core/neo-sender/leave.ts';
import type {
  BroadcastStep,
  EndpointSighting,
  ObserveStep,
  PrepareStep,
  SenderStep,
  SignStep,
  StepOutcome,
} from '../../core/neo-sender/steps.ts';
import type { LookUp, SenderEndpoint, SenderOutside } from './outside.ts';
import { decideQuote, type EndpointQuote } from './quote.ts';

export async function performSenderStep(step: SenderStep, outside: SenderOutside): Promise<void> {
  const outcome = await outcomeOf(step, outside);
  const { sender, intentId, leaseNumber } = step;
  const attempt = step.kind === 'observe' ? null : step.attempt;
  await outside.report(sender, { intentId, attempt, leaseNumber, outcome });
}

function outcomeOf(step: SenderStep, outside: SenderOutside): Promise<StepOutcome> {
  switch (step.kind) {
    case 'prepare':
      return prepare(step, outside);
    case 'sign':
      return sign(step, outside);
    case 'broadcast':
      return broadcast(step, outside);
    case 'observe':
      return observe(step, outside);
    default:
      return assertNever(step);
  }
}

async function prepare(step: PrepareStep, outside: SenderOutside): Promise<StepOutcome> {
  const draft = decodeUnsigned(step.draft);
  if (!draft.ok) return failed('the draft is no transaction');
  const witnesses = await outside.draftWitnesses(step.sender, draft.value);
  if (witnesses === null) return failed('the witnesses of a signer are not known');
  const drafted = { ...draft.value, witnesses };
  const answers = await Promise.all(
    outside.endpoints.map(async (endpoint) => ({
      balance: await readBalance(endpoint, step.sender.account),
      quote: await readQuote(endpoint, drafted),
    })),
  );
  const quotes = answers.flatMap(({ quote }) => quote ?? []);
  const decision = decideQuote(quotes, outside.quorum);
  if (decision.kind === 'unclear') return failed('too few endpoints quoted alike');
  if (decision.kind === 'simulated_fault') return decision;
  return { ...decision, balances: answers.flatMap(({ balance }) => balance ?? []) };
}

/** Of one height only when no block came in between (M8). */
async function readBalance(
  endpoint: SenderEndpoint,
  account: PrepareStep['sender']['account'],
): Promise<BalanceReading | null> {
  const before = await endpoint.height();
  if (before === null) return null;
  const datoshi = await endpoint.gasBalance(account);
  const after = await endpoint.height();
  if (datoshi === null || after !== before) return null;
  return { endpoint: endpoint.name, height: before, datoshi };
}

async function readQuote(
  endpoint: SenderEndpoint,
  draft: Transaction,
): Promise<EndpointQuote | null> {
  const simulation = await endpoint.simulate(draft);
  if (simulation === null) return null;
  if (simulation.vmState === 'FAULT') return { simulation, networkFee: 0n };
  const networkFee = await endpoint.networkFee({ ...draft, systemFee: simulation.gasConsumed });
  return networkFee === null ? null : { simulation, networkFee };
}

/**
 * The policy is the last thing read before the bridge is asked, so one that was tightened since the
 * intent was taken stops what is not signed yet (money rules M16, M20).
 */
async function sign(step: SignStep, outside: SenderOutside): Promise<StepOutcome> {
  const transaction = decodeUnsigned(step.unsigned);
  if (!transaction.ok) return failed('what is to be signed is no transaction');
  const signer = await outside.signerOf(step.sender);
  if (signer === null) return failed('the wallet signs nothing');
  const { isApproved, isCancel, replaces } = step;
  const detail =
    signer.policy &&
    decideWithheld({
      policy: signer.policy,
      wallet: step.sender.account,
      transaction: transaction.value,
      replaces,
      isApproved,
      isCancel,
    });
  if (detail !== null) return { kind: 'withheld', detail };
  const signed = await signer.sign(step.unsigned);
  return signed === null ? failed('the bridge did not sign') : { kind: 'signed', signed };
}

async function broadcast(step: BroadcastStep, outside: SenderOutside): Promise<StepOutcome> {
  const sends = await Promise.all(
    outside.endpoints.map(
      async (endpoint): Promise<EndpointSend> => ({
        endpoint: endpoint.name,
        healthy: endpoint.healthy,
        answer: await endpoint.send(step.signed),
      }),
    ),
  );
  return { kind: 'broadcast', outcome: decideBroadcast(sends) };
}

async function observe(step: ObserveStep, outside: SenderOutside): Promise<StepOutcome> {
  const views = await Promise.all(
    outside.endpoints.map((endpoint) => lookThrough(endpoint, step.attempts)),
  );
  const seen = views.flatMap((view) => view ?? []);
  if (seen.length === 0) return failed('no endpoint could be read');
  return {
    kind: 'observed',
    heights: seen.map(({ endpoint, height }) => ({ endpoint, height })),
    sightings: seen.flatMap(({ sightings }) => sightings),
  };
}

/** The height first: what is then absent was in no block up to it. */
async function lookThrough(endpoint: SenderEndpoint, attempts: ObserveStep['attempts']) {
  const height = await endpoint.height();
  if (height === null) return null;
  const sightings: EndpointSighting[] = [];
  for (const { number, hash } of attempts) {
    const found = await endpoint.lookUp(hash);
    if (found === null) continue;
    sightings.push({
      endpoint: endpoint.name,
      attempt: number,
      sighting: toSighting(found, height),
    });
  }
  return { endpoint: endpoint.name, height, sightings };
}

const toSighting = (found: LookUp, height: number): Sighting => ({ ...found, height });

const failed = (detail: string): StepOutcome => ({ kind: 'failed', detail });
