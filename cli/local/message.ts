import { compileArrive } from '../../core/intake/index.ts';
import type { Project } from '../../core/language/index.ts';
import { CrossdockError } from '../../core/model/errors.ts';
import type { Mapping } from '../../core/model/mapping.ts';
import { sourceName } from '../../core/model/mapping.ts';
import type { Message } from '../../core/model/message.ts';

/** An id for messages that never existed: mappings see one, but nothing may depend on which. */
const LOCAL_ID = '00000000-0000-7000-8000-000000000000';
/** When messages arrive that nobody says a time of: what depends on the clock can not be tested. */
const LOCAL_TIME = '2026-01-01T00:00:00.000Z';

/** What a sender hands over, as far as a mapping can see it. */
export interface LocalInput {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** ISO 8601; default 2026-01-01. */
  readonly time?: string;
  /** The delivery id that a provider sends along, for mappings without an `id` of their own. */
  readonly key?: string;
}

/** A message as the mapping's source would have made it, or why the hub would refuse it. */
export interface LocalArrival {
  readonly message: Message;
  readonly refused?: CrossdockError;
}

/** Prepares a mapping's intake: the same as a running hub's, without the hub. */
export function compileLocalArrival(
  mapping: Mapping,
  project: Project,
): (input: LocalInput) => Promise<LocalArrival> {
  const arrive = compileArrive(mapping, {
    routes: [],
    revision: project.revision,
    limits: project.hub.limits.expression,
    idRequired: isPushed(mapping, project),
  });
  return async ({ body, headers = {}, time = LOCAL_TIME, key: sent }) => {
    const message: Message = {
      id: LOCAL_ID,
      journeyId: LOCAL_ID,
      source: sourceName(mapping),
      type: mapping.message.schema ?? mapping.name,
      time,
      keys: {},
      headers,
      contentType: 'application/json',
      body,
      ...(sent === undefined ? {} : { key: sent }),
    };
    try {
      const draft = { contentType: 'application/json', payload: Buffer.alloc(0), body, headers, key: sent };
      const { key, keys } = await arrive(draft);
      return { message: { ...message, keys, ...(key === undefined ? {} : { key }) } };
    } catch (error) {
      return { message, refused: CrossdockError.from(error) };
    }
  };
}

/** Whether the sender waits for an answer and so can be told what is wrong; what is pulled goes on without an id. */
function isPushed({ from }: Mapping, project: Project): boolean {
  if (from.kind === 'topic') return false;
  return project.connections.get(from.connection)?.offer.sources[from.source]?.kind === 'push';
}

/** What expressions see beside the body. */
export function messageBindings(message: Message): Readonly<Record<string, unknown>> {
  const { id, source, type, time, journeyId, key, keys, headers } = message;
  return { message: { id, source, type, time, journeyId, key, keys, headers } };
}
