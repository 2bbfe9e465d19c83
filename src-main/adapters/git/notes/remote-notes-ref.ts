/** Where the notes of a remote are kept as last seen. Not below `refs/notes/`: those are what people read as their own. */
export const remoteNotesRef = (remote: string): string => `refs/remote-notes/${remote}/pilothouse`
