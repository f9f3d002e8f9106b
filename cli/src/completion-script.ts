/**
 * * Completion scripts. Each is static text made from the program's own tree: pressing Tab starts
 * no process and asks no server. What is completed: commands, flags, and the values of flags with
 * choices; else file names.
 */
import type { CompletionNode } from './completion-tree.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

type Nodes = readonly CompletionNode[];

export function completionScript(shell: Shell, nodes: Nodes): string {
  const render = { bash: bashScript, zsh: zshScript, fish: fishScript }[shell];
  return render(nodes);
}

/** Inside single quotes of bash, zsh and fish nothing is special but the quote itself. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** `case` statements are the same words in bash and zsh. */
function sharedCases(nodes: Nodes): string {
  const paths = nodes.map(({ path }) => quote(path)).join('|');
  const choices = nodes.flatMap(({ path, commands, flags }) => {
    const words = [...commands, ...flags.map(({ flag }) => flag)];
    return [`    ${quote(path)}) candidates=${quote(words.join(' '))} ;;`];
  });
  const values = nodes.flatMap(({ path, flags }) =>
    flags
      .filter((flag) => flag.values.length > 0)
      .map(({ flag, values }) => {
        return `    ${quote(`${path} ${flag}`)}) candidates=${quote(values.join(' '))} ;;`;
      }),
  );
  const files = nodes.flatMap(({ path, flags }) =>
    flags
      .filter((flag) => flag.takesValue && flag.values.length === 0)
      .map(({ flag }) => quote(`${path} ${flag}`)),
  );
  return [
    '  for word in "${before[@]}"; do',
    '    case "${place:+$place }$word" in',
    `      ${paths}) place="\${place:+$place }$word" ;;`,
    '    esac',
    '  done',
    '  case "$place" in',
    ...choices,
    '  esac',
    '  case "$place $previous" in',
    ...values,
    ...(files.length === 0 ? [] : [`    ${files.join('|')}) candidates='' ;;`]),
    '  esac',
  ].join('\n');
}

const bashScript = (
  nodes: Nodes,
): string => `# bash completion of slctl: source <(slctl completion bash)
_slctl() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}") place='' word candidates=''
${sharedCases(nodes)}
  COMPREPLY=()
  if [ -n "$candidates" ]; then
    COMPREPLY=($(compgen -W "$candidates" -- "$current"))
  fi
}
complete -o default -F _slctl slctl
`;

const zshScript = (nodes: Nodes): string => `#compdef slctl
# zsh completion of slctl: source <(slctl completion zsh)
_slctl() {
  local previous="\${words[CURRENT-1]}" place='' word candidates=''
  local -a before
  before=("\${(@)words[2,CURRENT-1]}")
${sharedCases(nodes)}
  if [[ -n "$candidates" ]]; then
    compadd -- \${=candidates}
  else
    _files
  fi
}
compdef _slctl slctl
`;

function fishScript(nodes: Nodes): string {
  const lines = nodes.flatMap((node) => {
    const depth = node.path === '' ? 0 : node.path.split(' ').length;
    const guard = quote(`__slctl_at ${depth} ${node.path}`.trim());
    const commands = node.commands.map((name) => {
      const child = nodes.find(({ path }) => path === `${node.path} ${name}`.trim());
      const description = quote(child?.description ?? '');
      return `complete -c slctl -n ${guard} -f -a ${quote(name)} -d ${description}`;
    });
    const flags = node.flags.map(({ flag, description, takesValue, values }) => {
      const value =
        values.length > 0 ? ` -x -a ${quote(values.join(' '))}` : takesValue ? ' -r' : '';
      return `complete -c slctl -n ${guard} -l ${flag.slice(2)}${value} -d ${quote(description)}`;
    });
    return [...commands, ...flags];
  });
  return `# fish completion of slctl: slctl completion fish | source
function __slctl_at
    set -l depth $argv[1]
    set -l place $argv[2..-1]
    set -l words (commandline -opc)[2..-1]
    set -l seen
    for word in $words
        string match -q -- '-*' $word; or set -a seen $word
    end
    test $depth -eq 0; and test (count $seen) -eq 0; and return 0
    test $depth -gt 0; and test "$seen[1..$depth]" = "$place"; and begin
        test $depth -eq 2; or test (count $seen) -eq $depth
    end
end
${lines.join('\n')}
`;
}
