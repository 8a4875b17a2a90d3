// Names made on the phone: UUIDv7, so that operations sort by when they were made.
export function uuid7(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 255
  bytes[6] = (bytes[6] & 15) | 0x70
  bytes[8] = (bytes[8] & 63) | 128
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')
}

/** The moment with the offset of the place, as the server wants event times. */
export function iso(at = new Date()): string {
  return new Date(at.getTime() + 8 * 3600e3).toISOString().slice(0, 19) + '+08:00'
}

/** The day in China, ISO; `back` days ago. */
export const day = (back = 0): string => iso(new Date(Date.now() - back * 86400e3)).slice(0, 10)
