/** Of the rank of a trouble, from 0 to 100: from here on it does not mend itself. */
export const needsSomebody = 50
