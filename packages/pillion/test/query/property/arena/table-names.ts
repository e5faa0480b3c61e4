/** The tables of the interviews database that are filled, parents first. */
export const tableNames = ['department', 'user', 'interview', 'evaluation', 'comment', 'tag', 'interview_tag']
