/**
 * The senders' way to the chain and to the keys of wallets (core/ports.ts). Every step asks anew
 * for the wallet, so one that was retired meanwhile signs nothing. What goes wrong is logged and
 * never reported: the end of the lease decides.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { networkClient } from '../chain/network-client.ts';
import type { SenderOutside } from '../chain/sender-steps/outside.ts';
import { performSenderStep } from '../chain/sender-steps/perform.ts';
import { rpcSenderEndpoint } from '../chain/sender-steps/rpc-endpoint.ts';
import { encodeAddress } from '../core/neo/address.ts';
import type { NetworkSettings } from '../core/neo/network-settings.ts';
import { encodeInvocation } from '../core/neo/transaction/signature-witness.ts';
import {
  decodeUnsigned,
  encodeTransaction,
  type UnsignedTransaction,
} from '../core/neo/transaction/transaction.ts';
import type { Witness } from '../core/neo/transaction/witness.ts';
import type { SenderIdentity } from '../core/neo-sender/intent.ts';
import type { SenderStep } from '../core/neo-sender/steps.ts';
import type { ChainPort as Port } from '../core/ports.ts';
import { connect } from '../db/connect.ts';
import { defaultSettings, type Env, parseSettings } from '../env.ts';
import { createLog, errorFields } from '../http/log.ts';
import {
  findSigningWallet,
  type SigningWallet,
  signAsWallet,
  verificationOf,
} from '../services/wallets/index.ts';

/** The name of the object that sends for a wallet. */
const senderName = ({ magic, account }: SenderIdentity): string =>
  `${String(magic)}:${encodeAddress(account)}`;

export class ChainPort extends WorkerEntrypoint<Env> implements Port {
  async performSenderSteps(steps: readonly SenderStep[]): Promise<void> {
    const parsed = parseSettings(this.env);
    const settings = parsed.ok ? parsed.value : defaultSettings;
    const log = createLog(settings.LOG_LEVEL);
    await Promise.all(
      steps.map(async (step) => {
        const network = settings.NEO_NETWORKS.find(({ magic }) => magic === step.sender.magic);
        // Taken out of the settings under a sender that still has work: nobody can do it.
        if (network === undefined) return;
        try {
          await performSenderStep(step, outsideOf(this.env, network));
        } catch (thrown) {
          const { kind, intentId } = step;
          log.error('sender.step_failed', { kind, intentId, ...errorFields(thrown) });
        }
      }),
    );
  }
}

function outsideOf(env: Env, network: NetworkSettings): SenderOutside {
  const client = networkClient(network);
  const walletOf = (sender: SenderIdentity) => findSigningWallet(connect(env.DB), sender);
  return {
    endpoints: client.endpoints.map((name) => rpcSenderEndpoint(client, name)),
    quorum: network.quorum,
    draftWitnesses: async (sender, { signers }) => {
      const wallet = signers.length === 1 ? await walletOf(sender) : undefined;
      return wallet
        ? [{ invocation: new Uint8Array(), verification: verificationOf(wallet) }]
        : null;
    },
    sign: async (sender, unsigned) => {
      const wallet = await walletOf(sender);
      const decoded = decodeUnsigned(unsigned);
      return wallet && decoded.ok ? sign(env, wallet, { bytes: unsigned, ...decoded }) : null;
    },
    report: async (sender, report) => {
      await env.NEO_SENDER.getByName(senderName(sender)).report(report);
    },
  };
}

interface Unsigned {
  readonly bytes: Uint8Array;
  readonly value: UnsignedTransaction;
}

/** Null where another signer would have to sign as well, or the bridge did not. */
async function sign(
  env: Env,
  wallet: SigningWallet,
  { bytes, value }: Unsigned,
): Promise<Uint8Array | null> {
  if (value.signers.length !== 1) return null;
  const access = { env, db: connect(env.DB), now: Date.now() };
  const signed = await signAsWallet(access, wallet, bytes);
  if (!signed.ok) return null;
  const witness: Witness = {
    invocation: encodeInvocation([signed.value.signature]),
    verification: verificationOf(wallet),
  };
  return encodeTransaction({ ...value, witnesses: [witness] });
}
