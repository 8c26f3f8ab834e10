/** Of node:crypto what the program format's reader uses, for a browser: SHA-256, piece by piece. */
import { sha256 } from "@noble/hashes/sha2.js";
import { Buffer, type Octets } from "./buffer.ts";

interface Hash {
  update(bytes: Uint8Array): Hash;
  digest(): Octets;
  digest(encoding: "hex"): string;
}

export function createHash(_algorithm: "sha256"): Hash {
  const hash = sha256.create();
  const made: Hash = {
    update(bytes) {
      hash.update(bytes);
      return made;
    },
    digest: ((encoding?: "hex") => {
      const bytes = Buffer.from(hash.digest());
      return encoding ? bytes.toString(encoding) : bytes;
    }) as Hash["digest"],
  };
  return made;
}
