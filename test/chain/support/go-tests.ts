/** The contracts' own tests, written in Go against neo-go's virtual machine, run once and told. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ensureNeoGo, goEnvironment } from '../../../scripts/devnet/toolchain.ts';

/** With its subtests. */
export interface GoTest {
  readonly name: string;
  readonly passed: boolean;
  readonly output: string;
}

/** A line of `go test -json`; what belongs to no test is of the build or of the package. */
interface GoEvent {
  readonly Action: string;
  readonly Test?: string;
  readonly Output?: string;
}

/** The flags of the node's own build, so that the packages both need are compiled once. */
const FLAGS = ['-json', '-count=1', '-trimpath', '-buildvcs=false', '-mod=readonly'];

export async function runGoTests(): Promise<readonly GoTest[]> {
  await ensureNeoGo();
  const child = spawn('go', ['test', ...FLAGS, './...'], {
    cwd: 'contracts',
    env: goEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let besides = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    besides += text;
  });
  const passed = new Map<string, boolean>();
  const outputs = new Map<string, string>();
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  for await (const line of createInterface(child.stdout)) {
    const { Action, Test = '', Output = '' } = parseEvent(line);
    const name = Test.split('/', 1)[0] ?? '';
    if (name === '') besides += Output;
    else outputs.set(name, `${outputs.get(name) ?? ''}${Output}`);
    if (name !== '' && name === Test && /^(pass|fail|skip)$/.test(Action))
      passed.set(name, Action === 'pass');
  }
  const code = await ended;
  const tests = [...passed].map(([name, isPassed]) => ({
    name,
    passed: isPassed,
    output: outputs.get(name) ?? '',
  }));
  // A failure that is no test's own (a build, a crash) must not look like fewer tests.
  if (code !== 0 && tests.every((test) => test.passed)) throw new Error(`go test:\n${besides}`);
  return tests;
}

function parseEvent(line: string): GoEvent {
  try {
    // Written by Go a moment ago.
    return JSON.parse(line) as GoEvent;
  } catch {
    return { Action: 'output', Output: `${line}\n` };
  }
}
