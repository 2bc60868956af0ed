// refused by no-restricted-imports: process.env is read in
import { env } from 'node:process';

export const port = env['STACKWARDEN_MQTT'];
