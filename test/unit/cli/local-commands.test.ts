import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import { crossdock } from './captured-io.ts';
import { freshProject } from './fresh-project.ts';

describe('The commands that need no hub', () => {
  const project = freshProject();
  const { run, write, edit } = project;

  describe('init', () => {
    it('makes a project that check and test accept', async () => {
      const checked = await run(['check']);
      assert.equal(checked.code, 0, checked.stdout);
      assert.match(checked.stdout, /No mistakes: 1 mapping with 1 route, 2 connections, 1 schema\./);
      const tested = await run(['test']);
      assert.equal(tested.code, 0, tested.stdout);
      assert.match(tested.stdout, /4 passed/);
    });

    it('keeps the secret that it makes from other users and from git', async () => {
      const { mode } = await stat(join(project.root, 'secrets', 'shop-token'));
      assert.equal(mode & 0o077, 0);
      assert.match(await readFile(join(project.root, 'secrets', 'shop-token'), 'utf8'), /^[0-9a-f]{48}\n$/);
      assert.match(await readFile(join(project.root, '.gitignore'), 'utf8'), /^secrets\/$/m);
    });

    it('makes another secret for another project', async () => {
      await crossdock(['init', 'other'], { cwd: project.folder });
      const secrets = [project.root, join(project.folder, 'other')].map((one) =>
        readFile(join(one, 'secrets', 'shop-token'), 'utf8'),
      );
      const [one, other] = await Promise.all(secrets);
      assert.notEqual(one, other);
    });

    it('refuses a folder that holds something, and touches nothing in it', async () => {
      const { code, stderr } = await crossdock(['init', 'my-hub'], { cwd: project.folder });
      assert.equal(code, EXIT_CODES.usage.code);
      assert.match(stderr, /my-hub is not empty/);
    });

    it('takes a folder that is a fresh git repository', async () => {
      await mkdir(join(project.folder, 'fresh', '.git'), { recursive: true });
      const { code } = await crossdock(['init', '.'], { cwd: join(project.folder, 'fresh') });
      assert.equal(code, 0);
    });
  });

  describe('check', () => {
    it('lists every mistake with its place, and exits with 1', async () => {
      await edit('mappings/sales/orders.yaml', (text) =>
        text
          .replace('schema: sales/order@1', 'schema: sales/ordr@1')
          .replace('connection: archive', 'connection: archiv'),
      );
      const { code, stdout } = await run(['check']);
      assert.equal(code, EXIT_CODES.failed.code);
      assert.match(stdout, /^mappings\/sales\/orders\.yaml:8:\d+: message\.schema: .*sales\/order@1/m);
      assert.match(
        stdout,
        /^mappings\/sales\/orders\.yaml:17:\d+: to\[0\]\.connection: .*did you mean "archive"/m,
      );
      assert.match(stdout, /2 mistakes in 1 file\./);
    });

    it('finds the project from a folder inside it', async () => {
      const { code } = await crossdock(['check'], { cwd: join(project.root, 'mappings', 'sales') });
      assert.equal(code, 0);
    });

    it('is one JSON document with --json, with or without mistakes', async () => {
      const good = JSON.parse((await run(['check', '--json'])).stdout) as { ok: boolean; mappings: string[] };
      assert.deepEqual([good.ok, good.mappings], [true, ['sales/orders']]);
      await write('config/connections.yaml', 'shop: { connector: webhok }\n');
      const bad = JSON.parse((await run(['check', '--json'])).stdout) as {
        ok: boolean;
        problems: { file: string }[];
      };
      assert.equal(bad.ok, false);
      assert.equal(bad.problems[0]?.file, 'config/connections.yaml');
    });

    it('says so where there is no project at all', async () => {
      const { code, stdout } = await crossdock(['check'], { cwd: project.folder });
      assert.equal(code, EXIT_CODES.failed.code);
      assert.match(stdout, /config\/connections\.yaml:1:1: there is no such file/);
    });
  });

  describe('connectors', () => {
    it('are listed and described, for people and for programs', async () => {
      const list = await run(['connectors']);
      assert.match(list.stdout, /^webhook +stable/m);
      const described = await run(['connectors', 'describe', 'file']);
      assert.match(described.stdout, /^ {2}folder {2}string, required$/m);
      assert.match(described.stdout, /^Action write {2}/m);
      const json = JSON.parse((await run(['connectors', 'describe', 'file', '--json'])).stdout) as {
        name: string;
      };
      assert.equal(json.name, 'file');
    });
  });

  describe('doctor', () => {
    it('finds a healthy machine healthy, and changes nothing', async () => {
      const { code, stdout } = await crossdock(['doctor'], {
        cwd: project.root,
        env: { CROSSDOCK_LISTEN: '127.0.0.1:0' },
      });
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^✓ node {9}Node\.js/m);
      assert.match(stdout, /^✓ project .*1 mapping, no mistakes$/m);
      assert.match(stdout, /Nothing keeps a hub from working/);
      assert.deepEqual(await readdir(join(project.root, '.crossdock')), ['editor']);
    });

    it('names what must be mended and how', async () => {
      const { code, stdout } = await crossdock(['doctor', '--json'], {
        cwd: project.folder,
        env: {
          CROSSDOCK_URL: 'http://127.0.0.1:1',
          CROSSDOCK_DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x',
          CROSSDOCK_AMQP_URL: 'amqp://u:hunter2@127.0.0.1:1',
        },
      });
      assert.equal(code, EXIT_CODES.failed.code);
      assert.ok(!stdout.includes('hunter2'));
      const { findings } = JSON.parse(stdout) as {
        findings: { name: string; status: string; fix?: string }[];
      };
      const failed = findings.filter(({ status }) => status === 'fail');
      assert.deepEqual(
        failed.map(({ name }) => name),
        ['project', 'hub', 'database', 'broker'],
      );
      assert.ok(failed.every(({ fix }) => fix !== undefined));
    });
  });

  describe('migrate', () => {
    it('says what it needs', async () => {
      const { code, stderr } = await run(['migrate']);
      assert.equal(code, EXIT_CODES.usage.code);
      assert.match(stderr, /Set CROSSDOCK_DATABASE_URL/);
    });
  });
});
