import assert from 'node:assert/strict';
import { CrossdockError, type ErrorCode } from '../../core/model/errors.ts';

/** For `assert.rejects`. */
export function withCode(code: ErrorCode): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof CrossdockError, `not a CrossdockError: ${String(error)}`);
    assert.equal(error.code, code, error.message);
    return true;
  };
}
