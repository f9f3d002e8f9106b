/** `POST /accounts`: opened by operators, with its first audit line. */
import { describe, expect, it } from 'vitest';
import { call } from '../../support/harness.ts';

describe('201', () => {
  it('opens an active account that can be read back as answered', async () => {
    const opened = await call('POST /accounts', {
      body: { name: 'Payer', metadata: { team: 'defi' } },
    });
    expect(opened).toMatchObject({
      status: 201,
      body: { name: 'Payer', status: 'active', metadata: { team: 'defi' }, purgeAfter: null },
    });
    expect(opened.headers.get('etag')).toBe('"r1"');
    expect((await call(`GET /accounts/${opened.body.id}`)).body).toEqual(opened.body);
  });

  it('tells in the audit log which operator opened it', async () => {
    const { body } = await call('POST /accounts', { body: { name: 'Payer' } });
    const log = await call(`GET /accounts/${body.id}/audit`);
    expect(log.body.items).toMatchObject([
      {
        operation: 'accounts.createAccount',
        actor: { kind: 'operator', id: 'test-operator' },
        target: { kind: 'account', id: body.id },
        details: { name: 'Payer' },
      },
    ]);
  });

  it('keeps names and metadata of any script exactly as given', async () => {
    const name = 'Łódź 金庫 🦩';
    const metadata = { 'ключ "1"': "'; DROP TABLE accounts; --", ' ': '\u0000\n\u2028' };
    const { body } = await call('POST /accounts', { body: { name, metadata } });
    expect((await call(`GET /accounts/${body.id}`)).body).toMatchObject({ name, metadata });
  });
});

describe('400', () => {
  it('names every field that is wrong', async () => {
    const refused = await call('POST /accounts', {
      body: { name: '', metadata: { ['k'.repeat(65)]: 'v'.repeat(513) } },
    });
    expect(refused.status).toBe(400);
    expect(refused.body.fields.map(({ pointer }: { pointer: string }) => pointer)).toContain(
      '/name',
    );
    expect(refused.body.fields.length).toBeGreaterThan(1);
  });

  // Answers are not compared as a whole: a failed comparison would print text that no terminal can
  // show.
  it('refuses a name that could forge lines of a log or a terminal, or is no text', async () => {
    const forging = [
      'a\nb',
      'a\u001b[2J',
      'a\u007f',
      'a\u0000',
      'a\u009b2J',
      'a\u2028b',
      'a\u202eb',
      // Marks of direction that are no override reorder what stands beside them just as well.
      'a\u200eb',
      'a\u200fb',
      'a\u061cb',
      'half \ud83e',
    ];
    for (const [index, name] of [...forging, 'n'.repeat(129)].entries()) {
      const refused = await call('POST /accounts', { body: { name } });
      expect(refused.status, `name ${index}`).toBe(400);
      expect(refused.body.fields[0].pointer, `name ${index}`).toBe('/name');
    }
  });

  it('refuses more metadata than 32 entries', async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 33 }, (_, index) => [`k${index}`, 'v']),
    );
    expect((await call('POST /accounts', { body: { name: 'Payer', metadata } })).status).toBe(400);
  });
});
