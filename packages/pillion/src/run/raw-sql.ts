export function assertOneSelect(_t: string): void {}
