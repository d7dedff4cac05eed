/** By whole elements, as Gateway API and Ingress compare: `/shop` covers `/shop/cart`, not `/shopping`. */
export function coversPath(prefix: string, path: string): boolean {
  const base = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return path === base || path.startsWith(`${base}/`);
}
