/**
 * The bindings of the API Worker and the settings read from them, parsed once per isolate. Every
 * setting is declared here with its meaning; docs/configuration.md is generated from these
 * declarations. A malformed setting never half-works: the Worker answers 503
 * `service.misconfigured` and `/readyz` names it to operators.
 */
import * as z from 'zod';
import type { AccountJournal } from '../durable-objects/account-journal/account-journal.ts';
import type { AccountLedger } from '../durable-objects/account-ledger/account-ledger.ts';
import type { AccountScheduler } from '../durable-objects/account-scheduler/account-scheduler.ts';
import type { ChainFollower } from '../durable-objects/chain-follower/chain-follower.ts';
import type { MetricsHub } from '../durable-objects/metrics-hub/metrics-hub.ts';
import type { NeoSender } from '../durable-objects/neo-sender/neo-sender.ts';
import type { RateLimiter } from '../durable-objects/rate-limiter/rate-limiter.ts';
import type { EnclaveBridgeContract } from '../enclave-bridge/contract.ts';
import { checkOwnHosts, parseEgressAllow } from './core/egress/policy.ts';
import { networksSchema } from './core/neo/network-settings.ts';
import { LIMITS as RATE_LIMITS } from './core/rate-limit/limits.ts';
import { err, type FieldProblem, ok, type Result } from './core/result.ts';
import { parseOrigins } from './core/sessions/challenge.ts';

/** The platform's own objects, as declared in wrangler.toml. */
export interface Bindings {
  readonly DB: D1Database;
  readonly ACCOUNT_JOURNAL: DurableObjectNamespace<AccountJournal>;
  readonly ACCOUNT_LEDGER: DurableObjectNamespace<AccountLedger>;
  readonly ACCOUNT_SCHEDULER: DurableObjectNamespace<AccountScheduler>;
  readonly RATE_LIMITER: DurableObjectNamespace<RateLimiter>;
  readonly CHAIN_FOLLOWER: DurableObjectNamespace<ChainFollower>;
  readonly NEO_SENDER: DurableObjectNamespace<NeoSender>;
  readonly METRICS_HUB: DurableObjectNamespace<MetricsHub>;
  readonly BRIDGE: EnclaveBridgeContract;
}

export interface OperatorToken {
  readonly name: string;
  readonly token: string;
}

const TOKEN_CHARACTERS_MIN = 32;

/** `name:token` entries, separated by commas or white space. */
const operatorTokens = z.string().transform((text, context): readonly OperatorToken[] => {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  const tokens = entries.map((entry) => {
    const colon = entry.indexOf(':');
    return { name: entry.slice(0, Math.max(colon, 0)), token: entry.slice(colon + 1) };
  });
  const bad = tokens.findIndex(
    ({ name, token }) => !/^[\w.-]{1,64}$/.test(name) || token.length < TOKEN_CHARACTERS_MIN,
  );
  if (bad >= 0) context.addIssue({ code: 'custom', message: `entry ${bad + 1} is malformed` });
  return tokens;
});

const hostList = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((entry) => entry !== ''));

