declare function globalSetup(): Promise<void>;
export default globalSetup;
