import { curveKeyPair } from "zeromq";
import type { Address } from "./connection.js";

/** Socket options of a kernel that has CURVE keys: it then talks to clients that know its public key, and to no other. */
export function curveServer({ curve_publickey, curve_secretkey }: Address) {
  if (curve_publickey === undefined || curve_secretkey === undefined) return {};
  return { curveServer: true, curvePublicKey: curve_publickey, curveSecretKey: curve_secretkey };
}

/** Socket options of a client of such a kernel; its own pair proves nothing, so a new one will do. */
export function curveClient({ curve_publickey }: Address) {
  if (curve_publickey === undefined) return {};
  const { publicKey, secretKey } = curveKeyPair();
  return { curveServerKey: curve_publickey, curvePublicKey: publicKey, curveSecretKey: secretKey };
}
