// accepted: configuration reads the environment
export const port = process.env['STACKWARDEN_MQTT'];
