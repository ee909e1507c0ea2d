import type { DateFormat } from './date-format.ts';
import { compilePattern } from './date-pattern.ts';
import { FunctionFault, shown } from './function-fault.ts';
import type { Moment } from './moment.ts';

const DATE =
  /^(?:([A-Za-z]{3}), ?)?([0-9]{1,2}) ([A-Za-z]{3}) ([0-9]{4}) ([0-9]{2}:[0-9]{2})(:[0-9]{2})? (?:([-+][0-9]{4})|(GMT|UT|UTC))$/;

const STRICT = compilePattern('d MMM yyyy HH:mm:ssxx');
const WITH_WEEKDAY = compilePattern('EEE d MMM yyyy HH:mm:ssxx');
const MAIL = compilePattern('EEE, dd MMM yyyy HH:mm:ss xx');
const HTTP = compilePattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'");

function read(value: string | number): Moment | undefined {
  const match = DATE.exec(String(value));
  if (match === null) throw new FunctionFault('X2001', `${shown(value)} is not a date of e-mail or HTTP`);
  const [, weekday, day = '', month = '', year = '', time = '', seconds = ':00', offset = '+0000'] = match;
  const rest = `${Number(day)} ${month} ${year} ${time}${seconds}${offset}`;
  return weekday === undefined ? STRICT.read(rest) : WITH_WEEKDAY.read(`${weekday} ${rest}`);
}

/** The date of RFC 5322; without its obsolete forms but with the zone names that are UTC. */
export const MAIL_DATE: DateFormat = { shows: 'instant', read, write: MAIL.write };

/** IMF-fixdate of RFC 9110, 5.6.7. */
export const HTTP_DATE: DateFormat = {
  shows: 'instant',
  read,
  write: ({ local, offset = 0 }) => HTTP.write({ local: local - offset, offset: 0 }),
};
