/**
 * The Neo N3 networks of a deployment, as an operator configures them. Every chain resource names
 * its network by the CAIP-2 id (`neo3:mainnet`), and everything signed names its magic: the same
 * transaction hash and the same contract hash may exist on two networks, so neither says which one
 * is meant (money rule M1).
 */
import * as z from 'zod';
import { parseAddress } from './address.ts';
import { parseHash256 } from './hash256.ts';
import { LIMITS } from './limits.ts';

/** CAIP-2: a reference of 1 to 32 characters; WalletConnect's `neo3` namespace uses these names. */
export const networkIdSchema = z
  .string()
  .regex(/^neo3:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'not of the form neo3:name');

const rpcUrl = z.url({ protocol: /^https?$/ }).refine(
  // It would stand in logs and metrics; endpoints that need a key take it in their path.
  (text) => new URL(text).username === '' && new URL(text).password === '',
  'credentials in the address are refused',
);

const checkpoint = z.strictObject({
  /** A block that the operator has checked by other means; headers are verified from it on. */
  height: z.int().min(0),
  hash: z.string().transform((text, context) => {
    const hash = parseHash256(text);
    if (hash !== null) return hash;
    context.addIssue({ code: 'custom', message: 'not a block hash' });
    return z.NEVER;
  }),
  /** Address of the consensus that signs the next block: the block's own `nextconsensus`. */
  nextConsensus: z.string().transform((text, context) => {
    const hash = parseAddress(text);
    if (hash !== null) return hash;
    context.addIssue({ code: 'custom', message: 'not an address' });
    return z.NEVER;
  }),
});

const networkSchema = z
  .strictObject({
    id: networkIdSchema,
    magic: z.int().min(0).max(0xffff_ffff),
    rpc: z.array(rpcUrl).min(1).max(LIMITS.rpcEndpointsMax.value),
    /** Equal votes that an irreversible decision needs (M5); 1 says that one node is trusted. */
    quorum: z.int().min(1),
    checkpoint: checkpoint.optional(),
  })
  .refine(({ rpc }) => new Set(rpc.map((url) => new URL(url).href)).size === rpc.length, {
    path: ['rpc'],
    // The attack on oneself: one node that votes twice.
    error: 'an endpoint stands twice',
  })
  .refine(({ rpc, quorum }) => quorum <= rpc.length, {
    path: ['quorum'],
    error: 'more votes than endpoints',
  });
export type NetworkSettings = Readonly<z.output<typeof networkSchema>>;

export const networksSchema = z
  .array(networkSchema)
  .max(LIMITS.networksMax.value)
  .refine((networks) => new Set(networks.map(({ id }) => id)).size === networks.length, {
    error: 'a network id stands twice',
  })
  .refine((networks) => new Set(networks.map(({ magic }) => magic)).size === networks.length, {
    error: 'a magic stands twice',
  });
