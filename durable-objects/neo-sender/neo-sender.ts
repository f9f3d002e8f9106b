/**
 * Puts the transactions of one wallet on one Neo network: never stuck, never doubled, never lost.
 * What is decided stands in worker/core/neo-sender; this object applies each decision in one
 * transaction and sets its alarm in the same turn, so whatever is stored has an alarm that comes
 * for it. Nothing is signed that was not stored before, and nothing broadcast (money rule M4).
 *
 * The alarm hands over and never waits (delivery rule D3): it leases a bounded batch of steps,
 * calls ChainPort un-awaited and is done. Steps report by `report`, naming their lease; one that
 * dies is found when its lease ends. Events are delivered the same way, and again until somebody
 * has acknowledged them.
 */
import { DurableObject } from 'cloudflare:workers';
import { assert } from '../../worker/core/assert.ts';
import type { ErrorCode } from '../../worker/core/errors.ts';
import { singleSignaturesOf } from '../../worker/core/neo-sender/adopt.ts';
import type { ResolveCommand } from '../../worker/core/neo-sender/commands.ts';
import { LIMITS } from '../../worker/core/neo-sender/limits.ts';
import type { StepReport } from '../../worker/core/neo-sender/steps.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { dayOf } from '../../worker/core/wallets/wallet-policy.ts';
import { boundedSql } from '../bounded-sql.ts';
import { migrate } from '../migrate.ts';
import { endBeside, spendBeside } from './beside.ts';
import { acknowledge, adopt, replace, resolve, send } from './commands.ts';
import { dispatch, nextAlarmAt } from './dispatch.ts';
import { MIGRATIONS } from './migrations.ts';
import { verifyAhead } from './native-verify.ts';
import { senderPorts } from './ports.ts';
import { report } from './reports.ts';
import type {
  Adopt,
  EndBeside,
  ListTransactions,
  NeoSenderRpc,
  Replace,
  Send,
  SpendBeside,
} from './rpc.ts';
import { loadDossier, momentOf, type Stores, senderOf, senderStores, type Turn } from './turn.ts';
import { viewOf } from './view.ts';

export class NeoSender extends DurableObject implements NeoSenderRpc {
  ports = senderPorts(this.ctx);
  readonly #stores = senderStores(boundedSql(this.ctx.storage.sql));

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(async () => {
      migrate(ctx.storage, MIGRATIONS, Date.now());
    });
  }

  async send(command: Send) {
    return this.#commit((turn) => send(turn, command));
  }

  async adopt(command: Adopt) {
    const verify = await verifyAhead(singleSignaturesOf(command.command, command.sender));
    return this.#commit((turn) => adopt(turn, command, verify));
  }

  async replace(command: Replace) {
    return this.#commit((turn) => replace(turn, command));
  }

  async resolve(command: ResolveCommand) {
    return this.#commit((turn) => resolve(turn, command));
  }

  async report(stepReport: StepReport) {
    return this.#commit((turn) => report(turn, stepReport));
  }

  async get(id: string) {
    const turn = this.#turn();
    const dossier = loadDossier(turn, id);
    return dossier === undefined ? err('request.not_found') : ok(viewOf(dossier, momentOf(turn)));
  }

  async list({ state, cursor, limit }: ListTransactions) {
    assert(Number.isInteger(limit) && limit > 0 && limit <= 500, 'a page has 1 to 500 items');
    const turn = this.#turn();
    // Above every id: they are plain ASCII.
    const found = this.#stores.intents.list(state, cursor ?? '~', limit + 1);
    const items = found
      .slice(0, limit)
      .map((intent) => ({ intent, attempts: this.#stores.attempts.list(intent.id) }))
      .map((dossier) => viewOf(dossier, momentOf(turn)));
    const nextCursor = found.length > limit ? (items.at(-1)?.id ?? null) : null;
    return ok({ items, nextCursor });
  }

  async listEvents({
    afterSequence,
    limit,
  }: {
    readonly afterSequence: number;
    readonly limit: number;
  }) {
    assert(Number.isInteger(limit) && limit > 0 && limit <= 500, 'a page has 1 to 500 events');
    return ok({ items: this.#stores.records.listEvents(afterSequence, limit) });
  }

  async acknowledgeEvents(throughSequence: number) {
    return this.#commit<{ readonly removed: number }, never>((turn) =>
      ok({ removed: acknowledge(turn, throughSequence) }),
    );
  }

  async spendBeside(command: SpendBeside) {
    return this.#commit((turn) => spendBeside(turn, command));
  }

  async endBeside(command: EndBeside) {
    return this.#commit<null, never>((turn) => {
      endBeside(turn, command);
      return ok(null);
    });
  }

  async spent() {
    return ok(this.#stores.spendings.loadDay(dayOf(Date.now())));
  }

  async reserved() {
    return ok(reservedBy(this.#stores));
  }

  async stats() {
    const { intents, records } = this.#stores;
    return ok({
      states: intents.countStates(),
      events: records.countEvents(),
      reserved: reservedBy(this.#stores),
      nextAlarmAt: nextAlarmAt(this.#stores),
      lastFault: records.loadSender()?.fault ?? null,
    });
  }

  async wake() {
    return this.#commit<{ readonly nextAlarmAt: number | null }, never>(() =>
      ok({ nextAlarmAt: nextAlarmAt(this.#stores) }),
    );
  }

  /**
   * Repeated or late, it only does what is due. It never throws: after six failures no alarm would
   * come again.
   */
  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + LIMITS.senderAlarmRetryMs.value);
    try {
      this.#dispatch();
    } catch (fault) {
      // The alarm set above tries again; operators see the fault in `stats`.
      this.#stores.records.saveFault(Date.now(), String(fault).slice(0, 500));
    }
  }

  #dispatch(): void {
    const turn = this.#turn();
    const { steps, isDelivering, isIdle } = this.ctx.storage.transactionSync(() => dispatch(turn));
    this.#setAlarm(isIdle ? turn.now + LIMITS.senderIdleAlarmMs.value : turn.now);
    const { chain } = this.ports;
    if (steps.length > 0) this.#handOver(async () => chain.performSenderSteps(steps));
    if (!isDelivering) return;
    const { identity } = senderOf(turn);
    this.#handOver(async () => chain.deliverSenderEvents(identity));
  }

  #handOver(call: () => Promise<void>): void {
    // Swallowed on purpose: whether the call failed before or after its effects only reports and
    // acknowledgements tell.
    this.ctx.waitUntil(call().catch(() => undefined));
  }

  #commit<Value, Code extends ErrorCode>(
    command: (turn: Turn) => Result<Value, Code>,
  ): Result<Value, Code> {
    const turn = this.#turn();
    const result = this.ctx.storage.transactionSync(() => command(turn));
    if (result.ok) this.#setAlarm(turn.now);
    return result;
  }

  #turn(): Turn {
    return { stores: this.#stores, now: Date.now(), nonce: randomNonce };
  }

  #setAlarm(notBefore: number): void {
    const at = nextAlarmAt(this.#stores);
    // Not awaited: the runtime holds the answer back until the write is durable, and nothing here
    // reads it.
    void (at === null
      ? this.ctx.storage.deleteAlarm()
      : this.ctx.storage.setAlarm(Math.max(at, notBefore)));
  }
}

const reservedBy = ({ intents }: Stores): bigint => intents.reservedAt(Number.MAX_SAFE_INTEGER, '');

function randomNonce(): number {
  const [bits = 0] = crypto.getRandomValues(new Uint32Array(1));
  return bits;
}
