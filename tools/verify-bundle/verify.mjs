#!/usr/bin/env node
// A second verifier of Ward's proof packages, written from docs/bundle.md alone. It needs Node 20 and nothing else.
//
//   node verify.mjs BUNDLE [POLICY]            says what fails; the exit code is that of docs/bundle.md, or 1
//   node verify.mjs --batch [POLICY] < PATHS   writes a line of JSON for each path on the standard input
import { createHash, createHmac, createPublicKey, verify as verifySignature } from 'node:crypto'
import { readFileSync } from 'node:fs'

const ORDER = [16, 10, 11, 13, 15, 12, 14, 20], MiB = 1 << 20
const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest()
const hmac = (key, ...parts) => parts.reduce((h, p) => h.update(p), createHmac('sha256', key)).digest()
const utf8 = bytes => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
const unhex = s => Buffer.from(s, 'hex')
const attempt = f => { try { return f() } catch { return null } }

// Notation
const isText = s => typeof s === 'string'
const like = pattern => s => isText(s) && pattern.test(s)
const isHex = like(/^[0-9a-f]{64}$/), isWord = like(/^[a-z0-9._-]{1,64}$/), isID = like(/^[!-~]{1,128}$/)
const isOrigin = like(/^[!-*,-~]{1,200}$/), isLanguage = like(/^[A-Za-z0-9-]{1,35}$/), isManifestName = like(/^manifest\.(json|note)$/)
const isProof = like(/^proofs\/[1-9]\d{0,4}\.tlog-proof$/), isTombstone = like(/^tombstones\/[1-9]\d{0,4}\.json$/)
const isNumber = n => Number.isSafeInteger(n) && n >= 0
const isDay = s => like(/^\d{4}-\d\d-\d\d$/)(s) && attempt(() => new Date(s + 'T00:00Z').toISOString().startsWith(s))
const isPart = s => /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_-])?$/.test(s) && !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(s)
const isName = s => isText(s) && s.length <= 128 && s.split('/').length <= 2 && s.split('/').every(isPart)
const isFile = s => isName(s) && s.startsWith('files/')
const base64 = s => Buffer.from(s, 'base64').toString('base64') === s ? Buffer.from(s, 'base64') : null
const number = s => /^(0|[1-9]\d{0,18})$/.test(s) && BigInt(s) < 1n << 62n ? BigInt(s) : null
const bytesOf = (n, size) => Array.from({ length: size }, (_, i) => Math.floor(n / 256 ** i) & 255) // least significant first
const lp = s => Buffer.concat([Buffer.from(bytesOf(Buffer.byteLength(s), 4).reverse()), Buffer.from(s)])

// Trees
const node = (left, right) => sha256('\x01', left, right)
function tree(entries) {
  if (entries.length === 1) return sha256('\x00', entries[0])
  const split = 1 << (31 - Math.clz32(entries.length - 1))
  return node(tree(entries.slice(0, split)), tree(entries.slice(split)))
}

function included(path, size, root, index, entry) {
  if (index >= size) return false
  let fn = index, sn = size - 1n, hash = sha256('\x00', entry)
  for (const sibling of path) {
    if (sn === 0n) return false
    if (fn & 1n || fn === sn) {
      hash = node(sibling, hash)
      for (; !(fn & 1n) && fn !== 0n; fn >>= 1n) sn >>= 1n
    } else hash = node(hash, sibling);
    [fn, sn] = [fn >> 1n, sn >> 1n]
  }
  return sn === 0n && hash.equals(root)
}

// Archive
const shift = (crc, bits) => bits === 0 ? crc : shift(crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1, bits - 1)
const TABLE = Int32Array.from({ length: 256 }, (_, n) => shift(n, 8))

function crc32(bytes) {
  let crc = -1
  for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8)
  return ~crc >>> 0
}

// le writes little-endian numbers: [size in bytes, value] each.
const le = (...fields) => Buffer.from(fields.flatMap(([size, n]) => bytesOf(n, size)))
const limit = name => MiB * (name.startsWith('files/') ? 64 : name === 'records.json' ? 16 : name === 'manifest.json' ? 4 : 1 / 16)

