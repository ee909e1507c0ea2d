import { CrossdockError } from '../../core/model/errors.ts';
import { lockFolder } from '../../core/store/folder-lock.ts';

/** Takes a folder, says `locked` or the code of the error, and keeps it until its input ends: `folder-holder.ts FOLDER`. */
const [folder = ''] = process.argv.slice(2);
try {
  const unlock = await lockFolder(folder);
  process.stdout.write('locked\n');
  process.stdin.resume().once('end', () => void unlock());
} catch (error) {
  process.stdout.write(`${error instanceof CrossdockError ? error.code : String(error)}\n`);
}
