export const budget = {} as const
