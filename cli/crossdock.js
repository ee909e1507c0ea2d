#!/usr/bin/env -S node --max-semi-space-size=32
// What moves through a hub dies young, and V8 would let the room for the young grow to 128 MB for it; 32 MB do.
//
// The door to the program. It is plain, old JavaScript on purpose: it must be parsed by any Node that can read ES
// modules at all, so that a Node that is too old gets a sentence and not a syntax error.
import { spawn } from 'child_process';
import { existsSync, realpathSync } from 'fs';
import module from 'module';
import { dirname, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';
import v8 from 'v8';

const here = dirname(fileURLToPath(import.meta.url));
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];

/** Node 22.18 and 24 run the TypeScript sources as they are. */
function isNewEnough(version) {
  const numbers = version.split('.').map(Number);
  return numbers[0] > 22 || (numbers[0] === 22 && numbers[1] >= 18);
}

/** The Node that a project pins with its devDependency `node`, looked for from this package upwards. */
function findPinnedNode() {
  let folder = dirname(here);
  for (;;) {
    for (const path of [
      'node_modules/.bin/node',
      'node_modules/node/bin/node',
      'node_modules/node/bin/node.exe',
    ]) {
      const candidate = join(folder, path);
      if (existsSync(candidate) && realpathSync(candidate) !== realpathSync(process.execPath))
        return candidate;
    }
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function runWith(node) {
  const child = spawn(node, process.execArgv.concat(process.argv.slice(1)), { stdio: 'inherit' });
  FORWARDED.forEach((signal) => {
    process.on(signal, () => child.kill(signal));
  });
  child.on('error', (error) => {
    console.error('crossdock: can not run ' + node + ': ' + error.message);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    FORWARDED.forEach((name) => process.removeAllListeners(name));
    process.kill(process.pid, signal);
  });
}

function runHere() {
  // What grew old in spite of it is collected when there is as much of it again, not three times as much.
  v8.setFlagsFromString('--heap-growing-percent=100');
  // V8 would make some kinds of what a delivery needs where the old is kept, because it has seen them outlive a collection.
  // They do not grow old, and what they lead to is kept with them: about twice as much became old for it.
  v8.setFlagsFromString('--no-allocation-site-pretenuring');
  // Compiled and type-stripped code is kept between runs: commands start in half the time.
  if (module.enableCompileCache) module.enableCompileCache();
  const source = join(here, 'main.ts');
  const entry = existsSync(source) ? source : join(here, 'main.js');
  import(pathToFileURL(entry).href)
    .then((program) => program.runProcess())
    .catch((error) => {
      console.error(error);
      process.exitCode = 70;
    });
}

if (isNewEnough(process.versions.node)) {
  runHere();
} else {
  const pinned = findPinnedNode();
  if (pinned === undefined) {
    console.error(
      'crossdock needs Node.js 22.18 or newer; this is ' +
        process.versions.node +
        ' (' +
        process.execPath +
        ').\nInstall it from https://nodejs.org, or add it to your project: npm install --save-dev node@24',
    );
    process.exitCode = 1;
  } else runWith(pinned);
}
