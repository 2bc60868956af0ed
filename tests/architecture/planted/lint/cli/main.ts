// accepted: the commands talk to the terminal and read the environment
console.log(process.env['STACKWARDEN_DATA']);
