/** What the parts of a simulation share: the sender as it is driven, and everything around it. */
import type { SqlRow } from '../../durable-objects/bounded-sql.ts';
import type { NeoSenderRpc, SenderEvent } from '../../durable-objects/neo-sender/rpc.ts';
import type { SenderStep } from '../../worker/core/neo-sender/steps.ts';
import type { Agenda } from './agenda.ts';
import type { ChainModel } from './chain-model.ts';
import type { EndpointModel } from './endpoint-model.ts';
import type { Chance } from './random.ts';
import type { Scenario } from './scenario.ts';
import type { WalletModel } from './wallet-model.ts';

/** The sender, in memory or as an object in workerd. Each call is one turn of it. */
export interface SenderUnderTest
  extends Pick<NeoSenderRpc, 'send' | 'adopt' | 'replace' | 'resolve' | 'report' | 'spent'> {
  listEvents(): Promise<readonly SenderEvent[]>;
  acknowledgeEvents(throughSequence: number): Promise<void>;
  alarmAt(): Promise<number | null>;
  /** Runs the alarm; answers what it handed over. */
  ring(): Promise<HandedOver>;
  /** Forgets all that is not stored. */
  restart(): Promise<void>;
  rows(statement: string): Promise<readonly SqlRow[]>;
}

export interface HandedOver {
  readonly steps: readonly SenderStep[];
  /** Events are to be delivered. */
  readonly isDelivering: boolean;
}

export interface World {
  readonly scenario: Scenario;
  readonly chance: Chance;
  readonly agenda: Agenda;
  readonly chain: ChainModel;
  readonly endpoints: readonly EndpointModel[];
  readonly sender: SenderUnderTest;
  readonly wallet: WalletModel;
  /** What was delivered: by the id of the event, its type. */
  readonly told: Map<string, string>;
  /** What broke an invariant; a sound run ends with none. */
  readonly violations: string[];
}
