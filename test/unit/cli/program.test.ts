import assert from 'node:assert/strict';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import { createProgram } from '../../../cli/program.ts';
import { capturedIo, crossdock } from './captured-io.ts';

/** Nobody listens there: port 1 is privileged and unused on loopback. */
const NOWHERE = 'http://127.0.0.1:1';

describe('The program', () => {
  it('explains itself, its groups and its exit codes', async () => {
    const { code, stdout, stderr } = await crossdock(['--help']);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    for (const command of ['init', 'check', 'start', 'messages', 'failures', 'reconcile', 'completion'])
      assert.match(stdout, new RegExp(`^  ${command}\\b`, 'm'));
    for (const exit of Object.values(EXIT_CODES)) assert.ok(stdout.includes(exit.about), exit.about);
  });

  it('says what the name of a group alone does', async () => {
    const { stdout } = await crossdock(['failures', '--help']);
    assert.match(stdout, /\n`crossdock failures` alone is `crossdock failures list`\.\n$/);
  });

  it('fits its help into 80 columns', async () => {
    const { stdout } = await crossdock(['failures', 'retry', '--help'], { terminal: 80 });
    const long = stdout.split('\n').filter((line) => line.length > 80 && !line.startsWith('  $'));
    assert.deepEqual(long, []);
  });

  it('describes every command and option', () => {
    const undescribed: string[] = [];
    const walk = (command: Command, path: string): void => {
      const help = command.createHelp();
      if (command.description() === '') undescribed.push(path);
      for (const option of help.visibleOptions(command))
        if (option.description === '') undescribed.push(`${path} ${option.flags}`);
      for (const child of help.visibleCommands(command)) walk(child, `${path} ${child.name()}`);
    };
    walk(createProgram(capturedIo()), 'crossdock');
    assert.deepEqual(undescribed, []);
  });

  it('prints its version', async () => {
    const { code, stdout } = await crossdock(['--version']);
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+/);
  });

  it('asks whether another command, option or name was meant', async () => {
    const lines = [
      [['mesages'], /Did you mean messages\?/],
      [['failures', 'grups'], /Did you mean failures groups\?/],
      [['messages', 'list', '--mapp', 'x'], /Did you mean --mapping\?/],
      [['failures', '--code', 'TARGET_REJECTD'], /Did you mean "TARGET_REJECTED"\?/],
      [['connectors', 'describe', 'rset'], /Did you mean "rest"\?/],
    ] as const;
    for (const [argv, expected] of lines) {
      const { code, stdout, stderr } = await crossdock(argv);
      assert.equal(code, EXIT_CODES.usage.code, argv.join(' '));
      assert.equal(stdout, '');
      assert.match(stderr, expected);
    }
  });

  it('refuses values that can not be, and says why', async () => {
    const lines = [
      [['messages', '--limit', '501'], /whole number from 1 to 500/],
      [['messages', '--since', 'yesterday'], /duration such as 30m/],
      [['start', '--listen', 'here'], /not an address and port/],
      [['start', '--roles', 'intake,cook'], /There is no role "cook"/],
      [['messages', 'search'], /Name a key and its value/],
      [['messages', 'search', 'order'], /Name a key and its value/],
      [['check', 'extra'], /does not take "extra"/],
      [['tokens', 'create', 'x', '--grant', 'a:b:c'], /is no grant/],
    ] as const;
    for (const [argv, expected] of lines) {
      const { code, stderr } = await crossdock(argv, { env: { CROSSDOCK_URL: NOWHERE } });
      assert.equal(code, EXIT_CODES.usage.code, argv.join(' '));
      assert.match(stderr, expected);
    }
  });

  it('says in one sentence that no hub answers, and exits with 3', async () => {
    const { code, stdout, stderr } = await crossdock(['messages', '--url', NOWHERE]);
    assert.equal(code, EXIT_CODES.unreachable.code);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^error: No hub answers at http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)\.\n {7}Start one/,
    );
    assert.doesNotMatch(stderr, /\bat .*\.ts:/);
  });

  it('shows where in the code only when it is asked to', async () => {
    const { stderr } = await crossdock(['messages', '--url', NOWHERE, '--verbose']);
    assert.match(stderr, /\bat .*client\.ts:/);
  });

  it('says errors as JSON with --json', async () => {
    const { code, stdout, stderr } = await crossdock(['messages', '--url', NOWHERE, '--json']);
    assert.equal(code, EXIT_CODES.unreachable.code);
    assert.equal(stdout, '');
    const { error } = JSON.parse(stderr) as { error: { code: string; help: string } };
    assert.equal(error.code, 'HUB_UNREACHABLE');
    assert.match(error.help, /crossdock start/);
  });

  it('ends with 2 and the name of the variable when the environment is wrong', async () => {
    const { code, stderr } = await crossdock(['messages'], { env: { CROSSDOCK_URL: 'hub.example.com' } });
    assert.equal(code, EXIT_CODES.usage.code);
    assert.match(stderr, /CROSSDOCK_URL: is not a URL/);
  });

  it('colours only terminals', async () => {
    const piped = await crossdock(['messages', '--url', NOWHERE]);
    const shown = await crossdock(['messages', '--url', NOWHERE], { terminal: 80 });
    const plain = await crossdock(['messages', '--url', NOWHERE, '--no-color'], { terminal: 80 });
    assert.ok(!piped.stderr.includes('\u001b['));
    assert.ok(shown.stderr.includes('\u001b['));
    assert.ok(!plain.stderr.includes('\u001b['));
  });
});
