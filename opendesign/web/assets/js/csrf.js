/** The token that every write carries. */
export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