// readArchive lists the entries, or gives null where writing them again does not give the same bytes.
function readArchive(bytes) {
  if (bytes.length < 22 || bytes.length > 320 * MiB) return null
  const end = bytes.length - 22, count = bytes.readUInt16LE(end + 8), start = bytes.readUInt32LE(end + 16)
  if (count > 10000 || end - start > 10000 * 174) return null
  const entries = [], contents = [], directory = []
  let at = start, offset = 0
  for (let i = 0; i < count; i++) {
    if (at + 46 > end) return null
    const crc = bytes.readUInt32LE(at + 16), size = bytes.readUInt32LE(at + 20), length = bytes.readUInt16LE(at + 28)
    const name = bytes.subarray(at + 46, at + 46 + length), data = bytes.subarray(offset + 30 + length, offset + 30 + length + size)
    if (data.length !== size) return null
    const common = le([2, 10], [6, 0], [2, 0x21], [4, crc], [4, size], [4, size], [2, length], [2, 0])
    contents.push(le([4, 0x04034b50]), common, name, data)
    directory.push(le([4, 0x02014b50], [2, 10]), common, Buffer.alloc(10), le([4, offset]), name)
    entries.push({ name: name.toString('latin1'), crc, data })
    at += 46 + length
    offset += 30 + length + size
  }
  const last = le([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, at - start], [4, offset], [2, 0])
  if (!Buffer.concat([...contents, ...directory, last]).equals(bytes)) return null
  const names = entries.map(e => e.name), distinct = new Set(names.map(n => n.toLowerCase()))
  const fine = entries.every((e, i) => isName(e.name) && e.data.length <= limit(e.name) && !(i > 0 && names[i - 1] >= e.name))
  return fine && distinct.size === count ? entries : null
}

// JSON
const list = test => v => Array.isArray(v) && v.every(test)

// members tests an object: all of these members, perhaps the optional ones, and no other.
const members = (required, optional = {}) => v => typeof v === 'object' && v !== null && !Array.isArray(v)
  && Object.keys(required).every(k => Object.hasOwn(v, k) && required[k](v[k]))
  && Object.keys(v).every(k => Object.hasOwn(required, k) || (Object.hasOwn(optional, k) && v[k] !== '' && optional[k](v[k])))

function write(v) {
  if (isText(v) && !v.isWellFormed()) throw new Error('half a character')
  if (Array.isArray(v)) return '[' + v.map(write).join() + ']'
  if (typeof v !== 'object') return JSON.stringify(v)
  return '{' + Object.keys(v).sort().map(k => write(k) + ':' + write(v[k])).join() + '}'
}

// readJSON gives the value, or null where the text is not the one form of a value that passes the test.
const readJSON = (bytes, test) => attempt(() => {
  const value = JSON.parse(utf8(bytes))
  return test(value) && Buffer.from(write(value)).equals(bytes) ? value : null
})
const isListed = members({ name: isName, sha256: isHex, size: isNumber })
const isManifest = members({ entries: v => list(isListed)(v) && v.every((e, i) => i === 0 || v[i - 1].name < e.name),
  format: s => s === 'ward-bundle/v1', incident: isID, language: isLanguage, origin: isOrigin })
const isHidden = members({ hash: isHex }), isShown = members({ name: s => isText(s) && s !== '', salt: isHex }, { value: isText })
const isFields = list(v => isHidden(v) || isShown(v))
const isBatch = v => members({ index: isNumber, path: list(isHex), size: isNumber })(v) && v.index < v.size
const isEvent = v => isFields(v) && v.every(f => f.name !== 'at' || isID(f.value))
const isOpening = members({ act: isWord, key: isHex, shown: isEvent, subject: isText, tenant: isText })
const isLive = members({ id: isID, kind: isWord, opening: isOpening, proof: isProof, shown: v => isFields(v) && v.length > 0 },
  { batch: isBatch, file: isFile })
