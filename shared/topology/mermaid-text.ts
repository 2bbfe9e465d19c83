/** A text as it may stand in a quoted Mermaid label: what would end the label or be markup becomes an entity code. */
export const mermaidText = (text: string): string => text.replace(/[#"<>&\\`\n]/g, char => `#${char.codePointAt(0)};`)
