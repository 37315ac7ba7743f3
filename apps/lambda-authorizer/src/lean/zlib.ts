/** Loads node:zlib for the first API key. */
export const crc32 = (text: string): number => process.getBuiltinModule('node:zlib').crc32(text);
