/** True for two addresses of one repository, whatever way each takes to it: `git@host:a/b.git`, `https://host/a/b`. */
export const isSameRepository = (a: string, b: string): boolean => plain(a) === plain(b)

const plain = (address: string): string =>
  address
    .trim()
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^@/]+@/, '')
    .replace(/^([^/:]+):(\d+\/)?/, '$1/')
    .replace(/(\.git)?\/*$/, '')
