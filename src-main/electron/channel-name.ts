/** The one IPC channel there is. */
export const channelName = 'pilothouse'