const isErased = members({ erased: members({ key: isHex, tombstone: isTombstone }), id: isID, kind: isWord, proof: isProof })
const isRecords = v => list(r => (isLive(r) || isErased(r)) && Buffer.byteLength(write(r)) <= MiB)(v) && v.length <= 10000
const isStone = members({ day: isDay, kind: s => s === 'tombstone', reason: isWord, subject: isHex, v: n => n === 1 })

// Keys, notes, policies
function readKey(text, type) {
  const [, name, id, encoded] = text?.match(/^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/) ?? [], raw = encoded && base64(encoded)
  if (raw?.length !== 33 || raw[0] !== type || sha256(name, '\n', raw).toString('hex', 0, 4) !== id) return null
  const spki = Buffer.concat([unhex('302a300506032b6570032100'), raw.subarray(1)])
  return { text, name, id, type, public: createPublicKey({ key: spki, format: 'der', type: 'spki' }) }
}

function readNote(bytes) {
  const all = attempt(() => utf8(bytes)), split = all?.lastIndexOf('\n\n')
  if (all === null || split < 0 || /[\x00-\x09\x0b-\x1f]/.test(all) || !all.endsWith('\n')) return null
  const lines = all.slice(split + 2, -1).split('\n').map(line => {
    const [, name, encoded] = line.match(/^— ([!-*,-~]{1,200}) (\S+)$/) ?? [], raw = encoded && base64(encoded)
    return raw?.length > 4 ? { key: name + ' ' + raw.toString('hex', 0, 4), signature: raw.subarray(4) } : null
  })
  const fine = lines.length <= 100 && !lines.includes(null) && new Set(lines.map(l => l.key)).size === lines.length
  return fine ? { text: all.slice(0, split + 1), lines } : null
}

// signedBy is null where a key has no line in a note, and else whether that line is right.
function signedBy(note, key) {
  const signature = note.lines.find(l => l.key === key.name + ' ' + key.id)?.signature
  if (!signature) return null
  if (key.type === 1) return signature.length === 64 && verifySignature(null, Buffer.from(note.text), key.public, signature)
  if (signature.length !== 72 || signature.readBigUInt64BE() > 253402300799n) return false
  const text = `cosignature/v1\ntime ${signature.readBigUInt64BE()}\n${note.text}`
  return verifySignature(null, Buffer.from(text), key.public, signature.subarray(8))
}

function refuse(what) { throw new Error(`cannot understand: ${what}`) }
function readPolicy(text) {
  const policy = { logs: [], witnesses: [], quorum: null }, rules = { __proto__: null, none: () => true }
  for (const line of text.split('\n')) {
    const [kind, name, ...rest] = line.split(/[ \t]+/).filter(w => w !== '')
    if (kind === undefined || kind.startsWith('#')) continue
    if (kind === 'log') policy.logs.push(readKey(name, 1) ?? refuse(line))
    else if (kind === 'witness') {
      policy.witnesses.push({ ...(readKey(rest[0], 4) ?? refuse(line)), called: name })
      rules[name] = cosigned => cosigned.has(name)
    } else if (kind === 'group') {
      const [n, ...parts] = [rest[0], ...rest.slice(1).map(m => rules[m] ?? refuse(line))]
      const needed = n === 'any' ? 1 : n === 'all' ? parts.length : Number(number(n) ?? refuse(line))
      rules[name] = cosigned => parts.filter(rule => rule(cosigned)).length >= needed
    } else if (kind === 'quorum' && !policy.quorum) policy.quorum = rules[name] ?? refuse(line)
    else refuse(line)
  }
  return policy.quorum ? policy : refuse('a policy without a quorum')
}

function readProof(bytes) {
  const head = attempt(() => utf8(bytes))?.match(/^c2sp\.org\/tlog-proof@v1\nindex (\d+)\n((?:[^\n]{44}\n){0,63})\n/)
  const signed = head && bytes.subarray(Buffer.byteLength(head[0])), note = signed && readNote(signed)
  const [, origin, size, root] = note?.text.match(/^([^\n]+)\n(\d+)\n([^\n]{44})\n$/) ?? []
  if (!isOrigin(origin)) return null
  const [index, of] = [head[1], size].map(number), [top, ...path] = [root, ...head[2].split('\n').slice(0, -1)].map(base64)
  const fine = index !== null && of !== null && index < of && [top, ...path].every(h => h?.length === 32)
  return fine ? { signed, note, origin, index, path, size: of, root: top } : null
}

