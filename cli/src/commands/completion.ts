/** `slctl completion bash|zsh|fish` prints a script for the shell to source. */
import { Argument, type Command as Parser } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion-script.ts';
import { completionNodes } from '../completion-tree.ts';
import type { Context } from '../context.ts';

export function addCompletion(program: Parser, { io }: Context): void {
  program
    .command('completion')
    .description('print a completion script: source <(slctl completion bash)')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: Shell) => {
      io.stdout.write(completionScript(shell, completionNodes(program)));
    });
}
