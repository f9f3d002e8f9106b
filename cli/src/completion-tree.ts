/**
 * The commands, flags and choices of the program as plain lists, read from the parsers themselves.
 */
import type { Option, Command as Parser } from 'commander';

export interface CompletionFlag {
  /** With its dashes. */
  readonly flag: string;
  readonly description: string;
  readonly takesValue: boolean;
  readonly values: readonly string[];
}

export interface CompletionNode {
  /** `secrets create-secret`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  readonly commands: readonly string[];
  readonly flags: readonly CompletionFlag[];
}

export function completionNodes(parser: Parser, path = ''): readonly CompletionNode[] {
  const visible = parser.createHelp().visibleCommands(parser);
  const commands = visible.map((command) => command.name()).filter((name) => name !== 'help');
  const node: CompletionNode = {
    path,
    description: firstLine(parser.summary() || parser.description()),
    commands,
    flags: [...parser.options.map(toFlag), HELP],
  };
  const children = visible.filter((command) => command.name() !== 'help');
  return [
    node,
    ...children.flatMap((child) => completionNodes(child, `${path} ${child.name()}`.trim())),
  ];
}

const HELP: CompletionFlag = {
  flag: '--help',
  description: 'show help',
  takesValue: false,
  values: [],
};

const toFlag = (option: Option): CompletionFlag => ({
  flag: option.long ?? option.short ?? option.flags,
  description: firstLine(option.description),
  takesValue: option.required || option.optional,
  values: option.argChoices ?? [],
});

/** Scripts quote it, so no line end may stand in it. */
const firstLine = (text: string): string => text.split('\n')[0] ?? '';
