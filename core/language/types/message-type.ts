import type { Mapping } from '../../model/mapping.ts';
import { STRING, withAbsence, type Member, type Type } from './type.ts';

const OPTIONAL = { reason: 'unknown' } as const;

/** What expressions see as `$message`. */
export function messageType({ message }: Mapping): Type {
  const keys = Object.keys(message.keys).map(
    (key) => [key, { type: withAbsence(STRING, OPTIONAL) }] as const,
  );
  const headers: Type = {
    forms: [{ kind: 'object', members: new Map(), rest: withAbsence(STRING, OPTIONAL), dictionary: true }],
  };
  const members: readonly (readonly [string, Type])[] = [
    ['id', STRING],
    ['source', STRING],
    ['type', STRING],
    ['time', { forms: [{ kind: 'string', format: 'date-time' }] }],
    ['journeyId', STRING],
    ['key', withAbsence(STRING, OPTIONAL)],
    // A message that comes by way of a topic or a split keeps the keys of the one it was made from.
    ['keys', { forms: [{ kind: 'object', members: new Map(keys), rest: withAbsence(STRING, OPTIONAL) }] }],
    ['headers', headers],
  ];
  const all = members.map(([name, type]): readonly [string, Member] => [name, { type }]);
  return { forms: [{ kind: 'object', members: new Map(all) }] };
}
