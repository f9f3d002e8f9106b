/**
 * What a function can use: `import ... from '@neo-service-layer/devpack'`, or the globals of globals.d.ts. Actions are
 * queued and run in order after the code has ended well; their results cannot be read by the code itself.
 */

import type { ChainModule } from './chain.js';

export type * from './chain.js';

/** Anything JSON can hold. `undefined` and `null` params count as not given. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Numbers or decimal text; text keeps every digit. */
export type Amount = number | string;
export type Metadata = { readonly [key: string]: Json };

export interface ActionReference {
  readonly __devpack_ref__: true;
  readonly id: string;
  readonly type: ActionType;
  readonly meta?: Json;
}

export interface ActionHandle<Params = object> {
  /** `action_1`, `action_2` ... in the order of the calls. */
  readonly id: string;
  readonly type: ActionType;
  readonly params: Params;
  toJSON(): ActionReference;
  asResult(meta?: Json): ActionReference;
}

export type ActionType =
  | 'gasbank.ensureAccount'
  | 'gasbank.withdraw'
  | 'gasbank.balance'
  | 'gasbank.listTransactions'
  | 'oracle.createRequest'
  | 'triggers.register'
  | 'automation.schedule'
  | 'random.generate'
  | 'pricefeed.recordSnapshot'
  | 'datafeeds.submitUpdate'
  | 'datastreams.publishFrame'
  | 'datalink.createDelivery'
  | 'transaction.submit';

export interface EnsureGasAccountParams {
  readonly wallet?: string | null;
}

export interface GasAccountParams {
  readonly gasAccountId?: string | null;
  readonly wallet?: string | null;
}

export interface WithdrawGasParams extends GasAccountParams {
  readonly amount: Amount;
  readonly to?: string | null;
  /** RFC 3339; the withdrawal waits until then. */
  readonly scheduleAt?: string | null;
}

export interface ListGasTransactionsParams extends GasAccountParams {
  readonly status?: string | null;
  readonly type?: string | null;
  /** 25 by default. */
  readonly limit?: number | null;
}

export interface OracleRequestParams {
  readonly dataSourceId: string;
  /** Text goes out as it is, everything else as JSON. */
  readonly payload?: Json;
  readonly alternateSourceIds?: readonly string[] | null;
}

export interface TriggerParams {
  readonly type: string;
  readonly rule?: string | null;
  readonly config?: Metadata | null;
  /** True by default. */
  readonly enabled?: boolean | null;
}

export interface AutomationParams {
  readonly name: string;
  readonly schedule: string;
  readonly description?: string | null;
  readonly enabled?: boolean | null;
}

export interface RandomParams {
  /** Bytes; 32 by default. */
  readonly length?: number | null;
  readonly requestId?: string | null;
  readonly request_id?: string | null;
}

export interface PriceSnapshotParams {
  readonly feedId?: string;
  readonly feed_id?: string;
  readonly price: Amount;
  readonly source?: string | null;
  readonly collectedAt?: string | null;
  readonly collected_at?: string | null;
}

export interface DataFeedUpdateParams {
  readonly feedId?: string;
  readonly feed_id?: string;
  readonly roundId?: number | string;
  readonly round_id?: number | string;
  readonly price: Amount;
  readonly timestamp?: string | null;
  readonly signer?: string | null;
  readonly signature?: string | null;
  readonly metadata?: Metadata | null;
}

export interface DataStreamFrameParams {
  readonly streamId?: string;
  readonly stream_id?: string;
  readonly sequence?: number | string;
  readonly seq?: number | string;
  readonly payload?: Json;
  readonly latencyMs?: number | null;
  readonly status?: string | null;
  readonly metadata?: Metadata | null;
}

export interface DataLinkDeliveryParams {
  readonly channelId?: string;
  readonly channel_id?: string;
  readonly payload?: Json;
  readonly metadata?: Metadata | null;
}

export interface DevpackContext {
  readonly functionId: string;
  readonly accountId: string;
}

export interface SuccessResponse<Details = Json> {
  readonly success: true;
  readonly data: Details;
  readonly meta: Json;
}

