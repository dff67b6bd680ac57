// Runs every gate, also after one has failed, and ends with a table.
import { spawnSync } from 'node:child_process';
import { root } from './workspace.mjs';

// In this order: what is packed must be built first.
const gates = [
  ['typecheck'],
  ['lint'],
  ['format:check'],
  ['cycles'],
  ['dead'],
  ['build'],
  ['packed'],
  ['mnist', '--', '--limit', '640', '--epochs', '1'],
];

const results = gates.map(([name = '', ...args]) => {
  console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`);
  const start = performance.now();
  const { status } = spawnSync('npm', ['run', name, ...args], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  return { name, ok: status === 0, seconds: (performance.now() - start) / 1000 };
});

console.log('\n── gates ───────────────────────────────────────────────────────');
for (const { name, ok, seconds } of results)
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`);
process.exit(results.every(({ ok }) => ok) ? 0 : 1);