// Judgement
function verify(bytes, policy) {
  const failures = [], fail = (code, text) => { failures.push({ code, text }); return null }
  const archive = readArchive(bytes)
  if (!archive) fail(16, 'The archive is damaged or was changed.')
  for (const e of archive ?? []) if (crc32(e.data) !== e.crc) fail(10, `${e.name} is not as it was packed.`)
  if (!failures.length) judge(new Map(archive.map(e => [e.name, e.data])), policy, fail)
  if (!failures.length && archive.some(e => isTombstone(e.name))) fail(20, 'Everything holds, and a record was lawfully erased.')
  return failures
}

function judge(entries, policy, fail) {
  const used = new Set()
  const need = name => used.add(name) && (entries.get(name) ?? fail(11, `${name} is missing.`))
  const [, keyFile, manifestFile, noteFile, recordsFile] = ['README.txt', 'log.vkey', 'manifest.json', 'manifest.note', 'records.json'].map(need)
  if (!manifestFile) return
  const manifest = readJSON(manifestFile, isManifest)
  if (!manifest) return fail(10, 'The manifest is not in its form.')
  const listed = new Map(manifest.entries.map(e => [e.name, e]))
  for (const name of listed.keys()) if (!entries.has(name)) fail(11, `${name} is missing.`)
  for (const [name, data] of entries) {
    const { size, sha256: sum } = listed.get(name) ?? {}
    if (size === undefined) { if (!isManifestName(name)) fail(11, `${name} was added.`) }
    else if (size !== data.length || sum !== sha256(data).toString('hex')) fail(10, `${name} is not the one listed.`)
  }
  const key = keyFile && judgeSignature(keyFile, noteFile, manifestFile, manifest.origin, policy, fail)
  if (!recordsFile) return
  const records = readJSON(recordsFile, isRecords)
  if (!records) return fail(10, 'The records are not in their form.')
  let first = null, proofs = new Map()
  for (const r of records) {
    const data = need(r.proof)
    if (data && !proofs.has(r.proof)) {
      const proof = readProof(data) ?? fail(10, `${r.proof} is not in the form of a proof.`)
      first ??= proof
      proofs.set(r.proof, proof && !proof.signed.equals(first.signed) ? fail(13, `${r.proof} has another checkpoint.`) : proof)
    }
    r.stone = r.erased && need(r.erased.tombstone)
    const file = r.file && need(r.file), bound = r.shown?.find(f => f.name === 'original.sha256')
    if (file && !bound) fail(11, `${r.file} is bound to no record.`)
    else if (file && bound.value !== sha256(file).toString('hex')) fail(10, `${r.file} is not the file shown.`)
  }
  for (const name of entries.keys()) if (!used.has(name)) fail(11, `${name} does not belong here.`)
  if (first && key) judgeCheckpoint(first, key, policy, fail)
  for (const r of records) {
    const proof = proofs.get(r.proof), leaf = proof && (r.opening ? liveLeaf(r, fail) : r.stone && erasedLeaf(r, fail))
    if (leaf && !included(proof.path, proof.size, proof.root, proof.index, leaf)) fail(12, `The log does not hold ${r.kind} ${r.id}.`)
  }
  if (new Set(records.map(r => [r.kind, r.id, r.proof].join(' '))).size !== records.length) fail(12, 'A record is listed twice.')
  if (new Set(records.filter(r => r.opening).map(r => r.opening.tenant)).size > 1) fail(12, 'The records are of several workspaces.')
  if (!records.some(r => r.kind === 'incident' && r.id === manifest.incident)) fail(12, `No record is the incident ${manifest.incident}.`)
}

