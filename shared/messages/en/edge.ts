export const edge = {} as const
