import type { Arrive } from '../../../core/intake/index.ts';

/** Takes every draft as it is, under the source's own key, for one route. */
export function arriveAsIs(source: string, route: string): Arrive {
  return ({ contentType, payload, key }) =>
    Promise.resolve({
      source,
      type: 't',
      contentType,
      payload,
      headers: {},
      key,
      keys: {},
      routes: [route],
      revision: 'r',
    });
}
