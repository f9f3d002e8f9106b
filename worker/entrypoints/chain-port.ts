/**
 * The senders' way to the chain and to the keys of wallets (core/ports.ts). Every step asks anew
 * for the wallet, so one that was retired meanwhile signs nothing. What goes wrong is logged and
 * never reported: the end of the lease decides.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { networkClient } from '../chain/network-client.ts';
import { deliverEvents } from '../chain/sender-steps/deliver.ts';
import type { SenderOutside, StepSigner } from '../chain/sender-steps/outside.ts';
import { performSenderStep } from '../chain/sender-steps/perform.ts';
import { rpcSenderEndpoint } from '../chain/sender-steps/rpc-endpoint.ts';
import { senderName } from '../chain/sender-steps/sender-name.ts';
import type { NetworkSettings } from '../core/neo/network-settings.ts';
import { encodeInvocation } from '../core/neo/transaction/signature-witness.ts';
import { decodeUnsigned, encodeTransaction } from '../core/neo/transaction/transaction.ts';
import type { Witness } from '../core/neo/transaction/witness.ts';
import type { SenderIdentity } from '../core/neo-sender/intent.ts';
import type { SenderStep } from '../core/neo-sender/steps.ts';
import type { ChainPort as Port } from '../core/ports.ts';
import { connect } from '../db/connect.ts';
import { defaultSettings, type Env, parseSettings } from '../env.ts';
import { createLog, errorFields } from '../http/log.ts';
import { findPlatformWallet } from '../services/vaults/index.ts';
import {
  findSigningWallet,
  type SigningWallet,
  signAsWallet,
  verificationOf,
} from '../services/wallets/index.ts';
import { loaded } from './loaded.ts';

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

  async deliverSenderEvents(sender: SenderIdentity): Promise<void> {
    const parsed = parseSettings(this.env);
    const settings = parsed.ok ? parsed.value : defaultSettings;
    const log = createLog(settings.LOG_LEVEL);
    const deps = { env: this.env, db: connect(this.env.DB), settings, now: Date.now(), log };
    const outbox = this.env.NEO_SENDER.getByName(senderName(sender));
    try {
      const { recordSenderEvent } = await loaded.senderEvents();
      await deliverEvents(outbox, (event) => recordSenderEvent(deps, event));
    } catch (thrown) {
      log.error('sender.delivery_failed', errorFields(thrown));
    }
  }
}

function outsideOf(env: Env, network: NetworkSettings): SenderOutside {
  const client = networkClient(network);
  const db = connect(env.DB);
  const walletOf = async (sender: SenderIdentity) =>
    (await findSigningWallet(db, sender)) ?? (await findPlatformWallet(db, sender));
  return {
    endpoints: client.endpoints.map((name) => rpcSenderEndpoint(client, name)),
    quorum: network.quorum,
    draftWitnesses: async (sender, { signers }) => {
      const wallet = signers.length === 1 ? await walletOf(sender) : undefined;
      return wallet
        ? [{ invocation: new Uint8Array(), verification: verificationOf(wallet) }]
        : null;
    },
    signerOf: async (sender) => {
      const wallet = await walletOf(sender);
      return wallet ? signerOf(env, wallet) : null;
    },
    report: async (sender, report) => {
      await env.NEO_SENDER.getByName(senderName(sender)).report(report);
    },
  };
}

const signerOf = (env: Env, wallet: SigningWallet): StepSigner => ({
  policy: wallet.policy,
  sign: (unsigned) => sign(env, wallet, unsigned),
});

/** Null where another signer would have to sign as well, or the bridge did not. */
async function sign(
  env: Env,
  wallet: SigningWallet,
  unsigned: Uint8Array,
): Promise<Uint8Array | null> {
  const decoded = decodeUnsigned(unsigned);
  if (!decoded.ok || decoded.value.signers.length !== 1) return null;
  const access = { env, db: connect(env.DB), now: Date.now() };
  const signed = await signAsWallet(access, wallet, unsigned);
  if (!signed.ok) return null;
  const witness: Witness = {
    invocation: encodeInvocation([signed.value.signature]),
    verification: verificationOf(wallet),
  };
  return encodeTransaction({ ...decoded.value, witnesses: [witness] });
}
