// Prints `N passed, N failed, N skipped` from vitest's JSON report; a report that is missing or a file that did not load is a failure.
import { readFileSync } from 'node:fs';

const [path = ''] = process.argv.slice(2);
const { passed, failed, skipped } = counts();
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

function counts() {
  const report = read();
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const files = /** @type {{ status: string, assertionResults: { status: string }[] }[]} */ (report.testResults);
  const tests = files.flatMap((file) => file.assertionResults.map(({ status }) => status));
  const unloaded = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const passed = tests.filter((status) => status === 'passed').length;
  const failed = tests.filter((status) => status === 'failed').length;
  return { passed, failed: failed + unloaded, skipped: tests.length - passed - failed };
}

function read() {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
