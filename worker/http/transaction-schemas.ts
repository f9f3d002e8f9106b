/**
 * Parts of requests and answers about transactions that several services have: who signs, and what
 * a script would do and cost.
 */
import { z } from 'zod';
import { LIMITS } from '../core/neo/transaction/limits.ts';

export const inNodesForm = (description: string) =>
  z.record(z.string(), z.unknown()).meta({ description: `${description} As JSON-RPC has it.` });

export const signerSchema = z
  .strictObject({
    account: z.string().max(64).meta({ description: 'Address, or `0x` and 40 digits.' }),
    scopes: z
      .string()
      .max(128)
      .default('CalledByEntry')
      .meta({ description: 'Names of witness scopes, separated by commas.' }),
    allowedContracts: z.array(z.string()).max(LIMITS.scopeItemsMax.value).optional(),
    allowedGroups: z.array(z.string()).max(LIMITS.scopeItemsMax.value).optional(),
    rules: z.array(inNodesForm('A witness rule.')).max(LIMITS.scopeItemsMax.value).optional(),
  })
  .meta({ id: 'TransactionSigner' });

export const simulationSchema = z
  .strictObject({
    script: z.string().meta({ description: 'Base64: what was run.' }),
    vmState: z.enum(['HALT', 'FAULT']),
    exception: z.string().nullable().meta({ description: 'Why it would fail.' }),
    systemFee: z.string().meta({
      description: 'Datoshi that the script took: the least a transaction must allow.',
    }),
    networkFee: z
      .string()
      .nullable()
      .meta({
        description:
          'Datoshi for size and verification, if every signer has one key. Null when the ' +
          'prices of the network could not be read.',
      }),
    stack: z.array(inNodesForm('What the script left.')).nullable(),
    notifications: z.array(
      z.strictObject({
        contract: z.string(),
        eventName: z.string(),
        state: z.array(inNodesForm('A stack item.')).nullable(),
      }),
    ),
  })
  .meta({ id: 'TransactionSimulation' });
