import { expect, test } from 'vitest';
import { readableText } from './readableText.ts';

const mail = (headers: string[], body: string) => `${headers.join('\n')}\n\n${body}`;
const words = (raw: string) => readableText(raw).split(/\s+/).filter(Boolean);

test('subject and body stay, the other headers go, the verdicts of filters among them', () => {
  const raw = mail(
    ['From x@y.z Thu Aug 22', 'X-Spam-Status: Yes', 'Subject: Big\n  news', 'Received: from spam.example'],
    'Hello\n\nthere',
  );
  expect(words(raw)).toEqual(['Big', 'news', 'Hello', 'there']);
});

test('a mail without a subject, a body or both is no error', () => {
  expect(words(mail(['From: x'], 'text'))).toEqual(['text']);
  expect(words('Subject: alone')).toEqual(['alone']);
  expect(words('')).toEqual([]);
});

test('quoted-printable and base64 are decoded', () => {
  expect(words(mail(['Content-Transfer-Encoding: quoted-printable'], 'one=3Dtwo cont=\ninued'))).toEqual(['one=two', 'continued']);
  expect(words(mail(['Content-Type: text/plain', 'Content-Transfer-Encoding: BASE64'], btoa('Hello there')))).toEqual(['Hello', 'there']);
});

test('most tags, comments, scripts and entities go from what is HTML, and only from that', () => {
  const html = '<html><STYLE>p{}</style><p>Buy<!-- x\ny --> <a\n href="x">now</a>&nbsp;or&#33;</p><script>f()</script></html>';
  expect(words(mail(['Content-Type: text/html'], html))).toEqual(['Buy', '<a>', 'now', 'or']);
  expect(words(mail(['Subject: s'], html))).toEqual(['s', 'Buy', '<a>', 'now', 'or']);
  expect(words(mail(['Content-Type: text/plain'], 'if a < b and c > d'))).toEqual(['if', 'a', '<', 'b', 'and', 'c', '>', 'd']);
});

test('of a mail in parts the texts are read, also of parts within parts, and attachments are not', () => {
  const inner = ['Content-Type: multipart/alternative;\n boundary=in', '', '--in', 'Content-Type: text/plain', '', 'inside', '--in--'].join(
    '\n',
  );
  const picture = ['Content-Type: image/gif', 'Content-Transfer-Encoding: base64', '', 'R0lGODdh'].join('\n');
  const body = ['preamble', '--out', inner, '--out', picture, '--out', 'Content-Type: text/html', '', '<p>after</p>', '--out--'].join('\n');
  expect(words(mail(['Content-Type: multipart/mixed; boundary="out"'], body)).filter((word) => word !== '--')).toEqual(['inside', 'after']);
});
