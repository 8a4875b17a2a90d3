// What this phone can do, found by trying; said in plain sentences.
export type Tier = 'full' | 'page' | 'none'
export const TIERS: Record<Tier, string> = {
  full: '没有网也能打开、能填写，有网后自动上传。',
  page: '没有网时不要关掉这一页：关了要有网才能再打开。填好的会保存在手机里。',
  none: '这部手机不能保存记录。请在有网时到网页上填写；没有网就用纸表，或打电话给督导员。',
}
export function tier(): Tier {
  const keeps = typeof indexedDB !== 'undefined' && indexedDB && typeof crypto !== 'undefined' && !!crypto.subtle
  return !keeps ? 'none' : 'serviceWorker' in navigator ? 'full' : 'page'
}