/** A list whose every entry must have a form; the refusal names the entry by its place. */
const checkedList = <Value>(
  parse: (entries: readonly string[]) => Result<Value, 'service.misconfigured'>,
) =>
  hostList.transform((entries, context): Value => {
    const parsed = parse(entries);
    if (parsed.ok) return parsed.value;
    const message = parsed.failure.fields?.[0]?.detail ?? 'malformed';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** Text that holds JSON; what the parser says is not repeated, since it quotes the value. */
const json = z
  .string()
  .default('[]')
  .transform((text, context): unknown => {
    try {
      // Empty is how compose files and CI systems write "not set".
      return JSON.parse(text.trim() === '' ? '[]' : text);
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  });

const perSecond = (fallback: number) =>
  z.coerce.number().int().min(1).max(100_000).default(fallback);

export const settingsSchema = z.object({
  ENVIRONMENT: z
    .enum(['development', 'staging', 'production'])
    .default('production')
    .meta({
      description:
        'Which deployment this is; unset means production. Values that `npm start` generates ' +
        'are refused in any but `development`.',
    }),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').meta({
    description: 'The least severe line that is written to the log.',
  }),
  API_TOKENS: operatorTokens.optional().meta({
    description:
      'Secret. Operator tokens as `name:token` entries separated by commas; tokens of at least ' +
      `${TOKEN_CHARACTERS_MIN} characters. Unset: every operator call is refused.`,
  }),
  CORS_ORIGINS: hostList.meta({
    description:
      'Browser origins that may call the API, separated by commas; `*` for any. Empty: none.',
  }),
  TRUST_CONNECTING_ADDRESS: z
    .stringbool()
    .default(false)
    .meta({
      description:
        "Whether `CF-Connecting-IP` is set by Cloudflare's edge and may be believed. True only " +
        'behind Cloudflare; otherwise all callers share one address bucket.',
    }),
  KEY_REQUESTS_PER_SECOND: perSecond(RATE_LIMITS.rateKeyPerSecond.value).meta({
    description:
      'Sustained requests a second of one API key or operator token; bursts of three times that pass.',
  }),
  ADDRESS_REQUESTS_PER_SECOND: perSecond(RATE_LIMITS.rateAddressPerSecond.value).meta({
    description: 'The same for one address without a valid credential.',
  }),
  RETENTION_DAYS_MAX: z.coerce.number().int().min(1).optional().meta({
    description:
      'The longest an account may keep journals, logs and outputs. Unset: the bound of the product.',
  }),
  RETENTION_BYTES_MAX: z.coerce.number().int().min(0).optional().meta({
    description:
      'The most bytes of journals, and of logs and outputs, an account may keep. Unset: the bound of the product.',
  }),
  EGRESS_ALLOW: checkedList(parseEgressAllow).meta({
    description:
      'Hosts beyond https on 443 that outgoing requests of tenants may reach, as `host:port` ' +
      'or `http://host:port` entries.',
  }),
  OWN_HOSTS: checkedList(checkOwnHosts).meta({
    description:
      'Our own public hosts as `name` or `name:port`; outgoing requests of tenants never reach them.',
  }),
  SIGN_IN_ORIGINS: checkedList(parseOrigins).meta({
    description:
      'Sites that wallets may sign in to, as browsers name them (`https://console.example.com`), ' +
      'separated by commas; http only on this machine. `npm start` sets its own. Empty: sign-in ' +
      'and the verification of wallets answer 503.',
  }),
  SIGN_IN_OPENS_ACCOUNTS: z
    .stringbool()
    .default(false)
    .meta({
      description:
        'Whether a wallet that belongs to no account opens one when it first signs in; otherwise ' +
        'only operators open accounts.',
    }),
  GASBANK_RESOLVER_URL: z
    .string()
    .default('')
    .meta({
      description:
        'Where a resolver takes withdrawals that no vault pays, such as ' +
        '`https://resolver.example.com/v1`. Empty: there is none.',
    }),
  GASBANK_RESOLVER_KEY: z.string().default('').meta({
    description: 'Secret. The bearer token that the resolver knows us by.',
  }),
  GASBANK_RESOLVER_HMAC_KEY: z
    .string()
    .default('')
    .meta({
      description:
        'Secret. The key, of at least 32 characters, that the resolver signs its verdicts with; ' +
        'no other word of it moves money.',
    }),
  GASBANK_RESOLVER_FEE: z
    .string()
    .regex(/^(?:0|[1-9][0-9]{0,3})(?:\.[0-9]{1,8})?$/, 'is not a decimal amount of GAS')
    .default('0')
    .meta({
      description: 'The most GAS that is held for the fee of a resolver, decimal.',
    }),
  GASBANK_RESOLVER_CONCURRENCY: z.coerce.number().int().min(1).max(16).default(4).meta({
    description: 'How many questions to the resolver are open at once.',
  }),
  GASBANK_RESOLVER_PER_MINUTE: z.coerce.number().int().min(1).max(500).default(60).meta({
    description: 'How many questions to the resolver are asked in a minute at most.',
  }),
  NEO_NETWORKS: json.pipe(networksSchema).meta({
    description:
      'The Neo N3 networks served, as a JSON array of `{"id": "neo3:mainnet", "magic": 860833102, ' +
      '"rpc": ["https://…"], "quorum": 2}`: `rpc` are JSON-RPC endpoints of nodes, `quorum` how ' +
      'many of them must agree before money moves (1 trusts one node alone), and an optional ' +
      '`checkpoint` `{"height", "hash", "nextConsensus"}` is the block from which headers are ' +
      'verified. Empty: operations on a chain answer 503.',
  }),
});
export type Settings = z.output<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});

