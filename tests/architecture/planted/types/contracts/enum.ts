// refused by TS1294: not allowed when 'erasableSyntaxOnly' is enabled
export enum Flag {
  Normal,
}
