/** Where a command is run, and where it writes. */
export interface CommandContext {
  environment: NodeJS.ProcessEnv;
  /** Where relative paths of arguments begin. */
  workDir: string;
  /** Where relative paths of variables begin. */
  projectDir: string;
  /** What was asked for: results. A line each. */
  print: (line: string) => void;
  /** What people must know besides. A line each. */
  tell: (line: string) => void;
}

/** Exit codes as shells know them. */
export const exitCodes = { good: 0, bad: 1, wrongUse: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A command that was called in a way that it does not know. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}
