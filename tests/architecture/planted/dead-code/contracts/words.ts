export const used = 'used';
export const unusedExport = 'nobody asks for it';
export interface UnusedType {
  readonly nobody: 'asks for it';
}
