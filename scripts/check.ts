/**
 * `npm run check`: what a person runs before a commit is what CI runs. Stops at the first guard that refuses.
 * That each guard bites is shown in tests/architecture.
 */
import { spawnSync } from 'node:child_process';

/** Names of scripts in package.json, the quickest and most telling first. */
const GUARDS = ['types', 'imports', 'format:check', 'lint', 'dead-code', 'docs:check', 'test:unit'];

/** Whether the guard is content, with the seconds it took. */
function isContent(guard: string): boolean {
  const startedAt = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', guard], { stdio: 'inherit' });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    status === 0 ? `ok       ${guard} (${seconds} s)` : `REFUSED  ${guard}: see above; again with: npm run ${guard}`,
  );
  return status === 0;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((guard) => !GUARDS.includes(guard));
if (unknown.length > 0) {
  console.error(`no such guard: ${unknown.join(', ')}; there are ${GUARDS.join(', ')}`);
  process.exitCode = 2;
} else {
  process.exitCode = (asked.length > 0 ? asked : GUARDS).every(isContent) ? 0 : 1;
}
