export const getElectron: string;
export function electronProgram(): string | undefined;
