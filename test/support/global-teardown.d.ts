declare function globalTeardown(): Promise<void>;
export default globalTeardown;
