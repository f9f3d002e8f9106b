/** What the parts of a simulation share: the sender as it is driven, and everything around it. */
import type { SqlRow } from '../../durable-objects/bounded-sql.ts';
import type { NeoSenderRpc, SenderEvent } from '../../durable-objects/neo-sender/rpc.ts';
import type { SenderStep } from '../../worker/core/neo-sender/steps.ts';
import type { Agenda } from './agenda.ts';
import type { ChainModel } from './chain-model.ts';
import type { EndpointModel } from './endpoint-model.ts';
import type { Chance } from './random.ts';
import type { Scenario } from './scenario.ts';

/** The sender, in memory or as an object in workerd. Each call is one turn of it. */
export interface SenderUnderTest
  extends Pick<NeoSenderRpc, 'send' | 'replace' | 'resolve' | 'report'> {
  listEvents(): Promise<readonly SenderEvent[]>;
  acknowledgeEvents(throughSequence: number): Promise<void>;
  alarmAt(): Promise<number | null>;
  /** Runs the alarm; answers the steps it handed over. */
  ring(): Promise<readonly SenderStep[]>;
  /** Forgets all that is not stored. */
  restart(): Promise<void>;
  rows(statement: string): Promise<readonly SqlRow[]>;
}

export interface World {
  readonly scenario: Scenario;
  readonly chance: Chance;
  readonly agenda: Agenda;
  readonly chain: ChainModel;
  readonly endpoints: readonly EndpointModel[];
  readonly sender: SenderUnderTest;
  /** What broke an invariant; a sound run ends with none. */
  readonly violations: string[];
}
