/** M10: an address is opened once, behind the beginning of its stream, whatever dies in between. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { available, chainOf, EQUITY, PLATFORM } from '../../../worker/core/ledger/book.ts';
import { executeCommand } from '../../../worker/services/gasbank/index.ts';
import { call } from '../../support/harness.ts';
import {
  balances,
  FORTUNE,
  feed,
  feedDeps,
  followed,
  MAGIC,
  makePlatformWallet,
  PLATFORM_BOOK,
  putVault,
  registered,
  STRANGER,
  sweepAt,
  transfer,
} from './vaults-under-test.ts';

const vaultRow = () =>
  env.DB.prepare('SELECT * FROM vaults').first<{
    readonly watched_height: number | null;
    readonly opening_height: number | null;
    readonly opening: number | null;
  }>();

describe('the opening balance', () => {
  it('is booked once when D1 did not hear of it', async () => {
    const { vault, chain } = await registered();
    await env.DB.prepare('UPDATE vaults SET watched_height = NULL').run();
    await chain.add();
    await feed();
    expect((await vaultRow())?.watched_height).not.toBeNull();
    expect(await balances(PLATFORM_BOOK, chainOf(vault), available(EQUITY))).toEqual([
      -FORTUNE,
      3n * FORTUNE,
    ]);
  });

  it('is the stored one when the book was not told before a crash', async () => {
    const { chain } = await followed();
    const operator = await makePlatformWallet('operator');
    const { body } = await putVault(operator);
    await env.DB.prepare('UPDATE vaults SET watched_height = NULL, opening = 7, opening_height = ?')
      .bind(chain.height)
      .run();
    await chain.add();
    await feed();
    await feed();
    const [onVault] = await balances(PLATFORM_BOOK, chainOf(body.contract));
    expect([onVault, (await vaultRow())?.watched_height]).toEqual([-7n, chain.height - 1]);
  });

  it('is not read before the block at which the stream begins', async () => {
    const { chain, node } = await followed();
    await chain.add();
    await chain.add();
    // The node that is asked is behind the follower.
    node.node.height -= 2;
    await putVault(await makePlatformWallet('operator'));
    await feed();
    expect(await vaultRow()).toMatchObject({ watched_height: null, opening: null });
    node.node.height += 2;
    await sweepAt(60_000);
    expect((await vaultRow())?.watched_height).toBe(chain.height);
  });

  it('is not read while a block comes in between', async () => {
    const { chain, node } = await followed();
    await chain.add();
    const steady = node.node.scripts.get('invokescript');
    node.node.scripts.set('invokescript', (request) => {
      node.node.height += 1;
      return steady?.(request) ?? {};
    });
    await putVault(await makePlatformWallet('operator'));
    await feed();
    expect(await vaultRow()).toMatchObject({ watched_height: null, opening: null });
  });

  it('holds the feed while one wallet is not booked yet', async () => {
    const { chain, sponsor } = await registered();
    const to = sponsor.body.scriptHash;
    await env.DB.prepare(
      'UPDATE platform_wallets SET watched_height = NULL, opening = NULL WHERE wallet_id = ?',
    )
      .bind(sponsor.body.id)
      .run();
    // The book has it from another height: the command of today is another one.
    await chain.add(transfer({ from: STRANGER, to, amount: 5n }));
    await feed();
    const stream = await chain.stub.subscriber('gasbank');
    expect(stream.ok && stream.value.pending).toBe(1);
  });

  it('of a wallet that was made later is booked without a second word', async () => {
    const { chain } = await registered();
    const later = await makePlatformWallet('sponsor');
    await chain.add();
    await feed();
    const read = await call(`GET /operator/gasbank/wallets/${later.body.id}`);
    expect(read.body.watchedHeight).not.toBeNull();
    expect(await balances(PLATFORM_BOOK, chainOf(later.body.scriptHash))).toEqual([-FORTUNE]);
  });

  it('has no other owner of its ids than the chain', async () => {
    const { vault } = await registered();
    const again = await executeCommand(
      feedDeps().env,
      { magic: MAGIC, owner: PLATFORM },
      {
        kind: 'watch',
        id: `watch:${vault}`,
        owner: 'operator',
        address: vault,
        height: 1,
        opening: 5n,
      },
    );
    expect(again.ok).toBe(false);
  });
});

describe('a network that is not followed', () => {
  it('waits, and loses nothing', async () => {
    const operator = await makePlatformWallet('operator');
    expect((await putVault(operator)).status).toBe(200);
    await feed();
    expect((await vaultRow())?.watched_height).toBeNull();
  });
});
