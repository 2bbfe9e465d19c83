export const git = {} as const
