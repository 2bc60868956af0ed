// refused by home-of-mqtt: node_modules/mqtt
export * as part1 from 'mqtt';
