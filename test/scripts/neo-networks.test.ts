import { afterEach, describe, expect, it } from 'vitest';
import { checkNeoNetworks } from '../../scripts/serve/neo-networks.ts';
import { NETWORK, ScriptedNode } from '../support/scripted-node.ts';
import { type ServedNode, serveNode } from '../support/serve-node.ts';

const served: ServedNode[] = [];
afterEach(async () => {
  for (const { stop } of served.splice(0)) await stop();
});

async function serve(node: ScriptedNode): Promise<string> {
  const one = await serveNode(async (body) => (await node.serve(body)).text());
  served.push(one);
  return one.url;
}

const network = (magic: number, ...rpc: string[]) => ({ id: 'neo3:test', magic, rpc, quorum: 1 });

describe('the check of the networks before a start', () => {
  it('finds nothing when every node is on its network', async () => {
    const url = await serve(new ScriptedNode());
    const found = await checkNeoNetworks([network(NETWORK, url)]);
    expect(found).toEqual({ problems: [], warnings: [] });
  });

  it('refuses a node of another network, and names setting, node and both', async () => {
    const [good, other] = [await serve(new ScriptedNode()), new ScriptedNode()];
    other.magic = 860_833_102;
    const url = await serve(other);
    const { problems } = await checkNeoNetworks([network(NETWORK, good, url)]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('NEO_NETWORKS neo3:test');
    expect(problems[0]).toContain(new URL(url).host);
    expect(problems[0]).toContain('860833102');
  });

  it('only warns of a node that is down, or answers what no node answers', async () => {
    const strange = new ScriptedNode();
    strange.scripts.set('getversion', () => ({ result: 'soon' }));
    const down = await serve(new ScriptedNode());
    await served.pop()?.stop();
    const found = await checkNeoNetworks([network(NETWORK, await serve(strange), down)]);
    expect(found.problems).toEqual([]);
    expect(found.warnings).toHaveLength(2);
  });
});
