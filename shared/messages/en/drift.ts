export const drift = {} as const
