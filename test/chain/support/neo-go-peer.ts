/**
 * neo-go's packages as the other side of a comparison: the program of scripts/devnet/go/peer, built
 * and run for one test file. Every question is a line and has one answer, in order; what neo-go
 * refuses comes back as `error`. A peer that dies fails the questions that wait for it.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { ensureNeoGo, runGo } from '../../../scripts/devnet/toolchain.ts';

export type Answer = Readonly<Record<string, unknown>>;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** The id of an oracle request has 64 bits: beyond 2^53 it is text here, and always a number there. */
const unquoteIds = (json: string): string => json.replace(/"id":"(\d+)"/g, '"id":$1');
const quoteWideIds = (json: string): string => json.replace(/"id":(\d{16,})/g, '"id":"$1"');

export class NeoGoPeer {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #folder: string;
  readonly #closed: Promise<void>;
  readonly #waiting: Waiting[] = [];

  private constructor(program: string, folder: string) {
    this.#folder = folder;
    this.#child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#closed = new Promise((resolve) => {
      this.#child.once('close', () => {
        this.#fail(new Error('the peer has ended'));
        resolve();
      });
    });
    this.#child.once('error', (error) => this.#fail(error));
    // What is written to a peer that died; the questions fail by its end.
    this.#child.stdin.on('error', () => undefined);
    createInterface(this.#child.stdout).on('line', (line) => {
      // The program writes objects of its own types and nothing else.
      this.#waiting.shift()?.resolve(JSON.parse(quoteWideIds(line)) as Answer);
    });
  }

  /** Seconds when the packages are compiled already, which the node's own build has done. */
  static async start(): Promise<NeoGoPeer> {
    await ensureNeoGo();
    const folder = mkdtempSync(join(tmpdir(), 'neo-go-peer-'));
    const program = join(folder, 'peer');
    await runGo([
      'build',
      '-trimpath',
      '-buildvcs=false',
      '-mod=readonly',
      '-o',
      program,
      './peer',
    ]);
    return new NeoGoPeer(program, folder);
  }

  ask(kind: string, question: object): Promise<Answer> {
    const line = unquoteIds(JSON.stringify({ kind, ...question }));
    return new Promise((resolve, reject) => {
      if (this.#child.exitCode !== null) return reject(new Error('the peer has ended'));
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${line}\n`);
    });
  }

  async stop(): Promise<void> {
    this.#child.stdin.end();
    await this.#closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
