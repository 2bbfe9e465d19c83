export const rollout = {} as const
