import type { Connector } from '../core/sdk.ts';
import { file } from './file/index.ts';
import { rest } from './rest/index.ts';
import { schedule } from './schedule/index.ts';
import { soap } from './soap/index.ts';
import { webhook } from './webhook/index.ts';

/** The connectors that come with the hub, by name. */
export const connectors: readonly Connector[] = [file, rest, schedule, soap, webhook];