export type Env = Bindings & Readonly<Partial<Record<keyof Settings, string>>>;

const parsed = new WeakMap<object, Result<Settings, 'service.misconfigured'>>();

/** Settings of this isolate; the fields of the failure name what is malformed, never its value. */
export function parseSettings(env: Env): Result<Settings, 'service.misconfigured'> {
  const earlier = parsed.get(env);
  if (earlier) return earlier;
  const outcome = settingsSchema.safeParse(env);
  const result = outcome.success
    ? refuseContradictions(outcome.data)
    : err('service.misconfigured', {
        fields: outcome.error.issues.map((issue) => ({
          pointer: issue.path.join('/'),
          detail: issue.message,
        })),
      });
  parsed.set(env, result);
  return result;
}

/**
 * What is left to go by when a setting is malformed: the defaults, and the operators where theirs is whole, so that
 * `/readyz` can tell them what to mend.
 */
export function settingsForRepair(env: Env): Settings {
  const operators = settingsSchema.shape.API_TOKENS.safeParse(env.API_TOKENS);
  if (!operators.success) return defaultSettings;
  const ENVIRONMENT = env.ENVIRONMENT === 'development' ? 'development' : 'production';
  const known = { ...defaultSettings, ENVIRONMENT, API_TOKENS: operators.data } as const;
  return refuseDevelopmentValues(known).ok ? known : defaultSettings;
}

function refuseContradictions(settings: Settings): Result<Settings, 'service.misconfigured'> {
  const half = halfResolver(settings);
  if (half === undefined) return refuseDevelopmentValues(settings);
  return err('service.misconfigured', { fields: [half] });
}

const HMAC_KEY_CHARACTERS_MIN = 32;

/** A resolver is configured as a whole: without the key of its verdicts it could say nothing. */
function halfResolver(settings: Settings): FieldProblem | undefined {
  const {
    GASBANK_RESOLVER_URL: url,
    GASBANK_RESOLVER_KEY: token,
    GASBANK_RESOLVER_HMAC_KEY: key,
  } = settings;
  if (url === '') return undefined;
  if (token === '') return { pointer: 'GASBANK_RESOLVER_KEY', detail: 'is needed' };
  if (key.length >= HMAC_KEY_CHARACTERS_MIN) return undefined;
  return { pointer: 'GASBANK_RESOLVER_HMAC_KEY', detail: 'is too short' };
}

/** A laptop's generated token must not open a public deployment. */
const DEVELOPMENT_MARK = 'dev_';

function refuseDevelopmentValues(settings: Settings): Result<Settings, 'service.misconfigured'> {
  const marked = settings.API_TOKENS?.some(({ token }) => token.startsWith(DEVELOPMENT_MARK));
  if (settings.ENVIRONMENT === 'development' || !marked) return ok(settings);
  return err('service.misconfigured', {
    fields: [{ pointer: 'API_TOKENS', detail: 'holds a development value' }],
  });
}
