/** Stands in a compiled text where a list goes, whose length is not known before it is bound. */
export const listMark = '\u0001'
