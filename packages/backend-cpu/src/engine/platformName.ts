/** What decides which binaries fit. */
export type Platform = Pick<NodeJS.Process, 'platform' | 'arch' | 'execPath' | 'report'>;

/** `linux-x64`, `darwin-arm64`, `linux-x64-musl` …: as the packages with binaries are named. */
export async function platformName(node: Platform): Promise<string> {
  const name = `${node.platform}-${node.arch}`;
  return node.platform === 'linux' && (await usesMusl(node)) ? `${name}-musl` : name;
}

/** A Linux program names its loader (`/lib/ld-musl-x86_64.so.1`) near its start. Node's own report knows as well, but takes milliseconds. */
async function usesMusl({ execPath, report }: Platform): Promise<boolean> {
  const start = await startOf(execPath);
  if (start.includes('/ld-musl-')) return true;
  if (start.includes('/ld-linux')) return false;
  const { header } = Object(report?.getReport());
  return header !== undefined && header.glibcVersionRuntime === undefined;
}

async function startOf(path: string): Promise<string> {
  const { open } = await import('node:fs/promises');
  try {
    const file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(headerBytes), 0, headerBytes, 0).finally(() => file.close());
    return new TextDecoder('latin1').decode(buffer.subarray(0, bytesRead));
  } catch {
    return '';
  }
}

const headerBytes = 4096;