function judgeSignature(keyFile, noteFile, manifestFile, origin, policy, fail) {
  const text = keyFile.toString('latin1'), key = text.endsWith('\n') && readKey(text.slice(0, -1), 1)
  if (!key || !isOrigin(key.name)) return fail(10, 'log.vkey is not in its form.')
  if (key.name !== origin) fail(13, 'The key is of another log than the manifest names.')
  key.known = policy?.logs.some(l => l.text === key.text)
  if (policy && !key.known) fail(15, 'The policy does not know the log.')
  const note = noteFile && readNote(noteFile), wanted = `ward-bundle/v1\n${origin}\n${sha256(manifestFile).toString('hex')}\n`
  const signed = note?.lines.length === 1 && note.text === wanted && signedBy(note, key)
  if (noteFile && !signed) fail(13, 'The manifest is not signed by the log.')
  return key
}

function judgeCheckpoint({ note, origin }, key, policy, fail) {
  if (origin !== key.name || !signedBy(note, key)) return fail(13, 'The checkpoint is not signed by the log.')
  if (!key.known) return
  if ([...policy.logs, ...policy.witnesses].some(k => signedBy(note, k) === false)) return fail(13, 'A cosignature does not hold.')
  const cosigned = new Set(policy.witnesses.filter(w => signedBy(note, w)).map(w => w.called))
  if (!policy.quorum(cosigned)) fail(14, 'Too few witnesses have cosigned the checkpoint.')
}

const commit = f => f.hash ? unhex(f.hash) : sha256('ward/field/v1\0', unhex(f.salt), lp(f.name), f.value ?? '')

function liveLeaf(r, fail) {
  const bad = text => fail(12, `${r.kind} ${r.id}: ${text}.`)
  const { tenant, act, subject, key, shown } = r.opening
  const event = shown.length === 3 && shown.every((f, i) => f.name === ['at', 'digest', 'who'][i] || f.hash)
  if (!event || !isHex(shown[1].value)) return bad('the event is not opened in full')
  const names = r.shown.filter(f => f.name).map(f => Buffer.from(f.name))
  if (names.some((n, i) => i > 0 && names[i - 1].compare(n) >= 0)) return bad('fields are repeated or out of order')
  const logged = unhex(shown[1].value), own = tree(r.shown.map(commit)), b = r.batch
  const leads = b ? included(b.path.map(unhex), BigInt(b.size), logged, BigInt(b.index), own) : own.equals(logged)
  if (!leads) return bad('its fields are not those that were logged')
  const id = r.shown.find(f => f.name === 'id')
  if (id ? id.value !== r.id : b || subject !== r.id) return bad('nothing proves its id')
  const C = hmac(unhex(key), 'ward/leaf/v1\0', ...[tenant, act, subject, '1'].map(lp), tree(shown.map(commit)))
  return Buffer.concat([Buffer.from('WL\x01\x00'), C])
}

function erasedLeaf(r, fail) {
  const stone = readJSON(r.stone, isStone)
  if (!stone) return fail(10, `${r.erased.tombstone} is not in its form.`)
  const subject = hmac(unhex(r.erased.key), 'ward/tombstone/v1\0', r.id).toString('hex')
  if (stone.subject !== subject) return fail(12, `${r.erased.tombstone} is not that of ${r.kind} ${r.id}.`)
  return Buffer.concat([Buffer.from('WL\x01\x01'), sha256(r.stone)])
}

process.on('uncaughtException', e => { console.error(e.message); process.exit(1) })
const batch = process.argv[2] === '--batch', [target, policyPath] = process.argv.slice(2)
const policy = policyPath ? readPolicy(readFileSync(policyPath, 'utf8')) : null
if (!target) refuse('no bundle named; usage: node verify.mjs BUNDLE [POLICY]')
for (const path of batch ? readFileSync(0, 'utf8').split('\n').filter(p => p) : [target]) {
  const failures = verify(readFileSync(path), policy), codes = new Set(failures.map(f => f.code))
  const code = ORDER.find(c => codes.has(c)) ?? 0
  process.exitCode = batch ? 0 : code
  if (batch) console.log(JSON.stringify({ path, code, codes: [...codes].sort((a, b) => a - b) }))
  else console.log(failures.map(f => `${f.code}: ${f.text}`).join('\n') || 'Everything holds.')
  if (!batch && !policy) console.log('No policy was given: nobody has vouched for the key in the bundle.')
}
