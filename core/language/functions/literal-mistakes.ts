import type { OwnFunction, WrittenArgument } from './own-function.ts';

/**
 * What is wrong with arguments that are written out in a call. `applied` says that `~>` hands over the first one. With
 * too few arguments the context may be the first.
 */
export function literalMistakes(
  { parameters, signature }: OwnFunction,
  written: readonly WrittenArgument[],
  applied: boolean,
): readonly { readonly argument: number; readonly message: string }[] {
  const needed = parameters.filter(({ optional }) => optional !== true).length;
  const first = applied || (signature.includes('-') && written.length === needed - 1) ? 1 : 0;
  return written.flatMap((argument, i) => {
    if (!('literal' in argument)) return [];
    const message = parameters[i + first]?.mistake?.(argument.literal);
    return message === undefined ? [] : [{ argument: i, message }];
  });
}
