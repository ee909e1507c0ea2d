import { createAddressGuard } from '../http/outbound/address-guard.ts';
import { parseDuration } from '../model/duration.ts';
import { CrossdockError } from '../model/errors.ts';
import { DEFAULT_RETRY, type RetryPolicy } from '../model/retry.ts';
import { DEFAULT_EXPRESSION_LIMITS } from './expression.ts';
import { HUB_FORM } from './file-schemas.ts';
import type { HubConfig } from './project.ts';
import type { SchemaRegistry } from './schema.ts';
import { fillIn, type SecretSources } from './secrets.ts';
import { parseSize } from './size.ts';
import type { YamlFile } from './yaml-file.ts';

export const HUB_FILE = 'config/hub.yaml';

/** What `config/hub.yaml` may say of retries, as a mapping may. */
export interface RetryForm {
  readonly immediate?: number;
  readonly delays?: readonly string[];
  readonly max_age?: string;
  readonly repeat_in_doubt?: boolean;
}

interface HubForm {
  readonly namespace?: string;
  readonly intake?: { readonly max_body?: string | number };
  readonly limits?: {
    readonly expression?: { readonly timeout?: string; readonly stack?: number; readonly sequence?: number };
  };
  readonly outbound?: { readonly allow?: readonly string[] };
  readonly retry?: RetryForm;
  readonly retention?: { readonly messages?: string; readonly payloads?: string; readonly dedupe?: string };
  readonly queues?: { readonly max_length?: number; readonly delivery_limit?: number };
  readonly shutdown?: { readonly grace?: string };
  readonly roles?: Readonly<Record<string, readonly string[]>>;
}

/** Checks the hub file and fills in the defaults; a file with mistakes is as good as none. */
export async function readHub(
  file: YamlFile | undefined,
  secrets: SecretSources,
  forms: SchemaRegistry,
): Promise<HubConfig> {
  if (file?.value === undefined) return hubConfig({});
  const filled = await fillIn(file.value, secrets);
  for (const { path, message } of filled.mistakes) file.tell(path, message, { code: 'secret' });
  const faults = filled.mistakes.length > 0 ? [] : forms.compile(HUB_FORM)(filled.value);
  file.tellFaults([], filled.value, faults);
  if (faults.length > 0 || filled.mistakes.length > 0) return hubConfig({});
  const form = filled.value as HubForm;
  for (const [i, entry] of (form.outbound?.allow ?? []).entries()) {
    const mistake = mistakeIn(entry);
    if (mistake !== undefined) file.tell(['outbound', 'allow', i], mistake, { code: 'address' });
  }
  return hubConfig(form);
}

function mistakeIn(allowed: string): string | undefined {
  try {
    createAddressGuard([allowed]);
    return undefined;
  } catch (error) {
    return CrossdockError.from(error).message.replace(/\.$/, '');
  }
}

function hubConfig(form: HubForm): HubConfig {
  const expression = form.limits?.expression;
  return {
    namespace: form.namespace ?? 'crossdock',
    intake: { maxBodyBytes: parseSize(form.intake?.max_body ?? '1MiB') },
    limits: {
      expression: {
        timeoutMs: duration(expression?.timeout, DEFAULT_EXPRESSION_LIMITS.timeoutMs),
        stack: expression?.stack ?? DEFAULT_EXPRESSION_LIMITS.stack,
        sequence: expression?.sequence ?? DEFAULT_EXPRESSION_LIMITS.sequence,
      },
    },
    outbound: { allow: form.outbound?.allow ?? [] },
    retry: retryPolicy(form.retry, DEFAULT_RETRY),
    retention: {
      messages: parseDuration(form.retention?.messages ?? '400d'),
      payloads: parseDuration(form.retention?.payloads ?? '30d'),
      dedupe: parseDuration(form.retention?.dedupe ?? '8d'),
    },
    queues: {
      maxLength: form.queues?.max_length ?? 20_000,
      deliveryLimit: form.queues?.delivery_limit ?? 20,
    },
    shutdown: { graceMs: parseDuration(form.shutdown?.grace ?? '20s') },
    roles: form.roles ?? {},
  };
}

/** What a form says, and for the rest what holds without it. */
export function retryPolicy(form: RetryForm | undefined, otherwise: RetryPolicy): RetryPolicy {
  return {
    immediate: form?.immediate ?? otherwise.immediate,
    delays: form?.delays?.map(parseDuration) ?? otherwise.delays,
    maxAge: duration(form?.max_age, otherwise.maxAge),
    repeatInDoubt: form?.repeat_in_doubt ?? otherwise.repeatInDoubt,
  };
}

function duration(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : parseDuration(text);
}
