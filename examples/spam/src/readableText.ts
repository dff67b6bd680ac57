/**
 * What a reader sees of a raw e-mail: its subject and its text, without tags and attachments. The other headers are left out: there, mail
 * servers and filters have written their own opinion (`X-Spam-Status`), and their names tell which mailbox a collector emptied.
 */
export function readableText(raw: string): string {
  const mail = parse(raw);
  return `${mail.header('subject')}\n${textOf(mail)}`;
}

// ---------------------------------------------------------------------------------------------------------------------

/** A mail, or a part of one. */
interface Part {
  /** The value of a header, on one line; empty if there is none. */
  readonly header: (name: string) => string;
  readonly body: string;
}

function parse(raw: string): Part {
  const end = raw.search(/\n\r?\n/);
  const head = (end === -1 ? raw : raw.slice(0, end)).replace(/\n[ \t]+/g, ' ');
  const header = (name: string) => new RegExp(`^${name}:(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
  return { header, body: end === -1 ? '' : raw.slice(end) };
}

function textOf({ header, body }: Part): string {
  const type = header('content-type');
  const boundary = /boundary="?([^";]+)/i.exec(type)?.[1];
  if (boundary !== undefined) {
    const parts = body.split(`--${boundary}`).slice(1);
    return parts.map((part) => textOf(parse(part.trimStart()))).join('\n');
  }
  if (type !== '' && !/^text/i.test(type)) return '';
  const text = decoded(body, header('content-transfer-encoding').toLowerCase());
  return /html/i.test(type) || /<html|<body/i.test(text) ? withoutTags(text) : text;
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('latin1');
  if (encoding !== 'quoted-printable') return body;
  return body.replace(/=\r?\n/g, '').replace(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Of tags, those stay that a reader takes notice of, as one token each: `<a href="…">` as `<a>`. */
function withoutTags(html: string): string {
  return html
    .replace(/<(style|script)\b.*?<\/\1>|<!--.*?-->/gis, ' ')
    .replace(/<(a|img|font|form)\b[^>]*>|<[^>]*>/gi, (_, name?: string) => (name === undefined ? ' ' : ` <${name}> `))
    .replace(/&#?\w+;/g, ' ');
}
