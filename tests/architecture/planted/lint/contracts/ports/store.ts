// accepted: a port speaks of promises
export interface Store {
  put(text: string): Promise<void>;
}
