/** Which workspace, revision and environment the screen looks at; what is absent is now, and the default. */
export type At = { readonly workspace: string; readonly revision?: string; readonly environment?: string }
