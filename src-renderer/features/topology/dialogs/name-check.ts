/** RFC 1123 label, what Kubernetes allows for a Service and so for a name that both carry. */
export const isName = (value: string): boolean => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value)
