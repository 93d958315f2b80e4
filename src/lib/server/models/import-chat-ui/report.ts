/** What was in a file and has no equal here, or another one. */
export interface ImportNote {
  /** The id of a model, or the name of a variable. */
  subject: string;
  /** Absent when it is about all of it. */
  field?: string;
  why: string;
}

/** A variable that the file of models names, or that does what one of chat-ui did. */
export interface VariableToSet {
  name: string;
  /** Absent for keys: they are in the old file, and are written nowhere else. */
  value?: string;
  /** The file of models names it as `${NAME}`. */
  isReference?: boolean;
  why: string;
}

/** Gathers what people must know of an import. No keys are in it. */
export class Report {
  readonly notes: ImportNote[] = [];
  private readonly variables = new Map<string, VariableToSet>();

  note(subject: string, field: string, why: string): void {
    this.notes.push({ subject, ...(field !== '' && { field }), why });
  }

  set(variable: VariableToSet): void {
    if (!this.variables.has(variable.name)) this.variables.set(variable.name, variable);
  }

  /** What to set for a file of models with this content: a key of what was left out is not needed. */
  toSetFor(content: object): VariableToSet[] {
    const text = JSON.stringify(content);
    return [...this.variables.values()].filter(
      ({ name, isReference }) => !isReference || text.includes(`\${${name}}`),
    );
  }

  notesOf(subject: string): ImportNote[] {
    return this.notes.filter((note) => note.subject === subject);
  }
}