export interface FailureResponse {
  readonly success: false;
  readonly error: Json;
  readonly meta: Json;
}

export interface FetchOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  /** Text as it is; an object as JSON with its content type. */
  readonly body?: string | object | null;
}

export interface FetchResponse {
  readonly status: number;
  /** Whether the status is 200 to 299. */
  readonly ok: boolean;
  /** Names are lower case; `get` takes any case and answers null for an absent one. */
  readonly headers: Readonly<Record<string, string>> & { get(name: string): string | null };
  text(): Promise<string>;
  json(): Promise<unknown>;
}

export interface Devpack {
  readonly version: string;
  readonly context: DevpackContext;
  /** Changes what this code sees, not who it is. */
  setContext(context: Partial<DevpackContext>): void;
  /** A look at the queue; nothing can be taken out of it. */
  __flushActions(): readonly {
    readonly id: string;
    readonly type: ActionType;
    readonly params: object;
  }[];
  /** Does nothing; kept for functions that call it. */
  __reset(): void;
  readonly respond: {
    success<Details = null>(details?: Details, meta?: Json): SuccessResponse<Details>;
    failure(error?: Json, meta?: Json): FailureResponse;
  };
  readonly gasBank: {
    ensureAccount(params?: EnsureGasAccountParams): ActionHandle<EnsureGasAccountParams>;
    withdraw(params: WithdrawGasParams): ActionHandle<WithdrawGasParams>;
    balance(params: GasAccountParams): ActionHandle<GasAccountParams>;
    listTransactions(params: ListGasTransactionsParams): ActionHandle<ListGasTransactionsParams>;
  };
  readonly oracle: {
    createRequest(params: OracleRequestParams): ActionHandle<OracleRequestParams>;
  };
  readonly triggers: { register(params: TriggerParams): ActionHandle<TriggerParams> };
  readonly automation: { schedule(params: AutomationParams): ActionHandle<AutomationParams> };
  readonly random: { generate(params?: RandomParams): ActionHandle<RandomParams> };
  readonly priceFeeds: {
    recordSnapshot(params: PriceSnapshotParams): ActionHandle<PriceSnapshotParams>;
  };
  readonly dataFeeds: {
    submitUpdate(params: DataFeedUpdateParams): ActionHandle<DataFeedUpdateParams>;
  };
  readonly dataStreams: {
    publishFrame(params: DataStreamFrameParams): ActionHandle<DataStreamFrameParams>;
  };
  readonly dataLink: {
    createDelivery(params: DataLinkDeliveryParams): ActionHandle<DataLinkDeliveryParams>;
  };
  readonly http: { fetch(url: string, options?: FetchOptions): Promise<FetchResponse> };
  readonly chain: ChainModule;
}

export function devpack(): Devpack;
export function currentContext(): DevpackContext;
export const context: DevpackContext;

export const ensureGasAccount: Devpack['gasBank']['ensureAccount'];
export const withdrawGas: Devpack['gasBank']['withdraw'];
export const balanceGasAccount: Devpack['gasBank']['balance'];
export const listGasTransactions: Devpack['gasBank']['listTransactions'];
export const createOracleRequest: Devpack['oracle']['createRequest'];
export const registerTrigger: Devpack['triggers']['register'];
export const scheduleAutomation: Devpack['automation']['schedule'];
export const generateRandom: Devpack['random']['generate'];
export const recordPriceSnapshot: Devpack['priceFeeds']['recordSnapshot'];
export const submitDataFeedUpdate: Devpack['dataFeeds']['submitUpdate'];
export const publishDataStreamFrame: Devpack['dataStreams']['publishFrame'];
export const createDataLinkDelivery: Devpack['dataLink']['createDelivery'];
export const callContract: Devpack['chain']['call'];
export const readBalance: Devpack['chain']['balance'];
export const readTransaction: Devpack['chain']['transaction'];
export const readHeight: Devpack['chain']['height'];
export const submitTransaction: Devpack['chain']['submitTransaction'];
export const fetch: Devpack['http']['fetch'];

export const success: Devpack['respond']['success'];
export const failure: Devpack['respond']['failure'];
export const respond: Devpack['respond'];
