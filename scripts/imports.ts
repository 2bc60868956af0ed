/** `npm run imports`: who may import whom. A run that looked at nothing, or not at everything, is a failure. */
import { cruiseTree } from './cruise.ts';

const { cruised, violations, missed, report } = await cruiseTree(process.cwd());
console.log(report.trim());
for (const path of missed) console.error(`not looked at: ${path}`);
if (cruised === 0) console.error('no file was looked at: is the TypeScript compiler supported by dependency-cruiser?');
console.log(`${cruised} files looked at`);
process.exitCode = violations.length > 0 || missed.length > 0 || cruised === 0 ? 1 : 0;
