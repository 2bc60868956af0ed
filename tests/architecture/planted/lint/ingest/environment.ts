// refused by no-restricted-syntax: process.env is read in
export const port = process.env['STACKWARDEN_MQTT'];
