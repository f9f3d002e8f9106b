/**
 * The bridge's settings. A key that is missing, malformed, or a development value outside
 * development counts as none: the operations that need it answer 503 and `health` names it, with
 * the reason and never the value. An environment that is absent or unknown is held to production's
 * rules, so a slip in the configuration can only close, never open.
 */
import * as z from 'zod';
import {
  parseEncryptionKey,
  parseSigningKey,
  type SecretKeyForm,
} from '../worker/core/crypto/secret-key-form.ts';
import type { Result } from '../worker/core/result.ts';

const KEY_FORMS =
  '`hex:` or `base64:` with 32 bytes, or without prefix 64 hex digits, else 43 or 44 base64 ' +
  'characters, else 32 raw bytes that are not hex';

export const settingsSchema = z.object({
  ENVIRONMENT: z.enum(['development', 'staging', 'production']).meta({
    description:
      'Which deployment this is. Values marked `dev:` are refused in any but `development`.',
  }),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').meta({
    description: 'The least severe line that is written to the log.',
  }),
  SECRET_ENCRYPTION_KEY: z
    .string()
    .optional()
    .meta({
      description: `Secret. The master key that wraps every account's data key: ${KEY_FORMS}.`,
    }),
  SECRET_ENCRYPTION_KEY_PREVIOUS: z
    .string()
    .optional()
    .meta({
      description:
        'Secret, optional. The master key before, while data keys are being wrapped anew ' +
        '(`/operator/secrets/rewrap`).',
    }),
  SIGNING_KEY: z
    .string()
    .optional()
    .meta({
      description:
        'Secret. The P-256 private key that signs receipts and audit checkpoints, as a number of ' +
        `32 bytes: ${KEY_FORMS}. Never the master key.`,
    }),
});
export type BridgeEnv = Readonly<Partial<Record<keyof z.input<typeof settingsSchema>, string>>>;
export type LogLevel = z.output<typeof settingsSchema>['LOG_LEVEL'];

export interface MasterKeys {
  readonly current: Uint8Array;
  readonly previous?: Uint8Array;
}

export interface BridgeSettings {
  readonly logLevel: LogLevel;
  readonly masterKeys?: MasterKeys;
  readonly signingKey?: Uint8Array;
  /** `NAME: what is wrong`, for operators. */
  readonly problems: readonly string[];
}

export function parseBridgeEnv(env: BridgeEnv): BridgeSettings {
  const environment = settingsSchema.shape.ENVIRONMENT.safeParse(env.ENVIRONMENT);
  const logLevel = settingsSchema.shape.LOG_LEVEL.safeParse(env.LOG_LEVEL);
  const development = environment.data === 'development';
  const read = (name: keyof BridgeEnv, parse: KeyParser): KeyReading =>
    readKey({ name, text: env[name], parse, development });
  const current = read('SECRET_ENCRYPTION_KEY', parseEncryptionKey);
  const previous = env.SECRET_ENCRYPTION_KEY_PREVIOUS
    ? read('SECRET_ENCRYPTION_KEY_PREVIOUS', parseEncryptionKey)
    : {};
  const signing = refuseMasterKey(read('SIGNING_KEY', parseSigningKey), [current, previous]);
  const readings = [current, previous, signing];
  return {
    logLevel: logLevel.data ?? 'info',
    ...withMasterKeys(current, previous),
    ...(signing.key && { signingKey: signing.key }),
    problems: [
      ...(environment.success ? [] : ['ENVIRONMENT: missing or unknown']),
      ...(logLevel.success ? [] : ['LOG_LEVEL: unknown']),
      ...readings.flatMap(({ problem }) => problem ?? []),
    ],
  };
}

type KeyParser = (text: string) => Result<SecretKeyForm>;

/** One of the two, or neither for a key that is optional and absent. */
interface KeyReading {
  readonly key?: Uint8Array;
  readonly problem?: string;
}

interface KeySource {
  readonly name: string;
  readonly text: string | undefined;
  readonly parse: KeyParser;
  readonly development: boolean;
}

function readKey({ name, text, parse, development }: KeySource): KeyReading {
  if (!text) return { problem: `${name}: missing` };
  const form = parse(text);
  if (!form.ok) return { problem: `${name}: malformed` };
  if (form.value.development && !development)
    return { problem: `${name}: a development value outside development` };
  return { key: form.value.key };
}

/**
 * A malformed previous key disables the vault as a whole: with the current key alone, half of the
 * accounts would answer `secrets.undecryptable` and send the operator looking for damaged data.
 */
function withMasterKeys(
  current: KeyReading,
  previous: KeyReading,
): Pick<BridgeSettings, 'masterKeys'> {
  if (!current.key || previous.problem) return {};
  return {
    masterKeys: { current: current.key, ...(previous.key && { previous: previous.key }) },
  };
}

/**
 * One value pasted twice would tie the signing key's fate to the master key's, and neither could be
 * rotated alone.
 */
function refuseMasterKey(signing: KeyReading, masters: readonly KeyReading[]): KeyReading {
  const { key } = signing;
  const equal = key && masters.some((master) => master.key && equalBytes(key, master.key));
  return equal ? { problem: 'SIGNING_KEY: the same value as a master key' } : signing;
}

/** Compares two of our own settings once at the start: nobody can time it. */
const equalBytes = (left: Uint8Array, right: Uint8Array): boolean =>
  left.every((byte, index) => byte === right[index]);
