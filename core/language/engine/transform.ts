import { childrenOf, type AstNode } from './ast.ts';
import { compileLookup } from './variable.ts';
import { EngineError } from './error.ts';
import { functionValue, isFunction } from './function-value.ts';
import { setMember } from './members.ts';
import { NotCovered, type Compiler, type Node } from './node.ts';
import { parseSignature } from './functions/native.ts';
import type { Run } from './run.ts';
import type { Scope } from './scope.ts';

type Members = Record<string, unknown>;

/** `|pattern|update, delete|`: a function that gives a changed copy. */
export function compileTransform(ast: AstNode, scope: Scope, c: Compiler): Node {
  refuseForeignPatterns(ast.pattern as AstNode, scope, c);
  const clone = compileLookup('clone', scope, c);
  const pattern = c.compile(ast.pattern as AstNode, scope);
  const update = c.compile(ast.update as AstNode, scope);
  const remove = ast.delete === undefined ? undefined : c.compile(ast.delete, scope);
  const signature = parseSignature('<(oa):o>');

  return (_input, env) => {
    const change = ([value]: readonly unknown[], run: Run): unknown => {
      if (value === undefined) return undefined;
      const copy = clone(undefined, env, run);
      if (!isFunction(copy)) throw new EngineError('T2013', {}, { position: ast.position, token: undefined });
      const result = structuredClone(copy([value], null, run));
      const matches = pattern(result, env, run);
      if (matches === undefined) return result;
      for (const match of Array.isArray(matches) ? (matches as readonly unknown[]) : [matches]) {
        run.step();
        merge(match, update(match, env, run), run);
        if (remove !== undefined) deleteFrom(match, remove(match, env, run));
      }
      return result;
    };
    return functionValue((args, context, run) => change(signature.validate(args, context), run), {
      arity: 1,
      bare: change,
    });
  };

  function merge(match: unknown, members: unknown, run: Run): void {
    if (members === undefined) return;
    if (typeof members !== 'object' || members === null || Array.isArray(members))
      throw new EngineError(
        'T2011',
        { value: members },
        { position: ast.update?.position, token: undefined },
      );
    if (typeof match !== 'object' || match === null) {
      if (Object.keys(members).length > 0) throw new TypeError('A transform can change nothing but objects');
      return;
    }
    for (const key of Object.keys(members)) setMember(match as Members, key, (members as Members)[key], run);
  }

  function deleteFrom(match: unknown, names: unknown): void {
    if (names === undefined) return;
    const list = (Array.isArray(names) ? names : [names]) as readonly unknown[];
    if (!list.every((name) => typeof name === 'string'))
      throw new EngineError('T2012', { value: names }, { position: ast.delete?.position, token: undefined });
    if (typeof match !== 'object' || match === null) return;
    for (const name of list) delete (match as Members)[name];
  }
}

/** A pattern that may find something outside of the copy would change it: the message itself, perhaps. */
function refuseForeignPatterns(pattern: AstNode, scope: Scope, c: Compiler): void {
  const visit = (node: AstNode): void => {
    const name = node.type === 'variable' ? String(node.value) : '';
    if (name !== '' && c.builtin(name, scope) === undefined)
      throw new NotCovered(`the pattern of a transform looks at $${name}`, node);
    if (node.type === 'parent')
      throw new NotCovered('the pattern of a transform looks at what is above it', node);
    childrenOf(node).forEach(visit);
  };
  visit(pattern);
}
